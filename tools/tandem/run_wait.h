// Waiting for a run, and how runs are shown.
#ifndef TANDEM_TOOLS_TANDEM_RUN_WAIT_H_
#define TANDEM_TOOLS_TANDEM_RUN_WAIT_H_

#include <string>

#include "absl/status/statusor.h"

#include "tandem/type/v1/run.pb.h"
#include "tools/tandem/session.h"

namespace tandem::cli {

bool HasEnded(const type::v1::Run& run);

// Waits until the run `name` has ended, however long that takes, and says on standard error how far it is.
absl::StatusOr<type::v1::Run> WaitForRun(Session* session, const std::string& name);

// What became of a run, as a sentence; its fields with another output than a table. The exit code: 0 when it succeeded
// or has not ended, 1 otherwise.
int WriteRun(const Session& session, const type::v1::Run& run);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_RUN_WAIT_H_
