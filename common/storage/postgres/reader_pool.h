// The reads of a store, on a few connections that are lent to one thread at a time.
#ifndef TANDEM_COMMON_STORAGE_POSTGRES_READER_POOL_H_
#define TANDEM_COMMON_STORAGE_POSTGRES_READER_POOL_H_

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/base/mutex.h"
#include "common/storage/postgres/connection.h"
#include "common/storage/postgres/group_reader.h"
#include "common/storage/postgres/sessions.h"
#include "common/storage/record_store.h"

namespace tandem::postgres {

// Thread-safe. Connections are made when they are needed, and again when they were lost. Every method waits for a free
// one, and tries again through an outage, within bounds; then it is UNAVAILABLE. The thread's AmbientDeadline is such a
// bound, also for how long the server works on a statement.
class ReaderPool final : private GroupReader::Source {
 public:
  ReaderPool(Place place, int size, std::chrono::milliseconds retry);

  absl::StatusOr<std::optional<Record>> Get(absl::string_view key);
  absl::StatusOr<std::vector<std::optional<Record>>> BatchGet(const std::vector<std::string>& keys);
  absl::StatusOr<std::vector<Record>> Scan(absl::string_view begin, absl::string_view end, int limit);
  absl::StatusOr<ChangeBatch> Changes(Revision after, int limit);
  absl::StatusOr<Head> GetHead();

 private:
  struct Slot {
    std::unique_ptr<Connection> connection;
  };

  absl::StatusOr<GroupReader::Found> Read(absl::FunctionRef<const std::vector<std::string>&()> keys,
                                          bool once) override;
  absl::StatusOr<std::vector<Result>> Run(const std::vector<Call>& calls);
  absl::StatusOr<std::vector<Result>> RunOn(Slot* slot, const std::vector<Call>& calls);
  absl::StatusOr<std::vector<Result>> TryOn(Slot* slot, const std::vector<Call>& calls);
  Slot* Take();  // null when none became free in time
  void GiveBack(Slot* slot);

  const Place place_;
  const Session session_;
  const std::chrono::milliseconds retry_;
  std::vector<Slot> slots_;
  GroupReader groups_;
  Mutex mutex_;
  struct Waiter {
    Slot* slot = nullptr;
    CondVar given;
  };
  std::vector<Slot*> free_ ABSL_GUARDED_BY(mutex_);
  std::deque<Waiter*> waiters_ ABSL_GUARDED_BY(mutex_);  // in order of their coming; none while a slot is free
};

// A row of kGet, kBatchGet, kScan or kScanOn.
Record RecordFrom(const Result& result, int row);

// The row of kHead.
absl::StatusOr<Head> HeadFrom(const Result& result);

}  // namespace tandem::postgres

#endif  // TANDEM_COMMON_STORAGE_POSTGRES_READER_POOL_H_
