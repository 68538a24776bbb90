// JoinedLog: one history from the watches of one replica, of which each sends a part of what a source commits.
#ifndef TANDEM_TESTS_FAULT_TRUTH_JOINED_LOG_H_
#define TANDEM_TESTS_FAULT_TRUTH_JOINED_LOG_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"
#include "common/storage/record_store.h"
#include "common/tokens/consistency_token.h"
#include "tests/fault/truth/history.h"

namespace tandem::check {

// Thread-safe. What is committed is known up to where the slowest watch has come.
class JoinedLog {
 public:
  // Called in commit order, by one thread at a time, with what is about to be in the history.
  using Listener = std::function<void(const std::vector<Entry>&)>;

  // `history` must outlive this.
  JoinedLog(History* history, size_t watches, Listener listener)
      : history_(history), listener_(std::move(listener)), watches_(watches) {}

  // The snapshot of a watch has ended there. Nothing is known before all of them have; what they then hold is not told.
  void Begin(size_t watch, const Position& at);
  // What a watch sent up to `through`. A record that two of them send counts as the later one of them has it.
  void Append(size_t watch, std::vector<Entry> entries, Revision through);

 private:
  struct Watch {
    bool begun = false;
    Revision through = 0;
    std::vector<Entry> entries;  // that are not in the history yet
  };

  void Flush() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  History* const history_;
  const Listener listener_;
  Mutex mutex_;
  std::vector<Watch> watches_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_JOINED_LOG_H_
