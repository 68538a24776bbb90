#include "tests/bench/serve/served_process.h"

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace tandem {

bool PinTo(int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(static_cast<size_t>(core), &cores);
  return sched_setaffinity(0, sizeof(cores), &cores) == 0;
}

absl::StatusOr<std::unique_ptr<ServedProcess>> ServedProcess::Start(
    int core, const std::function<void(const Serving& serving)>& body) {
  int ready[2], life[2];
  if (pipe(ready) != 0 || pipe(life) != 0) return absl::ErrnoToStatus(errno, "pipe");
  const pid_t pid = fork();
  if (pid < 0) return absl::ErrnoToStatus(errno, "fork");
  if (pid == 0) {
    close(ready[0]);
    close(life[1]);
    PinTo(core);
    body([&](const Served& served) {
      const std::string line =
          absl::StrCat(served.port, " ", served.bytes, " ", absl::StrJoin(served.subjects, " "), "\n");
      if (write(ready[1], line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(1);
      char byte = 0;
      while (read(life[0], &byte, 1) < 0 && errno == EINTR) {
      }
    });
    _exit(0);
  }
  close(ready[1]);
  close(life[0]);
  std::string line;
  for (char byte = 0; read(ready[0], &byte, 1) == 1 && byte != '\n';) line.push_back(byte);
  close(ready[0]);
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  Served served;
  const bool came =
      words.size() >= 2 && absl::SimpleAtoi(words[0], &served.port) && absl::SimpleAtoi(words[1], &served.bytes);
  if (came) served.subjects.assign(words.begin() + 2, words.end());
  auto process = std::unique_ptr<ServedProcess>(new ServedProcess(pid, std::move(served), life[1]));
  if (!came) return absl::InternalError("a server did not start; its reason is above");
  return process;
}

ServedProcess::~ServedProcess() {
  close(life_);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
}

double ServedProcess::ProcessorSeconds() const {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

std::string ServedProcess::address() const { return absl::StrCat("127.0.0.1:", served_.port); }

}  // namespace tandem
