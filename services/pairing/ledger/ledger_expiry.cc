// How requests expire without anybody asking.
#include <map>
#include <utility>
#include <vector>

#include "common/base/status.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "services/pairing/ledger/ledger.h"

namespace tandem::pairing::ledger {
namespace {

// Of one call: so few that the transaction is small, so many that thousands that are due at once take seconds.
constexpr int kMostAtOnce = 128;

}  // namespace

absl::StatusOr<Ledger::Swept> Ledger::ExpireDue() {
  Swept swept;
  // Read once: were a clock to step back in between, rows of open requests would look like leftovers.
  const absl::Time now = Now();
  const auto due = options_.store->Scan(kExpiryPrefix, ExpiryEnd(now), kMostAtOnce);
  if (!due.ok()) return catalog::FromStore(due.status());
  if (due->empty()) return swept;
  swept.more = static_cast<int>(due->size()) == kMostAtOnce;
  const absl::StatusOr<int> together = ExpireTogether(*due, now);
  if (!together.ok() && together.status().code() != absl::StatusCode::kInternal) return together.status();
  if (together.ok() && *together > 0) {
    swept.expired = *together;
    return swept;
  }
  // Somebody wrote one of them meanwhile, or one cannot be read. One by one at least the others make headway.
  absl::Status failure;
  for (const Record& row : *due) {
    const absl::StatusOr<int> expired = ExpireTogether({row}, now);
    if (expired.ok()) {
      swept.expired += *expired;
    } else {
      failure.Update(expired.status());
    }
  }
  if (!failure.ok() && swept.expired == 0) return failure;
  return swept;
}

absl::StatusOr<int> Ledger::ExpireTogether(const std::vector<Record>& due, absl::Time now) {
  std::vector<std::string> keys;
  for (const Record& row : due) {
    const ExpiryRow ids = ParseExpiryKey(row.key);
    keys.push_back(catalog::RecordKey(kPairings, {ids.edition, ids.id}));
  }
  auto records = options_.store->BatchGet(keys);
  if (!records.ok()) return catalog::FromStore(records.status());
  struct Due {
    PairNames names;
    v1::Pairing pairing;
  };
  std::vector<Due> pairs;
  std::map<std::string, std::optional<Record>> rows;  // of parties
  Transaction transaction;
  for (size_t i = 0; i < due.size(); ++i) {
    const std::optional<Record>& record = (*records)[i];
    AddCondition(keys[i], record, &transaction);
    v1::Pairing pairing;
    if (record.has_value()) {
      TANDEM_ASSIGN_OR_RETURN(pairing, ParsePairing(*record));
    }
    const ExpiryRow ids = ParseExpiryKey(due[i].key);
    const absl::Time expires = FromStamp(pairing.request().expire_time());
    if (!IsDue(pairing, now) || due[i].key != ExpiryKey(expires, ids.edition, ids.id)) {
      transaction.writes.push_back(Write::DeleteUnlogged(due[i].key));  // of no open request
      continue;
    }
    const PairNames names(pairing.project(), pairing.investor());
    for (const v1::Side side : {v1::SIDE_PROJECT, v1::SIDE_INVESTOR}) rows[names.PartyKey(side)];
    pairs.push_back({names, std::move(pairing)});
  }

  std::vector<std::string> row_keys;
  for (const auto& row : rows) row_keys.push_back(row.first);
  auto read = options_.store->BatchGet(row_keys);
  if (!read.ok()) return catalog::FromStore(read.status());
  std::map<std::string, PartyCounts> before, after;
  size_t place = 0;
  for (auto& [key, row] : rows) {
    row = std::move((*read)[place++]);
    AddCondition(key, row, &transaction);
    if (!row.has_value()) continue;
    TANDEM_ASSIGN_OR_RETURN(before[key], DecodePartyCounts(row->value));
    after[key] = before[key];
  }
  for (const Due& pair : pairs) {
    PartyCounts& project = after[pair.names.PartyKey(v1::SIDE_PROJECT)];
    PartyCounts& investor = after[pair.names.PartyKey(v1::SIDE_INVESTOR)];
    PairState state{pair.pairing, project, investor};
    Circumstances circumstances;
    circumstances.now = now;
    TANDEM_RETURN_IF_ERROR(Take(Command(), circumstances, &state).status());
    if (options_.extend) TANDEM_RETURN_IF_ERROR(options_.extend(Command(), pair.pairing, &state.pairing, &transaction));
    AddPairingWrites(pair.names, pair.pairing, state.pairing, &transaction);
    project = state.project;
    investor = state.investor;
  }
  for (const auto& [key, counts] : after) AddCountsWrite(key, before[key], counts, false, &transaction);
  std::vector<Transaction> transactions;
  transactions.push_back(std::move(transaction));
  const CommitOutcome outcome = options_.store->Commit(std::move(transactions)).front();
  if (outcome.status.ok()) return static_cast<int>(pairs.size());
  if (outcome.status.code() == absl::StatusCode::kAborted) return 0;
  return catalog::FromStore(outcome.status);
}

}  // namespace tandem::pairing::ledger
