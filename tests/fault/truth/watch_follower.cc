#include "tests/fault/truth/watch_follower.h"

#include <chrono>
#include <utility>

namespace tandem::check {
namespace {

constexpr std::chrono::milliseconds kPause{50};

}  // namespace

WatchFollower::WatchFollower(Options options) : options_(std::move(options)), thread_([this] { Run(); }) {}

WatchFollower::~WatchFollower() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    if (stream_ != nullptr) stream_->Cancel();
  }
  stop_.SignalAll();
  thread_.join();
}

void WatchFollower::Run() {
  while (true) {
    feed::Stream* stream = nullptr;
    {
      MutexLock lock(&mutex_);
      if (stopping_) return;
      stream_ = options_.source->Open(options_.resume_token());
      stream = stream_.get();
    }
    absl::Status end;
    while (end.ok()) {
      absl::StatusOr<feed::Stretch> stretch = stream->Next();
      end = stretch.status();
      if (stretch.ok()) options_.take(*std::move(stretch));
    }
    options_.end(end);
    MutexLock lock(&mutex_);
    stream_.reset();
    if (!stopping_) stop_.WaitUntil(&mutex_, std::chrono::steady_clock::now() + kPause);
  }
}

}  // namespace tandem::check
