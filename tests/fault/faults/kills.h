// `kill -9`, at a random moment or at a named point of the program.
#ifndef TANDEM_TESTS_FAULT_FAULTS_KILLS_H_
#define TANDEM_TESTS_FAULT_FAULTS_KILLS_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "tests/fault/faults/fault.h"

namespace tandem::check {

// The names that the sources of `folders` under `root` hand to PassPoint, sorted.
absl::StatusOr<std::vector<std::string>> FindPoints(const std::string& root, const std::vector<std::string>& folders);

// Kills one process at a time, and waits until it is gone.
class Killer {
 public:
  Killer(Cluster* cluster, std::vector<std::string> points) : cluster_(cluster), points_(std::move(points)) {}

  // At once, whichever process of those that are ready.
  void KillAny(Random& random);
  // At a pass of some point by a process that is known, or not yet known not, to pass it. False when it was not passed
  // within a while: some points are passed only by some services, and some only after a start, so the process is killed
  // once with the point armed.
  bool KillAtAPoint(Random& random);

  // Ends at each point so far, `point service`.
  const std::map<std::string, int>& at_points() const { return at_points_; }
  // Points that nobody was ever killed at.
  std::vector<std::string> Unpassed() const;

 private:
  size_t AnyReady(Random& random);
  bool WaitForCrash(size_t process, uint64_t before, absl::Duration timeout);
  std::string ServiceOf(size_t process) const;

  Cluster* const cluster_;
  const std::vector<std::string> points_;
  std::map<std::string, int> at_points_;
  std::map<std::string, int> misses_;  // in vain so far, without a single hit
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_FAULTS_KILLS_H_
