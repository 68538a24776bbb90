// A program of this tree in a process of its own, as an operator would start it.
#ifndef TANDEM_TESTS_E2E_SERVER_PROCESS_H_
#define TANDEM_TESTS_E2E_SERVER_PROCESS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "common/base/mutex.h"

namespace tandem::e2e {

// Path of a program of this build; the environment variable TANDEM_BIN_DIR overrides the folder.
std::string BinaryPath(absl::string_view name);

// A folder under the system's temporary one that goes with the object.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string File(absl::string_view name) const;

 private:
  std::string path_;
};

struct ProcessOptions {
  std::string binary;  // name, such as `tandem-projects`
  std::vector<std::string> flags;
  // Program and arguments that are to execute the binary, such as `unshare -m`; it must do so in the same process.
  std::vector<std::string> launcher;
  int64_t most_file_bytes = 0;  // no file may grow beyond; 0 for no bound. Writing more fails with EFBIG.
};

// Thread-safe but for Start, which must be called by a thread that outlives the process: the process is killed when
// that thread ends, so that a test which crashes leaves nothing behind.
class ServerProcess {
 public:
  // Starts it and returns at once. A binary that is not there shows as an early end.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(ProcessOptions options);
  // Starts it and waits for `ready`.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> StartReady(ProcessOptions options);
  ~ServerProcess();  // SIGKILL, if it still runs

  // Returns when it printed `ready`. FAILED_PRECONDITION, with what it wrote to stderr, when it ended instead;
  // DEADLINE_EXCEEDED after `timeout`.
  absl::Status WaitUntilReady(absl::Duration timeout = absl::Seconds(60));

  // The first address of the banner, with the port that was bound. REQUIRES: ready.
  std::string address() const;
  pid_t pid() const { return pid_; }

  void Signal(int signal);
  // Waits for its end: the exit code, or minus the signal that ended it. DEADLINE_EXCEEDED after `timeout`.
  absl::StatusOr<int> Wait(absl::Duration timeout = absl::Seconds(60));
  // SIGKILL, then Wait.
  void Kill();

  // What it wrote so far; all of it after Wait.
  std::string out() const;
  std::string err() const;

 private:
  ServerProcess(pid_t pid, int out, int err);
  void Read(int file, std::string* text);
  bool HasLine(absl::string_view line) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const pid_t pid_;
  mutable Mutex mutex_;
  CondVar changed_;
  std::string out_ ABSL_GUARDED_BY(mutex_);
  std::string err_ ABSL_GUARDED_BY(mutex_);
  int open_files_ ABSL_GUARDED_BY(mutex_) = 2;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  int exit_ ABSL_GUARDED_BY(mutex_) = 0;
  std::thread out_reader_;
  std::thread err_reader_;
  std::thread waiter_;
};

}  // namespace tandem::e2e

#endif  // TANDEM_TESTS_E2E_SERVER_PROCESS_H_
