#include "common/catalog/request_log.h"

#include <cstdint>
#include <openssl/sha.h>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/catalog/fields.h"
#include "common/catalog/names.h"

namespace tandem::catalog {
namespace {

constexpr absl::string_view kPrefix = "idem/";
constexpr size_t kHashSize = 32;
constexpr int kSweepEvery = 256;

// Value of a row: time in microseconds and revision (8 bytes each, the lowest first), hash, payload.
constexpr size_t kHeaderSize = 8 + 8 + kHashSize;

int64_t ReadNumber(absl::string_view bytes) {
  uint64_t number = 0;
  for (size_t i = 8; i > 0; --i) number = (number << 8) | static_cast<uint8_t>(bytes[i - 1]);
  return static_cast<int64_t>(number);
}

void AppendNumber(int64_t number, std::string* out) {
  auto bits = static_cast<uint64_t>(number);
  for (int i = 0; i < 8; ++i, bits >>= 8) out->push_back(static_cast<char>(bits & 0xff));
}

bool Expired(absl::string_view value, absl::Time now) {
  return value.size() < kHeaderSize || absl::FromUnixMicros(ReadNumber(value)) + RequestLog::kKept < now;
}

}  // namespace

std::string RequestLog::Key(absl::string_view edition, absl::string_view method, absl::string_view actor,
                            absl::string_view request_id) {
  return absl::StrCat(kPrefix, edition, "/", method, "/", actor.size(), ":", actor, "/", request_id);
}

std::string RequestLog::Hash(const google::protobuf::Message& request) {
  const std::string bytes = SerializeDeterministically(request);
  std::string hash(kHashSize, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

absl::StatusOr<std::optional<Remembered>> RequestLog::Read(const std::optional<Record>& row, absl::string_view hash,
                                                           absl::string_view request_id) const {
  if (!row.has_value() || Expired(row->value, clock_->Now())) return std::optional<Remembered>();
  const absl::string_view value = row->value;
  if (value.substr(16, kHashSize) != hash && !Deviates("catalog.request-content")) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED",
        absl::StrCat("request id ", request_id, " was used with other content: repeat that content, or take a new id"),
        {{"request_id", std::string(request_id)}});
  }
  const Revision shown = ReadNumber(value.substr(8));
  return std::optional<Remembered>(
      Remembered{std::string(value.substr(kHeaderSize)), shown == 0 ? row->revision : shown});
}

void RequestLog::Add(const std::string& key, const std::optional<Record>& row, absl::string_view hash,
                     absl::string_view payload, Revision shown, Transaction* transaction) const {
  transaction->conditions.push_back(row.has_value() ? Condition::AtRevision(key, row->revision)
                                                    : Condition::Absent(key));
  std::string value;
  AppendNumber(absl::ToUnixMicros(clock_->Now()), &value);
  AppendNumber(shown, &value);
  absl::StrAppend(&value, hash, payload);
  if (Deviates("catalog.request-row")) return;
  transaction->writes.push_back(Write::PutUnlogged(key, std::move(value)));
}

void RequestLog::Written(int rows) {
  int sweep = 0;
  {
    MutexLock lock(&mutex_);
    written_ += rows;
    if (written_ >= kSweepEvery) sweep = 2 * std::exchange(written_, 0);
  }
  if (sweep > 0) Sweep(sweep);
}

void RequestLog::Sweep(int rows) {
  std::string begin;
  {
    MutexLock lock(&mutex_);
    begin = cursor_.empty() ? std::string(kPrefix) : cursor_;
  }
  const auto scanned = store_->Scan(begin, PrefixEnd(kPrefix), rows);
  if (!scanned.ok()) return;
  {
    MutexLock lock(&mutex_);
    cursor_ = static_cast<int>(scanned->size()) < rows ? std::string()
                                                       : absl::StrCat(scanned->back().key, absl::string_view("\0", 1));
  }
  std::vector<Transaction> transactions;
  for (const Record& row : *scanned) {
    if (!Expired(row.value, clock_->Now())) continue;
    transactions.push_back({{Condition::AtRevision(row.key, row.revision)}, {Write::DeleteUnlogged(row.key)}});
  }
  if (!transactions.empty()) store_->Commit(std::move(transactions));
}

}  // namespace tandem::catalog
