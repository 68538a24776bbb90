#include "services/pairing/ledger/expiry_sweeper.h"

namespace tandem::pairing::ledger {

ExpirySweeper::ExpirySweeper(Ledger* ledger, std::chrono::milliseconds interval)
    : ledger_(ledger), interval_(interval), thread_([this] { Run(); }) {}

void ExpirySweeper::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    wake_.SignalAll();
  }
  MutexLock lock(&joining_);
  if (thread_.joinable()) thread_.join();
}

void ExpirySweeper::Run() {
  while (true) {
    // A store that cannot be read or written now is tried again after the interval.
    const absl::StatusOr<Ledger::Swept> swept = ledger_->ExpireDue();
    const bool at_once = swept.ok() && swept->more && swept->expired > 0;
    const auto next = std::chrono::steady_clock::now() + (at_once ? std::chrono::milliseconds(0) : interval_);
    MutexLock lock(&mutex_);
    while (!stopping_ && std::chrono::steady_clock::now() < next) wake_.WaitUntil(&mutex_, next);
    if (stopping_) return;
  }
}

}  // namespace tandem::pairing::ledger
