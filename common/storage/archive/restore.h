// Records of an archive into a store.
#ifndef TANDEM_COMMON_STORAGE_ARCHIVE_RESTORE_H_
#define TANDEM_COMMON_STORAGE_ARCHIVE_RESTORE_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

#include "common/storage/archive/archive_file.h"
#include "common/storage/record_store.h"

namespace tandem::archive {

// OK when `store` holds nothing, or nothing but what a restore left that did not end. FAILED_PRECONDITION otherwise.
absl::Status CheckMayRestore(RecordStore* store);

// OK unless a restore into `store` has begun and not ended: it holds some of the records then, and must not be served.
absl::Status CheckRestored(RecordStore* store);

// Replaces all that `store` holds by the records of the archive's store at `index`, and forgets its log. Many
// transactions: when it does not end, CheckRestored says so until it is repeated. `progress` is called with the records
// written so far. REQUIRES: nobody else uses the store, and it was given a new epoch whose revisions begin at
// stores()[index].revision at least, so that nothing that was seen of either history is taken for this one.
absl::Status Restore(ArchiveReader* archive, size_t index, RecordStore* store,
                     absl::FunctionRef<void(int64_t records)> progress);

}  // namespace tandem::archive

#endif  // TANDEM_COMMON_STORAGE_ARCHIVE_RESTORE_H_
