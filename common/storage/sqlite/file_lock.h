// An exclusive claim on a store, held as long as the object or the process lives.
#ifndef TANDEM_COMMON_STORAGE_SQLITE_FILE_LOCK_H_
#define TANDEM_COMMON_STORAGE_SQLITE_FILE_LOCK_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace tandem::sqlite {

class FileLock {
 public:
  // Claims the store at `store_path` through `store_path`.lock, which is never removed (a removed file could be claimed
  // twice). FAILED_PRECONDITION when another holds it; NOT_FOUND when the folder does not exist.
  static absl::StatusOr<std::unique_ptr<FileLock>> Acquire(const std::string& store_path);

  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace tandem::sqlite

#endif  // TANDEM_COMMON_STORAGE_SQLITE_FILE_LOCK_H_
