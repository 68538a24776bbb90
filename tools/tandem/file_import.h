// Imports a file of records: what is wrong is set aside with its reasons, the rest goes in, and a run that was cut off
// goes on where it ended.
#ifndef TANDEM_TOOLS_TANDEM_FILE_IMPORT_H_
#define TANDEM_TOOLS_TANDEM_FILE_IMPORT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

#include "tools/tandem/batch_pipeline.h"
#include "tools/tandem/record_parser.h"
#include "tools/tandem/terminal.h"
#include "tools/tandem/token_trail.h"

namespace tandem::cli {

struct FileImportOptions {
  std::string file;
  std::string target;    // what is imported where: a checkpoint of another target is not resumed
  bool restart = false;  // begin at the first line whatever the checkpoint says
  PipelineOptions pipeline;
};

struct ImportSummary {
  int64_t created = 0;
  int64_t updated = 0;
  int64_t unchanged = 0;
  int64_t rejected = 0;
  int64_t resumed_after_line = 0;  // 0: from the beginning
  double seconds = 0;
  double records_per_second = 0;  // of this run
  std::string consistency_token;  // of the newest writes
};

// `FILE.rejected.jsonl`: one JSON object for each rejected record, with `line`, `external_id`, `reasons` and `text`.
std::string RejectedPath(const std::string& file);

// Adds an answer to the counts, and its token to `tokens`.
void Count(const BatchAnswer& answer, ImportSummary* summary, TokenTrail* tokens);

// An error as lines for people: the message, then one for each field.
std::vector<std::string> ReasonsOf(const absl::Status& status);

// A repeated external id is rejected with the line it was on before. On an error the checkpoint stays, so that the same
// call goes on; after a complete run it is removed.
absl::StatusOr<ImportSummary> ImportFile(const FileImportOptions& options, const RecordKind& kind,
                                         const BatchPipeline::Send& send, const Terminal& terminal);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_FILE_IMPORT_H_
