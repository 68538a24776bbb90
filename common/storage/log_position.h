// Where a change stands in a stored log: one number that sorts as the log does.
#ifndef TANDEM_COMMON_STORAGE_LOG_POSITION_H_
#define TANDEM_COMMON_STORAGE_LOG_POSITION_H_

#include <cstddef>
#include <cstdint>

#include "common/storage/record_store.h"

namespace tandem {

// The revision in the high bits, the place in the transaction in the low ones.
inline constexpr int kPositionBits = 20;
static_assert(kMaxTransactionWrites < (size_t{1} << kPositionBits));
inline constexpr int64_t FirstPosition(Revision revision) { return revision << kPositionBits; }
inline constexpr Revision RevisionOf(int64_t position) { return position >> kPositionBits; }

}  // namespace tandem

#endif  // TANDEM_COMMON_STORAGE_LOG_POSITION_H_
