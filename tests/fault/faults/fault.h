// What is done to a cluster: each fault with its name, how it begins, how it ends.
#ifndef TANDEM_TESTS_FAULT_FAULTS_FAULT_H_
#define TANDEM_TESTS_FAULT_FAULTS_FAULT_H_

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "tests/fault/cluster/cluster.h"

namespace tandem::check {

using Random = std::mt19937_64;

// A number from `least` to `most`, the same for a state of `random` with every standard library.
inline int64_t Between(Random& random, int64_t least, int64_t most) {
  return least + static_cast<int64_t>(random() % static_cast<uint64_t>(most - least + 1));
}

// Called by the thread that made the cluster. A status that is not OK says that the fault could not be made, or that
// what should go on after it does not: a failure of the check.
struct Fault {
  std::string name;
  std::function<absl::Status(Cluster&, Random&)> inject;
  // Makes everything well again and returns when the servers (not yet the services' connections) are.
  std::function<absl::Status(Cluster&, Random&)> heal;
  absl::Duration hold;  // from inject to heal
};

// Of kReplicas. After the ones of Redis no call may fail.
std::vector<Fault> RedisFaults();
std::vector<Fault> PostgresFaults();
// A pairing replica stopped and started, clocks stepped. No call may fail.
std::vector<Fault> HostFaults();
// Of kAllInOne.
std::vector<Fault> DiskFaults();

// Stops every process by SIGTERM and starts it again, one after the other.
absl::Status RollingRestart(Cluster& cluster, const std::function<void()>& between);

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_FAULTS_FAULT_H_
