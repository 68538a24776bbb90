#include "common/storage/postgres/reader_pool.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"

#include "common/base/ambient_deadline.h"
#include "common/base/status.h"
#include "common/storage/log_position.h"
#include "common/storage/postgres/backoff.h"
#include "common/storage/postgres/statement_limit.h"
#include "common/storage/transaction_rules.h"

namespace tandem::postgres {
namespace {

// The most changes that are looked at for one page, whatever is asked for.
constexpr int kLongestPage = 10'000;

}  // namespace

ReaderPool::ReaderPool(Place place, int size, std::chrono::milliseconds retry)
    : place_(std::move(place)),
      session_(ReaderSession(place_)),
      retry_(retry),
      slots_(static_cast<size_t>(std::max(size, 1))),
      // One that reads waits for a connection, then for the server.
      groups_(this, 2 * place_.limit()) {
  MutexLock lock(&mutex_);
  for (Slot& slot : slots_) free_.push_back(&slot);
}

absl::StatusOr<std::optional<Record>> ReaderPool::Get(absl::string_view key) {
  TANDEM_ASSIGN_OR_RETURN(GroupReader::Found found, groups_.Read({std::string(key)}));
  return std::move(found.front());
}

absl::StatusOr<std::vector<std::optional<Record>>> ReaderPool::BatchGet(const std::vector<std::string>& keys) {
  return groups_.Read(keys);
}

absl::StatusOr<GroupReader::Found> ReaderPool::Read(absl::FunctionRef<const std::vector<std::string>&()> keys,
                                                    bool once) {
  Slot* const slot = Take();
  if (slot == nullptr) return EverythingBusy();
  const std::vector<std::string>& wanted = keys();
  Call call{kGet, {}};
  if (wanted.size() == 1) {
    call.parameters.Bytes(wanted.front());
  } else {
    call.statement = kBatchGet;
    Array array = Array::OfBytes();
    for (const std::string& key : wanted) array.Add(absl::string_view(key));
    call.parameters.Elements(&array);
  }
  const auto results = once ? TryOn(slot, {call}) : RunOn(slot, {call});
  GiveBack(slot);
  TANDEM_RETURN_IF_ERROR(results.status());
  const Result& result = results->front();
  absl::flat_hash_map<absl::string_view, int> rows;
  for (int row = 0; row < result.rows(); ++row) rows.emplace(result.Bytes(row, 0), row);
  GroupReader::Found found(wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) {
    const auto it = rows.find(wanted[i]);
    if (it != rows.end()) found[i] = RecordFrom(result, it->second);
  }
  return found;
}

absl::StatusOr<std::vector<Record>> ReaderPool::Scan(absl::string_view begin, absl::string_view end, int limit) {
  TANDEM_RETURN_IF_ERROR(CheckLimit(limit));
  Call call{end.empty() ? kScanOn : kScan, {}};
  call.parameters.Bytes(begin);
  if (!end.empty()) call.parameters.Bytes(end);
  call.parameters.Int(limit);
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Result> results, Run({std::move(call)}));
  std::vector<Record> found;
  found.reserve(static_cast<size_t>(results[0].rows()));
  for (int row = 0; row < results[0].rows(); ++row) found.push_back(RecordFrom(results[0], row));
  return found;
}

