#include "tests/support/child.h"

#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <grp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"

namespace tandem::testing {
namespace {

std::vector<char*> Pointers(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

int AppendTo(const std::string& file) { return open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644); }

}  // namespace

pid_t StartChild(const ChildOptions& options) {
  // All that needs memory is made before the fork: other threads may hold its locks.
  std::vector<std::string> environment = options.environment;
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  const std::vector<char*> arguments = Pointers(options.words), variables = Pointers(environment);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int out = AppendTo(options.out);
  const int err = options.err.empty() ? out : AppendTo(options.err);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) {
    dup2(nothing, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    close_range(STDERR_FILENO + 1, ~0U, 0);
    const passwd* const user = options.user;
    if (user != nullptr && (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) {
      _exit(126);
    }
    prctl(PR_SET_PDEATHSIG, options.last_signal);
    if (getppid() != parent || (user != nullptr && chdir("/") != 0)) _exit(126);
    signal(SIGXFSZ, SIG_IGN);
    execve(arguments[0], arguments.data(), variables.data());
    _exit(127);
  }
  close(nothing);
  if (err != out) close(err);
  close(out);
  return child;
}

absl::StatusOr<std::string> NewTemporaryFolder(absl::string_view name) {
  std::error_code error;
  std::string folder = (std::filesystem::temp_directory_path(error) / absl::StrCat(name, "-XXXXXX")).string();
  if (error || mkdtemp(folder.data()) == nullptr) {
    return absl::InternalError(absl::StrCat("cannot make the folder ", folder, ": ", std::strerror(errno)));
  }
  return folder;
}

}  // namespace tandem::testing
