#include "common/storage/sqlite/sqlite_store.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/storage/sqlite/connection.h"
#include "common/storage/sqlite/file_lock.h"
#include "common/storage/sqlite/reader_pool.h"
#include "common/storage/sqlite/schema.h"
#include "common/storage/sqlite/sqlite_writer.h"

namespace tandem {
namespace {

// The parts of a store in the order in which they come up; they go down in the reverse one, so that the writing
// connection closes after the reading ones (and checkpoints), and the lock is released last.
struct Parts {
  std::unique_ptr<sqlite::FileLock> lock;
  std::unique_ptr<HeadWatch> watch = std::make_unique<HeadWatch>();
  std::unique_ptr<sqlite::SqliteWriter> writer;
  std::unique_ptr<sqlite::ReaderPool> readers;
};

class SqliteStore final : public RecordStore {
 public:
  SqliteStore(Parts parts, const GroupCommitLimits& limits)
      : parts_(std::move(parts)), committer_(parts_.writer.get(), limits) {}

  std::vector<CommitOutcome> Commit(std::vector<Transaction> transactions) override {
    return committer_.Commit(std::move(transactions));
  }

  absl::StatusOr<std::optional<Record>> Get(absl::string_view key) override { return Reader()->Get(key); }

  absl::StatusOr<std::vector<std::optional<Record>>> BatchGet(const std::vector<std::string>& keys) override {
    return Reader()->BatchGet(keys);
  }

  absl::StatusOr<std::vector<Record>> Scan(absl::string_view begin, absl::string_view end, int limit) override {
    return Reader()->Scan(begin, end, limit);
  }

  absl::StatusOr<ChangeBatch> Changes(Revision after, int limit) override { return Reader()->Changes(after, limit); }

  bool WaitForChange(Revision after, std::chrono::steady_clock::time_point deadline) override {
    return parts_.watch->Wait(after, deadline);
  }

  absl::StatusOr<Head> GetHead() override { return Reader()->GetHead(); }

  absl::Status CompactLog(Revision through) override {
    bool done = false;
    while (!done) {
      TANDEM_RETURN_IF_ERROR(committer_.Run([&]() -> absl::Status {
        TANDEM_ASSIGN_OR_RETURN(done, parts_.writer->CompactSome(through));
        return absl::OkStatus();
      }));
    }
    return absl::OkStatus();
  }

  void Shutdown() override {
    parts_.watch->Shutdown();
    committer_.Shutdown();
  }

 private:
  sqlite::ReaderPool::Lease Reader() { return sqlite::ReaderPool::Lease(parts_.readers.get()); }

  Parts parts_;
  GroupCommitter committer_;
};

// Made before SQLite sees it, because SQLite would make it readable for everybody.
absl::Status MakeFile(const std::string& path) {
  const int fd = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path));
  close(fd);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<RecordStore>> Open(SqliteOptions options) {
  if (options.path.empty() || options.path.front() == ':') {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", options.path, "\" is not the path of a file; for a store in memory use NewMemoryStore"));
  }
  Parts parts;
  TANDEM_ASSIGN_OR_RETURN(parts.lock, sqlite::FileLock::Acquire(options.path));
  TANDEM_RETURN_IF_ERROR(MakeFile(options.path));
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<sqlite::Connection> connection,
                          sqlite::Connection::Open(options.path, sqlite::Connection::Mode::kReadWrite));
  TANDEM_RETURN_IF_ERROR(sqlite::PrepareSchema(connection.get(), options.path, options.full_check_bytes));
  if (options.begin_new_epoch) {
    TANDEM_RETURN_IF_ERROR(sqlite::BeginNewEpoch(connection.get(), options.least_revision));
  }
  if (options.max_pages > 0) {
    TANDEM_RETURN_IF_ERROR(connection->QueryInt(absl::StrCat("PRAGMA max_page_count = ", options.max_pages)).status());
  }
  TANDEM_ASSIGN_OR_RETURN(
      parts.writer, sqlite::SqliteWriter::Create(std::move(connection), options.checkpoint_pages, parts.watch.get()));
  TANDEM_ASSIGN_OR_RETURN(parts.readers, sqlite::ReaderPool::Open(options.path, options.reader_connections));
  return std::unique_ptr<RecordStore>(std::make_unique<SqliteStore>(std::move(parts), options.limits));
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecordStore>> OpenSqliteStore(SqliteOptions options) {
  const std::string path = options.path;
  absl::StatusOr<std::unique_ptr<RecordStore>> store = Open(std::move(options));
  // SQLite does not name the file that it cannot use; whoever starts a service has to know which one.
  if (store.ok() || absl::StrContains(store.status().message(), path)) return store;
  return absl::Status(store.status().code(), absl::StrCat(path, ": ", store.status().message()));
}

}  // namespace tandem
