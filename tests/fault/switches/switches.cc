// The check programs' definitions of common/base/test_switch.h: they obey the control page that the environment names,
// and do nothing without one. Compiled into each check program, so that the linker leaves the library's own out.
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

#include "common/base/test_switch.h"
#include "tests/fault/switches/control_block.h"

namespace tandem {
namespace {

using check::ControlBlock;

ControlBlock* Map() {
  static ControlBlock nothing{};
  const char* const path = std::getenv(check::kControlPageVariable);
  if (path == nullptr) return &nothing;
  const int file = open(path, O_RDWR | O_CLOEXEC);
  void* const memory =
      file < 0 ? MAP_FAILED : mmap(nullptr, sizeof(ControlBlock), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (file >= 0) close(file);
  // A check that believes it breaks something and does not would prove nothing.
  if (memory == MAP_FAILED) std::abort();
  return static_cast<ControlBlock*>(memory);
}

ControlBlock& Block() {
  static ControlBlock* const block = Map();
  return *block;
}

}  // namespace

bool Deviates(absl::string_view rule) {
  ControlBlock& block = Block();
  if (block.rules[0].key.load(std::memory_order_acquire) == 0) return false;
  const uint64_t key = check::NameKey(rule);
  for (check::BrokenRule& broken : block.rules) {
    if (broken.key != key) continue;
    if ((broken.met.fetch_add(1) + 1) % broken.every != 0) return false;
    if (&broken == block.rules.data()) block.breaks.fetch_add(1);
    return true;
  }
  return false;
}

void PassPoint(absl::string_view point) {
  ControlBlock& block = Block();
  const uint64_t armed = block.point.load(std::memory_order_acquire);
  const uint64_t slow = block.slow_point.load(std::memory_order_acquire);
  if (armed == 0 && slow == 0) return;
  const uint64_t key = check::NameKey(point);
  if (key == slow) std::this_thread::sleep_for(std::chrono::nanoseconds(block.slow_ns));
  if (key != armed || block.passes.fetch_sub(1) != 1) return;
  block.point = 0;
  block.crashes.fetch_add(1);
  kill(getpid(), SIGKILL);
  for (;;) pause();  // this thread goes no further
}

absl::Duration ClockStep() { return absl::Nanoseconds(Block().clock_ns.load(std::memory_order_relaxed)); }

}  // namespace tandem
