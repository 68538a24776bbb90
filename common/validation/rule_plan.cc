#include "common/validation/rule_plan.h"

#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "common/base/mutex.h"

namespace tandem {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using type::v1::FieldRules;

constexpr int kDefaultMaxLength = 1000;
constexpr int kDefaultMaxItems = 100;

using Plans = absl::flat_hash_map<const Descriptor*, std::unique_ptr<MessagePlan>>;

bool IsText(const FieldDescriptor* field) { return field->type() == FieldDescriptor::TYPE_STRING; }
bool IsMessage(const FieldDescriptor* field) { return field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE; }

bool IsNumber(const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
    case FieldDescriptor::CPPTYPE_MESSAGE:
    case FieldDescriptor::CPPTYPE_ENUM:
    case FieldDescriptor::CPPTYPE_BOOL:
      return false;
    default:
      return true;
  }
}

bool IsLanguage(const FieldDescriptor* field) {
  return field->options().GetExtension(type::v1::rules).format() == type::v1::TEXT_FORMAT_LANGUAGE;
}

const FieldDescriptor* FindKey(const FieldDescriptor* field, const std::string& name) {
  if (!field->is_repeated() || !IsMessage(field)) return nullptr;
  const FieldDescriptor* key = field->message_type()->FindFieldByName(name);
  const bool comparable = key != nullptr && !key->is_repeated() && !IsMessage(key);
  return comparable ? key : nullptr;
}

MessagePlan* Build(const Descriptor* descriptor, Plans* plans);

void AddField(const FieldDescriptor* field, MessagePlan* plan, Plans* plans) {
  FieldPlan made;
  made.field = field;
  made.rules = field->options().GetExtension(type::v1::rules);
  FieldRules& rules = made.rules;
  const auto expect = [&](bool sensible, absl::string_view what) {
    if (!sensible) plan->mistakes.push_back(absl::StrCat(field->full_name(), ": ", what));
  };
  expect(rules.max_length() >= 0 && rules.max_items() >= 0, "a bound is negative");
  expect(rules.max_length() == 0 || field->cpp_type() == FieldDescriptor::CPPTYPE_STRING, "max_length is for text");
  expect(rules.max_items() == 0 || field->is_repeated(), "max_items is for lists");
  expect(!rules.unique_items() || field->is_repeated(), "unique_items is for lists");
  expect(!(rules.has_minimum() || rules.has_maximum()) || IsNumber(field), "minimum and maximum are for numbers");
  expect(!rules.has_minimum() || !rules.has_maximum() || rules.minimum() <= rules.maximum(),
         "minimum is above maximum");
  expect(rules.format() == type::v1::TEXT_FORMAT_UNSPECIFIED || IsText(field), "format is for text");
  expect(rules.resource().empty() || IsText(field), "resource is for text");
  expect(!rules.wildcard() || !rules.resource().empty(), "wildcard goes with resource");
  expect(!rules.multiline() || IsText(field), "multiline is for text");
  expect(!rules.output_only() || !rules.required(), "what only the service sets cannot be required");
  if (rules.max_length() <= 0) rules.set_max_length(kDefaultMaxLength);
  if (rules.max_items() <= 0) rules.set_max_items(kDefaultMaxItems);
  if (!rules.resource().empty()) made.resource.emplace(rules.resource(), rules.wildcard());
  made.fold_items = IsLanguage(field);
  if (!rules.unique_key().empty()) {
    made.unique_key = FindKey(field, rules.unique_key());
    expect(made.unique_key != nullptr,
           absl::StrCat("unique_key names no plain field of the items: ", rules.unique_key()));
    made.fold_key = made.unique_key != nullptr && IsLanguage(made.unique_key);
  }
  if (IsMessage(field)) made.message = Build(field->message_type(), plans);
  if (rules.output_only()) {
    plan->output_only.push_back(field);
  } else {
    plan->fields.push_back(std::move(made));
  }
}

void AddMessageRules(MessagePlan* plan) {
  const Descriptor* descriptor = plan->descriptor;
  const auto& rules = descriptor->options().GetExtension(type::v1::message_rules);
  const auto find = [&](const std::string& name) {
    const FieldDescriptor* field = descriptor->FindFieldByName(name);
    if (field == nullptr) plan->mistakes.push_back(absl::StrCat(descriptor->full_name(), ": there is no field ", name));
    return field;
  };
  for (const auto& pair : rules.ordered()) {
    const FieldDescriptor* lower = find(pair.lower());
    const FieldDescriptor* upper = find(pair.upper());
    if (lower == nullptr || upper == nullptr) continue;
    if (lower->type() != upper->type() || lower->is_repeated() || upper->is_repeated() ||
        !(IsNumber(lower) || IsText(lower))) {
      plan->mistakes.push_back(
          absl::StrCat(descriptor->full_name(), ": ", pair.lower(), " and ", pair.upper(), " have no order"));
      continue;
    }
    plan->ordered.emplace_back(lower, upper);
  }
  for (const std::string& name : rules.any_of()) {
    if (const FieldDescriptor* field = find(name)) plan->any_of.push_back(field);
  }
  for (int i = 0; i < descriptor->real_oneof_decl_count(); ++i) {
    const auto* oneof = descriptor->oneof_decl(i);
    if (oneof->options().GetExtension(type::v1::oneof_rules).required()) plan->required_oneofs.push_back(oneof);
  }
}

// Entered into `plans` before its fields are read: types may contain themselves.
MessagePlan* Build(const Descriptor* descriptor, Plans* plans) {
  std::unique_ptr<MessagePlan>& slot = (*plans)[descriptor];
  if (slot != nullptr) return slot.get();
  slot = std::make_unique<MessagePlan>();
  MessagePlan* plan = slot.get();  // `slot` moves when more plans come in
  plan->descriptor = descriptor;
  if (descriptor->full_name() == "google.protobuf.Timestamp") plan->kind = MessagePlan::Kind::kTimestamp;
  if (descriptor->full_name() == "google.protobuf.Duration") plan->kind = MessagePlan::Kind::kDuration;
  for (int i = 0; i < descriptor->field_count(); ++i) AddField(descriptor->field(i), plan, plans);
  AddMessageRules(plan);
  return plan;
}

}  // namespace

const MessagePlan& PlanOf(const Descriptor* descriptor) {
  // Neither is ever destroyed: other threads may still validate while the process ends.
  static Mutex* const mutex = new Mutex;
  static Plans* const plans = new Plans;
  const MutexLock lock(mutex);
  const auto found = plans->find(descriptor);
  return found != plans->end() ? *found->second : *Build(descriptor, plans);
}

}  // namespace tandem
