#include "tools/tandem/import_command.h"

#include <fstream>
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"

#include "common/base/status.h"
#include "tools/tandem/exit_code.h"

namespace tandem::cli {
namespace {

struct Options {
  FileImportOptions import;
  bool take_decision = false;
  bool validate_only = false;
  std::string token_file;
};

std::string Footer(const RecordKind& kind, const std::string& decision) {
  return absl::StrCat(
      "\nA file that ends in .csv is CSV with a header; any other holds one JSON object a line, in the contract's JSON "
      "form"
      "\n(what `tandem -o json` prints). Columns of CSV:\n  ",
      DescribeColumns(kind), "\n", kind.forms,
      "\n\nRecords are created or updated by external_id. Rejected ones are written to FILE.rejected.jsonl with their "
      "reasons;"
      "\nthe rest goes in. An import that was cut off goes on where it ended (FILE.progress).\n\nExamples:\n  tandem "
      "--edition demo ",
      kind.plural.substr(0, kind.plural.size() - 1), " import ", kind.plural, ".jsonl",
      decision.empty() ? "" : absl::StrCat(" --", decision), "\n");
}

}  // namespace

absl::Status WriteTokenFile(const std::string& file, const std::string& token) {
  if (file.empty()) return absl::OkStatus();
  std::ofstream stream(file, std::ios::trunc);
  stream << token << "\n";
  if (stream.flush()) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("The token file '", file, "' cannot be written."));
}

void WriteSummary(const Session& session, const std::string& what, const ImportSummary& summary) {
  const nlohmann::ordered_json json = {{"what", what},
                                       {"created", summary.created},
                                       {"updated", summary.updated},
                                       {"unchanged", summary.unchanged},
                                       {"rejected", summary.rejected},
                                       {"recordsPerSecond", static_cast<int64_t>(summary.records_per_second)},
                                       {"consistencyToken", summary.consistency_token}};
  std::ostream& out = *session.terminal().out;
  if (session.options().output == "json") {
    out << json.dump() << "\n";
  } else if (session.options().output == "yaml") {
    out << "---\n";
    for (const auto& [key, value] : json.items()) out << key << ": " << value.dump() << "\n";
  } else {
    out << absl::StrFormat("%s: %d created, %d updated, %d unchanged, %d rejected; %.0f records/s\n", what,
                           summary.created, summary.updated, summary.unchanged, summary.rejected,
                           summary.records_per_second);
    if (!summary.consistency_token.empty()) out << "token " << summary.consistency_token << "\n";
  }
}

void AddImportCommand(CLI::App* parent, Command* command, const RecordKind& kind, const std::string& decision,
                      BatchPipeline::Send (*sender)(Session*, UpsertOptions)) {
  CLI::App* app = parent->add_subcommand("import", absl::StrCat("Creates or updates ", kind.plural, " from a file"));
  auto options = std::make_shared<Options>();
  app->add_option("FILE", options->import.file, "JSON lines or CSV")->required();
  app->add_flag("--restart", options->import.restart, "Begin at the first line, whatever was done before");
  app->add_flag("--validate-only", options->validate_only, "Check only, write nothing to the service");
  app->add_option("--token-file", options->token_file, "Write the consistency token there");
  app->add_option("--batch", options->import.pipeline.batch_items, "Records of a request")
      ->check(CLI::Range(size_t{1}, size_t{500}))
      ->capture_default_str();
  app->add_option("--in-flight", options->import.pipeline.in_flight, "Requests at a time")
      ->check(CLI::Range(size_t{1}, size_t{16}))
      ->capture_default_str();
  if (!decision.empty()) {
    app->add_flag("--" + decision, options->take_decision, "Take the organiser's decision along: they are matched");
  }
  app->footer(Footer(kind, decision));
  app->callback([=, &kind] {
    command->action = [=, &kind](Session* session) -> absl::StatusOr<int> {
      TANDEM_ASSIGN_OR_RETURN(const std::string edition, session->EditionName());
      FileImportOptions import = options->import;
      import.target = absl::StrCat(options->validate_only ? "check of " : "", kind.plural, " of ", edition,
                                   options->take_decision ? " with decision" : "");
      if (options->validate_only) import.restart = true;
      const auto send =
          sender(session, {edition, session->options().token, options->take_decision, options->validate_only});
      TANDEM_ASSIGN_OR_RETURN(const ImportSummary summary, ImportFile(import, kind, send, session->terminal()));
      WriteSummary(*session, kind.plural, summary);
      TANDEM_RETURN_IF_ERROR(WriteTokenFile(options->token_file, summary.consistency_token));
      if (summary.rejected == 0) return kExitOk;
      *session->terminal().err << "The rejected records are in " << RejectedPath(import.file) << "\n";
      return kExitPartial;
    };
  });
}

}  // namespace tandem::cli
