// What the commands of `tandem schedule` share.
#ifndef TANDEM_TOOLS_TANDEM_SCHEDULE_COMMANDS_H_
#define TANDEM_TOOLS_TANDEM_SCHEDULE_COMMANDS_H_

#include <string>

#include "absl/status/statusor.h"

#include "tandem/pairing/v1/schedule.pb.h"
#include "tools/tandem/session.h"

namespace CLI {
class App;
}

namespace tandem::cli {

struct Command;

// What makes schedules: `run` and `repair`. As in cli.h: `command` outlives `app`.
void AddScheduleRunCommands(CLI::App* schedule, Command* command);

void WriteSchedule(const Session& session, const pairing::v1::Schedule& schedule);

// `etag` empty: whatever version it has.
absl::StatusOr<pairing::v1::Schedule> PublishSchedule(Session* session, const std::string& name,
                                                      const std::string& etag);
void WritePublished(const Session& session, const pairing::v1::Schedule& schedule);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_SCHEDULE_COMMANDS_H_
