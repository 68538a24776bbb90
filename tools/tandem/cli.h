// The command line: parses it and runs the command.
#ifndef TANDEM_TOOLS_TANDEM_CLI_H_
#define TANDEM_TOOLS_TANDEM_CLI_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "tools/tandem/session.h"
#include "tools/tandem/terminal.h"

namespace CLI {
class App;
}

namespace tandem::cli {

// What parsing leaves behind.
struct Command {
  GlobalOptions options;
  // Returns the exit code, or an error, which is printed. Set by the subcommand that was named.
  std::function<absl::StatusOr<int>(Session*)> action;
};

// One function for each group of commands, each in its own file. `command` outlives `app`.
void AddProjectCommands(CLI::App* app, Command* command);
void AddInvestorCommands(CLI::App* app, Command* command);
void AddDealCommands(CLI::App* app, Command* command);
void AddEditionCommands(CLI::App* app, Command* command);
void AddAgendaCommands(CLI::App* edition, Command* command);  // to the group `edition`
void AddRepresentativeCommands(CLI::App* app, Command* command);
void AddPairingCommands(CLI::App* app, Command* command);
void AddPairingWatchCommand(CLI::App* pairing, Command* command);   // to the group `pairing`
void AddPairingImportCommand(CLI::App* pairing, Command* command);  // to the group `pairing`
void AddMeetingCommands(CLI::App* app, Command* command);
void AddMeetingBoardCommand(CLI::App* meeting, Command* command);  // to the group `meeting`
void AddTaxonomyCommands(CLI::App* app, Command* command);
void AddMatchCommands(CLI::App* app, Command* command);
void AddScheduleCommands(CLI::App* app, Command* command);
void AddReportCommands(CLI::App* app, Command* command);
void AddMeetingReportCommand(CLI::App* report, Command* command);  // to the group `report`
void AddProfileCommands(CLI::App* app, Command* command);
void AddTrainCommand(CLI::App* app, Command* command);
void AddRunCommands(CLI::App* app, Command* command);
void AddStatusCommand(CLI::App* app, Command* command);
void AddAdminCommands(CLI::App* app, Command* command);
void AddDemoDataCommand(CLI::App* app, Command* command);

// Runs the program with its arguments (without its name) and returns the exit code.
int Run(std::vector<std::string> arguments, const Terminal& terminal);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_CLI_H_
