// The generic validator: enforces the rules that stand as options in the contracts (tandem/type/v1/field_rules.proto).
//
// It walks any message by reflection and reports every violation at once. Whatever the rules say: text is valid UTF-8
// without control characters, enum values are defined, repeated fields and nesting are bounded.
#ifndef TANDEM_COMMON_VALIDATION_VALIDATOR_H_
#define TANDEM_COMMON_VALIDATION_VALIDATOR_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "common/base/status.h"

namespace google::protobuf {
class Message;
}

namespace tandem {

// Every violation in `message`, with paths from `prefix` (such as "project"), at most 100. Output-only fields are not
// looked at; what is in them is ignored anyway. Repeated message fields of requests whose items are to stand alone are
// left out by naming them in `skipped` (such as "projects"); their number is still checked. Thread-safe.
std::vector<FieldViolation> FindViolations(const google::protobuf::Message& message, absl::string_view prefix = "",
                                           const std::vector<std::string>& skipped = {});

// The same as a status: OK or InvalidFields.
absl::Status Validate(const google::protobuf::Message& message, absl::string_view prefix = "",
                      const std::vector<std::string>& skipped = {});

// Clears every output-only field, at any depth, and unknown fields.
void ClearOutputOnly(google::protobuf::Message* message);

}  // namespace tandem

#endif  // TANDEM_COMMON_VALIDATION_VALIDATOR_H_
