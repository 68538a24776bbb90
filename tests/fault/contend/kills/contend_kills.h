// Contended operations on servers that are killed at random.
#ifndef TANDEM_TESTS_FAULT_CONTEND_KILLS_CONTEND_KILLS_H_
#define TANDEM_TESTS_FAULT_CONTEND_KILLS_CONTEND_KILLS_H_

#include <cstdint>

#include "absl/status/statusor.h"

#include "tests/fault/contend/contend.h"

namespace tandem::contend {

struct KillOptions {
  int64_t kills = 40;      // at least so many `kill -9`, half of them at named points of the programs
  int64_t operations = 0;  // and at least so many of these
  double pause = 0.5;      // seconds between two kills, on average, for as long as the run lasts
  int callers = 64;
  uint64_t seed = 1;
};

// Two replicas of each service on one PostgreSQL. Every write has a request id and is repeated, at any replica, until
// its outcome is known. UNAVAILABLE when this machine lacks a server. Used by the main thread, which starts processes
// that end with it.
absl::StatusOr<Report> ContendUnderKills(const KillOptions& options);

}  // namespace tandem::contend

#endif  // TANDEM_TESTS_FAULT_CONTEND_KILLS_CONTEND_KILLS_H_
