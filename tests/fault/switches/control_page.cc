#include "tests/fault/switches/control_page.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace tandem::check {

absl::StatusOr<std::unique_ptr<ControlPage>> ControlPage::Create(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot make the control page ", path));
  void* memory = MAP_FAILED;
  if (ftruncate(file, sizeof(ControlBlock)) == 0) {
    memory = mmap(nullptr, sizeof(ControlBlock), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  }
  const int error = errno;
  close(file);
  if (memory == MAP_FAILED) return absl::ErrnoToStatus(error, absl::StrCat("cannot map the control page ", path));
  return std::unique_ptr<ControlPage>(new ControlPage(path, static_cast<ControlBlock*>(memory)));
}

ControlPage::~ControlPage() { munmap(block_, sizeof(ControlBlock)); }

void ControlPage::BreakRule(absl::string_view rule) {
  for (BrokenRule& each : block_->rules) each.key = 0;  // so that no count of an old rule falls into a new one's
  block_->breaks = 0;
  const std::vector<absl::string_view> rules = absl::StrSplit(rule, '+', absl::SkipEmpty());
  // The first last: it tells that there are any.
  for (size_t i = std::min(rules.size(), kMostRules); i > 0; --i) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(rules[i - 1], absl::MaxSplits('/', 1));
    uint64_t every = 1;
    if (!absl::SimpleAtoi(parts.second, &every) || every == 0) every = 1;
    BrokenRule& broken = block_->rules[i - 1];
    broken.every = every;
    broken.met = 0;
    broken.key = NameKey(parts.first);
  }
}

uint64_t ControlPage::breaks() const { return block_->breaks; }

void ControlPage::CrashAt(absl::string_view point, int passes) {
  block_->point = 0;
  block_->passes = passes;
  block_->point = NameKey(point);
}

uint64_t ControlPage::crashes() const { return block_->crashes; }

void ControlPage::SlowAt(absl::string_view point, absl::Duration pause) {
  block_->slow_point = 0;
  block_->slow_ns = absl::ToInt64Nanoseconds(pause);
  block_->slow_point = NameKey(point);
}

void ControlPage::StepClock(absl::Duration step) { block_->clock_ns = absl::ToInt64Nanoseconds(step); }

}  // namespace tandem::check
