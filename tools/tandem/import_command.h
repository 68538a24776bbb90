// The `import` command of projects, investors, deals and representatives.
#ifndef TANDEM_TOOLS_TANDEM_IMPORT_COMMAND_H_
#define TANDEM_TOOLS_TANDEM_IMPORT_COMMAND_H_

#include <string>

#include "absl/status/status.h"

#include "tools/tandem/cli.h"
#include "tools/tandem/file_import.h"
#include "tools/tandem/record_parser.h"
#include "tools/tandem/upsert.h"

namespace tandem::cli {

// `decision` is the flag that takes the organiser's decision along, `--publish` or `--verify`; empty for none.
void AddImportCommand(CLI::App* parent, Command* command, const RecordKind& kind, const std::string& decision,
                      BatchPipeline::Send (*sender)(Session*, UpsertOptions));

// Prints what became of an import in the form asked for.
void WriteSummary(const Session& session, const std::string& what, const ImportSummary& summary);

// Replaces the file's content by one line with the token. Nothing happens when `file` is empty.
absl::Status WriteTokenFile(const std::string& file, const std::string& token);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_IMPORT_COMMAND_H_
