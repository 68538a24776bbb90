#include "tools/tandem/run_wait.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/rpc/status_conversion.h"
#include "tools/tandem/csv_row.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/output.h"
#include "tools/tandem/progress.h"

namespace tandem::cli {
namespace {

using type::v1::Run;

// Each call waits so long at most: what the bar shows is never older.
constexpr absl::Duration kStep = absl::Seconds(1);

}  // namespace

bool HasEnded(const Run& run) { return run.state() >= Run::STATE_SUCCEEDED; }

absl::StatusOr<Run> WaitForRun(Session* session, const std::string& name) {
  Progress progress(&session->terminal(), LastPart(name), 1000);
  pairing::v1::WaitRunRequest request;
  request.set_name(name);
  while (true) {
    grpc::ClientContext context;
    session->Prepare(&context, std::min(kStep, absl::Seconds(session->options().timeout_seconds)));
    Run run;
    const absl::Status status = rpc::FromGrpc(session->runs()->WaitRun(&context, request, &run));
    // The answer may just have missed the deadline of this step.
    if (absl::IsDeadlineExceeded(status)) continue;
    if (!status.ok() || HasEnded(run)) {
      progress.Clear();
      if (!status.ok()) return status;
      return run;
    }
    progress.Update(static_cast<uint64_t>(run.progress_thousandths()),
                    run.phase().empty() ? EnumText(*Run::State_descriptor(), run.state()) : run.phase());
  }
}

int WriteRun(const Session& session, const Run& run) {
  const bool bad = run.state() == Run::STATE_FAILED || run.state() == Run::STATE_CANCELLED;
  if (!WriteMessage(session, run)) {
    std::ostream& out = *session.terminal().out;
    out << run.name() << " " << EnumText(*Run::State_descriptor(), run.state());
    if (!HasEnded(run)) out << ", " << run.progress_thousandths() / 10 << "%";
    if (!HasEnded(run) && run.cancel_requested()) out << ", is to stop";
    if (!run.phase().empty()) out << ", " << run.phase();
    if (!run.result().empty()) out << ": made " << run.result();
    out << "\n";
    if (run.has_error()) *session.terminal().err << DescribeError(rpc::FromProto(run.error()));
  }
  return bad ? kExitError : kExitOk;
}

}  // namespace tandem::cli
