#include "tests/e2e/server_process.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "common/base/status.h"

namespace tandem::e2e {
namespace {

constexpr int kExecFailed = 127;  // as a shell says it

std::chrono::steady_clock::time_point After(absl::Duration timeout) {
  return std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout);
}

// Runs in the child of a process with threads: only what is safe in a signal handler, on what was made before the fork.
[[noreturn]] void Execute(char* const* argv, int out, int err, pid_t parent, int64_t most_file_bytes) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kExecFailed);  // the parent ended before it could be watched
  const int null = open("/dev/null", O_RDONLY);
  dup2(null, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  if (most_file_bytes > 0) {
    const rlimit limit{static_cast<rlim_t>(most_file_bytes), static_cast<rlim_t>(most_file_bytes)};
    setrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGXFSZ, SIG_IGN);  // the write fails instead, as on a full disk
  }
  execvp(argv[0], argv);
  const char text[] = "cannot execute the program\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text, sizeof(text) - 1);
  _exit(kExecFailed);
}

}  // namespace

std::string BinaryPath(absl::string_view name) {
  const char* folder = std::getenv("TANDEM_BIN_DIR");
  return absl::StrCat(folder != nullptr ? folder : TANDEM_BUILD_BIN_DIR, "/", name);
}

TempFolder::TempFolder() {
  std::error_code error;
  path_ = (std::filesystem::temp_directory_path(error) / "tandem-e2e-XXXXXX").string();
  if (error || mkdtemp(path_.data()) == nullptr) path_.clear();
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

std::string TempFolder::File(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(ProcessOptions options) {
  std::vector<std::string> words = std::move(options.launcher);
  words.push_back(BinaryPath(options.binary));
  words.insert(words.end(), options.flags.begin(), options.flags.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  int out[2];
  int err[2];
  if (pipe2(out, O_CLOEXEC) != 0) return absl::InternalError("no pipe");
  if (pipe2(err, O_CLOEXEC) != 0) {
    close(out[0]);
    close(out[1]);
    return absl::InternalError("no pipe");
  }
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) Execute(argv.data(), out[1], err[1], parent, options.most_file_bytes);
  const int problem = errno;
  close(out[1]);
  close(err[1]);
  if (pid < 0) {
    close(out[0]);
    close(err[0]);
    return absl::InternalError(absl::StrCat("cannot fork: ", std::strerror(problem)));
  }
  return std::unique_ptr<ServerProcess>(new ServerProcess(pid, out[0], err[0]));
}

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::StartReady(ProcessOptions options) {
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<ServerProcess> process, Start(std::move(options)));
  TANDEM_RETURN_IF_ERROR(process->WaitUntilReady());
  return process;
}

ServerProcess::ServerProcess(pid_t pid, int out, int err) : pid_(pid) {
  out_reader_ = std::thread([this, out] { Read(out, &out_); });
  err_reader_ = std::thread([this, err] { Read(err, &err_); });
  waiter_ = std::thread([this] {
    siginfo_t info{};
    while (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    MutexLock lock(&mutex_);  // from here on nobody signals a number that may be somebody else's soon
    int status = 0;
    waitpid(pid_, &status, 0);
    exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    ended_ = true;
    changed_.SignalAll();
  });
}

ServerProcess::~ServerProcess() {
  Signal(SIGKILL);
  waiter_.join();
  out_reader_.join();
  err_reader_.join();
}

void ServerProcess::Read(int file, std::string* text) {
  char buffer[4096];
  while (true) {
    const ssize_t size = read(file, buffer, sizeof(buffer));
    if (size < 0 && errno == EINTR) continue;
    MutexLock lock(&mutex_);
    changed_.SignalAll();
    if (size <= 0) {
      --open_files_;
      close(file);
      return;
    }
    text->append(buffer, static_cast<size_t>(size));
  }
}

bool ServerProcess::HasLine(absl::string_view line) const {
  for (const absl::string_view text : absl::StrSplit(out_, '\n')) {
    if (text == line) return true;
  }
  return false;
}

absl::Status ServerProcess::WaitUntilReady(absl::Duration timeout) {
  const auto deadline = After(timeout);
  MutexLock lock(&mutex_);
  while (!HasLine("ready")) {
    if (ended_ && open_files_ == 0) {
      return absl::FailedPreconditionError(absl::StrCat("ended with ", exit_, " before it was ready: ", err_));
    }
    if (!changed_.WaitUntil(&mutex_, deadline) && !HasLine("ready") && !ended_) {
      return absl::DeadlineExceededError(absl::StrCat("not ready; it wrote: ", out_, err_));
    }
  }
  return absl::OkStatus();
}

std::string ServerProcess::address() const {
  MutexLock lock(&mutex_);
  constexpr absl::string_view kBefore = " listens on ";
  const size_t begin = out_.find(std::string(kBefore));
  if (begin == std::string::npos) return "";
  const size_t from = begin + kBefore.size();
  return out_.substr(from, out_.find_first_of(",; \n", from) - from);
}

void ServerProcess::Signal(int signal) {
  MutexLock lock(&mutex_);
  if (!ended_) kill(pid_, signal);
}

absl::StatusOr<int> ServerProcess::Wait(absl::Duration timeout) {
  const auto deadline = After(timeout);
  MutexLock lock(&mutex_);
  while (!ended_ || open_files_ > 0) {
    if (!changed_.WaitUntil(&mutex_, deadline) && !ended_) {
      return absl::DeadlineExceededError(absl::StrCat("still running; it wrote: ", out_, err_));
    }
  }
  return exit_;
}

void ServerProcess::Kill() {
  Signal(SIGKILL);
  Wait().IgnoreError();
}

std::string ServerProcess::out() const {
  MutexLock lock(&mutex_);
  return out_;
}

std::string ServerProcess::err() const {
  MutexLock lock(&mutex_);
  return err_;
}

}  // namespace tandem::e2e
