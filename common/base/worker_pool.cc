#include "common/base/worker_pool.h"

#include <system_error>
#include <utility>

namespace tandem {

WorkerPool::WorkerPool(Options options) : options_(options) {}

WorkerPool::~WorkerPool() {
  std::vector<std::thread> threads;
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    threads.swap(threads_);
  }
  work_.SignalAll();
  for (std::thread& thread : threads) thread.join();
}

bool WorkerPool::TryRun(std::function<void()> job) {
  {
    MutexLock lock(&mutex_);
    if (HasNoRoom()) {
      ++refused_;
      return false;
    }
    jobs_.push_back(std::move(job));
    if (!Grow()) {
      jobs_.pop_back();
      ++refused_;
      return false;
    }
  }
  work_.Signal();
  return true;
}

bool WorkerPool::HasNoRoom() const {
  // Those that a thread is about to take do not wait.
  const size_t to_come = static_cast<size_t>(options_.threads) - threads_.size();
  return jobs_.size() >= options_.most_waiting + static_cast<size_t>(idle_) + to_come;
}

bool WorkerPool::IsFull() const {
  MutexLock lock(&mutex_);
  return HasNoRoom();
}

bool WorkerPool::Grow() {
  if (jobs_.size() <= static_cast<size_t>(idle_) || threads_.size() == static_cast<size_t>(options_.threads)) {
    return true;
  }
  try {
    threads_.emplace_back([this] { Loop(); });
    ++idle_;
  } catch (const std::system_error&) {
    return !threads_.empty();  // those that are there take the job later
  }
  return true;
}

size_t WorkerPool::waiting() const {
  MutexLock lock(&mutex_);
  return jobs_.size();
}

uint64_t WorkerPool::refused() const {
  MutexLock lock(&mutex_);
  return refused_;
}

void WorkerPool::Loop() {
  for (bool first = true;; first = false) {
    std::function<void()> job;
    {
      MutexLock lock(&mutex_);
      if (!first) ++idle_;  // the first time Grow has counted this one
      while (jobs_.empty() && !stopping_) work_.Wait(&mutex_);
      --idle_;
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

}  // namespace tandem
