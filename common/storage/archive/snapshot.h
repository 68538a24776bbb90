// Snapshot: all records of a store as they were at one revision.
#ifndef TANDEM_COMMON_STORAGE_ARCHIVE_SNAPSHOT_H_
#define TANDEM_COMMON_STORAGE_ARCHIVE_SNAPSHOT_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"

#include "common/storage/record_store.h"

namespace tandem::archive {

// For one thread.
class Snapshot {
 public:
  virtual ~Snapshot() = default;

  virtual const Head& head() const = 0;

  // The next records in key order, none when all were read. After an error a new snapshot is needed: ABORTED when the
  // store was written to although nobody should have.
  virtual absl::StatusOr<std::vector<Record>> Next() = 0;
};

// Of a store that nobody writes to meanwhile, because this process alone has it.
absl::StatusOr<std::unique_ptr<Snapshot>> SnapshotOfOwn(std::unique_ptr<RecordStore> store);

}  // namespace tandem::archive

#endif  // TANDEM_COMMON_STORAGE_ARCHIVE_SNAPSHOT_H_
