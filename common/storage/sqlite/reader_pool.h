// A few read-only connections, each with its statements, lent to one thread at a time.
#ifndef TANDEM_COMMON_STORAGE_SQLITE_READER_POOL_H_
#define TANDEM_COMMON_STORAGE_SQLITE_READER_POOL_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/base/mutex.h"
#include "common/storage/record_store.h"
#include "common/storage/sqlite/connection.h"

namespace tandem::sqlite {

// The reads of the port on one connection. Not thread-safe.
class Reader {
 public:
  static absl::StatusOr<std::unique_ptr<Reader>> Open(const std::string& path);

  absl::StatusOr<std::optional<Record>> Get(absl::string_view key);
  absl::StatusOr<std::vector<std::optional<Record>>> BatchGet(const std::vector<std::string>& keys);
  absl::StatusOr<std::vector<Record>> Scan(absl::string_view begin, absl::string_view end, int limit);
  absl::StatusOr<ChangeBatch> Changes(Revision after, int limit);
  absl::StatusOr<Head> GetHead();

 private:
  Reader() = default;

  std::unique_ptr<Connection> connection_;
  Statement get_;
  Statement scan_;
  Statement scan_to_end_;
  Statement changes_;
  Statement head_;
};

// Thread-safe.
class ReaderPool {
 public:
  // Held for one read; gives the reader back at the end.
  class Lease {
   public:
    explicit Lease(ReaderPool* pool) : pool_(pool), reader_(pool->Take()) {}
    ~Lease() { pool_->GiveBack(reader_); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Reader* operator->() { return reader_; }

   private:
    ReaderPool* pool_;
    Reader* reader_;
  };

  static absl::StatusOr<std::unique_ptr<ReaderPool>> Open(const std::string& path, int size);

 private:
  ReaderPool() = default;
  Reader* Take();
  void GiveBack(Reader* reader);

  std::vector<std::unique_ptr<Reader>> readers_;
  Mutex mutex_;
  CondVar given_back_;
  std::vector<Reader*> free_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::sqlite

#endif  // TANDEM_COMMON_STORAGE_SQLITE_READER_POOL_H_
