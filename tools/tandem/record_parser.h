// From a line of a file to a message of the contract.
#ifndef TANDEM_TOOLS_TANDEM_RECORD_PARSER_H_
#define TANDEM_TOOLS_TANDEM_RECORD_PARSER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

#include "tools/tandem/csv_row.h"
#include "tools/tandem/record_file.h"

namespace tandem::cli {

// Projects, investors, deals or representatives: what an import needs to know of them.
struct RecordKind {
  std::string plural;                        // `projects`
  const google::protobuf::Message* example;  // an empty one; lives for ever
  std::vector<std::string> csv_columns;      // without those for translations
  void (*fill_from_csv)(CsvRow* row, google::protobuf::Message* message);
  // How CSV writes what is no plain text, for `--help`.
  std::string forms =
      "Lists are parted by `;`, sectors are written scheme/version:code, amounts in major units (2500000.50).";
};

const RecordKind& ProjectKind();
const RecordKind& InvestorKind();
const RecordKind& DealKind();
const RecordKind& RepresentativeKind();

// The columns of CSV files of that kind, for `--help`.
std::string DescribeColumns(const RecordKind& kind);

// INVALID_ARGUMENT naming every column that the kind does not know.
absl::Status CheckColumns(const RecordKind& kind, const std::vector<std::string>& columns);

using Reasons = std::vector<std::string>;

// The message, or null and the reasons why not. A half-written last line is refused with its number.
std::unique_ptr<google::protobuf::Message> ParseRecord(const RecordKind& kind, const RawRecord& record,
                                                       const std::vector<std::string>& columns, Reasons* reasons);

// The `external_id` of a message of any kind.
std::string ExternalIdOf(const google::protobuf::Message& message);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_RECORD_PARSER_H_
