// What a control page holds: plain lock-free words, so that a process may be killed at any instruction and its
// successor goes on.
#ifndef TANDEM_TESTS_FAULT_SWITCHES_CONTROL_BLOCK_H_
#define TANDEM_TESTS_FAULT_SWITCHES_CONTROL_BLOCK_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace tandem::check {

// The environment variable that names the page's file.
inline constexpr char kControlPageVariable[] = "TANDEM_CONTROL_PAGE";

// Rules that can be broken together.
inline constexpr size_t kMostRules = 4;

struct BrokenRule {
  std::atomic<uint64_t> key;    // NameKey; 0: none, nor any after it
  std::atomic<uint64_t> every;  // breaks at each `every`-th time that it is met
  std::atomic<uint64_t> met;    // how often it was met since it was set
};

// In a new file everything is zero: no rule broken, no point armed.
struct ControlBlock {
  std::array<BrokenRule, kMostRules> rules;
  std::atomic<uint64_t> breaks;      // of the first rule, since it was set
  std::atomic<uint64_t> point;       // NameKey of the armed point; 0: none
  std::atomic<int64_t> passes;       // passes left
  std::atomic<uint64_t> crashes;     // ends brought about since the page was made
  std::atomic<uint64_t> slow_point;  // NameKey of the point that takes its time; 0: none
  std::atomic<int64_t> slow_ns;      // how long
  std::atomic<int64_t> clock_ns;     // added to the wall clock
};
static_assert(std::atomic<uint64_t>::is_always_lock_free && std::atomic<int64_t>::is_always_lock_free);

// Names are compared by this number (FNV-1a), never 0 for a name.
constexpr uint64_t NameKey(absl::string_view name) {
  if (name.empty()) return 0;
  uint64_t key = 0xcbf29ce484222325;
  for (const char c : name) key = (key ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return key == 0 ? 1 : key;
}

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_SWITCHES_CONTROL_BLOCK_H_
