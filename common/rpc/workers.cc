#include "common/rpc/workers.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "common/base/status.h"
#include "common/rpc/call_context.h"
#include "common/rpc/status_conversion.h"

namespace tandem::rpc {

absl::Status OverloadedError(size_t limit) {
  ErrorDetail detail;
  detail.reason = "OVERLOADED";
  detail.metadata = {{"limit", absl::StrCat(limit, " waiting calls")}};
  detail.retry_delay = absl::Milliseconds(250);
  return MakeError(absl::StatusCode::kResourceExhausted,
                   absl::StrCat(limit, " calls wait for their turn already; retry after the delay"), std::move(detail));
}

Workers::Workers(WorkerPool::Options options)
    : overloaded_(ToGrpc(OverloadedError(options.most_waiting))), pool_(options) {}

bool IsLeft(const grpc::ServerContextBase& context) {
  return context.IsCancelled() || DeadlineOf(context) <= std::chrono::steady_clock::now();
}

const grpc::Status& NobodyWaits() {
  static const auto* const kStatus =
      new grpc::Status(ToGrpc(absl::CancelledError("the caller cancelled or its deadline passed")));
  return *kStatus;
}

}  // namespace tandem::rpc
