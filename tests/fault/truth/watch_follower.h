// WatchFollower: keeps one watch of one replica open, whatever happens to it.
#ifndef TANDEM_TESTS_FAULT_TRUTH_WATCH_FOLLOWER_H_
#define TANDEM_TESTS_FAULT_TRUTH_WATCH_FOLLOWER_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"

#include "common/base/mutex.h"
#include "common/feed/feed.h"

namespace tandem::check {

// Begins where `resume_token` says, at first and after every end, until it is destroyed.
class WatchFollower {
 public:
  struct Options {
    std::unique_ptr<feed::Source> source;
    std::function<std::string()> resume_token;
    // Both are called by the follower's thread.
    std::function<void(feed::Stretch)> take;
    std::function<void(const absl::Status&)> end;
  };
  explicit WatchFollower(Options options);
  ~WatchFollower();
  WatchFollower(const WatchFollower&) = delete;
  WatchFollower& operator=(const WatchFollower&) = delete;

 private:
  void Run();

  const Options options_;
  Mutex mutex_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<feed::Stream> stream_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_WATCH_FOLLOWER_H_
