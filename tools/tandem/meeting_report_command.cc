// `tandem report meetings`.
#include <fstream>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/meeting_report.h"
#include "tools/tandem/output.h"

namespace tandem::cli {
namespace {

constexpr char kFooter[] = R"(
How many requests were accepted, how many meetings were kept, how full the sessions are, how evenly meetings are shared
(Gini: 0 is evenly), by country, why requests were declined, and what came of it.

Examples:
  tandem --edition demo report meetings
  tandem --edition demo report meetings --output html --file meetings.html
  tandem --edition demo -o json report meetings
)";

struct Options {
  std::string output;  // empty: that of all commands
  std::string file;
};

absl::StatusOr<int> Report(Session* session, const Options& options) {
  pairing::v1::GetEditionRequest asked;
  TANDEM_ASSIGN_OR_RETURN(*asked.mutable_name(), session->EditionName());
  pairing::v1::GetMeetingReportRequest request;
  request.set_name(asked.name());
  TANDEM_ASSIGN_OR_RETURN(
      const auto report,
      session->Call(session->meetings(), &pairing::v1::MeetingService::StubInterface::GetMeetingReport, request));
  const std::string& output = options.output.empty() ? session->options().output : options.output;
  std::string text;
  if (output == "json") {
    text = ToJson(report) + "\n";
  } else if (output == "yaml") {
    text = ToYaml(report);
  } else {
    TANDEM_ASSIGN_OR_RETURN(
        const auto edition,
        session->Call(session->editions(), &pairing::v1::EditionService::StubInterface::GetEdition, asked));
    TANDEM_ASSIGN_OR_RETURN(const EditionZone zone, EditionZone::Of(edition.time_zone()));
    text = output == "html" ? MeetingReportPage(report, zone, TitleOf(edition.texts()))
                            : MeetingReportText(report, zone, options.file.empty() ? WidthOf(*session) : 0);
  }
  if (options.file.empty()) {
    *session->terminal().out << text;
    return kExitOk;
  }
  std::ofstream file(options.file, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) return absl::UnknownError(absl::StrCat("The file '", options.file, "' cannot be written."));
  *session->terminal().out << "Written to " << options.file << "\n";
  return kExitOk;
}

}  // namespace

void AddMeetingReportCommand(CLI::App* report, Command* command) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = report->add_subcommand("meetings", "What came of requests and meetings; the organiser's");
  app->add_option("--output", options->output,
                  "As for all commands, or html: one page with charts that stands by itself")
      ->check(CLI::IsMember({"text", "table", "json", "yaml", "html"}));
  app->add_option("--file", options->file, "Write it there instead of to standard output");
  app->footer(kFooter);
  app->callback([=] { command->action = [=](Session* session) { return Report(session, *options); }; });
}

}  // namespace tandem::cli
