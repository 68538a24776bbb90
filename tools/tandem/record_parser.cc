#include "tools/tandem/record_parser.h"

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "google/protobuf/util/json_util.h"

#include "common/text/unicode_check.h"

namespace tandem::cli {
namespace {

using google::protobuf::Message;

constexpr absl::string_view kHalfWritten = "the file ends in the middle of this line; it looks half-written";

bool IsTranslation(absl::string_view column) {
  return absl::StartsWith(column, "title:") || absl::StartsWith(column, "summary:") ||
         absl::StartsWith(column, "description:");
}

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

bool HasTexts(const RecordKind& kind) { return absl::c_linear_search(kind.csv_columns, "title"); }

}  // namespace

std::string DescribeColumns(const RecordKind& kind) {
  return absl::StrCat(absl::StrJoin(kind.csv_columns, ", "),
                      HasTexts(kind) ? "; translations in title:LANG, summary:LANG, description:LANG" : "");
}

absl::Status CheckColumns(const RecordKind& kind, const std::vector<std::string>& columns) {
  std::vector<std::string> unknown;
  for (const std::string& column : columns) {
    const bool known = absl::c_linear_search(kind.csv_columns, column) || (HasTexts(kind) && IsTranslation(column));
    if (!known || absl::c_count(columns, column) > 1) unknown.push_back(absl::StrCat("'", column, "'"));
  }
  if (unknown.empty() && absl::c_linear_search(columns, "external_id")) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(unknown.empty() ? "There is no column external_id."
                                   : absl::StrCat("Unknown or repeated columns: ", absl::StrJoin(unknown, ", "), "."),
                   " The columns of ", kind.plural, " are ", DescribeColumns(kind), "."));
}

std::unique_ptr<Message> ParseRecord(const RecordKind& kind, const RawRecord& record,
                                     const std::vector<std::string>& columns, Reasons* reasons) {
  std::unique_ptr<Message> message(kind.example->New());
  const absl::Status text = CheckText(record.text, {.multiline = true});
  if (!text.ok()) {
    reasons->push_back(std::string(text.message()));
  } else if (!record.problem.empty()) {
    reasons->push_back(record.problem);
  } else if (record.fields.empty()) {
    google::protobuf::util::JsonParseOptions options;
    const auto parsed = google::protobuf::util::JsonStringToMessage(record.text, message.get(), options);
    // The parser draws the place below its message; one line is enough here.
    if (!parsed.ok())
      reasons->push_back(absl::StrCat("it is no JSON of this contract: ", FirstLine(std::string(parsed.message()))));
  } else {
    CsvRow row(columns, record.fields, reasons);
    kind.fill_from_csv(&row, message.get());
  }
  if (reasons->empty() && ExternalIdOf(*message).empty()) {
    reasons->push_back("external_id: it is required; imports create or update by it");
  }
  if (reasons->empty()) return message;
  if (!record.complete) reasons->insert(reasons->begin(), std::string(kHalfWritten));
  return nullptr;
}

std::string ExternalIdOf(const Message& message) {
  const auto* field = message.GetDescriptor()->FindFieldByName("external_id");
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

}  // namespace tandem::cli
