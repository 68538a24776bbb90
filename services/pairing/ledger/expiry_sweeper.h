// ExpirySweeper: a thread that has due requests expire.
#ifndef TANDEM_SERVICES_PAIRING_LEDGER_EXPIRY_SWEEPER_H_
#define TANDEM_SERVICES_PAIRING_LEDGER_EXPIRY_SWEEPER_H_

#include <chrono>
#include <thread>

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"
#include "services/pairing/ledger/ledger.h"

namespace tandem::pairing::ledger {

// Thread-safe. Every replica may have one: they cost each other a read that finds nothing.
class ExpirySweeper {
 public:
  // A request that nobody touches expires so much late at most, while the store can be written.
  static constexpr std::chrono::milliseconds kInterval{500};

  // `ledger` is not owned and must outlive this.
  explicit ExpirySweeper(Ledger* ledger, std::chrono::milliseconds interval = kInterval);
  ~ExpirySweeper() { Stop(); }
  ExpirySweeper(const ExpirySweeper&) = delete;
  ExpirySweeper& operator=(const ExpirySweeper&) = delete;

  // Returns when the sweep under way, if any, is over. Idempotent.
  void Stop();

 private:
  void Run();

  Ledger* const ledger_;
  const std::chrono::milliseconds interval_;
  Mutex mutex_;
  CondVar wake_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  Mutex joining_;
  std::thread thread_;  // begins last; joined under joining_
};

}  // namespace tandem::pairing::ledger

#endif  // TANDEM_SERVICES_PAIRING_LEDGER_EXPIRY_SWEEPER_H_
