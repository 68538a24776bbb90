// What a resource says of others and of itself, wherever that stands in it.
#ifndef TANDEM_COMMON_CATALOG_REFERENCES_H_
#define TANDEM_COMMON_CATALOG_REFERENCES_H_

#include <google/protobuf/message.h>
#include <vector>

#include "absl/strings/string_view.h"

#include "common/base/status.h"
#include "tandem/type/v1/types.pb.h"

namespace tandem::catalog {

// Adds a violation for every resource name in `message`, at any depth, that belongs to another edition than `edition`
// (an id): nothing crosses editions. Fields count by the `resource` rule of the contract; output-only ones do not.
void CheckReferences(const google::protobuf::Message& message, absl::string_view edition, absl::string_view path,
                     std::vector<FieldViolation>* violations);

// Adds a violation unless one text is there or exactly one of several is marked as the original.
void CheckOriginal(const google::protobuf::RepeatedPtrField<type::v1::LocalizedText>& texts, absl::string_view path,
                   std::vector<FieldViolation>* violations);

}  // namespace tandem::catalog

#endif  // TANDEM_COMMON_CATALOG_REFERENCES_H_
