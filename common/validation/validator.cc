#include "common/validation/validator.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>
#include <limits>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "common/text/unicode_check.h"
#include "common/validation/rule_plan.h"

namespace tandem {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kMostViolations = 100;
constexpr int kDeepest = 16;

constexpr char kRequired[] = "is required";

// A number of any integer type; what an int64 cannot hold is its largest value, beyond every bound that a rule can
// name.
int64_t GetInteger(const Message& message, const FieldDescriptor* field, int index) {
  const Reflection& in = *message.GetReflection();
  const bool list = index >= 0;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return list ? in.GetRepeatedInt32(message, field, index) : in.GetInt32(message, field);
    case FieldDescriptor::CPPTYPE_INT64:
      return list ? in.GetRepeatedInt64(message, field, index) : in.GetInt64(message, field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return list ? in.GetRepeatedUInt32(message, field, index) : in.GetUInt32(message, field);
    case FieldDescriptor::CPPTYPE_UINT64: {
      const uint64_t value = list ? in.GetRepeatedUInt64(message, field, index) : in.GetUInt64(message, field);
      return static_cast<int64_t>(std::min<uint64_t>(value, std::numeric_limits<int64_t>::max()));
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return list ? in.GetRepeatedEnumValue(message, field, index) : in.GetEnumValue(message, field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return list ? in.GetRepeatedBool(message, field, index) : in.GetBool(message, field);
    default:
      return 0;
  }
}

double GetFloating(const Message& message, const FieldDescriptor* field, int index) {
  const Reflection& in = *message.GetReflection();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_FLOAT) {
    return index >= 0 ? in.GetRepeatedFloat(message, field, index) : in.GetFloat(message, field);
  }
  return index >= 0 ? in.GetRepeatedDouble(message, field, index) : in.GetDouble(message, field);
}

bool IsFloating(const FieldDescriptor* field) {
  return field->cpp_type() == FieldDescriptor::CPPTYPE_FLOAT || field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE;
}

const std::string& GetText(const Message& message, const FieldDescriptor* field, int index, std::string* scratch) {
  const Reflection& in = *message.GetReflection();
  return index >= 0 ? in.GetRepeatedStringReference(message, field, index, scratch)
                    : in.GetStringReference(message, field, scratch);
}

bool IsSet(const Message& message, const FieldDescriptor* field) {
  const Reflection& in = *message.GetReflection();
  return field->is_repeated() ? in.FieldSize(message, field) > 0 : in.HasField(message, field);
}

// Text that is equal for equal values of one field.
std::string KeyOf(const Message& message, const FieldDescriptor* field, int index, bool fold) {
  std::string scratch;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string& text = GetText(message, field, index, &scratch);
      return fold ? absl::AsciiStrToLower(text) : text;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return message.GetReflection()->GetRepeatedMessage(message, field, index).SerializeAsString();
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return absl::StrCat(GetFloating(message, field, index));
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat(index >= 0 ? message.GetReflection()->GetRepeatedUInt64(message, field, index)
                                     : message.GetReflection()->GetUInt64(message, field));
    default:
      return absl::StrCat(GetInteger(message, field, index));
  }
}

// One walk over one message.
class Walk {
 public:
  Walk(absl::string_view prefix, const std::vector<std::string>& skipped) : prefix_(prefix), skipped_(skipped) {}

  void CheckMessage(const Message& message, const MessagePlan& plan) {
    if (static_cast<int>(path_.size()) >= kDeepest)
      return Add(absl::StrCat("is nested deeper than ", kDeepest, " messages"));
    if (plan.kind == MessagePlan::Kind::kTimestamp || plan.kind == MessagePlan::Kind::kDuration)
      return CheckTime(message, plan);
    for (const FieldPlan& field : plan.fields) {
      if (full()) return;
      path_.push_back({field.field, -1});
      if (field.field->is_repeated()) {
        CheckList(message, field);
      } else {
        CheckSingle(message, field);
      }
      path_.pop_back();
    }
    CheckOrdered(message, plan);
    CheckAnyOf(message, plan);
    CheckOneofs(message, plan);
  }

