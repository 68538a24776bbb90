// Findings: what was found to be against what the services promise.
#ifndef TANDEM_TESTS_FAULT_TRUTH_FINDINGS_H_
#define TANDEM_TESTS_FAULT_TRUTH_FINDINGS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "common/base/mutex.h"

namespace tandem::check {

enum class Broken {
  kLost,   // an acknowledged write is not there, not so, or was overwritten unseen
  kHalf,   // an effect that nobody was promised, that happened twice, or of which a part is missing
  kStale,  // an answer older than demanded
  kWrong,  // an answer that differs from what is right
  kWatch,  // a gap, a repetition or disorder in a watch
};

// Thread-safe.
class Findings {
 public:
  static constexpr size_t kMostComplaints = 20;

  void Add(Broken broken, std::string complaint);
  int64_t count(Broken broken) const;
  // The first ones.
  std::vector<std::string> complaints() const;

 private:
  mutable Mutex mutex_;
  std::array<int64_t, 5> counts_ ABSL_GUARDED_BY(mutex_) = {};
  std::vector<std::string> complaints_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_FINDINGS_H_
