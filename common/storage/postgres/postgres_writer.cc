#include "common/storage/postgres/postgres_writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/storage/log_position.h"
#include "common/storage/postgres/backoff.h"
#include "common/storage/postgres/statement_limit.h"
#include "common/storage/transaction_rules.h"

namespace tandem::postgres {
namespace {

// Changes forgotten in one SQL transaction, so that commits get their turn in between.
constexpr int kForgetAtOnce = 5000;

// One statement's arrays hold about this much; PostgreSQL takes up to 1 GiB.
constexpr size_t kBytesAtOnce = size_t{32} << 20;

// The rows of kInsert or kReplace.
class RecordRows {
 public:
  RecordRows(const char* statement, std::vector<Call>* calls) : statement_(statement), calls_(calls) {}

  void Add(const KeyState& state) {
    keys_.Add(state.key);
    revisions_.Add(state.revision);
    create_revisions_.Add(state.create_revision);
    values_.Add(absl::string_view(*state.value));
    bytes_ += state.key.size() + state.value->size();
    if (bytes_ >= kBytesAtOnce) Finish();
  }

  void Finish() {
    if (keys_.size() == 0) return;
    Call call{statement_, {}};
    call.parameters.Elements(&keys_).Elements(&revisions_).Elements(&create_revisions_).Elements(&values_);
    calls_->push_back(std::move(call));
    bytes_ = 0;
  }

 private:
  const char* const statement_;
  std::vector<Call>* const calls_;
  Array keys_ = Array::OfBytes();
  Array revisions_ = Array::OfInts();
  Array create_revisions_ = Array::OfInts();
  Array values_ = Array::OfBytes();
  size_t bytes_ = 0;
};

void AppendRecords(const BatchPlan& plan, std::vector<Call>* calls) {
  RecordRows inserted(kInsert, calls), replaced(kReplace, calls);
  Array removed = Array::OfBytes();
  for (const KeyState& state : plan.keys()) {
    if (!state.written) continue;
    if (state.revision == 0) {
      if (state.stored) removed.Add(state.key);
    } else {
      (state.stored ? replaced : inserted).Add(state);
    }
  }
  inserted.Finish();
  replaced.Finish();
  if (removed.size() > 0) calls->push_back({kRemove, Parameters().Elements(&removed)});
}

void AppendLog(const BatchPlan& plan, std::vector<Call>* calls) {
  Array positions = Array::OfInts(), keys = Array::OfBytes(), values = Array::OfBytes();
  size_t bytes = 0;
  const auto finish = [&] {
    if (keys.size() == 0) return;
    calls->push_back({kLog, Parameters().Elements(&positions).Elements(&keys).Elements(&values)});
    bytes = 0;
  };
  for (const LogEntry& entry : plan.log()) {
    positions.Add(entry.position);
    keys.Add(absl::string_view(entry.write->key));
    if (entry.write->value.has_value()) {
      values.Add(absl::string_view(*entry.write->value));
      bytes += entry.write->value->size();
    } else {
      values.AddNull();
    }
    bytes += entry.write->key.size();
    if (bytes >= kBytesAtOnce) finish();
  }
  finish();
}

}  // namespace

PostgresWriter::PostgresWriter(Place place, WriterLimits limits, std::function<void(Revision)> committed)
    : place_(std::move(place)),
      limits_(limits),
      committed_(std::move(committed)),
      name_(absl::StrCat("tandem-writer-", RandomUuid())),
      session_(WriterSession(place_, name_)) {}

absl::Status PostgresWriter::Connect() {
  if (connection_ != nullptr && !connection_->lost()) return absl::OkStatus();
  connection_.reset();
  TANDEM_ASSIGN_OR_RETURN(connection_, Connection::Open(place_.conninfo, session_, place_.limit()));
  return Run({{kForgetWriters, {}}}).status();
}

absl::StatusOr<std::vector<Result>> PostgresWriter::Run(const std::vector<Call>& calls) {
  absl::StatusOr<std::vector<Result>> results = connection_->Run(calls);
  if (!results.ok()) Abandon();
  return results;
}

void PostgresWriter::Abandon() {
  if (connection_->lost() || (connection_->InTransaction() && !connection_->Run({{kRollback, {}}}).ok())) {
    connection_.reset();
  }
}

void PostgresWriter::WriteBatch(absl::Span<PendingTransaction* const> batch) {
  TimePoint deadline = TimePoint::min();
  for (const PendingTransaction* item : batch) deadline = std::max(deadline, item->deadline);
  Backoff backoff(limits_.retry, deadline);
  absl::Status status = TryBatch(batch, deadline);
  while (absl::IsUnavailable(status) && backoff.Pause()) status = TryBatch(batch, deadline);
  if (status.ok()) return;
  for (PendingTransaction* item : batch) {
    // A transaction without an effect is not in doubt.
    const bool in_doubt = item->outcome.status.ok() && !item->transaction.writes.empty();
    item->outcome = CommitOutcome();
    item->outcome.status = !absl::IsUnknown(status) || in_doubt
                               ? status
                               : MakeError(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE", status.message(),
                                           {{"cause", "connection"}});
  }
}

absl::Status PostgresWriter::TryBatch(absl::Span<PendingTransaction* const> batch, TimePoint deadline) {
  TANDEM_RETURN_IF_ERROR(Connect());
  connection_->LimitStatements(StatementLimit(std::chrono::steady_clock::now(), deadline, place_.operation));
  BatchPlan plan(batch);
  Revision head = 0;
  TANDEM_RETURN_IF_ERROR(Decide(&plan, &head));
  if (plan.revision() == head) {
    Abandon();
    return absl::OkStatus();
  }
  TANDEM_RETURN_IF_ERROR(Write(plan));
  committed_(plan.revision());
  return absl::OkStatus();
}

absl::Status PostgresWriter::Decide(BatchPlan* plan, Revision* head) {
  Array keys = Array::OfBytes();
  for (const KeyState& state : plan->keys()) keys.Add(state.key);
  // The head is locked first. Finding is a statement after it, with a snapshot of its own at READ COMMITTED: it sees
  // what whoever held the head before has committed.
  std::vector<Call> calls = {{kBegin, {}}, {kLock, {}}, {kFind, Parameters().Elements(&keys)}};
  const bool lock_last = Deviates("storage.lock-first");
  if (lock_last) std::swap(calls[1], calls[2]);
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Result> results, Run(calls));
  const Result& locked = results[lock_last ? 2 : 1];
  if (locked.rows() != 1) {
    Abandon();
    return absl::DataLossError("the store's head row is missing: restore the database from a backup");
  }
  *head = locked.Int(0, 0);
  const Result& found = results[lock_last ? 1 : 2];
  for (int row = 0; row < found.rows(); ++row) {
    plan->Found(found.Bytes(row, 0), found.Int(row, 1), found.Int(row, 2));
  }
  plan->Decide(*head);
  return absl::OkStatus();
}

