#include "tests/bench/ready/running_service.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

#include "tests/support/child.h"

namespace tandem {
namespace {

std::string ReadAll(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

absl::StatusOr<std::unique_ptr<RunningService>> RunningService::Start(const std::string& program,
                                                                      std::vector<std::string> arguments,
                                                                      const std::string& log) {
  std::ofstream(log, std::ios::trunc).close();
  testing::ChildOptions child;
  child.words = std::move(arguments);
  child.words.insert(child.words.begin(), program);
  child.out = log;
  child.last_signal = SIGTERM;
  const pid_t pid = testing::StartChild(child);
  if (pid < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot start ", program));
  return std::unique_ptr<RunningService>(new RunningService(pid, log));
}

RunningService::~RunningService() {
  kill(pid_, SIGTERM);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

absl::Status RunningService::AwaitReady(absl::Duration limit) const {
  const absl::Time end = absl::Now() + limit;
  while (true) {
    for (const absl::string_view line : absl::StrSplit(ReadAll(log_), '\n')) {
      if (line == "ready") return absl::OkStatus();
    }
    siginfo_t ended{};
    if (waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == pid_) {
      return absl::InternalError(absl::StrCat("a service ended; its log ", log_, " says:\n", ReadAll(log_)));
    }
    if (absl::Now() >= end) return absl::DeadlineExceededError(absl::StrCat("not ready; its log is ", log_));
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

double RunningService::processor_seconds() const {
  const std::string stat = ReadAll(absl::StrCat("/proc/", pid_, "/stat"));
  // The name, in brackets, may hold spaces; user and system time are the 12th and 13th word behind it.
  const std::vector<absl::string_view> words =
      absl::StrSplit(absl::string_view(stat).substr(stat.rfind(')') + 1), ' ', absl::SkipEmpty());
  int64_t user = 0, system = 0;
  if (words.size() < 13 || !absl::SimpleAtoi(words[11], &user) || !absl::SimpleAtoi(words[12], &system)) return 0;
  return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

int64_t RunningService::peak_memory_kib() const {
  const std::string status = ReadAll(absl::StrCat("/proc/", pid_, "/status"));
  for (const absl::string_view line : absl::StrSplit(status, '\n')) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, absl::ByAnyChar("\t "), absl::SkipEmpty());
    int64_t kib = 0;
    if (words.size() >= 2 && words[0] == "VmHWM:" && absl::SimpleAtoi(words[1], &kib)) return kib;
  }
  return 0;
}

}  // namespace tandem
