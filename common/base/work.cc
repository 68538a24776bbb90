#include "common/base/work.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace tandem {

bool Work::KeepGoing() {
  if (!stopped_ && keep_going_ && !keep_going_()) stopped_ = true;
  return !stopped_;
}

bool Work::Each(size_t count, const std::function<void(size_t)>& piece) {
  if (!KeepGoing()) return false;
  std::atomic<size_t> next{0};
  std::atomic<bool> stop{false}, failed{false};
  std::exception_ptr failure;  // the first one's
  const auto take = [&](bool ask) {
    while (!stop.load(std::memory_order_relaxed)) {
      const size_t i = next.fetch_add(1, std::memory_order_relaxed);
      if (i >= count) return;
      try {
        piece(i);
      } catch (...) {
        if (!failed.exchange(true)) failure = std::current_exception();
        stop.store(true, std::memory_order_relaxed);
      }
      if (ask && !KeepGoing()) stop.store(true, std::memory_order_relaxed);
    }
  };
  const size_t helpers = std::min<size_t>(static_cast<size_t>(std::max(1, threads_)), std::max<size_t>(1, count)) - 1;
  std::vector<std::thread> threads;
  threads.reserve(helpers);
  for (size_t i = 0; i < helpers; ++i) threads.emplace_back(take, false);
  take(true);
  for (std::thread& thread : threads) thread.join();
  if (failure != nullptr) std::rethrow_exception(failure);
  return !stopped_;
}

}  // namespace tandem
