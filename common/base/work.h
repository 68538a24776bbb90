// Work: pieces of a long computation on a few threads, with a place to stop.
#ifndef TANDEM_COMMON_BASE_WORK_H_
#define TANDEM_COMMON_BASE_WORK_H_

#include <cstddef>
#include <functional>

namespace tandem {

// How work is done. Called by one thread at a time.
class Work {
 public:
  // `threads` counts the calling one. `keep_going` is called by the calling thread only, often; false stops everything.
  Work(int threads, std::function<bool()> keep_going) : threads_(threads), keep_going_(std::move(keep_going)) {}

  // Calls `piece(i)` once for each i below `count`, by any thread, in any order. False once stopped: then some pieces
  // were left out and their results mean nothing. A piece should take far less than a second.
  bool Each(size_t count, const std::function<void(size_t)>& piece);

  // Between two pieces of one's own.
  bool KeepGoing();
  bool stopped() const { return stopped_; }

 private:
  int threads_;
  std::function<bool()> keep_going_;
  bool stopped_ = false;
};

}  // namespace tandem

#endif  // TANDEM_COMMON_BASE_WORK_H_
