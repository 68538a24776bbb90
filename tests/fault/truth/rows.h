// The rows of a store at rest, against its log.
#ifndef TANDEM_TESTS_FAULT_TRUTH_ROWS_H_
#define TANDEM_TESTS_FAULT_TRUTH_ROWS_H_

#include "absl/strings/string_view.h"

#include "common/storage/record_store.h"
#include "tests/fault/truth/findings.h"
#include "tests/fault/truth/history.h"

namespace tandem::check {

// Every record of `edition` must be what the log said last, and every external id must lead to the record that has it.
// REQUIRES: nothing is being written, and `history` has reached the head.
void CompareStoreRows(RecordStore* store, const History& history, absl::string_view edition, Findings* findings);

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_ROWS_H_
