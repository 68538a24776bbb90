// GroupReader: reads what several threads ask for at the same moment with one statement.
//
// The first to come waits for a connection; whoever comes meanwhile joins it, and goes on with its own part of what
// was read. While connections are free everybody reads for itself at once; the busier they are, the more share one
// statement. So 64 callers cost the database hardly more than a few.
#ifndef TANDEM_COMMON_STORAGE_POSTGRES_GROUP_READER_H_
#define TANDEM_COMMON_STORAGE_POSTGRES_GROUP_READER_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "common/base/mutex.h"
#include "common/storage/record_store.h"

namespace tandem::postgres {

// Every connection was busy for too long: UNAVAILABLE.
absl::Status EverythingBusy();

// Thread-safe.
class GroupReader {
 public:
  using Found = std::vector<std::optional<Record>>;

  // Where records come from. Thread-safe.
  class Source {
   public:
    virtual ~Source() = default;
    // Waits for a connection, asks `keys` what is to be read, and reads that as of one moment after it asked, in the
    // order of the keys. Does not ask when there is no connection in time. `once`: no outage is waited out.
    virtual absl::StatusOr<Found> Read(absl::FunctionRef<const std::vector<std::string>&()> keys, bool once) = 0;
  };

  // `patience`: how long a thread waits for what another one reads for it, if its AmbientDeadline allows that.
  GroupReader(Source* source, std::chrono::milliseconds patience) : source_(source), patience_(patience) {}

  // The records of `keys`, as of a moment during this call. What fails for a group is read again by each of it alone:
  // nobody suffers from another's deadline.
  absl::StatusOr<Found> Read(const std::vector<std::string>& keys);

 private:
  struct Group {
    std::vector<std::string> keys;
    // Under the reader's mutex; after `over`, each member's part of `found` is its own.
    bool done = false;
    bool read = false;
    Found found;
    CondVar over;
  };

  absl::StatusOr<Found> ReadAlone(const std::vector<std::string>& keys);
  absl::StatusOr<Found> Lead(const std::shared_ptr<Group>& group, const std::vector<std::string>& keys);
  absl::StatusOr<Found> Follow(const std::shared_ptr<Group>& group, const std::vector<std::string>& keys, size_t first);
  void Close(const std::shared_ptr<Group>& group) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Source* const source_;
  const std::chrono::milliseconds patience_;
  Mutex mutex_;
  std::shared_ptr<Group> open_ ABSL_GUARDED_BY(mutex_);  // the group that can be joined, if any
};

}  // namespace tandem::postgres

#endif  // TANDEM_COMMON_STORAGE_POSTGRES_GROUP_READER_H_
