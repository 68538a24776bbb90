// The first records of a load's edition, written like all others: told to the ledger.
#ifndef TANDEM_TESTS_FAULT_LOAD_FIRST_RECORDS_H_
#define TANDEM_TESTS_FAULT_LOAD_FIRST_RECORDS_H_

#include "absl/status/status.h"

#include "tests/fault/load/world.h"

namespace tandem::check {

// Makes the edition, its taxonomy, investors, deals and projects, fills the rosters, and waits until matching has them
// all. What stood in the way when `start_timeout` was over.
absl::Status MakeFirstRecords(World* world);

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_FIRST_RECORDS_H_
