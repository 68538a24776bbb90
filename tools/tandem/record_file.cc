#include "tools/tandem/record_file.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace tandem::cli {
namespace {

// Splits one CSV record. False when it ends inside quotes: more lines belong to it.
bool SplitCsv(const std::string& text, std::vector<std::string>* fields, std::string* problem) {
  fields->assign(1, "");
  problem->clear();
  bool quoted = false;
  bool was_quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        fields->back().push_back(c);
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        fields->back().push_back('"');
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == ',') {
      fields->emplace_back();
      was_quoted = false;
    } else if (c == '"' && fields->back().empty() && !was_quoted) {
      quoted = was_quoted = true;
    } else if (c == '"' || was_quoted) {
      if (problem->empty()) *problem = absl::StrCat("a quote stands in the middle of field ", fields->size());
      fields->back().push_back(c);
    } else {
      fields->back().push_back(c);
    }
  }
  return !quoted;
}

}  // namespace

RecordFormat FormatOf(const std::string& path) {
  return absl::EndsWithIgnoreCase(path, ".csv") ? RecordFormat::kCsv : RecordFormat::kJsonLines;
}

absl::StatusOr<std::unique_ptr<RecordFile>> RecordFile::Open(const std::string& path, RecordFormat format) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return absl::NotFoundError(absl::StrCat("The file '", path, "' cannot be opened for reading."));
  const auto size = static_cast<uint64_t>(file.tellg());
  file.seekg(0);
  std::unique_ptr<RecordFile> result(new RecordFile(std::move(file), format));
  result->size_ = size;
  if (format == RecordFormat::kCsv) {
    RawRecord header;
    if (!result->Next(&header) || !header.problem.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("The file '", path, "' has no header line with column names."));
    }
    for (const std::string& column : header.fields) {
      result->columns_.emplace_back(absl::StripAsciiWhitespace(column));
    }
  }
  return result;
}

bool RecordFile::ReadLine(std::string* line, bool* complete) {
  if (!std::getline(file_, *line)) return false;
  *complete = !file_.eof();
  offset_ += line->size() + (*complete ? 1 : 0);
  if (++line_ == 1 && absl::StartsWith(*line, "\xEF\xBB\xBF")) line->erase(0, 3);
  if (*complete && absl::EndsWith(*line, "\r")) line->pop_back();
  return true;
}

bool RecordFile::Next(RawRecord* record) {
  *record = RawRecord();
  while (ReadLine(&record->text, &record->complete)) {
    if (absl::StripAsciiWhitespace(record->text).empty()) continue;
    record->line = line_;
    return format_ == RecordFormat::kJsonLines || NextCsv(record);
  }
  return false;
}

bool RecordFile::NextCsv(RawRecord* record) {
  std::string more;
  while (!SplitCsv(record->text, &record->fields, &record->problem)) {
    if (!ReadLine(&more, &record->complete)) {
      record->complete = false;
      record->problem = "a quote is not closed before the end of the file";
      return true;
    }
    absl::StrAppend(&record->text, "\n", more);
  }
  if (record->problem.empty() && !columns_.empty() && record->fields.size() != columns_.size()) {
    record->problem = absl::StrCat("it has ", record->fields.size(), " fields, but the header has ", columns_.size());
  }
  return true;
}

}  // namespace tandem::cli
