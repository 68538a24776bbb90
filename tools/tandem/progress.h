// Says on standard error how far a long run has come.
#ifndef TANDEM_TOOLS_TANDEM_PROGRESS_H_
#define TANDEM_TOOLS_TANDEM_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <string>

#include "tools/tandem/terminal.h"

namespace tandem::cli {

// A bar that rewrites its line on a terminal, at most ten times a second; elsewhere a plain line every five seconds.
// Not thread-safe.
class Progress {
 public:
  // `total` 0 is unknown. `terminal` outlives it.
  Progress(const Terminal* terminal, std::string what, uint64_t total);

  // `done` of the total is done; `note` follows it. May print nothing.
  void Update(uint64_t done, const std::string& note);
  // Removes the bar.
  void Clear();

  // Seconds since the construction, at least a thousandth.
  double Seconds() const;

 private:
  const Terminal* terminal_;
  const std::string what_;
  const uint64_t total_;
  const std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_;
  bool shown_ = false;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_PROGRESS_H_
