// Contended operations over one store: many callers, few slots, two replicas.
#ifndef TANDEM_TESTS_FAULT_CONTEND_CONTEND_H_
#define TANDEM_TESTS_FAULT_CONTEND_CONTEND_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "tests/fault/contend/tally.h"
#include "tests/support/pairing_history/problems.h"

namespace tandem::contend {

struct Options {
  int64_t operations = 1'000'000;
  int callers = 64;
  std::string store = "memory";
  uint64_t seed = 1;
};

struct Report {
  Options options;
  Tally tally;
  int64_t commits = 0;   // that were followed in the log
  int64_t acked = 0;     // acknowledged changes that were looked for there
  int64_t refusals = 0;  // for quotas, each checked
  int64_t editions = 0;
  std::map<std::string, int64_t> causes;  // changes in the log
  pairing::Problems problems;
  double seconds = 0;        // of the callers
  double check_seconds = 0;  // until all was checked, from then on

  bool ok() const { return problems.all() == 0; }
};

// Fails when the store cannot be had (UNAVAILABLE) or read. Progress goes to standard error.
absl::StatusOr<Report> Contend(const Options& options);

}  // namespace tandem::contend

#endif  // TANDEM_TESTS_FAULT_CONTEND_CONTEND_H_
