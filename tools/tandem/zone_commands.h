// The groups `pairing` and `meeting`, and the stubs of the services that only they call.
#ifndef TANDEM_TOOLS_TANDEM_ZONE_COMMANDS_H_
#define TANDEM_TOOLS_TANDEM_ZONE_COMMANDS_H_

#include <memory>

#include "tandem/pairing/v1/ledger_service.grpc.pb.h"
#include "tandem/pairing/v1/meeting_service.grpc.pb.h"
#include "tools/tandem/session.h"

namespace CLI {
class App;
}

namespace tandem::cli {

struct Command;

// As in cli.h: `command` outlives `app`.
void AddPairingCommands(CLI::App* app, Command* command);
void AddMeetingCommands(CLI::App* app, Command* command);
void AddMeetingBoardCommand(CLI::App* meeting, Command* command);  // to the group `meeting`

// Both are served by the pairing process, over its connection.
inline std::unique_ptr<pairing::v1::LedgerService::StubInterface> LedgerOf(const Session& session) {
  return pairing::v1::LedgerService::NewStub(session.pairing_channel());
}
inline std::unique_ptr<pairing::v1::MeetingService::StubInterface> MeetingsOf(const Session& session) {
  return pairing::v1::MeetingService::NewStub(session.pairing_channel());
}

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_ZONE_COMMANDS_H_
