// The hand that the checks have in a running check program: which rule it breaks, where it dies, how its clock goes.
#ifndef TANDEM_TESTS_FAULT_SWITCHES_CONTROL_PAGE_H_
#define TANDEM_TESTS_FAULT_SWITCHES_CONTROL_PAGE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "tests/fault/switches/control_block.h"

namespace tandem::check {

// A shared mapping of a file, which check programs find by the environment variable kControlPageVariable. One per child
// process, made before its start; it outlives restarts of that process. Thread-safe, but one thread at a time should
// set the rule, and one the point.
class ControlPage {
 public:
  // Makes (or empties) the file at `path`; it stays when the page goes.
  static absl::StatusOr<std::unique_ptr<ControlPage>> Create(const std::string& path);
  ~ControlPage();
  ControlPage(const ControlPage&) = delete;
  ControlPage& operator=(const ControlPage&) = delete;

  // Breaks `rule` from now on in the running process and in those started later; "" breaks none. `area.rule/20` breaks
  // it at every 20th time that it is met; several (up to kMostRules) are joined by `+`. Sets breaks() back to 0.
  void BreakRule(absl::string_view rule);
  // How often the first rule was broken since BreakRule().
  uint64_t breaks() const;

  // Ends the process as by `kill -9` at the `passes`-th pass of `point` from now on, once; "" disarms.
  void CrashAt(absl::string_view point, int passes);
  // How many ends CrashAt() brought about since the page was made.
  uint64_t crashes() const;

  // Has each pass of `point` take so long; "" none. One point at a time.
  void SlowAt(absl::string_view point, absl::Duration pause);

  // The whole difference to the real wall clock from now on.
  void StepClock(absl::Duration step);

  const std::string& path() const { return path_; }

 private:
  ControlPage(std::string path, ControlBlock* block) : path_(std::move(path)), block_(block) {}

  const std::string path_;
  ControlBlock* const block_;
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_SWITCHES_CONTROL_PAGE_H_
