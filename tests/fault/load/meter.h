// Meter: counts and latencies, by phase.
#ifndef TANDEM_TESTS_FAULT_LOAD_METER_H_
#define TANDEM_TESTS_FAULT_LOAD_METER_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"
#include "tests/fault/load/load.h"

namespace tandem::check {

// Latencies in buckets of about 4 %. Not thread-safe.
class LatencyTable {
 public:
  void Add(std::chrono::nanoseconds latency);
  Latency Summary() const;

 private:
  static constexpr int kBuckets = 512;  // the last one is beyond 500 s
  double AtShare(double share) const;

  std::array<int64_t, kBuckets> buckets_ = {};
  int64_t count_ = 0;
  double max_us_ = 0;
};

// Thread-safe.
class Meter {
 public:
  void BeginPhase(const std::string& name);

  void CountAcked(int64_t effects);
  void CountUnknown();
  void CountRefused();
  void CountFailedWrite();
  // A read that was answered; `latency` null: one that is not of the measured kind.
  void CountRead(const std::chrono::nanoseconds* latency, bool miss);
  void CountFailedRead();

  Counters counters() const;
  Latency ReadLatency(const std::string& phase, bool misses_only) const;
  int64_t FailedReads(const std::string& phase) const;
  int64_t FailedWrites(const std::string& phase) const;

 private:
  struct Phase {
    LatencyTable all, misses;
    int64_t failed_reads = 0, failed_writes = 0;
  };
  const Phase& PhaseOf(const std::string& name) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  Counters counters_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Phase> phases_ ABSL_GUARDED_BY(mutex_);
  Phase* phase_ ABSL_GUARDED_BY(mutex_) = &phases_[""];
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_METER_H_
