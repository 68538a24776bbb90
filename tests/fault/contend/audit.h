// Whether what a store holds in the end is what its change log led to, row by row.
#ifndef TANDEM_TESTS_FAULT_CONTEND_AUDIT_H_
#define TANDEM_TESTS_FAULT_CONTEND_AUDIT_H_

#include <string>

#include "absl/status/status.h"

#include "common/storage/record_store.h"
#include "tests/fault/contend/witness.h"
#include "tests/support/pairing_history/problems.h"

namespace tandem::contend {

// Compares records, counts of parties, rows of bookings and of expiries of the editions whose ids begin with `prefix`.
// REQUIRES: nobody writes, and `witness` has read everything. Fails when the store cannot be read.
absl::Status Audit(RecordStore* store, const Witness& witness, const std::string& prefix, pairing::Problems* problems);

}  // namespace tandem::contend

#endif  // TANDEM_TESTS_FAULT_CONTEND_AUDIT_H_