  std::vector<FieldViolation> Take() && { return std::move(violations_); }

 private:
  struct Step {
    const FieldDescriptor* field;
    int index;  // -1: not in a list
  };

  bool full() const { return violations_.size() >= kMostViolations; }

  std::string Path() const {
    std::string path(prefix_);
    for (const Step& step : path_) {
      absl::StrAppend(&path, path.empty() ? "" : ".", step.field->name());
      if (step.index >= 0) absl::StrAppend(&path, "[", step.index, "]");
    }
    return path;
  }

  void Add(std::string description) {
    if (!full()) violations_.push_back({Path(), std::move(description)});
  }

  void AddAt(const FieldDescriptor* field, std::string description) {
    path_.push_back({field, -1});
    Add(std::move(description));
    path_.pop_back();
  }

  bool Skips(const FieldDescriptor* field) const {
    return path_.size() == 1 && std::find(skipped_.begin(), skipped_.end(), field->name()) != skipped_.end();
  }

  void CheckSingle(const Message& message, const FieldPlan& plan) {
    const Reflection& in = *message.GetReflection();
    if (!in.HasField(message, plan.field)) {
      const auto* oneof = plan.field->real_containing_oneof();
      if (plan.rules.required() && (oneof == nullptr || !in.HasOneof(message, oneof))) Add(kRequired);
      return;
    }
    if (plan.message == nullptr) return CheckValue(message, plan, -1);
    if (!Skips(plan.field)) CheckMessage(in.GetMessage(message, plan.field), *plan.message);
  }

  void CheckList(const Message& message, const FieldPlan& plan) {
    const Reflection& in = *message.GetReflection();
    const int size = in.FieldSize(message, plan.field);
    if (size == 0) {
      if (plan.rules.required()) Add("is required: at least one item");
      return;
    }
    const int most = plan.rules.max_items();
    if (size > most) Add(absl::StrCat("has ", size, " items, at most ", most, " are allowed"));
    if (Skips(plan.field)) return;
    const int checked = std::min(size, most);
    for (int i = 0; i < checked && !full(); ++i) {
      path_.back().index = i;
      if (plan.message != nullptr) {
        CheckMessage(in.GetRepeatedMessage(message, plan.field, i), *plan.message);
      } else {
        CheckValue(message, plan, i);
      }
    }
    if (plan.rules.unique_items()) CheckUniqueItems(message, plan, checked);
    if (plan.unique_key != nullptr) CheckUniqueKey(message, plan, checked);
    path_.back().index = -1;
  }

  void CheckUniqueItems(const Message& message, const FieldPlan& plan, int size) {
    if (size < 2) return;
    absl::flat_hash_map<std::string, int> first;
    for (int i = 0; i < size && !full(); ++i) {
      const auto [held, fresh] = first.emplace(KeyOf(message, plan.field, i, plan.fold_items), i);
      path_.back().index = i;
      if (!fresh) Add(absl::StrCat("is equal to item ", held->second, ": name each item once"));
    }
  }

  void CheckUniqueKey(const Message& message, const FieldPlan& plan, int size) {
    if (size < 2) return;
    absl::flat_hash_map<std::string, int> first;
    for (int i = 0; i < size && !full(); ++i) {
      const Message& item = message.GetReflection()->GetRepeatedMessage(message, plan.field, i);
      if (!IsSet(item, plan.unique_key)) continue;
      const auto [held, fresh] = first.emplace(KeyOf(item, plan.unique_key, -1, plan.fold_key), i);
      path_.back().index = i;
      if (!fresh)
        AddAt(plan.unique_key, absl::StrCat("is that of item ", held->second, " too: give each item its own"));
    }
  }

