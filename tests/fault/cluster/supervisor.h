// The programs under check as processes of their own: whoever is killed is started again at once, as an orchestrator
// would, and whoever ends although nobody asked for it is a finding.
#ifndef TANDEM_TESTS_FAULT_CLUSTER_SUPERVISOR_H_
#define TANDEM_TESTS_FAULT_CLUSTER_SUPERVISOR_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

#include "common/base/mutex.h"
#include "tests/fault/switches/control_page.h"

namespace tandem::check {

struct Program {
  std::string name;                // of the process, such as `pairing-0`
  std::vector<std::string> words;  // the binary's path, then its flags
};

// Thread-safe. A thread of its own starts and awaits the processes; they end with this object, or with this program.
class Supervisor {
 public:
  // Logs, standard output and control pages go into `folder`.
  static absl::StatusOr<std::unique_ptr<Supervisor>> Start(std::string folder, std::vector<Program> programs);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  size_t size() const { return count_; }
  const std::string& name(size_t i) const { return children_[i].program.name; }
  ControlPage& page(size_t i) { return *children_[i].page; }

  // SIGKILL; it is started again at once. False when it is not running.
  bool Kill(size_t i);
  // SIGTERM, then waits for its end; it stays down until Resume(i). DEADLINE_EXCEEDED when it goes on running,
  // FAILED_PRECONDITION when it ends with anything but 0.
  absl::Status Stop(size_t i, absl::Duration timeout = absl::Seconds(60));
  void Resume(size_t i);

  // Whether it said `ready` since its last start.
  bool Ready(size_t i) const;
  absl::Status WaitUntilReady(size_t i, absl::Duration timeout = absl::Seconds(60)) const;
  absl::Status WaitUntilAllReady(absl::Duration timeout = absl::Seconds(60)) const;
  // -1 while it is down.
  pid_t pid(size_t i) const;

  // Ends by SIGKILL so far: those of Kill() and those at a point of the control page.
  int64_t kills() const;
  // Processes that ended by themselves, each with its last lines of log.
  std::vector<std::string> complaints() const;

 private:
  struct Child {
    Program program;
    std::unique_ptr<ControlPage> page;
    std::string out, err;   // files
    pid_t pid = -1;         // -1: not running
    bool wanted = true;     // to be running
    bool killed = false;    // we sent SIGKILL to this pid
    bool stopping = false;  // we sent SIGTERM to this pid
    bool ready = false;
    int exit = 0;           // of the last end: the exit code, or minus the signal
    uint64_t crashes = 0;   // the page's count at the last end
    int64_t out_begin = 0;  // where the output of this start begins
    int quick_ends = 0;     // in a row, by itself before it was ready
  };

  explicit Supervisor(std::string folder) : folder_(std::move(folder)) {}
  void Loop();
  void Tend(Child* child) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Launch(Child* child) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Ended(Child* child, int status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string folder_;
  size_t count_ = 0;
  mutable Mutex mutex_;
  mutable CondVar changed_;
  std::vector<Child> children_;  // the state of each under mutex_; program and page never change
  int64_t kills_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::string> complaints_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_CLUSTER_SUPERVISOR_H_
