#include "tests/fault/load/meter.h"

#include <algorithm>
#include <cmath>

namespace tandem::check {
namespace {

const double kStep = std::log(1.04);

}  // namespace

void LatencyTable::Add(std::chrono::nanoseconds latency) {
  const double us = static_cast<double>(latency.count()) / 1000;
  const int bucket = us <= 1 ? 0 : std::min(kBuckets - 1, static_cast<int>(std::log(us) / kStep));
  ++buckets_[static_cast<size_t>(bucket)];
  ++count_;
  max_us_ = std::max(max_us_, us);
}

double LatencyTable::AtShare(double share) const {
  const auto wanted = static_cast<int64_t>(std::ceil(share * static_cast<double>(count_)));
  int64_t passed = 0;
  for (int bucket = 0; bucket < kBuckets; ++bucket) {
    passed += buckets_[static_cast<size_t>(bucket)];
    if (passed >= wanted) return std::min(max_us_, std::exp((bucket + 1) * kStep));
  }
  return max_us_;
}

Latency LatencyTable::Summary() const {
  if (count_ == 0) return {};
  return {count_, AtShare(0.5), AtShare(0.99), max_us_};
}

void Meter::BeginPhase(const std::string& name) {
  MutexLock lock(&mutex_);
  phase_ = &phases_[name];
}

void Meter::CountAcked(int64_t effects) {
  MutexLock lock(&mutex_);
  counters_.acked += effects;
}

void Meter::CountUnknown() {
  MutexLock lock(&mutex_);
  ++counters_.unknown;
}

void Meter::CountRefused() {
  MutexLock lock(&mutex_);
  ++counters_.refused;
}

void Meter::CountFailedWrite() {
  MutexLock lock(&mutex_);
  ++counters_.failed_writes;
  ++phase_->failed_writes;
}

void Meter::CountRead(const std::chrono::nanoseconds* latency, bool miss) {
  MutexLock lock(&mutex_);
  ++counters_.reads;
  if (latency == nullptr) return;
  phase_->all.Add(*latency);
  if (miss) phase_->misses.Add(*latency);
}

void Meter::CountFailedRead() {
  MutexLock lock(&mutex_);
  ++counters_.failed_reads;
  ++phase_->failed_reads;
}

Counters Meter::counters() const {
  MutexLock lock(&mutex_);
  return counters_;
}

const Meter::Phase& Meter::PhaseOf(const std::string& name) const {
  static const auto* const kNone = new Phase();
  const auto found = phases_.find(name);
  return found == phases_.end() ? *kNone : found->second;
}

Latency Meter::ReadLatency(const std::string& phase, bool misses_only) const {
  MutexLock lock(&mutex_);
  return (misses_only ? PhaseOf(phase).misses : PhaseOf(phase).all).Summary();
}

int64_t Meter::FailedReads(const std::string& phase) const {
  MutexLock lock(&mutex_);
  return PhaseOf(phase).failed_reads;
}

int64_t Meter::FailedWrites(const std::string& phase) const {
  MutexLock lock(&mutex_);
  return PhaseOf(phase).failed_writes;
}

}  // namespace tandem::check