  // A value that is no message; `index` -1 for one that is in no list, and then it is set.
  void CheckValue(const Message& message, const FieldPlan& plan, int index) {
    switch (plan.field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        return CheckTextValue(GetText(message, plan.field, index, &scratch), plan, index >= 0);
      }
      case FieldDescriptor::CPPTYPE_ENUM:
        return CheckEnum(static_cast<int>(GetInteger(message, plan.field, index)), plan, index >= 0);
      case FieldDescriptor::CPPTYPE_BOOL:
        if (plan.rules.required() && index < 0 && GetInteger(message, plan.field, index) == 0 &&
            !plan.field->has_presence())
          Add(kRequired);
        return;
      case FieldDescriptor::CPPTYPE_FLOAT:
      case FieldDescriptor::CPPTYPE_DOUBLE: {
        const double value = GetFloating(message, plan.field, index);
        if (!std::isfinite(value)) return Add("is not a finite number");
        return CheckRange(value, plan);
      }
      default:
        return CheckRange(GetInteger(message, plan.field, index), plan);
    }
  }

  template <typename Number>
  void CheckRange(Number value, const FieldPlan& plan) {
    const auto& rules = plan.rules;
    if (value == Number{0} && !rules.required()) return;  // not stated
    const bool low = rules.has_minimum() && value < static_cast<Number>(rules.minimum());
    const bool high = rules.has_maximum() && value > static_cast<Number>(rules.maximum());
    if (!low && !high) return;
    if (rules.has_minimum() && rules.has_maximum()) {
      Add(absl::StrCat(value, " is not in the range ", rules.minimum(), " to ", rules.maximum()));
    } else {
      Add(absl::StrCat(value, low ? " is less than " : " is more than ", low ? rules.minimum() : rules.maximum()));
    }
  }

  void CheckEnum(int value, const FieldPlan& plan, bool in_list) {
    if (plan.field->enum_type()->FindValueByNumber(value) == nullptr) {
      return Add(absl::StrCat(value, " is no value of ", plan.field->enum_type()->full_name()));
    }
    if (value == 0 && in_list) return Add("is unspecified: leave the item out or say what it is");
    if (value == 0 && plan.rules.required()) Add(kRequired);
  }

  void CheckTextValue(const std::string& text, const FieldPlan& plan, bool in_list) {
    const auto& rules = plan.rules;
    const int64_t longest = rules.max_length();
    if (plan.field->type() == FieldDescriptor::TYPE_BYTES) {
      if (static_cast<int64_t>(text.size()) > longest)
        Add(absl::StrCat("has ", text.size(), " bytes, at most ", longest, " are allowed"));
      return;
    }
    if (in_list && IsBlank(text)) return Add("is empty: leave the item out or fill it in");
    if (text.empty()) {
      if (rules.required()) Add(kRequired);
      return;
    }
    if (static_cast<int64_t>(text.size()) > longest) {
      const int64_t length = CountCodePoints(text);
      if (length > longest) return Add(absl::StrCat("has ", length, " characters, at most ", longest, " are allowed"));
    }
    const absl::Status status = CheckText(text, TextRules{.multiline = rules.multiline()});
    if (!status.ok()) return Add(std::string(status.message()));
    if (rules.required() && IsBlank(text)) return Add("is required: it has nothing but spaces");
    if (plan.resource.has_value() && !plan.resource->Matches(text)) {
      return Add(absl::StrCat(Quote(text), " is not a name of the form ", plan.resource->text(),
                              plan.resource->wildcard() ? ", where - stands for any id" : ""));
    }
    std::string problem = FormatProblem(rules.format(), text);
    if (!problem.empty()) Add(std::move(problem));
  }

  // By number: the message may be of a dynamic type.
  void CheckTime(const Message& message, const MessagePlan& plan) {
    const int64_t seconds =
        GetInteger(message, plan.descriptor->FindFieldByNumber(google::protobuf::Timestamp::kSecondsFieldNumber), -1);
    const int64_t nanos =
        GetInteger(message, plan.descriptor->FindFieldByNumber(google::protobuf::Timestamp::kNanosFieldNumber), -1);
    constexpr int64_t kBillion = 1'000'000'000;
    if (plan.kind == MessagePlan::Kind::kTimestamp) {
      constexpr int64_t kYear1 = -62'135'596'800;
      constexpr int64_t kYear9999 = 253'402'300'799;
      if (seconds < kYear1 || seconds > kYear9999 || nanos < 0 || nanos >= kBillion)
        Add("is not a time of the years 1 to 9999");
    } else {
      constexpr int64_t kLongest = 315'576'000'000;
      const bool mixed = (seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0);
      if (seconds < -kLongest || seconds > kLongest || nanos <= -kBillion || nanos >= kBillion || mixed)
        Add("is not a duration of at most 10,000 years");
    }
  }

