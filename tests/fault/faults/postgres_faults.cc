#include <chrono>
#include <csignal>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
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

// No process of the server that is there now may write beyond the first byte of a file: each write of the log fails, at
// which the server ends all of them and recovers by itself, with new ones that may write.
absl::Status ForbidWrites(Cluster& cluster, Random& /*random*/) {
  const std::vector<pid_t> processes = cluster.postgres().Processes();
  for (size_t i = 1; i < processes.size(); ++i) {  // the first one forks the new ones
    const rlimit limit{1, RLIM_INFINITY};
    if (prlimit(processes[i], RLIMIT_FSIZE, &limit, nullptr) != 0 && errno != ESRCH) {
      return absl::InternalError(absl::StrCat("cannot limit the files of a process of PostgreSQL: error ", errno));
    }
  }
  return absl::OkStatus();
}

absl::Status AllowWrites(Cluster& cluster, Random& /*random*/) {
  for (const pid_t process : cluster.postgres().Processes()) {
    const rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
    prlimit(process, RLIMIT_FSIZE, &limit, nullptr);
  }
  return absl::OkStatus();
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
  faults.push_back({"postgres-disk-full", ForbidWrites, AllowWrites, absl::Milliseconds(300)});
  return faults;
}

}  // namespace tandem::check
