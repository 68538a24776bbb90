#include "tools/tandem/cli.h"

#include <algorithm>
#include <exception>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"

#include "common/rpc/tls_files.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/output.h"

namespace tandem::cli {
namespace {

constexpr char kFooter[] = R"(
Examples:
  tandem demo-data --seed 1 --projects 2000 --investors 800 --edition demo --import
  tandem --edition demo project list --limit 10
  tandem --edition demo match find --investor i-0001 --limit 5
  tandem --edition demo match explain --project p-000001 --investor i-0001
  tandem --edition demo -o json investor list > investors.jsonl

Exit codes:
  0  done
  1  a service refused or could not be reached, or a file could not be used
  2  the command line is wrong
  3  an import went through, but some records were rejected
)";

void AddGlobalOptions(CLI::App* app, GlobalOptions* options) {
  app->add_option("--server", options->server, "Address of the services")
      ->envname("TANDEM_SERVER")
      ->capture_default_str();
  app->add_option("--projects-server", options->projects_server, "Address of the projects service, if it is another");
  app->add_option("--investors-server", options->investors_server,
                  "Address of the investors service, if it is another");
  app->add_option("--pairing-server", options->pairing_server, "Address of the pairing service, if it is another");
  app->add_option("--edition", options->edition, "Id of the edition")->envname("TANDEM_EDITION");
  app->add_option("-o,--output", options->output, "Form of answers; json is one object a line")
      ->check(CLI::IsMember({"table", "json", "yaml"}))
      ->capture_default_str();
  app->add_option("--timeout", options->timeout_seconds, "Seconds that a call may take")
      ->check(CLI::Range(0.001, 300.0))
      ->capture_default_str();
  app->add_option("--actor", options->actor, "Who calls, for the audit");
  app->add_option("--side", options->side, "Whom the caller speaks for")
      ->check(CLI::IsMember({"operator", "organiser", "project", "investor"}));
  app->add_option("--token", options->token, "Consistency token: answer from nothing older; several may be given")
      ->join(',');
  app->add_option("--tls-cert", options->tls.certificate, "Certificate of the caller (PEM), for mTLS");
  app->add_option("--tls-key", options->tls.key, "Private key of the certificate (PEM)");
  app->add_option("--tls-ca", options->tls.peer_ca, "Authorities that vouch for the services (PEM)");
  app->add_option("--width", options->width, "Columns of tables; the terminal's by default, else not limited")
      ->check(CLI::Range(size_t{20}, size_t{1000}));
}

int RunCommand(const Command& command, const Terminal& terminal) {
  if (!command.options.tls.empty()) {
    const absl::Status status = rpc::CheckTlsFiles(command.options.tls);
    if (!status.ok()) {
      *terminal.err << DescribeError(status);
      return kExitError;
    }
  }
  Session session(command.options, terminal);
  const absl::StatusOr<int> code = command.action(&session);
  if (code.ok()) return *code;
  *terminal.err << DescribeError(code.status());
  return IsUsageError(code.status()) ? kExitUsage : kExitError;
}

}  // namespace

int Run(std::vector<std::string> arguments, const Terminal& terminal) {
  Command command;
  CLI::App app("Operates Tandem: editions, projects, investors, deals, who fits whom, and who meets whom.", "tandem");
  app.set_version_flag("--version", absl::StrCat("tandem ", TANDEM_VERSION));
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(kFooter);
  AddGlobalOptions(&app, &command.options);
  AddEditionCommands(&app, &command);
  AddTaxonomyCommands(&app, &command);
  AddProjectCommands(&app, &command);
  AddInvestorCommands(&app, &command);
  AddDealCommands(&app, &command);
  AddRepresentativeCommands(&app, &command);
  AddMatchCommands(&app, &command);
  AddPairingCommands(&app, &command);
  AddMeetingCommands(&app, &command);
  AddScheduleCommands(&app, &command);
  AddReportCommands(&app, &command);
  AddProfileCommands(&app, &command);
  AddTrainCommand(&app, &command);
  AddRunCommands(&app, &command);
  AddStatusCommand(&app, &command);
  AddAdminCommands(&app, &command);
  AddDemoDataCommand(&app, &command);
  std::reverse(arguments.begin(), arguments.end());  // the order in which CLI11 takes them
  try {
    app.parse(arguments);
    return RunCommand(command, terminal);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, *terminal.out, *terminal.err) == 0 ? kExitOk : kExitUsage;
  } catch (const std::exception& error) {
    *terminal.err << "tandem: " << error.what() << "\n";
    return kExitError;
  }
}

}  // namespace tandem::cli
