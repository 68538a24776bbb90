#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/fault/faults/fault.h"

namespace tandem::check {
namespace {

absl::Status Nothing(Cluster& /*cluster*/, Random& /*random*/) { return absl::OkStatus(); }

// Loses the next COMMIT of any of the services, or its answer.
Fault CutCommit(std::string name, Cut cut) {
  const auto inject = [name, cut](Cluster& cluster, Random&) -> absl::Status {
    cluster.postgres_proxy().CutNext(cut);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!cluster.postgres_proxy().made()) {
      if (std::chrono::steady_clock::now() > deadline) return absl::DeadlineExceededError(name + ": nobody commits");
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return absl::OkStatus();
  };
  return {std::move(name), inject, Nothing, absl::ZeroDuration()};
}

void SignalAll(Cluster& cluster, int signal) {
  for (const pid_t process : cluster.postgres().Processes()) kill(process, signal);
}

}  // namespace

std::vector<Fault> PostgresFaults() {
  std::vector<Fault> faults;
  faults.push_back({"postgres-restarted",
                    [](Cluster& cluster, Random&) {
                      cluster.postgres().StopImmediately();
                      return absl::OkStatus();
                    },
                    [](Cluster& cluster, Random&) { return cluster.postgres().Resume(); }, absl::Milliseconds(300)});
  faults.push_back({"postgres-sessions-ended",
                    [](Cluster& cluster, Random&) {
                      return cluster.postgres()
                          .Query(
                              "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                              "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
                          .status();
                    },
                    Nothing, absl::ZeroDuration()});
  faults.push_back(CutCommit("commit-cut-before", Cut::kRequest));
  faults.push_back(CutCommit("commit-cut-after", Cut::kAnswer));
  faults.push_back(CutCommit("commit-hangs-before", Cut::kRequestHang));
  faults.push_back(CutCommit("commit-hangs-after", Cut::kAnswerHang));
  faults.push_back(CutCommit("commit-orphaned", Cut::kRequestOrphan));
  faults.push_back({"postgres-paused",
                    [](Cluster& cluster, Random&) {
                      SignalAll(cluster, SIGSTOP);
                      return absl::OkStatus();
                    },
                    [](Cluster& cluster, Random&) {
                      SignalAll(cluster, SIGCONT);
                      return absl::OkStatus();
                    },
                    absl::Seconds(2)});
  faults.push_back(
      // Each write of the server's log fails, at which it ends all of its processes and recovers by itself, with new
      // ones that may write.
      {"postgres-disk-full", [](Cluster& cluster, Random&) { return cluster.postgres().LimitFiles(1); },
       [](Cluster& cluster, Random&) { return cluster.postgres().LimitFiles(-1); }, absl::Milliseconds(300)});
  return faults;
}

}  // namespace tandem::check