absl::StatusOr<ChangeBatch> ReaderPool::Changes(Revision after, int limit) {
  TANDEM_RETURN_IF_ERROR(CheckLimit(limit));
  // Whatever `after` is, its position must be one.
  const Revision from = std::clamp(after, Revision{0}, RevisionOf(INT64_MAX) - 1) + 1;
  Call page{kChanges, {}};
  page.parameters.Int(FirstPosition(from)).Int(std::min(limit, kLongestPage)).Int(int64_t{kChangeBatchBytes});
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Result> results,
                          Run({{kBegin, {}}, {kHead, {}}, std::move(page), {kCommit, {}}}));
  TANDEM_ASSIGN_OR_RETURN(const Head head, HeadFrom(results[1]));
  TANDEM_RETURN_IF_ERROR(CheckChangesAfter(after, head));
  const Result& rows = results[2];
  ChangeBatch batch;
  batch.through = head.revision;
  batch.changes.reserve(static_cast<size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row) {
    Change change{RevisionOf(rows.Int(row, 0)), std::string(rows.Bytes(row, 1)), std::nullopt};
    if (!rows.IsNull(row, 2)) change.value = std::string(rows.Bytes(row, 2));
    batch.changes.push_back(std::move(change));
  }
  const bool more = rows.rows() > 0 && rows.Int(0, 3) > 0;
  if (more) batch.through = batch.changes.back().revision;
  return batch;
}

absl::StatusOr<Head> ReaderPool::GetHead() {
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Result> results, Run({{kHead, {}}}));
  return HeadFrom(results[0]);
}

absl::StatusOr<std::vector<Result>> ReaderPool::Run(const std::vector<Call>& calls) {
  Slot* const slot = Take();
  if (slot == nullptr) return EverythingBusy();
  auto results = RunOn(slot, calls);
  GiveBack(slot);
  return results;
}

absl::StatusOr<std::vector<Result>> ReaderPool::RunOn(Slot* slot, const std::vector<Call>& calls) {
  Backoff backoff(retry_, AmbientDeadline::Current());
  absl::StatusOr<std::vector<Result>> results = TryOn(slot, calls);
  while (absl::IsUnavailable(results.status()) && backoff.Pause()) results = TryOn(slot, calls);
  return results;
}

absl::StatusOr<std::vector<Result>> ReaderPool::TryOn(Slot* slot, const std::vector<Call>& calls) {
  if (slot->connection == nullptr) {
    TANDEM_ASSIGN_OR_RETURN(slot->connection, Connection::Open(place_.conninfo, session_, place_.limit()));
  }
  slot->connection->LimitStatements(
      StatementLimit(std::chrono::steady_clock::now(), AmbientDeadline::Current(), place_.operation));
  absl::StatusOr<std::vector<Result>> results = slot->connection->Run(calls);
  if (!results.ok() && (slot->connection->lost() || slot->connection->InTransaction())) slot->connection.reset();
  return results;
}

ReaderPool::Slot* ReaderPool::Take() {
  const auto deadline = std::min(std::chrono::steady_clock::now() + place_.operation, AmbientDeadline::Current());
  MutexLock lock(&mutex_);
  if (!free_.empty()) {
    Slot* const slot = free_.back();
    free_.pop_back();
    return slot;
  }
  // Handed over in order: whoever comes later, or is still awake, would else go first again and again.
  Waiter me;
  waiters_.push_back(&me);
  while (me.slot == nullptr && me.given.WaitUntil(&mutex_, deadline)) {
  }
  if (me.slot == nullptr) waiters_.erase(std::find(waiters_.begin(), waiters_.end(), &me));
  return me.slot;
}

void ReaderPool::GiveBack(Slot* slot) {
  MutexLock lock(&mutex_);
  if (waiters_.empty()) return free_.push_back(slot);
  Waiter* const next = waiters_.front();
  waiters_.pop_front();
  next->slot = slot;
  next->given.Signal();
}

Record RecordFrom(const Result& result, int row) {
  Record record;
  record.key = std::string(result.Bytes(row, 0));
  record.revision = result.Int(row, 1);
  record.create_revision = result.Int(row, 2);
  record.value = std::string(result.Bytes(row, 3));
  return record;
}

absl::StatusOr<Head> HeadFrom(const Result& result) {
  if (result.rows() != 1) {
    return absl::DataLossError("the store's head row is missing: restore the database from a backup");
  }
  return Head{std::string(result.Bytes(0, 0)), result.Int(0, 1), result.Int(0, 2)};
}

}  // namespace tandem::postgres