absl::Status PostgresWriter::Write(const BatchPlan& plan) {
  const int64_t number = ++batch_number_;
  const int pid = connection_->backend_pid();
  std::vector<Call> calls;
  AppendRecords(plan, &calls);
  AppendLog(plan, &calls);
  calls.push_back({kMark, Parameters().Bytes(name_).Int(number)});
  calls.push_back({kAdvance, Parameters().Int(plan.revision())});
  calls.push_back({kCommit, {}});
  if (Deviates("storage.commit-first")) {
    Abandon();
    return absl::OkStatus();
  }
  PassPoint("storage.before-commit");
  const absl::StatusOr<std::vector<Result>> results = connection_->Run(calls);
  PassPoint("storage.after-commit");
  if (results.ok()) {
    if (results->back().command() == "COMMIT") return absl::OkStatus();
    return absl::InternalError("the database rolled back what it was told to commit");
  }
  if (!connection_->lost()) {
    // The server refused a statement and skipped the rest, COMMIT among it.
    Abandon();
    return results.status();
  }
  connection_.reset();
  if (Deviates("storage.outcome-not-committed")) return results.status();
  if (Deviates("storage.outcome-committed")) return absl::OkStatus();
  switch (Resolve(number, pid)) {
    case Fate::kCommitted:
      return absl::OkStatus();
    case Fate::kRolledBack:
      return results.status();
    case Fate::kUnknown:
      break;
  }
  return MakeError(absl::StatusCode::kUnknown, "OUTCOME_UNKNOWN",
                   "the connection to the database was lost during a commit and the database could not be asked since: "
                   "read whether the change is there before repeating it");
}

PostgresWriter::Fate PostgresWriter::Resolve(int64_t number, int lost_pid) {
  Backoff backoff(limits_.resolve);
  do {
    const absl::StatusOr<Fate> fate = TryToResolve(number, lost_pid);
    if (fate.ok()) return *fate;
  } while (backoff.Pause());
  return Fate::kUnknown;
}

absl::StatusOr<PostgresWriter::Fate> PostgresWriter::TryToResolve(int64_t number, int lost_pid) {
  TANDEM_RETURN_IF_ERROR(Connect());
  // The lost connection's transaction holds the head until it is over, and nothing of it comes after: whoever has the
  // head finds its mark, or never will. The server may not have noticed that the connection is lost: it is ended.
  TANDEM_RETURN_IF_ERROR(Run({{kEnd, Parameters().Bytes(name_).Int(lost_pid)}}).status());
  TANDEM_ASSIGN_OR_RETURN(
      const std::vector<Result> results,
      Run({{kBegin, {}}, {kLock, {}}, {kFindMark, Parameters().Bytes(name_).Int(number)}, {kRollback, {}}}));
  return results[2].rows() > 0 ? Fate::kCommitted : Fate::kRolledBack;
}

absl::StatusOr<bool> PostgresWriter::CompactSome(Revision through) {
  Backoff backoff(limits_.retry);
  // To forget twice is to forget once, so that a lost answer does not matter.
  absl::StatusOr<bool> done = TryToCompact(through);
  while (absl::IsUnavailable(done.status()) && backoff.Pause()) done = TryToCompact(through);
  return done;
}

absl::StatusOr<bool> PostgresWriter::TryToCompact(Revision through) {
  TANDEM_RETURN_IF_ERROR(Connect());
  connection_->LimitStatements(place_.operation);
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Result> locked, Run({{kBegin, {}}, {kLock, {}}}));
  absl::Status checked = locked[1].rows() == 1 ? CheckCompaction(through, locked[1].Int(0, 0))
                                               : absl::DataLossError("the store's head row is missing");
  if (!checked.ok()) {
    Abandon();
    return checked;
  }
  std::vector<Call> calls;
  const Revision floor = std::max(through, locked[1].Int(0, 1));
  if (floor != locked[1].Int(0, 1)) calls.push_back({kRaiseFloor, Parameters().Int(floor)});
  calls.push_back({kForget, Parameters().Int(FirstPosition(floor + 1)).Int(kForgetAtOnce)});
  calls.push_back({kCommit, {}});
  PassPoint("storage.compaction");
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Result> results, Run(calls));
  return results[results.size() - 2].changed() < kForgetAtOnce;
}

}  // namespace tandem::postgres
