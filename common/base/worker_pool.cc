#include "common/base/worker_pool.h"

#include <utility>

namespace tandem {

WorkerPool::WorkerPool(Options options) : options_(options) {
  threads_.reserve(static_cast<size_t>(options_.threads));
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Loop(); });
}

WorkerPool::~WorkerPool() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  work_.SignalAll();
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::TryRun(std::function<void()> job) {
  {
    MutexLock lock(&mutex_);
    if (HasNoRoom()) {
      ++refused_;
      return false;
    }
    jobs_.push_back(std::move(job));
  }
  work_.Signal();
  return true;
}

// Those that a thread is about to take do not wait.
bool WorkerPool::HasNoRoom() const { return jobs_.size() >= options_.most_waiting + static_cast<size_t>(idle_); }

bool WorkerPool::IsFull() const {
  MutexLock lock(&mutex_);
  return HasNoRoom();
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
  for (;;) {
    std::function<void()> job;
    {
      MutexLock lock(&mutex_);
      ++idle_;
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
