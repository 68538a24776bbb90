#include <sys/resource.h>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "tests/fault/faults/fault.h"

namespace tandem::check {
namespace {

size_t OneOf(Random& random, const std::vector<size_t>& processes) { return processes[random() % processes.size()]; }

// Request ids are remembered for a day: a step beyond that may forget them, and is not made.
constexpr int64_t kMostMinutes = 20 * 60;

// One process believes for a while that it is hours later or earlier.
Fault SteppedClock(std::string name, int sign) {
  const auto inject = [sign](Cluster& cluster, Random& random) {
    const size_t process = static_cast<size_t>(random() % cluster.processes().size());
    cluster.processes().page(process).StepClock(absl::Minutes(sign * Between(random, 10, kMostMinutes)));
    return absl::OkStatus();
  };
  const auto heal = [](Cluster& cluster, Random&) {
    for (size_t i = 0; i < cluster.processes().size(); ++i) cluster.processes().page(i).StepClock(absl::ZeroDuration());
    return absl::OkStatus();
  };
  return {std::move(name), inject, heal, absl::Seconds(1)};
}

absl::Status StopAPairing(Cluster& cluster, Random& random) {
  return cluster.processes().Stop(OneOf(random, cluster.ProcessesOf("pairing")));
}

absl::Status StartPairings(Cluster& cluster, Random& /*random*/) {
  for (const size_t process : cluster.ProcessesOf("pairing")) cluster.processes().Resume(process);
  return cluster.processes().WaitUntilAllReady();
}

absl::Status LimitFiles(Cluster& cluster, rlim_t bytes) {
  const rlimit limit{bytes, RLIM_INFINITY};
  const pid_t process = cluster.processes().pid(0);
  if (process > 0 && prlimit(process, RLIMIT_FSIZE, &limit, nullptr) == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("cannot limit the files of process ", process, ": error ", errno));
}

}  // namespace

std::vector<Fault> HostFaults() {
  return {{"pairing-stopped", StopAPairing, StartPairings, absl::Milliseconds(500)},
          SteppedClock("clock-forth", 1),
          SteppedClock("clock-back", -1)};
}

std::vector<Fault> DiskFaults() {
  // A bound within what the files hold already: some writes fail at once, some when the file has grown.
  const auto fill = [](Cluster& cluster, Random& random) {
    return LimitFiles(cluster, static_cast<rlim_t>(random() % 2 == 0 ? 1 : Between(random, 1, 1 << 20)));
  };
  const auto raise = [](Cluster& cluster, Random&) { return LimitFiles(cluster, RLIM_INFINITY); };
  return {{"disk-full", fill, raise, absl::Seconds(3)}};
}

absl::Status RollingRestart(Cluster& cluster, const std::function<void()>& between) {
  for (size_t i = 0; i < cluster.processes().size(); ++i) {
    TANDEM_RETURN_IF_ERROR(cluster.processes().Stop(i));
    cluster.processes().Resume(i);
    TANDEM_RETURN_IF_ERROR(cluster.processes().WaitUntilReady(i));
    between();
  }
  return absl::OkStatus();
}

}  // namespace tandem::check
