#include "common/storage/archive/restore.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"

namespace tandem::archive {
namespace {

constexpr int kWritesAtOnce = 2000;
constexpr size_t kBytesAtOnce = size_t{4} << 20;

// There while a restore is under way. No service's key begins with a NUL.
std::string Mark() { return std::string("\0tandem/restore", 15); }

absl::Status CommitAll(RecordStore* store, Transaction* transaction) {
  if (transaction->writes.empty()) return absl::OkStatus();
  std::vector<Transaction> one(1);
  one[0] = std::exchange(*transaction, {});
  return store->Commit(std::move(one)).front().status;
}

absl::Status CommitOne(RecordStore* store, Write write) {
  Transaction transaction;
  transaction.writes.push_back(std::move(write));
  return CommitAll(store, &transaction);
}

// All but the mark.
absl::Status DeleteAll(RecordStore* store) {
  std::string begin;
  while (true) {
    TANDEM_ASSIGN_OR_RETURN(const std::vector<Record> page, store->Scan(begin, "", kWritesAtOnce));
    if (page.empty()) return absl::OkStatus();
    Transaction transaction;
    for (const Record& record : page) {
      if (record.key != Mark()) transaction.writes.push_back(Write::DeleteUnlogged(record.key));
    }
    TANDEM_RETURN_IF_ERROR(CommitAll(store, &transaction));
    begin = absl::StrCat(page.back().key, absl::string_view("\0", 1));
  }
}

}  // namespace

absl::Status CheckMayRestore(RecordStore* store) {
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Record> first, store->Scan("", "", 1));
  if (first.empty() || first[0].key == Mark()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "the store holds records already: choose an empty one, or replace them all with --replace");
}

absl::Status CheckRestored(RecordStore* store) {
  TANDEM_ASSIGN_OR_RETURN(const std::optional<Record> mark, store->Get(Mark()));
  if (!mark.has_value()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "an import into the store did not end, so it holds only some of its records: repeat `tandem admin import`");
}

absl::Status Restore(ArchiveReader* archive, size_t index, RecordStore* store,
                     absl::FunctionRef<void(int64_t records)> progress) {
  TANDEM_RETURN_IF_ERROR(CommitOne(store, Write::PutUnlogged(Mark(), "1")));
  TANDEM_RETURN_IF_ERROR(DeleteAll(store));
  TANDEM_RETURN_IF_ERROR(archive->Seek(index));
  Transaction transaction;
  size_t bytes = 0;
  int64_t written = 0;
  Record record;
  while (true) {
    TANDEM_ASSIGN_OR_RETURN(const bool more, archive->Next(&record));
    if (!more) break;
    bytes += record.key.size() + record.value.size();
    // Followers list a store of a new epoch; they need no log of it.
    transaction.writes.push_back(Write::PutUnlogged(record.key, std::move(record.value)));
    ++written;
    if (transaction.writes.size() < size_t{kWritesAtOnce} && bytes < kBytesAtOnce) continue;
    bytes = 0;
    TANDEM_RETURN_IF_ERROR(CommitAll(store, &transaction));
    progress(written);
  }
  TANDEM_RETURN_IF_ERROR(CommitAll(store, &transaction));
  TANDEM_ASSIGN_OR_RETURN(const Head head, store->GetHead());
  TANDEM_RETURN_IF_ERROR(store->CompactLog(head.revision));
  return CommitOne(store, Write::DeleteUnlogged(Mark()));
}

}  // namespace tandem::archive
