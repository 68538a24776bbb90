#include "tests/fault/cluster/supervisor.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/wait.h>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "common/base/status.h"
#include "tests/support/child.h"

namespace tandem::check {
namespace {

constexpr std::chrono::milliseconds kRound{2};
constexpr int64_t kTailBytes = 4000;
constexpr size_t kTailLines = 15;
constexpr int kMostQuickEnds = 3;  // after that a process that cannot start is left alone

using Time = std::chrono::steady_clock::time_point;

Time After(absl::Duration timeout) { return std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout); }

int64_t SizeOf(const std::string& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? 0 : static_cast<int64_t>(size);
}

std::string ReadFrom(const std::string& file, int64_t offset) {
  std::ifstream stream(file);
  stream.seekg(offset);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string LastLines(const std::string& file) {
  const std::string text = ReadFrom(file, std::max<int64_t>(0, SizeOf(file) - kTailBytes));
  std::vector<std::string> lines = absl::StrSplit(text, '\n', absl::SkipEmpty());
  if (lines.size() > kTailLines) lines.erase(lines.begin(), lines.end() - kTailLines);
  return absl::StrJoin(lines, "\n  ");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Supervisor>> Supervisor::Start(std::string folder, std::vector<Program> programs) {
  std::unique_ptr<Supervisor> supervisor(new Supervisor(std::move(folder)));
  for (Program& program : programs) {
    const std::string path = absl::StrCat(supervisor->folder_, "/", program.name);
    Child child;
    TANDEM_ASSIGN_OR_RETURN(child.page, ControlPage::Create(path + ".page"));
    child.out = path + ".out";
    child.err = path + ".log";
    child.program = std::move(program);
    supervisor->children_.push_back(std::move(child));
  }
  supervisor->count_ = supervisor->children_.size();
  supervisor->thread_ = std::thread([raw = supervisor.get()] { raw->Loop(); });
  return supervisor;
}

Supervisor::~Supervisor() {
  if (!thread_.joinable()) return;
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void Supervisor::Loop() {
  MutexLock lock(&mutex_);
  while (!stopping_) {
    for (Child& child : children_) Tend(&child);
    const Time next = std::chrono::steady_clock::now() + kRound;
    while (!stopping_ && changed_.WaitUntil(&mutex_, next)) {
    }
  }
  for (Child& child : children_) {
    if (child.pid < 0) continue;
    kill(child.pid, SIGKILL);
    waitpid(child.pid, nullptr, 0);
  }
}

void Supervisor::Tend(Child* child) {
  int status = 0;
  if (child->pid > 0 && waitpid(child->pid, &status, WNOHANG) == child->pid) Ended(child, status);
  if (child->pid < 0) {
    if (child->wanted && child->quick_ends < kMostQuickEnds) Launch(child);
    return;
  }
  if (child->ready || SizeOf(child->out) <= child->out_begin) return;
  for (const absl::string_view line : absl::StrSplit(ReadFrom(child->out, child->out_begin), '\n')) {
    if (line == "ready") child->ready = true;
  }
  if (child->ready) child->quick_ends = 0;
  changed_.SignalAll();
}

void Supervisor::Launch(Child* child) {
  child->killed = child->stopping = child->ready = false;
  child->out_begin = SizeOf(child->out);
  testing::ChildOptions options;
  options.words = child->program.words;
  options.out = child->out;
  options.err = child->err;
  options.environment = {absl::StrCat(kControlPageVariable, "=", child->page->path())};
  child->pid = testing::StartChild(options);
}

void Supervisor::Ended(Child* child, int status) {
  child->pid = -1;
  child->exit = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  const uint64_t crashes = child->page->crashes();
  const bool at_a_point = crashes != child->crashes;
  child->crashes = crashes;
  const bool by_kill = child->exit == -SIGKILL && (child->killed || at_a_point);
  if (by_kill) ++kills_;
  if (!by_kill && !child->stopping) {
    if (!child->ready) ++child->quick_ends;
    complaints_.push_back(absl::StrCat(child->program.name, " ended by itself with ", child->exit,
                                       child->exit < 0 ? " (a signal)" : "", "; the end of its log:\n  ",
                                       LastLines(child->err)));
  }
  child->ready = false;
  changed_.SignalAll();
}

bool Supervisor::Kill(size_t i) {
  MutexLock lock(&mutex_);
  Child& child = children_[i];
  if (child.pid < 0) return false;
  child.killed = true;
  kill(child.pid, SIGKILL);
  return true;
}

absl::Status Supervisor::Stop(size_t i, absl::Duration timeout) {
  const Time deadline = After(timeout);
  MutexLock lock(&mutex_);
  Child& child = children_[i];
  child.wanted = false;
  if (child.pid < 0) return absl::OkStatus();
  child.stopping = true;
  kill(child.pid, SIGTERM);
  while (child.pid > 0) {
    if (!changed_.WaitUntil(&mutex_, deadline)) {
      return absl::DeadlineExceededError(absl::StrCat(child.program.name, " goes on after SIGTERM"));
    }
  }
  if (child.exit == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(child.program.name, " ended with ", child.exit,
                                                    " after SIGTERM; the end of its log:\n  ", LastLines(child.err)));
}

void Supervisor::Resume(size_t i) {
  MutexLock lock(&mutex_);
  children_[i].wanted = true;
  changed_.SignalAll();
}

bool Supervisor::Ready(size_t i) const {
  MutexLock lock(&mutex_);
  return children_[i].ready;
}

absl::Status Supervisor::WaitUntilReady(size_t i, absl::Duration timeout) const {
  const Time deadline = After(timeout);
  MutexLock lock(&mutex_);
  const Child& child = children_[i];
  while (!child.ready) {
    if (child.quick_ends >= kMostQuickEnds) {
      return absl::FailedPreconditionError(
          absl::StrCat(child.program.name, " cannot start; the end of its log:\n  ", LastLines(child.err)));
    }
    if (!changed_.WaitUntil(&mutex_, deadline)) {
      return absl::DeadlineExceededError(
          absl::StrCat(child.program.name, " is not ready; the end of its log:\n  ", LastLines(child.err)));
    }
  }
  return absl::OkStatus();
}

absl::Status Supervisor::WaitUntilAllReady(absl::Duration timeout) const {
  const Time deadline = After(timeout);
  for (size_t i = 0; i < count_; ++i) {
    const auto left = absl::FromChrono(deadline - std::chrono::steady_clock::now());
    TANDEM_RETURN_IF_ERROR(WaitUntilReady(i, std::max(left, absl::ZeroDuration())));
  }
  return absl::OkStatus();
}

pid_t Supervisor::pid(size_t i) const {
  MutexLock lock(&mutex_);
  return children_[i].pid;
}

int64_t Supervisor::kills() const {
  MutexLock lock(&mutex_);
  return kills_;
}

std::vector<std::string> Supervisor::complaints() const {
  MutexLock lock(&mutex_);
  return complaints_;
}

}  // namespace tandem::check
