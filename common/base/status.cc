#include "common/base/status.h"

#include <cstdint>
#include <cstdlib>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace tandem {
namespace {

constexpr absl::string_view kPayloadUrl = "tandem/error-detail";

// Length-prefixed strings: the payload never leaves the process, so it needs no version.
void Append(std::string* out, absl::string_view text) { absl::StrAppend(out, text.size(), ":", text); }

absl::string_view Take(absl::string_view* in) {
  const size_t colon = in->find(':');
  size_t size = 0;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(in->substr(0, colon), &size)) return {};
  absl::string_view text = in->substr(colon + 1, size);
  in->remove_prefix(colon + 1 + text.size());
  return text;
}

size_t TakeCount(absl::string_view* in) {
  size_t count = 0;
  return absl::SimpleAtoi(Take(in), &count) ? count : 0;
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, absl::string_view message, ErrorDetail detail) {
  absl::Status status(code, message);
  std::string payload;
  Append(&payload, detail.reason);
  Append(&payload, absl::StrCat(detail.metadata.size()));
  for (const auto& [key, value] : detail.metadata) {
    Append(&payload, key);
    Append(&payload, value);
  }
  Append(&payload, absl::StrCat(detail.violations.size()));
  for (const FieldViolation& violation : detail.violations) {
    Append(&payload, violation.field);
    Append(&payload, violation.description);
  }
  Append(&payload, absl::StrCat(absl::ToInt64Milliseconds(detail.retry_delay)));
  status.SetPayload(kPayloadUrl, absl::Cord(payload));
  return status;
}

absl::Status MakeError(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                       std::vector<std::pair<std::string, std::string>> metadata) {
  ErrorDetail detail;
  detail.reason = std::string(reason);
  detail.metadata = std::move(metadata);
  return MakeError(code, message, std::move(detail));
}

absl::Status InvalidFields(std::vector<FieldViolation> violations) {
  std::string message = absl::StrJoin(violations, "; ", [](std::string* out, const FieldViolation& violation) {
    absl::StrAppend(out, violation.field, ": ", violation.description);
  });
  // The details list them all; the one-line message stays readable.
  constexpr size_t kLongest = 800;
  if (message.size() > kLongest)
    message = absl::StrCat(violations.size(), " fields are invalid, first ", violations.front().field, ": ",
                           violations.front().description);
  ErrorDetail detail;
  detail.reason = "FIELD_INVALID";
  detail.metadata = {{"field", violations.front().field}};
  detail.violations = std::move(violations);
  return MakeError(absl::StatusCode::kInvalidArgument, message, std::move(detail));
}

ErrorDetail GetErrorDetail(const absl::Status& status) {
  ErrorDetail detail;
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return detail;
  const std::string flat(*payload);
  absl::string_view in = flat;
  detail.reason = std::string(Take(&in));
  for (size_t count = TakeCount(&in); count > 0; --count) {
    std::string key(Take(&in));
    detail.metadata.emplace_back(std::move(key), std::string(Take(&in)));
  }
  for (size_t count = TakeCount(&in); count > 0; --count) {
    std::string field(Take(&in));
    detail.violations.push_back({std::move(field), std::string(Take(&in))});
  }
  int64_t milliseconds = 0;
  if (absl::SimpleAtoi(Take(&in), &milliseconds)) detail.retry_delay = absl::Milliseconds(milliseconds);
  return detail;
}

}  // namespace tandem
