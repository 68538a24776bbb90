// Contended operations over one store: many callers, few slots, two replicas.
#ifndef TANDEM_TESTS_FAULT_CONTEND_CONTEND_H_
#define TANDEM_TESTS_FAULT_CONTEND_CONTEND_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "common/storage/record_store.h"
#include "tests/fault/contend/promises.h"
#include "tests/fault/contend/steps.h"
#include "tests/fault/contend/tally.h"
#include "tests/fault/contend/witness.h"
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
  int64_t kills = 0;
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

// Adds to `report` what callers were told, what `witness` saw, and what of it does not fit. REQUIRES: nobody calls any
// more, and the witness has read everything.
absl::Status Conclude(const std::vector<Steps>& steps, const Promises& promises, RecordStore* store,
                      const std::string& prefix, Witness* witness, Report* report);

// Prints tables, violations, and the last line `contend operations=N ...`; `again` is the command that repeats it. True
// when nothing is wrong and something of each kind was done.
bool Print(const Report& report, const std::string& again);
// Machine, date and `input`.
void PrintHead(const std::string& input);

// Fails when the store cannot be had (UNAVAILABLE) or read. Progress goes to standard error.
absl::StatusOr<Report> Contend(const Options& options);

}  // namespace tandem::contend

#endif  // TANDEM_TESTS_FAULT_CONTEND_CONTEND_H_
