// Options whose values are the words of a contract's enum: `--kind must-meet`.
#ifndef TANDEM_TOOLS_TANDEM_ENUM_OPTION_H_
#define TANDEM_TOOLS_TANDEM_ENUM_OPTION_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"

#include "tools/tandem/csv_row.h"

namespace tandem::cli {

// The words of an enum, without the unset value.
inline std::vector<std::string> EnumWords(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> words;
  for (int i = 1; i < type.value_count(); ++i) words.push_back(EnumText(type, type.value(i)->number()));
  return words;
}

// One word. `unset`, if given, is a word for the unset value. `value` outlives `app`.
template <typename Enum>
CLI::Option* AddEnumOption(CLI::App* app, const std::string& name, Enum* value, const std::string& help,
                           const std::string& unset = "") {
  const auto* type = google::protobuf::GetEnumDescriptor<Enum>();
  std::vector<std::string> words = EnumWords(*type);
  if (!unset.empty()) words.push_back(unset);
  return app
      ->add_option_function<std::string>(
          name,
          [=](const std::string& word) {
            *value = word == unset ? Enum{} : static_cast<Enum>(FindEnumValue(*type, word));
          },
          help)
      ->check(CLI::IsMember(words));
}

// Words, the option given several times. `values` outlives `app`.
template <typename Enum>
CLI::Option* AddEnumsOption(CLI::App* app, const std::string& name, std::vector<Enum>* values,
                            const std::string& help) {
  const auto* type = google::protobuf::GetEnumDescriptor<Enum>();
  return app
      ->add_option_function<std::vector<std::string>>(
          name,
          [=](const std::vector<std::string>& words) {
            for (const std::string& word : words) values->push_back(static_cast<Enum>(FindEnumValue(*type, word)));
          },
          help)
      ->check(CLI::IsMember(EnumWords(*type)))
      ->take_all();
}

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_ENUM_OPTION_H_
