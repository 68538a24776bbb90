// ServedProcess: a server in a child process, pinned to one core.
#ifndef TANDEM_TESTS_BENCH_SERVE_SERVED_PROCESS_H_
#define TANDEM_TESTS_BENCH_SERVE_SERVED_PROCESS_H_

#include <functional>
#include <memory>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace tandem {

// Has the calling thread, and those it makes from now on, run on `core` only. False where there is no such core.
bool PinTo(int core);

class ServedProcess {
 public:
  struct Served {
    int port = 0;
    size_t bytes = 0;                   // of an answer
    std::vector<std::string> subjects;  // whom to ask for
  };
  using Serving = std::function<void(const Served& served)>;

  // Runs `body` in a child on `core`: it calls `serving` once it serves, which returns when the child is to end.
  // REQUIRES: no thread and no gRPC in this process yet.
  static absl::StatusOr<std::unique_ptr<ServedProcess>> Start(int core,
                                                              const std::function<void(const Serving& serving)>& body);
  ~ServedProcess();  // ends the child
  ServedProcess(const ServedProcess&) = delete;
  ServedProcess& operator=(const ServedProcess&) = delete;

  std::string address() const;
  double ProcessorSeconds() const;  // that it has used until now
  const Served& served() const { return served_; }

 private:
  ServedProcess(pid_t pid, Served served, int life) : pid_(pid), served_(std::move(served)), life_(life) {}

  const pid_t pid_;
  const Served served_;
  const int life_;  // closed: the child ends
};

}  // namespace tandem

#endif  // TANDEM_TESTS_BENCH_SERVE_SERVED_PROCESS_H_
