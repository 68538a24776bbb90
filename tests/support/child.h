// Programs that a test starts and that end with it, and folders for them.
#ifndef TANDEM_TESTS_SUPPORT_CHILD_H_
#define TANDEM_TESTS_SUPPORT_CHILD_H_

#include <csignal>
#include <pwd.h>
#include <string>
#include <sys/types.h>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::testing {

struct ChildOptions {
  std::vector<std::string> words;        // the program's path, then its arguments
  std::string out;                       // file that its standard output is appended to
  std::string err;                       // the same for its standard error; empty: `out`
  std::vector<std::string> environment;  // NAME=VALUE, beside what it inherits
  int last_signal = SIGKILL;             // sent to it when the thread that started it ends
  const passwd* user = nullptr;          // as whom it runs; null: as we do
};

// Starts it and returns at once; one that cannot be executed ends with 126 or 127. Of our descriptors it inherits none.
// A write beyond its limit of file size fails instead of ending it. REQUIRES: the calling thread outlives it.
pid_t StartChild(const ChildOptions& options);

// A new folder TMP/`name`-XXXXXX; whoever asked for it removes it.
absl::StatusOr<std::string> NewTemporaryFolder(absl::string_view name);

}  // namespace tandem::testing

#endif  // TANDEM_TESTS_SUPPORT_CHILD_H_
