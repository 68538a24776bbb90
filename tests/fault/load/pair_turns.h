// PairTurns: who steps on a pair, so that nobody else of the load does meanwhile.
#ifndef TANDEM_TESTS_FAULT_LOAD_PAIR_TURNS_H_
#define TANDEM_TESTS_FAULT_LOAD_PAIR_TURNS_H_

#include <set>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"

namespace tandem::check {

// Thread-safe. A step that changes nothing is told from one that does only by the revision of the pairing that was
// known before it, which is the newest one as long as nobody else steps on the pair, be it on its meeting.
class PairTurns {
 public:
  class Turn {
   public:
    Turn(PairTurns* turns, std::string pairing)
        : turns_(turns), pairing_(std::move(pairing)), taken_(turns->Take(pairing_)) {}
    ~Turn() {
      if (taken_) turns_->Give(pairing_);
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    // False: somebody else has it.
    bool taken() const { return taken_; }

   private:
    PairTurns* const turns_;
    const std::string pairing_;
    const bool taken_;
  };

 private:
  bool Take(const std::string& pairing) {
    MutexLock lock(&mutex_);
    return steps_on_.insert(pairing).second;
  }
  void Give(const std::string& pairing) {
    MutexLock lock(&mutex_);
    steps_on_.erase(pairing);
  }

  Mutex mutex_;
  std::set<std::string> steps_on_ ABSL_GUARDED_BY(mutex_);  // by the names of pairings
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_PAIR_TURNS_H_
