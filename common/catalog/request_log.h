// The memory of writes that carry a request id: what makes repeating them safe.
//
// A row is written in the transaction of the effect it remembers, so either both are there or neither.
#ifndef TANDEM_COMMON_CATALOG_REQUEST_LOG_H_
#define TANDEM_COMMON_CATALOG_REQUEST_LOG_H_

#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "common/base/clock.h"
#include "common/base/mutex.h"
#include "common/storage/record_store.h"

namespace google::protobuf {
class Message;
}

namespace tandem::catalog {

// What a row remembers.
struct Remembered {
  std::string payload;    // of the answer, as its writer likes
  Revision revision = 0;  // what the answer shows: that of the remembered effect, or of the record when nothing changed
};

// Thread-safe.
class RequestLog {
 public:
  // Rows older than this are as good as absent.
  static constexpr absl::Duration kKept = absl::Hours(24);

  // Unowned pointers must outlive the log.
  RequestLog(RecordStore* store, const Clock* clock) : store_(store), clock_(clock) {}

  // Key of the row; the parts may be any text.
  static std::string Key(absl::string_view edition, absl::string_view method, absl::string_view actor,
                         absl::string_view request_id);

  // Hash of everything in `request`, 32 bytes.
  static std::string Hash(const google::protobuf::Message& request);

  // What `row`, read under a key of this log, remembers; nullopt when it is absent or too old.
  // INVALID_ARGUMENT (REQUEST_ID_REUSED) when it was written for another content than `hash`.
  absl::StatusOr<std::optional<Remembered>> Read(const std::optional<Record>& row, absl::string_view hash,
                                                 absl::string_view request_id) const;

  // Makes `transaction` remember: adds the row and the condition that the row is still as `row` was read.
  // `shown` is the revision that the answer shows, 0 for that of this transaction.
  void Add(const std::string& key, const std::optional<Record>& row, absl::string_view hash, absl::string_view payload,
           Revision shown, Transaction* transaction) const;

  // Tells that `rows` were written. Every now and then removes a stretch of rows that are too old, at least as fast as
  // new ones come. Failures are left to the next sweep.
  void Written(int rows);

 private:
  void Sweep(int rows);

  RecordStore* const store_;
  const Clock* const clock_;
  Mutex mutex_;
  int written_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string cursor_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::catalog

#endif  // TANDEM_COMMON_CATALOG_REQUEST_LOG_H_
