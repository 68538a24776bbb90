#include "common/storage/sqlite/reader_pool.h"

#include <algorithm>
#include <utility>

#include "common/base/status.h"
#include "common/storage/sqlite/schema.h"
#include "common/storage/transaction_rules.h"

namespace tandem::sqlite {
namespace {

// Several statements that see one state of the store.
class Snapshot {
 public:
  explicit Snapshot(Connection* connection) : connection_(connection), begun_(connection->Execute("BEGIN")) {}
  ~Snapshot() {
    if (connection_->InTransaction()) connection_->Execute("ROLLBACK").IgnoreError();
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  const absl::Status& begun() const { return begun_; }

 private:
  Connection* connection_;
  absl::Status begun_;
};

Record RowToRecord(const Statement& row) {
  Record record;
  record.key = std::string(row.Bytes(0));
  record.revision = row.Int(1);
  record.create_revision = row.Int(2);
  record.value = std::string(row.Bytes(3));
  return record;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Reader>> Reader::Open(const std::string& path) {
  std::unique_ptr<Reader> reader(new Reader());
  TANDEM_ASSIGN_OR_RETURN(reader->connection_, Connection::Open(path, Connection::Mode::kReadOnly));
  Connection& connection = *reader->connection_;
  TANDEM_ASSIGN_OR_RETURN(
      reader->get_, connection.Prepare("SELECT key, revision, create_revision, value FROM records WHERE key = ?"));
  TANDEM_ASSIGN_OR_RETURN(reader->scan_, connection.Prepare("SELECT key, revision, create_revision, value FROM records "
                                                            "WHERE key >= ?1 AND key < ?3 ORDER BY key LIMIT ?2"));
  TANDEM_ASSIGN_OR_RETURN(reader->scan_to_end_,
                          connection.Prepare("SELECT key, revision, create_revision, value FROM records "
                                             "WHERE key >= ?1 ORDER BY key LIMIT ?2"));
  TANDEM_ASSIGN_OR_RETURN(
      reader->changes_,
      connection.Prepare("SELECT position, key, value FROM log WHERE position >= ? ORDER BY position"));
  TANDEM_ASSIGN_OR_RETURN(reader->head_, connection.Prepare(kSelectHead));
  return reader;
}

absl::StatusOr<std::optional<Record>> Reader::Get(absl::string_view key) {
  ResetAtEnd reset(&get_);
  get_.BindBlob(1, key);
  TANDEM_ASSIGN_OR_RETURN(const bool row, get_.Step());
  if (!row) return std::optional<Record>();
  return std::optional<Record>(RowToRecord(get_));
}

absl::StatusOr<std::vector<std::optional<Record>>> Reader::BatchGet(const std::vector<std::string>& keys) {
  Snapshot snapshot(connection_.get());
  TANDEM_RETURN_IF_ERROR(snapshot.begun());
  std::vector<std::optional<Record>> found;
  found.reserve(keys.size());
  for (const std::string& key : keys) {
    TANDEM_ASSIGN_OR_RETURN(std::optional<Record> record, Get(key));
    found.push_back(std::move(record));
  }
  return found;
}

absl::StatusOr<std::vector<Record>> Reader::Scan(absl::string_view begin, absl::string_view end, int limit) {
  TANDEM_RETURN_IF_ERROR(CheckLimit(limit));
  Statement& scan = end.empty() ? scan_to_end_ : scan_;
  ResetAtEnd reset(&scan);
  scan.BindBlob(1, begin);
  scan.BindInt(2, limit);
  if (!end.empty()) scan.BindBlob(3, end);
  std::vector<Record> found;
  while (true) {
    TANDEM_ASSIGN_OR_RETURN(const bool row, scan.Step());
    if (!row) return found;
    found.push_back(RowToRecord(scan));
  }
}

absl::StatusOr<ChangeBatch> Reader::Changes(Revision after, int limit) {
  TANDEM_RETURN_IF_ERROR(CheckLimit(limit));
  Snapshot snapshot(connection_.get());
  TANDEM_RETURN_IF_ERROR(snapshot.begun());
  TANDEM_ASSIGN_OR_RETURN(const Head head, ReadHead(&head_));
  TANDEM_RETURN_IF_ERROR(CheckChangesAfter(after, head));
  ChangeBatch batch;
  ResetAtEnd reset(&changes_);
  changes_.BindInt(1, FirstPosition(after + 1));
  size_t bytes = 0;
  while (true) {
    TANDEM_ASSIGN_OR_RETURN(const bool row, changes_.Step());
    if (!row) break;
    const Revision revision = RevisionOf(changes_.Int(0));
    const bool full = batch.changes.size() >= static_cast<size_t>(limit) || bytes >= kChangeBatchBytes;
    if (full && revision != batch.changes.back().revision) {
      batch.through = batch.changes.back().revision;
      return batch;
    }
    Change change{revision, std::string(changes_.Bytes(1)), std::nullopt};
    if (!changes_.IsNull(2)) change.value = std::string(changes_.Bytes(2));
    bytes += change.key.size() + (change.value.has_value() ? change.value->size() : 0);
    batch.changes.push_back(std::move(change));
  }
  batch.through = head.revision;
  return batch;
}

absl::StatusOr<Head> Reader::GetHead() { return ReadHead(&head_); }

absl::StatusOr<std::unique_ptr<ReaderPool>> ReaderPool::Open(const std::string& path, int size) {
  std::unique_ptr<ReaderPool> pool(new ReaderPool());
  for (int i = 0; i < std::max(size, 1); ++i) {
    TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Reader> reader, Reader::Open(path));
    pool->readers_.push_back(std::move(reader));
  }
  MutexLock lock(&pool->mutex_);
  for (const auto& reader : pool->readers_) pool->free_.push_back(reader.get());
  return pool;
}

Reader* ReaderPool::Take() {
  MutexLock lock(&mutex_);
  while (free_.empty()) given_back_.Wait(&mutex_);
  Reader* const reader = free_.back();
  free_.pop_back();
  return reader;
}

void ReaderPool::GiveBack(Reader* reader) {
  MutexLock lock(&mutex_);
  free_.push_back(reader);
  given_back_.Signal();
}

}  // namespace tandem::sqlite
