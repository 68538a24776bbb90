#include "common/storage/log_retention.h"

#include <algorithm>
#include <utility>

#include "common/base/status.h"

namespace tandem {
namespace {

// Samples that `keep` is divided into: what is forgotten is by this share older than it need be.
constexpr int kSamples = 1000;

}  // namespace

LogRetention::LogRetention(RecordStore* store, LogLimits limits, Now now, std::chrono::milliseconds pause)
    : store_(store), limits_(limits), now_(std::move(now)), pause_(pause) {
  if (pause_.count() == 0) return;
  MutexLock lock(&stop_mutex_);
  thread_ = std::thread([this] { Run(); });
}

LogRetention::~LogRetention() { Stop(); }

absl::Status LogRetention::Look() {
  MutexLock lock(&look_mutex_);
  TANDEM_ASSIGN_OR_RETURN(const Head head, store_->GetHead());
  Revision through = std::max(TooOld(head), head.revision - limits_.most);
  through = std::min(through, head.revision - std::min(limits_.least, limits_.most));
  return through > head.log_floor ? store_->CompactLog(through) : absl::OkStatus();
}

// The newest revision that is known to be `keep` old, 0 for none.
Revision LogRetention::TooOld(const Head& head) {
  const auto now = now_();
  // Restored from a backup: what is known of revisions is not about these.
  if (head.epoch != epoch_) samples_.clear();
  epoch_ = head.epoch;
  if (samples_.empty() || now - samples_.back().time >= limits_.keep / kSamples) {
    samples_.push_back({now, head.revision});
  }
  while (samples_.size() > 1 && now - samples_[1].time >= limits_.keep) samples_.pop_front();
  return now - samples_.front().time >= limits_.keep ? samples_.front().head : 0;
}

void LogRetention::Run() {
  while (true) {
    (void)Look();  // the store's users hear of what is wrong with it
    const auto next = std::chrono::steady_clock::now() + pause_;
    MutexLock lock(&mutex_);
    while (!stopping_ && std::chrono::steady_clock::now() < next) stopped_.WaitUntil(&mutex_, next);
    if (stopping_) return;
  }
}

void LogRetention::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    stopped_.SignalAll();
  }
  MutexLock lock(&stop_mutex_);
  if (thread_.joinable()) thread_.join();
}

}  // namespace tandem
