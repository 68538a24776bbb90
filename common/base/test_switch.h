// Where the checks of tests/fault take hold of a running program. In every program that ships, these functions do
// nothing; the programs of tests/fault bring definitions of their own, which the linker prefers to those in this
// library's archive.
#ifndef TANDEM_COMMON_BASE_TEST_SWITCH_H_
#define TANDEM_COMMON_BASE_TEST_SWITCH_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// All of them are thread-safe, cost next to nothing and may be called anywhere but in a loop over candidates.
namespace tandem {

// Whether the rule named so is to be broken on purpose: false in what ships. A site reads as what the rule demands, and
// what it does instead when the rule is broken; tests/fault/sabotages lists every rule, and what must notice the
// breach.
bool Deviates(absl::string_view rule);

// A point where a process may be ended as by `kill -9`, to see that nothing is lost that was promised before it, or
// held up.
void PassPoint(absl::string_view point);

// What is added to the system's wall clock.
absl::Duration ClockStep();

}  // namespace tandem

#endif  // TANDEM_COMMON_BASE_TEST_SWITCH_H_
