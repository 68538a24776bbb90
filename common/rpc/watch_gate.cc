#include "common/rpc/watch_gate.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "common/base/status.h"

namespace tandem::rpc {

absl::StatusOr<WatchGate::Pass> WatchGate::Enter() {
  MutexLock lock(&mutex_);
  ErrorDetail detail;
  detail.retry_delay = absl::Seconds(1);
  if (closed_) {
    detail.reason = "NOT_READY";
    detail.metadata = {{"cause", "the server is stopping"}};
    return MakeError(absl::StatusCode::kUnavailable, "the server is stopping; watch again", std::move(detail));
  }
  if (open_ >= most_) {
    detail.reason = "LIMIT_EXCEEDED";
    detail.metadata = {{"limit", "open watches"}, {"value", absl::StrCat(most_)}};
    return MakeError(absl::StatusCode::kResourceExhausted,
                     absl::StrCat("the server has its limit of ", most_,
                                  " open watches; close one, or retry, or start it with a greater --max-watches"),
                     std::move(detail));
  }
  ++open_;
  return Pass(this);
}

void WatchGate::Leave() {
  MutexLock lock(&mutex_);
  --open_;
}

bool WatchGate::closed() const {
  MutexLock lock(&mutex_);
  return closed_;
}

void WatchGate::Close() {
  MutexLock lock(&mutex_);
  closed_ = true;
}

int WatchGate::open() const {
  MutexLock lock(&mutex_);
  return open_;
}

}  // namespace tandem::rpc
