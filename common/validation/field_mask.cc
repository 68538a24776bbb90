#include "common/validation/field_mask.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/field_mask_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "common/base/status.h"
#include "common/validation/validator.h"
#include "tandem/type/v1/field_rules.pb.h"

namespace tandem {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::util::FieldMaskUtil;
using google::protobuf::util::MessageDifferencer;

constexpr int kMostPaths = 100;

const type::v1::FieldRules& RulesOf(const FieldDescriptor* field) {
  return field->options().GetExtension(type::v1::rules);
}

bool IsSingleMessage(const FieldDescriptor* field) {
  return !field->is_repeated() && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

bool IsSet(const Message& message, const FieldDescriptor* field) {
  const auto& in = *message.GetReflection();
  return field->is_repeated() ? in.FieldSize(message, field) > 0 : in.HasField(message, field);
}

bool Equal(const Message& one, const Message& two, const FieldDescriptor* field) {
  return MessageDifferencer().CompareWithFields(one, two, {field}, {field});
}

// A path as it may stand in a message, whatever was sent.
std::string Shown(absl::string_view path) {
  constexpr size_t kLongest = 100;
  return absl::StrCat("`", absl::CHexEscape(path.substr(0, kLongest)), path.size() > kLongest ? "...`" : "`");
}

// Collects the paths to copy, and what is wrong with those asked for.
class Resolver {
 public:
  explicit Resolver(absl::string_view prefix) : prefix_(prefix) {}

  // Every field of a message (`all`), or those that `from` sets.
  void TakeFields(const Message& from, const Message& to, const std::string& parent, bool all) {
    const Descriptor* descriptor = from.GetDescriptor();
    for (int i = 0; i < descriptor->field_count(); ++i) {
      const FieldDescriptor* field = descriptor->field(i);
      if (!all && !IsSet(from, field)) continue;
      TakeField(from, to, field, parent, /*named=*/false, /*immutable=*/false);
    }
  }

  void TakePath(const Message& from, const Message& to, const std::string& path) {
    // The messages on the way; those that are not set are read as their defaults.
    const Message* from_message = &from;
    const Message* to_message = &to;
    bool present = true;
    bool immutable = false;
    std::string parent;
    const std::vector<std::string> names = absl::StrSplit(path, '.');
    for (size_t i = 0; i < names.size(); ++i) {
      const FieldDescriptor* field = from_message->GetDescriptor()->FindFieldByName(names[i]);
      if (field == nullptr) {
        return Refuse(absl::StrCat(Shown(path), " names no field: ", from_message->GetDescriptor()->full_name(),
                                   " has no ", Shown(names[i])));
      }
      if (i + 1 == names.size()) {
        // Nothing to copy and nothing to clear: the message must not come to be by looking into it.
        if (present) TakeField(*from_message, *to_message, field, parent, /*named=*/true, immutable);
        return;
      }
      if (!IsSingleMessage(field)) {
        return Refuse(
            absl::StrCat(Shown(path), " goes into ", Shown(field->name()), ", which is ",
                         field->is_repeated() ? "a list: name the whole list" : "no message: name the field itself"));
      }
      immutable = immutable || RulesOf(field).immutable();
      present = present && !RulesOf(field).output_only() && (IsSet(*from_message, field) || IsSet(*to_message, field));
      from_message = &from_message->GetReflection()->GetMessage(*from_message, field);
      to_message = &to_message->GetReflection()->GetMessage(*to_message, field);
      absl::StrAppend(&parent, field->name(), ".");
    }
  }

  void Refuse(std::string description) { violations_.push_back({"update_mask", std::move(description)}); }

  const FieldMask& paths() const { return paths_; }
  std::vector<FieldViolation>& violations() { return violations_; }

 private:
  void TakeField(const Message& from, const Message& to, const FieldDescriptor* field, const std::string& parent,
                 bool named, bool immutable) {
    const type::v1::FieldRules& rules = RulesOf(field);
    if (rules.output_only() || (parent.empty() && field->name() == "etag")) return;
    std::string path = absl::StrCat(parent, field->name());
    if (immutable || rules.immutable()) {
      if ((named || IsSet(from, field)) && !Equal(from, to, field)) {
        violations_.push_back({absl::StrCat(prefix_, prefix_.empty() ? "" : ".", path),
                               "cannot be changed: send the stored value, or leave it out"});
      }
      return;
    }
    if (IsSingleMessage(field) && IsSet(from, field) && IsSet(to, field)) {
      // Field by field, so that what the service set inside stays.
      const Message& from_inner = from.GetReflection()->GetMessage(from, field);
      const Message& to_inner = to.GetReflection()->GetMessage(to, field);
      return TakeFields(from_inner, to_inner, absl::StrCat(path, "."), /*all=*/true);
    }
    paths_.add_paths(std::move(path));
  }

  const absl::string_view prefix_;
  FieldMask paths_;
  std::vector<FieldViolation> violations_;
};

}  // namespace

absl::Status ApplyUpdate(const FieldMask& mask, const Message& from, Message* to, absl::string_view prefix) {
  // Inside of lists, what only the service may set has no stored value to keep: it is dropped.
  const std::unique_ptr<Message> clean(from.New());
  clean->CopyFrom(from);
  ClearOutputOnly(clean.get());

  Resolver resolver(prefix);
  if (mask.paths_size() > kMostPaths) {
    resolver.Refuse(absl::StrCat("has ", mask.paths_size(), " paths, at most ", kMostPaths, " are allowed"));
    return InvalidFields(std::move(resolver.violations()));
  }
  if (mask.paths().empty()) resolver.TakeFields(*clean, *to, "", /*all=*/false);
  for (const std::string& path : mask.paths()) {
    if (path == "*") {
      resolver.TakeFields(*clean, *to, "", /*all=*/true);
    } else {
      resolver.TakePath(*clean, *to, path);
    }
  }
  if (!resolver.violations().empty()) return InvalidFields(std::move(resolver.violations()));

  FieldMask paths;
  FieldMaskUtil::ToCanonicalForm(resolver.paths(), &paths);
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  if (!paths.paths().empty()) FieldMaskUtil::MergeMessageTo(*clean, paths, options, to);
  return absl::OkStatus();
}

}  // namespace tandem
