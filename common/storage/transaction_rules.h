// The rules of the port that every backend enforces in the same words.
#ifndef TANDEM_COMMON_STORAGE_TRANSACTION_RULES_H_
#define TANDEM_COMMON_STORAGE_TRANSACTION_RULES_H_

#include <cstddef>

#include "absl/status/status.h"

#include "common/storage/record_store.h"

namespace tandem {

// Most writes of one transaction that a backend takes. Services keep to kMaxTransactionWrites but where a whole edition
// must change at once: so many writes hold the writer up for seconds and some hundred bytes each in memory.
inline constexpr size_t kMaxBulkWrites = 1'000'000;

// INVALID_ARGUMENT when `transaction` breaks a rule: key and value sizes, number of writes, a key written twice.
absl::Status CheckTransaction(const Transaction& transaction);

// INVALID_ARGUMENT unless `limit` >= 1.
absl::Status CheckLimit(int limit);

// What Changes() says of a position: OK when the log can be read on from `after`.
absl::Status CheckChangesAfter(Revision after, const Head& head);

// What CompactLog() says of a position beyond the head.
absl::Status CheckCompaction(Revision through, Revision head);

// The outcome of a transaction whose condition `index` does not hold. Names no key: keys may name people.
CommitOutcome ConditionFailed(const Transaction& transaction, int index);

// Whether `condition` holds for a key that is at `revision`, 0 when there is no record.
bool Holds(const Condition& condition, Revision revision);

// What every write after Shutdown() is told.
absl::Status ShutDownError();

// A page of the log ends after the revision in which it reaches this many bytes.
inline constexpr size_t kChangeBatchBytes = size_t{4} << 20;

}  // namespace tandem

#endif  // TANDEM_COMMON_STORAGE_TRANSACTION_RULES_H_
