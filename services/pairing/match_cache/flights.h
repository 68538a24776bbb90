// Flights: concurrent misses of one question are computed once.
#ifndef TANDEM_SERVICES_PAIRING_MATCH_CACHE_FLIGHTS_H_
#define TANDEM_SERVICES_PAIRING_MATCH_CACHE_FLIGHTS_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/types/optional.h"

#include "common/base/mutex.h"
#include "common/base/test_switch.h"
#include "services/pairing/market_feed/market_store.h"

namespace tandem::pairing {

// Thread-safe. `T` is an absl::StatusOr of what is computed, copied to everybody who waits.
//
// Who asks says what it computes from. It joins a flight whose result will be its own too, never one that is older than
// what it may be shown; else it begins one itself, which the next ones join.
template <typename T>
class Flights {
 public:
  // The result of `compute`, one's own or another's. `good_enough(dated)`: what is computed from that is what would be
  // computed from `from`.
  // Who waits gives up at `deadline` and computes for itself, as it does when the other one failed: neither its
  // deadline nor its error is anybody else's.
  template <typename Compute, typename GoodEnough>
  T Do(const std::string& key, const MarketStore::Dated& from, std::chrono::steady_clock::time_point deadline,
       const GoodEnough& good_enough, const Compute& compute) {
    std::shared_ptr<Flight> own;
    {
      MutexLock lock(&mutex_);
      std::shared_ptr<Flight>& flight = by_key_[key];
      if (flight != nullptr && (good_enough(flight->from) || Deviates("flights.older"))) {
        const std::shared_ptr<Flight> joined = flight;
        ++joined_;
        bool in_time = true;
        while (!joined->done && in_time) in_time = joined->landed.WaitUntil(&mutex_, deadline);
        if (joined->done && joined->result.has_value() && joined->result->ok()) return *joined->result;
      } else {
        own = flight = std::make_shared<Flight>();
        own->from = from;
      }
    }
    if (own == nullptr) return compute();
    const Landing landing(this, key, own);
    T result = compute();
    if (result.ok()) {
      MutexLock lock(&mutex_);
      own->result = result;
    }
    return result;
  }

  uint64_t joined() const {
    MutexLock lock(&mutex_);
    return joined_;
  }

 private:
  struct Flight {
    MarketStore::Dated from;
    absl::optional<T> result;
    bool done = false;
    CondVar landed;
  };

  // Ends a flight however it ends.
  class Landing {
   public:
    Landing(Flights* flights, const std::string& key, std::shared_ptr<Flight> flight)
        : flights_(flights), key_(key), flight_(std::move(flight)) {}
    ~Landing() {
      MutexLock lock(&flights_->mutex_);
      flight_->done = true;
      flight_->landed.SignalAll();
      const auto found = flights_->by_key_.find(key_);
      if (found != flights_->by_key_.end() && found->second == flight_) flights_->by_key_.erase(found);
    }
    Landing(const Landing&) = delete;
    Landing& operator=(const Landing&) = delete;

   private:
    Flights* flights_;
    const std::string& key_;
    std::shared_ptr<Flight> flight_;
  };

  mutable Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<Flight>> by_key_ ABSL_GUARDED_BY(mutex_);
  uint64_t joined_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MATCH_CACHE_FLIGHTS_H_
