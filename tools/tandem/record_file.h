// Files of records: JSON lines, or CSV with a header (RFC 4180).
#ifndef TANDEM_TOOLS_TANDEM_RECORD_FILE_H_
#define TANDEM_TOOLS_TANDEM_RECORD_FILE_H_

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace tandem::cli {

enum class RecordFormat { kJsonLines, kCsv };

// One record as it stands in the file.
struct RawRecord {
  int64_t line = 0;                 // where it begins, from 1
  std::string text;                 // as it stands, without its line end
  std::vector<std::string> fields;  // of CSV
  bool complete = true;             // false: the file ends in the middle of the line, or inside quotes
  std::string problem;              // why it cannot be read as CSV; empty when it can
};

// Reads records one after the other. Empty lines are passed over; a byte order mark and CR LF are accepted. Not
// thread-safe.
class RecordFile {
 public:
  // NOT_FOUND when it cannot be opened, INVALID_ARGUMENT when a CSV file has no header.
  static absl::StatusOr<std::unique_ptr<RecordFile>> Open(const std::string& path, RecordFormat format);

  // False at the end of the file.
  bool Next(RawRecord* record);

  RecordFormat format() const { return format_; }
  // Titles of the columns of a CSV file.
  const std::vector<std::string>& columns() const { return columns_; }
  // Bytes read so far, and bytes of the file: for progress.
  uint64_t offset() const { return offset_; }
  uint64_t size() const { return size_; }

 private:
  RecordFile(std::ifstream file, RecordFormat format) : file_(std::move(file)), format_(format) {}
  bool ReadLine(std::string* line, bool* complete);
  bool NextCsv(RawRecord* record);

  std::ifstream file_;
  RecordFormat format_;
  std::vector<std::string> columns_;
  uint64_t offset_ = 0;
  uint64_t size_ = 0;
  int64_t line_ = 0;
};

// By the name's ending: `.csv` is CSV, anything else JSON lines.
RecordFormat FormatOf(const std::string& path);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_RECORD_FILE_H_
