// Questions: what readers ask of PairingService.
#ifndef TANDEM_TESTS_FAULT_LOAD_QUESTIONS_H_
#define TANDEM_TESTS_FAULT_LOAD_QUESTIONS_H_

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"

#include "common/base/mutex.h"
#include "tandem/pairing/v1/pairing_service.pb.h"
#include "tests/fault/load/random.h"
#include "tests/fault/load/world.h"

namespace tandem::check {

// Thread-safe.
class Questions {
 public:
  // Chooses the few that are asked again and again. REQUIRES: rosters are filled.
  explicit Questions(const World* world);

  // One of those: caches have it, unless something changed.
  pairing::v1::FindMatchesRequest Hot(Random* random) const;
  // One that nobody has asked before, as far as there are any left; `*fresh` says so.
  pairing::v1::FindMatchesRequest Fresh(Random* random, bool* fresh);
  // Any subject, any shape.
  pairing::v1::FindMatchesRequest Any(Random* random) const;

 private:
  static constexpr size_t kHot = 12;

  const World* const world_;
  std::vector<pairing::v1::FindMatchesRequest> hot_;
  Mutex mutex_;
  absl::flat_hash_set<size_t> asked_ ABSL_GUARDED_BY(mutex_);  // hashes
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_QUESTIONS_H_
