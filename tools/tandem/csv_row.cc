#include "tools/tandem/csv_row.h"

#include <limits>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "tools/tandem/decimal.h"

namespace tandem::cli {
namespace {

// `FUNDING_ROUND_` of `FUNDING_ROUND_UNSPECIFIED`.
absl::string_view PrefixOf(const google::protobuf::EnumDescriptor& type) {
  return absl::StripSuffix(type.value(0)->name(), "UNSPECIFIED");
}

}  // namespace

int FindEnumValue(const google::protobuf::EnumDescriptor& type, absl::string_view text) {
  const std::string wanted =
      absl::StrReplaceAll(absl::AsciiStrToUpper(absl::StripAsciiWhitespace(text)), {{"-", "_"}, {" ", "_"}});
  for (int i = 1; i < type.value_count(); ++i) {
    const absl::string_view name = type.value(i)->name();
    if (wanted == name || wanted == absl::StripPrefix(name, PrefixOf(type))) return type.value(i)->number();
  }
  return -1;
}

std::string EnumText(const google::protobuf::EnumDescriptor& type, int number) {
  if (number == 0) return "";
  const auto* value = type.FindValueByNumber(number);
  if (value == nullptr) return absl::StrCat(number);
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripPrefix(value->name(), PrefixOf(type))), {{"_", "-"}});
}

std::string CsvRow::Text(absl::string_view column) const {
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i] == column) return std::string(absl::StripAsciiWhitespace(fields_[i]));
  }
  return "";
}

std::vector<std::string> CsvRow::List(absl::string_view column) const {
  std::vector<std::string> parts;
  for (const absl::string_view part : absl::StrSplit(Text(column), ';')) {
    const absl::string_view text = absl::StripAsciiWhitespace(part);
    if (!text.empty()) parts.emplace_back(text);
  }
  return parts;
}

int32_t CsvRow::Integer(absl::string_view column) {
  const std::string text = Text(column);
  if (text.empty()) return 0;
  const auto number = ParseInteger(text, 0, std::numeric_limits<int32_t>::max());
  if (!number.ok()) Complain(column, number.status().message());
  return number.ok() ? static_cast<int32_t>(*number) : 0;
}

int64_t CsvRow::Minor(absl::string_view column, const std::string& currency) {
  const std::string text = Text(column);
  if (text.empty()) return 0;
  const auto amount = ParseMinorUnits(text, currency);
  if (!amount.ok()) Complain(column, amount.status().message());
  return amount.value_or(0);
}

type::v1::SectorCode CsvRow::Sector(absl::string_view column, const std::string& text) {
  type::v1::SectorCode sector;
  const size_t colon = text.find(':');
  const std::string scheme = text.substr(0, colon);
  if (colon == std::string::npos || scheme.empty() || colon + 1 == text.size()) {
    Complain(column, absl::StrCat("'", text, "' is not of the form scheme/version:code, such as nace/2.1:C21.2"));
    return sector;
  }
  const size_t slash = scheme.find('/');
  sector.set_scheme(scheme.substr(0, slash));
  if (slash != std::string::npos) sector.set_version(scheme.substr(slash + 1));
  sector.set_code(text.substr(colon + 1));
  return sector;
}

std::vector<type::v1::SectorCode> CsvRow::Sectors(absl::string_view column) {
  std::vector<type::v1::SectorCode> sectors;
  for (const std::string& text : List(column)) sectors.push_back(Sector(column, text));
  return sectors;
}

void CsvRow::Texts(google::protobuf::RepeatedPtrField<type::v1::LocalizedText>* texts) {
  const auto add = [&](const std::string& language, const std::string& suffix) {
    const std::string title = Text("title" + suffix);
    const std::string summary = Text("summary" + suffix);
    const std::string description = Text("description" + suffix);
    if (title.empty() && summary.empty() && description.empty()) return;
    type::v1::LocalizedText* text = texts->Add();
    text->set_language_code(language);
    text->set_title(title);
    text->set_summary(summary);
    text->set_description(description);
    text->set_original(suffix.empty());
  };
  add(Text("language"), "");
  std::vector<std::string> seen;
  for (const std::string& column : columns_) {
    const size_t colon = column.find(':');
    if (colon == std::string::npos) continue;
    const std::string suffix = column.substr(colon);
    if (absl::c_linear_search(seen, suffix)) continue;
    seen.push_back(suffix);
    add(suffix.substr(1), suffix);
  }
}

bool CsvRow::Place(type::v1::Place* place) {
  place->set_country_code(Text("country"));
  place->set_region(Text("region"));
  place->set_city(Text("city"));
  return place->ByteSizeLong() > 0;
}

void CsvRow::Complain(absl::string_view column, absl::string_view why) {
  reasons_->push_back(absl::StrCat(column, ": ", why));
}

int CsvRow::Number(absl::string_view column, const std::string& text, const google::protobuf::EnumDescriptor& type) {
  const int number = FindEnumValue(type, text);
  if (number >= 0) return number;
  std::vector<std::string> known;
  for (int i = 1; i < type.value_count(); ++i) known.push_back(EnumText(type, type.value(i)->number()));
  Complain(column, absl::StrCat("'", text, "' is none of ", absl::StrJoin(known, ", ")));
  return 0;
}

}  // namespace tandem::cli
