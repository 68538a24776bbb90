// Updates through a field mask, by AIP-134.
#ifndef TANDEM_COMMON_VALIDATION_FIELD_MASK_H_
#define TANDEM_COMMON_VALIDATION_FIELD_MASK_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace google::protobuf {
class FieldMask;
class Message;
}  // namespace google::protobuf

namespace tandem {

// Copies what `mask` names from `from` to `to`; a named field that `from` does not set is cleared.
//
// - An empty mask stands for every field that `from` sets, `*` for every field. A named message or list is replaced
//   whole; `ask.target_minor` changes one field of a message. A path cannot go into a list or a map.
// - Output-only fields at any depth and the `etag` keep the value of `to`, named or not.
// - An immutable field keeps its value too. It is a violation to send another one, or to name it and send none.
//
// INVALID_ARGUMENT (FIELD_INVALID) with every violation at once, and `to` as it was: at the field `update_mask` for
// what is wrong with a path, at the field itself, behind `prefix` (such as "project"), for immutable ones. The values
// are not validated: validate `to` afterwards. Thread-safe for distinct `to`. REQUIRES: `from` and `to` are of one
// type.
absl::Status ApplyUpdate(const google::protobuf::FieldMask& mask, const google::protobuf::Message& from,
                         google::protobuf::Message* to, absl::string_view prefix = "");

}  // namespace tandem

#endif  // TANDEM_COMMON_VALIDATION_FIELD_MASK_H_