  void CheckOrdered(const Message& message, const MessagePlan& plan) {
    for (const auto& [lower, upper] : plan.ordered) {
      if (!IsSet(message, lower) || !IsSet(message, upper)) continue;
      bool wrong = false;
      if (lower->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        std::string low_scratch;
        std::string high_scratch;
        wrong = GetText(message, lower, -1, &low_scratch) > GetText(message, upper, -1, &high_scratch);
      } else if (IsFloating(lower)) {
        wrong = GetFloating(message, lower, -1) > GetFloating(message, upper, -1);
      } else {
        // An explicit zero is not stated either.
        const int64_t low = GetInteger(message, lower, -1);
        const int64_t high = GetInteger(message, upper, -1);
        wrong = low != 0 && high != 0 && low > high;
      }
      if (wrong) AddAt(lower, absl::StrCat("must not be greater than ", upper->name()));
    }
  }

  void CheckAnyOf(const Message& message, const MessagePlan& plan) {
    if (plan.any_of.empty()) return;
    for (const FieldDescriptor* field : plan.any_of) {
      if (IsSet(message, field)) return;
    }
    std::string description = absl::StrCat(
        "at least one is required: ",
        absl::StrJoin(plan.any_of, ", ",
                      [](std::string* out, const FieldDescriptor* field) { absl::StrAppend(out, field->name()); }));
    if (path_.empty() && prefix_.empty()) return AddAt(plan.any_of.front(), std::move(description));
    Add(std::move(description));
  }

  void CheckOneofs(const Message& message, const MessagePlan& plan) {
    for (const auto* oneof : plan.required_oneofs) {
      if (message.GetReflection()->HasOneof(message, oneof)) continue;
      std::string members;
      for (int i = 0; i < oneof->field_count(); ++i)
        absl::StrAppend(&members, i > 0 ? ", " : "", oneof->field(i)->name());
      std::string description = absl::StrCat("one is required: ", members);
      if (path_.empty() && prefix_.empty()) {
        AddAt(oneof->field(0), std::move(description));
      } else {
        Add(std::move(description));
      }
    }
  }

  const absl::string_view prefix_;
  const std::vector<std::string>& skipped_;
  std::vector<Step> path_;
  std::vector<FieldViolation> violations_;
};

void ClearOutputOnlyIn(Message* message, const MessagePlan& plan) {
  const Reflection& in = *message->GetReflection();
  for (const FieldDescriptor* field : plan.output_only) in.ClearField(message, field);
  for (const FieldPlan& field : plan.fields) {
    if (field.message == nullptr) continue;
    if (field.field->is_repeated()) {
      for (int i = 0; i < in.FieldSize(*message, field.field); ++i)
        ClearOutputOnlyIn(in.MutableRepeatedMessage(message, field.field, i), *field.message);
    } else if (in.HasField(*message, field.field)) {
      ClearOutputOnlyIn(in.MutableMessage(message, field.field), *field.message);
    }
  }
}

}  // namespace

std::vector<FieldViolation> FindViolations(const Message& message, absl::string_view prefix,
                                           const std::vector<std::string>& skipped) {
  Walk walk(prefix, skipped);
  walk.CheckMessage(message, PlanOf(message.GetDescriptor()));
  return std::move(walk).Take();
}

absl::Status Validate(const Message& message, absl::string_view prefix, const std::vector<std::string>& skipped) {
  std::vector<FieldViolation> violations = FindViolations(message, prefix, skipped);
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

void ClearOutputOnly(Message* message) {
  message->DiscardUnknownFields();
  ClearOutputOnlyIn(message, PlanOf(message->GetDescriptor()));
}

}  // namespace tandem
