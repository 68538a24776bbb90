#include "services/pairing/runs/run_log.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/each_record.h"
#include "common/catalog/fields.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"

namespace tandem::pairing {
namespace {

using type::v1::Run;

constexpr char kRuns[] = "runs";
constexpr int kAttempts = 16;

absl::Status Unreadable() { return MakeError(absl::StatusCode::kInternal, "INTERNAL", "a stored run cannot be read"); }

absl::Status NotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND",
                   absl::StrCat("there is no ", name, "; ListRuns says which are kept"),
                   {{"resource", std::string(name)}});
}

std::string KeyOf(absl::string_view name) {
  static const catalog::NamePattern pattern("editions/{edition}/runs/{run}");
  const auto ids = pattern.Match(name);
  return ids.has_value() ? catalog::RecordKey(kRuns, *ids) : std::string();
}

// Calls `visit` with each row and what it says.
absl::Status Scan(RecordStore* store, const std::string& prefix,
                  const std::function<void(const Record& record, Run run)>& visit) {
  return catalog::ForEachRecord(store, prefix, [&visit](const Record& record) {
    Run run;
    if (!run.ParseFromString(record.value)) return Unreadable();
    visit(record, std::move(run));
    return absl::OkStatus();
  });
}

// Names of the ended runs beyond the limit, the oldest ones.
std::vector<std::string> TooMany(std::vector<Run> runs) {
  runs.erase(std::remove_if(runs.begin(), runs.end(), [](const Run& run) { return !HasEnded(run); }), runs.end());
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) {
    const auto& x = a.create_time();
    const auto& y = b.create_time();
    return x.seconds() != y.seconds() ? x.seconds() > y.seconds() : x.nanos() > y.nanos();
  });
  std::vector<std::string> names;
  for (size_t i = RunLog::kKeptPerEdition; i < runs.size(); ++i) names.push_back(runs[i].name());
  return names;
}

}  // namespace

bool HasEnded(const Run& run) {
  return run.state() == Run::STATE_SUCCEEDED || run.state() == Run::STATE_FAILED || run.state() == Run::STATE_CANCELLED;
}

absl::StatusOr<Run> RunLog::Create(absl::string_view edition, const RunRequestId& id, Run run, bool* repeated) {
  *repeated = false;
  TANDEM_ASSIGN_OR_RETURN(std::vector<Run> runs, List(edition));
  const std::vector<std::string> forgotten = TooMany(std::move(runs));
  run.set_state(Run::STATE_PENDING);
  catalog::SetTime(&run, Run::descriptor()->FindFieldByName("create_time"), clock_->Now());
  const std::string number_key = absl::StrCat("n/runs/", edition);
  const std::string request_key =
      id.request_id.empty() ? "" : catalog::RequestLog::Key(edition, id.method, id.actor, id.request_id);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto number_row = store_->Get(number_key);
    if (!number_row.ok()) return catalog::FromStore(number_row.status());
    Transaction transaction;
    std::optional<Record> request_row;
    if (!request_key.empty()) {
      auto row = store_->Get(request_key);
      if (!row.ok()) return catalog::FromStore(row.status());
      request_row = *std::move(row);
      TANDEM_ASSIGN_OR_RETURN(const auto remembered, requests_.Read(request_row, id.hash, id.request_id));
      if (remembered.has_value()) {
        *repeated = true;
        run.set_name(remembered->payload);
        return run;
      }
    }
    int64_t last = 0;
    if (number_row->has_value() && !absl::SimpleAtoi((*number_row)->value, &last)) return Unreadable();
    run.set_name(absl::StrCat("editions/", edition, "/runs/", run.kind(), "-", last + 1));
    if (!request_key.empty()) requests_.Add(request_key, request_row, id.hash, run.name(), 0, &transaction);
    transaction.conditions.push_back(number_row->has_value()
                                         ? Condition::AtRevision(number_key, (*number_row)->revision)
                                         : Condition::Absent(number_key));
    transaction.writes.push_back(Write::PutUnlogged(number_key, absl::StrCat(last + 1)));
    transaction.writes.push_back(Write::PutUnlogged(KeyOf(run.name()), catalog::SerializeDeterministically(run)));
    for (const std::string& name : forgotten) transaction.writes.push_back(Write::DeleteUnlogged(KeyOf(name)));
    const CommitOutcome outcome = store_->Commit({std::move(transaction)}).front();
    if (outcome.status.ok()) {
      if (!request_key.empty()) requests_.Written(1);
      return run;
    }
    if (outcome.status.code() != absl::StatusCode::kAborted) return catalog::FromStore(outcome.status);
  }
  return MakeError(absl::StatusCode::kAborted, "CONTENTION",
                   "others start runs of this edition at the same moment: retry", {{"resource", run.name()}});
}

absl::StatusOr<Run> RunLog::Update(const std::string& name, const std::function<bool(Run*)>& change) {
  const std::string key = KeyOf(name);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto record = key.empty() ? absl::StatusOr<std::optional<Record>>(std::nullopt) : store_->Get(key);
    if (!record.ok()) return catalog::FromStore(record.status());
    if (!record->has_value()) return NotFound(name);
    Run run;
    if (!run.ParseFromString((*record)->value)) return Unreadable();
    if (!change(&run)) return run;
    const absl::Status written = Put(run, (*record)->revision);
    if (written.ok()) return run;
    if (!absl::IsAborted(written)) return catalog::FromStore(written);
  }
  return MakeError(absl::StatusCode::kAborted, "CONTENTION", "others change this run at the same moment: retry",
                   {{"resource", name}});
}

absl::Status RunLog::Put(const Run& run, Revision revision) {
  const std::string key = KeyOf(run.name());
  Transaction transaction;
  transaction.conditions.push_back(Condition::AtRevision(key, revision));
  transaction.writes.push_back(Write::PutUnlogged(key, catalog::SerializeDeterministically(run)));
  return store_->Commit({std::move(transaction)}).front().status;
}

absl::StatusOr<Run> RunLog::Find(absl::string_view name) const {
  const std::string key = KeyOf(name);
  if (!key.empty()) {
    const auto record = store_->Get(key);
    if (!record.ok()) return catalog::FromStore(record.status());
    if (record->has_value()) {
      Run run;
      if (!run.ParseFromString((*record)->value)) return Unreadable();
      return run;
    }
  }
  return NotFound(name);
}

absl::StatusOr<std::vector<Run>> RunLog::List(absl::string_view edition) const {
  std::vector<Run> runs;
  TANDEM_RETURN_IF_ERROR(Scan(store_, catalog::RecordPrefix(kRuns, {std::string(edition)}),
                              [&](const Record&, Run run) { runs.push_back(std::move(run)); }));
  return runs;
}

absl::StatusOr<std::map<std::string, Revision>> RunLog::Unended() const {
  std::map<std::string, Revision> unended;
  TANDEM_RETURN_IF_ERROR(Scan(store_, catalog::RecordPrefix(kRuns), [&](const Record& record, const Run& run) {
    if (!HasEnded(run)) unended[run.name()] = record.revision;
  }));
  return unended;
}

absl::Status RunLog::FailIfAt(const std::string& name, Revision revision, const google::rpc::Status& error) {
  TANDEM_ASSIGN_OR_RETURN(Run run, Find(name));
  if (HasEnded(run)) return absl::OkStatus();
  run.set_state(Run::STATE_FAILED);
  *run.mutable_error() = error;
  catalog::SetTime(&run, Run::descriptor()->FindFieldByName("end_time"), clock_->Now());
  return Put(run, revision);
}

}  // namespace tandem::pairing
