// The rules of a message type, read once from its options into a form that is quick to walk.
#ifndef TANDEM_COMMON_VALIDATION_RULE_PLAN_H_
#define TANDEM_COMMON_VALIDATION_RULE_PLAN_H_

#include <google/protobuf/descriptor.h>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/optional.h"

#include "common/validation/text_rules.h"
#include "tandem/type/v1/field_rules.pb.h"

namespace tandem {

struct MessagePlan;

struct FieldPlan {
  const google::protobuf::FieldDescriptor* field = nullptr;
  type::v1::FieldRules rules;  // with the defaults filled in: max_length and max_items are positive
  absl::optional<ResourcePattern> resource;
  const google::protobuf::FieldDescriptor* unique_key = nullptr;  // a field of the items
  bool fold_items = false;                                        // items compare without case
  bool fold_key = false;                                          // values of `unique_key` compare without case
  const MessagePlan* message = nullptr;                           // of message fields
};

struct MessagePlan {
  enum class Kind { kPlain, kTimestamp, kDuration };

  const google::protobuf::Descriptor* descriptor = nullptr;
  Kind kind = Kind::kPlain;
  std::vector<FieldPlan> fields;  // without the output-only ones
  std::vector<const google::protobuf::FieldDescriptor*> output_only;
  std::vector<std::pair<const google::protobuf::FieldDescriptor*, const google::protobuf::FieldDescriptor*>> ordered;
  std::vector<const google::protobuf::FieldDescriptor*> any_of;
  std::vector<const google::protobuf::OneofDescriptor*> required_oneofs;
  // Rules of this message that make no sense, such as a name of no field. They are not enforced; a test keeps the
  // contracts free of them.
  std::vector<std::string> mistakes;
};

// The plan of `descriptor`, made on first use with those of all that it contains, and kept for ever. Thread-safe.
// REQUIRES: `descriptor` lives as long as the process.
const MessagePlan& PlanOf(const google::protobuf::Descriptor* descriptor);

}  // namespace tandem

#endif  // TANDEM_COMMON_VALIDATION_RULE_PLAN_H_
