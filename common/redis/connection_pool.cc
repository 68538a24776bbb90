#include "common/redis/connection_pool.h"

#include <random>
#include <utility>

#include "common/base/test_switch.h"

namespace tandem {

using std::chrono::steady_clock;

ConnectionPool::ConnectionPool(RedisUrl url, Options options, RedisCounters* counters)
    : url_(std::move(url)),
      options_(options),
      counters_(counters),
      breaker_(options.breaker, std::random_device()()),
      thread_([this] { Run(); }) {}

ConnectionPool::~ConnectionPool() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    wanted_.SignalAll();
    returned_.SignalAll();
  }
  thread_.join();
}

absl::StatusOr<std::unique_ptr<RedisConnection>> ConnectionPool::Take(Time deadline) {
  // A dropped connection is closed when the lock is no longer held.
  std::vector<std::unique_ptr<RedisConnection>> stale;
  MutexLock lock(&mutex_);
  while (true) {
    if (breaker_.open()) {
      Count(counters_->breaker_refused);
      return absl::UnavailableError("Redis failed too often and is left alone for a moment");
    }
    while (!idle_.empty()) {
      std::unique_ptr<RedisConnection> connection = std::move(idle_.back());
      idle_.pop_back();
      if (connection->Fit() || Deviates("redis.close-after-timeout")) return connection;
      Count(counters_->stale_connections);
      stale.push_back(std::move(connection));
      --live_;
      wanted_.Signal();
    }
    if (live_ == 0 || stopping_) {
      Count(counters_->no_connection);
      return absl::UnavailableError("there is no live connection to Redis");
    }
    if (!returned_.WaitUntil(&mutex_, deadline) && idle_.empty()) {
      Count(counters_->busy);
      return absl::UnavailableError("all connections to Redis are in use");
    }
  }
}

void ConnectionPool::Return(std::unique_ptr<RedisConnection> connection, bool good) {
  std::vector<std::unique_ptr<RedisConnection>> dropped;
  good = good || Deviates("redis.close-after-timeout");
  MutexLock lock(&mutex_);
  if (good) {
    idle_.push_back(std::move(connection));
    returned_.Signal();
  } else {
    dropped.push_back(std::move(connection));
    --live_;
    wanted_.Signal();
    if (live_ == 0) returned_.SignalAll();
  }
  if (breaker_.Record(good, steady_clock::now())) {
    Trip(true);
    // What is idle has most likely died too; a probe makes a new one.
    live_ -= static_cast<int>(idle_.size());
    for (auto& each : idle_) dropped.push_back(std::move(each));
    idle_.clear();
  }
}

bool ConnectionPool::WaitUntilFull(Time deadline) {
  MutexLock lock(&mutex_);
  while (live_ < options_.size && !stopping_) {
    if (!returned_.WaitUntil(&mutex_, deadline)) return live_ >= options_.size;
  }
  return !stopping_;
}

void ConnectionPool::Describe(RedisStats* stats) const {
  MutexLock lock(&mutex_);
  stats->open = breaker_.open();
  stats->live_connections = static_cast<uint64_t>(live_);
  stats->last_problem = last_problem_;
}

void ConnectionPool::Run() {
  while (WaitUntilWanted()) Settle(RedisConnection::Open(url_, options_.limits, counters_));
}

bool ConnectionPool::WaitUntilWanted() {
  MutexLock lock(&mutex_);
  while (!stopping_) {
    const Time now = steady_clock::now();
    const Time due = breaker_.open() ? breaker_.next_probe() : retry_at_;
    if (!breaker_.open() && live_ >= options_.size) {
      wanted_.Wait(&mutex_);
    } else if (now < due) {
      wanted_.WaitUntil(&mutex_, due);
    } else {
      return true;
    }
  }
  return false;
}

void ConnectionPool::Settle(absl::StatusOr<std::unique_ptr<RedisConnection>> made) {
  const bool good = made.ok();
  Count(good ? counters_->connects : counters_->connect_failures);
  MutexLock lock(&mutex_);
  const Time now = steady_clock::now();
  last_problem_ = good ? "" : std::string(made.status().message());
  if (good) {
    ++live_;
    idle_.push_back(*std::move(made));
    returned_.SignalAll();
  }
  if (breaker_.open()) {
    breaker_.ProbeDone(good, now);
    open_.store(breaker_.open(), std::memory_order_relaxed);
  } else if (!good && live_ == 0) {
    // Nothing works and nothing can be made: from here on the probes' pace is the right one.
    Trip(breaker_.Trip(now));
  } else if (!good) {
    retry_at_ = now + breaker_.Pause();
  }
}

void ConnectionPool::Trip(bool tripped) {
  if (!tripped) return;
  Count(counters_->breaker_opened);
  open_.store(true, std::memory_order_relaxed);
  wanted_.Signal();
  returned_.SignalAll();
}

}  // namespace tandem
