// The file that holds whole stores. README.md says its form.
#ifndef TANDEM_COMMON_STORAGE_ARCHIVE_ARCHIVE_FILE_H_
#define TANDEM_COMMON_STORAGE_ARCHIVE_ARCHIVE_FILE_H_

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/storage/archive/snapshot.h"
#include "common/storage/record_store.h"

namespace tandem::archive {

// What an archive says of one store.
struct StoreHeader {
  std::string name;
  std::string epoch;
  Revision revision = 0;
  int64_t records = 0;
  int64_t bytes = 0;  // that its records take in the archive
};

struct Source {
  std::string name;  // without spaces
  std::unique_ptr<Snapshot> snapshot;
};

// Called with the records written so far, of all stores, after each page.
using WriteProgress = absl::FunctionRef<void(int64_t records)>;

// Writes the sources into `path`, mode 0600, in place of what is there; on an error that stays as it was. What was
// written is on disk when this returns. FAILED_PRECONDITION, naming the file, when it cannot be written.
absl::StatusOr<std::vector<StoreHeader>> WriteArchive(const std::string& path, std::vector<Source> sources,
                                                      WriteProgress progress);

// A verified archive, read from its beginning to its end. For one thread.
class ArchiveReader {
 public:
  // Called with the bytes verified so far and those of the whole file.
  using VerifyProgress = absl::FunctionRef<void(int64_t done, int64_t total)>;

  // Reads the whole file once. NOT_FOUND: it cannot be opened. DATA_LOSS: it is cut short, altered or no archive.
  // FAILED_PRECONDITION: a newer program wrote it.
  static absl::StatusOr<std::unique_ptr<ArchiveReader>> Open(const std::string& path, VerifyProgress progress);

  const std::vector<StoreHeader>& stores() const { return stores_; }

  // Goes to the first record of the store at `index` of stores().
  absl::Status Seek(size_t index);

  // The next record of that store; false after its last one. Only key and value are set.
  absl::StatusOr<bool> Next(Record* record);

 private:
  explicit ArchiveReader(std::string path) : path_(std::move(path)) {}
  absl::Status ReadHeader();
  absl::Status Verify(VerifyProgress progress);
  absl::StatusOr<std::string> ReadLine();
  absl::Status Read(size_t size, std::string* bytes);
  absl::Status Damaged(absl::string_view what) const;

  const std::string path_;
  std::ifstream file_;
  std::vector<StoreHeader> stores_;
  std::string header_;     // as it stands in the file
  int64_t file_size_ = 0;  // bytes
  int64_t left_ = 0;       // records of the store that is read
};

}  // namespace tandem::archive

#endif  // TANDEM_COMMON_STORAGE_ARCHIVE_ARCHIVE_FILE_H_
