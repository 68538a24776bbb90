#include "common/catalog/references.h"

#include <algorithm>
#include <google/protobuf/descriptor.h>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "tandem/type/v1/field_rules.pb.h"

namespace tandem::catalog {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr absl::string_view kEditions = "editions/";

bool IsOf(absl::string_view name, absl::string_view edition) {
  return absl::ConsumePrefix(&name, kEditions) && absl::ConsumePrefix(&name, edition) &&
         (name.empty() || name.front() == '/');
}

}  // namespace

void CheckReferences(const Message& message, absl::string_view edition, absl::string_view path,
                     std::vector<FieldViolation>* violations) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const auto type = field->cpp_type();
    if (type != FieldDescriptor::CPPTYPE_MESSAGE && type != FieldDescriptor::CPPTYPE_STRING) continue;
    const auto& rules = field->options().GetExtension(type::v1::rules);
    if (rules.output_only()) continue;
    if (type == FieldDescriptor::CPPTYPE_STRING && !absl::StartsWith(rules.resource(), kEditions)) continue;
    const int size = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      const std::string at =
          absl::StrCat(path, ".", field->name(), field->is_repeated() ? absl::StrCat("[", i, "]") : "");
      if (type == FieldDescriptor::CPPTYPE_MESSAGE) {
        const Message& below = field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                                    : reflection->GetMessage(message, field);
        CheckReferences(below, edition, at, violations);
        continue;
      }
      const std::string name = field->is_repeated() ? reflection->GetRepeatedString(message, field, i)
                                                    : reflection->GetString(message, field);
      if (!name.empty() && !IsOf(name, edition)) {
        violations->push_back({at, absl::StrCat("must be of editions/", edition, ": nothing crosses editions")});
      }
    }
  }
}

void CheckOriginal(const google::protobuf::RepeatedPtrField<type::v1::LocalizedText>& texts, absl::string_view path,
                   std::vector<FieldViolation>* violations) {
  const auto originals = std::count_if(texts.begin(), texts.end(), [](const auto& text) { return text.original(); });
  if (texts.size() > 1 && originals != 1) {
    violations->push_back({absl::StrCat(path, ".texts"),
                           absl::StrCat("must mark exactly one of several texts as the original, not ", originals)});
  }
}

}  // namespace tandem::catalog
