// One row of a CSV file: fields by column, turned into the contract's values, with every mistake collected.
#ifndef TANDEM_TOOLS_TANDEM_CSV_ROW_H_
#define TANDEM_TOOLS_TANDEM_CSV_ROW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/repeated_field.h"
#include "google/protobuf/repeated_ptr_field.h"

#include "tandem/type/v1/types.pb.h"

namespace tandem::cli {

// The number of an enum value by its name in any case, with or without the enum's prefix, words parted by `_`, `-` or
// space: `series-a`, `SERIES_A` and `FUNDING_ROUND_SERIES_A` are one. -1 when there is none, or it is the unset one.
int FindEnumValue(const google::protobuf::EnumDescriptor& type, absl::string_view text);

// What people read of an enum value: `series-a`; empty for the unset one.
std::string EnumText(const google::protobuf::EnumDescriptor& type, int number);

// Not thread-safe. REQUIRES: `columns` and `fields` have one length and outlive it.
class CsvRow {
 public:
  CsvRow(const std::vector<std::string>& columns, const std::vector<std::string>& fields,
         std::vector<std::string>* reasons)
      : columns_(columns), fields_(fields), reasons_(reasons) {}

  // The field without spaces around it; empty when the column is absent.
  std::string Text(absl::string_view column) const;
  // Its parts between semicolons, empty ones left out.
  std::vector<std::string> List(absl::string_view column) const;
  int32_t Integer(absl::string_view column);
  int64_t Minor(absl::string_view column, const std::string& currency);
  type::v1::SectorCode Sector(absl::string_view column, const std::string& text);
  std::vector<type::v1::SectorCode> Sectors(absl::string_view column);

  template <typename Enum>
  Enum Value(absl::string_view column) {
    const std::string text = Text(column);
    return text.empty() ? Enum{}
                        : static_cast<Enum>(Number(column, text, *google::protobuf::GetEnumDescriptor<Enum>()));
  }
  template <typename Enum>
  std::vector<Enum> Values(absl::string_view column) {
    std::vector<Enum> values;
    for (const std::string& text : List(column)) {
      values.push_back(static_cast<Enum>(Number(column, text, *google::protobuf::GetEnumDescriptor<Enum>())));
    }
    return values;
  }

  // Columns `language`, `title`, `summary`, `description` (the original) and `title:LANG` ... (translations).
  void Texts(google::protobuf::RepeatedPtrField<type::v1::LocalizedText>* texts);
  // Columns `country`, `region`, `city`. False when all are empty.
  bool Place(type::v1::Place* place);

  void Complain(absl::string_view column, absl::string_view why);

 private:
  int Number(absl::string_view column, const std::string& text, const google::protobuf::EnumDescriptor& type);

  const std::vector<std::string>& columns_;
  const std::vector<std::string>& fields_;
  std::vector<std::string>* reasons_;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_CSV_ROW_H_
