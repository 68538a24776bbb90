// RunningService: a program of ours in a child process, and what it has used.
#ifndef TANDEM_TESTS_BENCH_READY_RUNNING_SERVICE_H_
#define TANDEM_TESTS_BENCH_READY_RUNNING_SERVICE_H_

#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tandem {

class RunningService {
 public:
  // Starts `program` with `arguments`; its output goes to `log`, which is begun anew.
  static absl::StatusOr<std::unique_ptr<RunningService>> Start(const std::string& program,
                                                               std::vector<std::string> arguments,
                                                               const std::string& log);
  ~RunningService();  // asks it to end, and waits
  RunningService(const RunningService&) = delete;
  RunningService& operator=(const RunningService&) = delete;

  // Returns when it has said that it is ready.
  absl::Status AwaitReady(absl::Duration limit) const;

  double processor_seconds() const;  // so far, of all threads
  int64_t peak_memory_kib() const;   // resident

 private:
  RunningService(pid_t pid, std::string log) : pid_(pid), log_(std::move(log)) {}

  const pid_t pid_;
  const std::string log_;
};

}  // namespace tandem

#endif  // TANDEM_TESTS_BENCH_READY_RUNNING_SERVICE_H_
