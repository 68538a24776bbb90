#include "services/pairing/match_cache/shared_answers.h"

#include <algorithm>
#include <openssl/sha.h>
#include <random>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "common/base/test_switch.h"

namespace tandem::pairing {
namespace {

constexpr absl::string_view kPurpose = "shared answer 1";
constexpr size_t kMostDateBytes = 2048;

void PutNumber(uint32_t number, std::string* out) {
  for (int shift = 0; shift < 32; shift += 8) out->push_back(static_cast<char>(number >> shift & 0xff));
}

bool TakeNumber(absl::string_view* in, uint32_t* number) {
  if (in->size() < 4) return false;
  *number = 0;
  for (size_t i = 0; i < 4; ++i) *number |= uint32_t{static_cast<uint8_t>((*in)[i])} << (8 * i);
  in->remove_prefix(4);
  return true;
}

// Size and bytes of the date, how many were considered, whether there are more, the body.
std::string Encode(const SharedAnswer& answer) {
  const std::string date = answer.date.ToBytes();
  std::string bytes;
  bytes.reserve(answer.body.size() + date.size() + 9);
  PutNumber(static_cast<uint32_t>(date.size()), &bytes);
  bytes += date;
  PutNumber(static_cast<uint32_t>(answer.considered), &bytes);
  bytes.push_back(answer.has_more ? 1 : 0);
  bytes += answer.body;
  return bytes;
}

// What was signed was made by Encode of this version; nothing is believed unchecked all the same.
absl::optional<SharedAnswer> Decode(absl::string_view in) {
  SharedAnswer answer;
  uint32_t date_size = 0, considered = 0;
  if (!TakeNumber(&in, &date_size) || date_size > std::min(kMostDateBytes, in.size())) return absl::nullopt;
  auto date = ConsistencyToken::FromBytes(in.substr(0, date_size));
  in.remove_prefix(date_size);
  if (!date.ok() || !TakeNumber(&in, &considered) || in.empty() || static_cast<uint8_t>(in[0]) > 1) {
    return absl::nullopt;
  }
  answer.date = *std::move(date);
  answer.considered = static_cast<int>(considered);
  answer.has_more = in[0] == 1;
  answer.body = std::string(in.substr(1));
  return answer;
}

}  // namespace

SharedAnswers::SharedAnswers(RedisPort* redis, const KeyRing* keys, Options options)
    : redis_(redis), keys_(keys), options_(std::move(options)) {}

SharedAnswers::Deadline SharedAnswers::Budget(Deadline deadline) const {
  return std::min(deadline, std::chrono::steady_clock::now() + options_.budget);
}

// Keys name people's records: not in the clear, and of one length.
std::string SharedAnswers::NameOf(absl::string_view kind, absl::string_view key) const {
  unsigned char hash[SHA256_DIGEST_LENGTH];
  const std::string text = absl::StrCat(options_.program, "|", key);
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash);
  return absl::StrCat(kind, absl::WebSafeBase64Escape(absl::string_view(reinterpret_cast<const char*>(hash), 16)));
}

// What an entry is signed together with.
std::string SharedAnswers::Bound(absl::string_view key) const {
  return absl::StrCat(options_.program, "|", Deviates("cache.key-binding") ? "" : key);
}

absl::optional<SharedAnswer> SharedAnswers::Get(absl::string_view key, Deadline deadline) {
  const auto value = redis_->Get(NameOf("answer:", key), deadline);
  if (!value.ok() || !value->has_value()) {
    ++(value.ok() ? absent_ : errors_);
    return absl::nullopt;
  }
  const absl::StatusOr<absl::string_view> payload = keys_->VerifyBytes(kPurpose, Bound(key), **value);
  absl::optional<SharedAnswer> answer;
  if (payload.ok()) answer = Decode(*payload);
  ++(answer.has_value() ? found_ : refused_);
  return answer;
}

bool SharedAnswers::MayCompute(absl::string_view key, Deadline deadline) {
  const absl::StatusOr<bool> taken = redis_->SetIfAbsent(NameOf("lease:", key), "1", options_.lease, deadline);
  if (!taken.ok()) ++errors_;
  return !taken.ok() || *taken;  // nothing that Redis does may keep anybody from computing
}

void SharedAnswers::PutLater(absl::string_view key, const SharedAnswer& answer) {
  thread_local std::minstd_rand random(std::random_device{}());
  const double jitter = std::uniform_real_distribution<double>(0.8, 1.2)(random);
  redis_->SetLater(NameOf("answer:", key), keys_->SignBytes(kPurpose, Bound(key), Encode(answer)),
                   options_.ttl * jitter);
}

SharedAnswers::Counters SharedAnswers::counters() const { return {found_, absent_, refused_, errors_}; }

}  // namespace tandem::pairing
