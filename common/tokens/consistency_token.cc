#include "common/tokens/consistency_token.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/types/optional.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"

namespace tandem {
namespace {

constexpr absl::string_view kPurpose = "consistency";
constexpr char kVersion = 1;
constexpr size_t kLongestText = 4096;

void PutNumber(std::string* out, uint64_t number) {
  for (; number >= 0x80; number >>= 7) out->push_back(static_cast<char>(0x80 | (number & 0x7f)));
  out->push_back(static_cast<char>(number));
}

void PutText(std::string* out, absl::string_view text) {
  PutNumber(out, text.size());
  out->append(text.data(), text.size());
}

absl::optional<uint64_t> TakeNumber(absl::string_view* in) {
  uint64_t number = 0;
  for (int shift = 0; shift < 63 && !in->empty(); shift += 7) {
    const uint8_t byte = static_cast<uint8_t>(in->front());
    in->remove_prefix(1);
    number |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return number;  // nine bytes carry 63 bits: never more than the largest revision
  }
  return absl::nullopt;
}

absl::optional<std::string> TakeText(absl::string_view* in) {
  const absl::optional<uint64_t> size = TakeNumber(in);
  if (!size.has_value() || *size > ConsistencyToken::kLongestName || *size > in->size()) return absl::nullopt;
  std::string text(in->substr(0, *size));
  in->remove_prefix(*size);
  return text;
}

absl::Status Invalid(absl::string_view cause) {
  return MakeError(
      absl::StatusCode::kInvalidArgument, "CONSISTENCY_TOKEN_INVALID",
      "the consistency token was not made by this deployment, or it was altered: send one back unchanged, or none",
      {{"cause", std::string(cause)}});
}

}  // namespace

void ConsistencyToken::Raise(const std::string& source, const Position& position) {
  Position& held = positions_[source];
  if (held.epoch != position.epoch) {
    held = position;
  } else {
    held.revision = std::max(held.revision, position.revision);
  }
}

void ConsistencyToken::Merge(const ConsistencyToken& other) {
  for (const auto& [source, position] : other.positions_) Raise(source, position);
}

bool ConsistencyToken::Reaches(const ConsistencyToken& other) const {
  const bool any_epoch = Deviates("cache.epoch");
  return std::all_of(other.positions_.begin(), other.positions_.end(), [&](const auto& each) {
    const auto found = positions_.find(each.first);
    return found != positions_.end() && (found->second.epoch == each.second.epoch || any_epoch) &&
           found->second.revision >= each.second.revision;
  });
}

std::string ConsistencyToken::Encode(const KeyRing& keys) const {
  return positions_.empty() ? "" : keys.Sign(kPurpose, "", ToBytes());
}

// Version, number of sources, and for each in order of name: name, epoch, revision.
std::string ConsistencyToken::ToBytes() const {
  std::string payload(1, kVersion);
  PutNumber(&payload, positions_.size());
  for (const auto& [source, position] : positions_) {
    PutText(&payload, source);
    PutText(&payload, position.epoch);
    PutNumber(&payload, static_cast<uint64_t>(std::max<int64_t>(0, position.revision)));
  }
  return payload;
}

absl::StatusOr<ConsistencyToken> ConsistencyToken::Decode(const KeyRing& keys, absl::string_view text) {
  if (text.size() > kLongestText) return Invalid("too_long");
  ConsistencyToken merged;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    TANDEM_ASSIGN_OR_RETURN(const ConsistencyToken token, DecodeOne(keys, text.substr(0, comma)));
    for (const auto& [source, position] : token.positions_) {
      const auto known = merged.positions_.find(source);
      // Which of two histories is the present one cannot be told from the tokens.
      if (known != merged.positions_.end() && known->second.epoch != position.epoch) return Invalid("epochs");
    }
    merged.Merge(token);
    if (comma + 1 == text.size()) return Invalid("unverified");  // nothing after the last comma
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return merged;
}

absl::StatusOr<ConsistencyToken> ConsistencyToken::DecodeOne(const KeyRing& keys, absl::string_view text) {
  const absl::StatusOr<std::string> payload = keys.Verify(kPurpose, "", text);
  if (!payload.ok()) return Invalid("unverified");
  // What we signed is well-formed, unless another version of us signed it; nothing is believed unchecked all the same.
  return FromBytes(*payload);
}

absl::StatusOr<ConsistencyToken> ConsistencyToken::FromBytes(absl::string_view in) {
  ConsistencyToken token;
  if (in.empty() || in.front() != kVersion) return Invalid("version");
  in.remove_prefix(1);
  const absl::optional<uint64_t> count = TakeNumber(&in);
  if (!count.has_value() || *count == 0 || *count > ConsistencyToken::kMostSources) return Invalid("malformed");
  for (uint64_t i = 0; i < *count; ++i) {
    absl::optional<std::string> source = TakeText(&in);
    absl::optional<std::string> epoch = source.has_value() ? TakeText(&in) : absl::nullopt;
    const absl::optional<uint64_t> revision = epoch.has_value() ? TakeNumber(&in) : absl::nullopt;
    if (!revision.has_value() || source->empty()) return Invalid("malformed");
    Position position{*std::move(epoch), static_cast<int64_t>(*revision)};
    if (!token.positions_.emplace(*std::move(source), std::move(position)).second) return Invalid("malformed");
  }
  if (!in.empty()) return Invalid("malformed");
  return token;
}

}  // namespace tandem
