// What befalls a party's record, and what that does to all of its pairings.
#include <map>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "services/pairing/ledger/ledger.h"

namespace tandem::pairing::ledger {
namespace {

using Step = Command::Step;

// Others may win this often before they wait, and this often before it is given up for now.
constexpr int kFreeAttempts = 3;
constexpr int kAttempts = 8;
constexpr int kReadAtOnce = 1000;
// Until expiry has caught up: each takes a hundred and more.
constexpr int kMostSweeps = 1000;

v1::Side SideOf(const std::string& party) {
  return absl::StrContains(party, "/projects/") ? v1::SIDE_PROJECT : v1::SIDE_INVESTOR;
}

// The pairings of `party` as they are; in pages, for there may be thousands.
absl::StatusOr<std::vector<Record>> ReadPairings(RecordStore* store, const std::string& party) {
  const std::string prefix = ListPrefix(party);
  const std::string edition =
      party.substr(sizeof("editions/") - 1, party.find('/', sizeof("editions/") - 1) - (sizeof("editions/") - 1));
  std::vector<Record> pairings;
  std::string begin = prefix;
  while (true) {
    const auto rows = store->Scan(begin, catalog::PrefixEnd(prefix), kReadAtOnce);
    if (!rows.ok()) return catalog::FromStore(rows.status());
    std::vector<std::string> keys;
    for (const Record& row : *rows)
      keys.push_back(catalog::RecordKey(kPairings, {edition, row.key.substr(prefix.size())}));
    auto records = store->BatchGet(keys);
    if (!records.ok()) return catalog::FromStore(records.status());
    for (auto& record : *records) {
      if (record.has_value()) pairings.push_back(*std::move(record));
    }
    if (rows->size() < static_cast<size_t>(kReadAtOnce)) return pairings;
    begin = absl::StrCat(rows->back().key, absl::string_view("\0", 1));
  }
}

struct CountsRow {
  std::optional<Record> record;
  PartyCounts before, after;
};

absl::StatusOr<CountsRow> ParseRow(std::optional<Record> record) {
  CountsRow row;
  if (record.has_value()) {
    TANDEM_ASSIGN_OR_RETURN(row.before, DecodePartyCounts(record->value));
  }
  row.after = row.before;
  row.record = std::move(record);
  return row;
}

}  // namespace

struct Ledger::PartyPlan {
  Transaction transaction;
  int changed = 0;
  bool due = false;  // requests have to expire first
};

absl::StatusOr<Ledger::EventDone> Ledger::PartyLeft(const PartyEvent& event) {
  Command command;
  command.step = Step::kLeave;
  return OnEvent(event, command);
}

absl::StatusOr<Ledger::EventDone> Ledger::PartyChanged(const PartyEvent& event) {
  Command command;
  command.step = Step::kJudge;
  return OnEvent(event, command);
}

absl::StatusOr<Ledger::EventDone> Ledger::OnEvent(const PartyEvent& event, Command command) {
  command.side = SideOf(event.party);
  command.actor = event.actor;
  command.detail = event.detail;
  Mutex& turn = stripes_[absl::Hash<absl::string_view>()(event.party) % kStripes].mutex;
  for (int attempt = 0, sweeps = 0; attempt < kAttempts; ++attempt) {
    bool due = false;
    std::optional<EventDone> done;
    if (attempt < kFreeAttempts) {
      const SharedLock gate(&gate_);
      MutexLock lock(&turn);
      TANDEM_ASSIGN_OR_RETURN(done, TryEvent(event, command, sweeps < kMostSweeps ? &due : nullptr));
    } else {
      const ExclusiveLock gate(&gate_);
      TANDEM_ASSIGN_OR_RETURN(done, TryEvent(event, command, sweeps < kMostSweeps ? &due : nullptr));
    }
    if (done.has_value()) return *done;
    if (!due) continue;
    // What is over is over: it is not closed by who leaves later.
    TANDEM_RETURN_IF_ERROR(ExpireDue().status());
    ++sweeps;
    --attempt;
  }
  return MakeError(absl::StatusCode::kAborted, "CONTENTION",
                   "others wrote the pairings of a party that left or changed, again and again: it is tried again",
                   {{"resource", event.party}});
}

absl::StatusOr<std::optional<Ledger::EventDone>> Ledger::TryEvent(const PartyEvent& event, const Command& command,
                                                                  bool* due) {
  TANDEM_ASSIGN_OR_RETURN(PartyPlan plan, PlanEvent(event, command));
  if (plan.due && due != nullptr) {
    *due = true;
    return std::nullopt;
  }
  if (plan.transaction.writes.size() > kMaxTransactionWrites) {
    return MakeError(absl::StatusCode::kInternal, "INTERNAL",
                     absl::StrCat("what befell ", event.party, " needs ", plan.transaction.writes.size(),
                                  " writes, and a transaction holds ", kMaxTransactionWrites,
                                  ": nothing was done; end some of its pairings first"));
  }
  std::vector<Transaction> transactions;
  transactions.push_back(std::move(plan.transaction));
  const CommitOutcome outcome = options_.store->Commit(std::move(transactions)).front();
  if (outcome.status.ok()) return EventDone{false, plan.changed};
  if (outcome.status.code() != absl::StatusCode::kAborted) return catalog::FromStore(outcome.status);
  const bool guarded = outcome.failed_condition < static_cast<int>(event.guard.conditions.size());
  if (guarded) return EventDone{true, 0};
  return std::nullopt;
}

absl::StatusOr<Ledger::PartyPlan> Ledger::PlanEvent(const PartyEvent& event, const Command& of) {
  const v1::Side side = of.side, other = OtherSide(side);
  const bool leaves = of.step == Step::kLeave;
  PartyPlan plan;
  plan.transaction = event.guard;
  // Its row before the list: who adds a pairing to the list meanwhile writes the row.
  const std::string key = PartyKey(event.party);
  auto row = options_.store->Get(key);
  if (!row.ok()) return catalog::FromStore(row.status());
  TANDEM_ASSIGN_OR_RETURN(CountsRow own, ParseRow(*std::move(row)));
  AddCondition(key, own.record, &plan.transaction);
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Record> records, ReadPairings(options_.store, event.party));

  const absl::Time now = Now();
  std::vector<v1::Pairing> pairings;
  std::vector<Condition> as_read;
  std::map<std::string, CountsRow> others;
  for (const Record& record : records) {
    TANDEM_ASSIGN_OR_RETURN(v1::Pairing pairing, ParsePairing(record));
    const bool over = pairing.state() == v1::Pairing::STATE_CLOSED || pairing.state() == v1::Pairing::STATE_BLOCKED;
    if (leaves ? over : pairing.state() != v1::Pairing::STATE_REQUESTED) continue;
    plan.due |= IsDue(pairing, now);
    others[PartyKey(PartyOf(pairing, other))];
    pairings.push_back(std::move(pairing));
    as_read.push_back(Condition::AtRevision(record.key, record.revision));
  }
  if (plan.due) return plan;
  if (event.if_absent && !pairings.empty()) {
    const v1::Pairing& any = pairings.front();
    TANDEM_ASSIGN_OR_RETURN(const PartyStates states,
                            options_.parties->Look(any.project(), any.investor(), Deadline::max()));
    if ((side == v1::SIDE_PROJECT ? states.project : states.investor) != PartyState::kAbsent) {
      plan.transaction = event.guard;
      return plan;
    }
  }
  if (leaves) {
    std::vector<std::string> keys;
    for (const auto& each : others) keys.push_back(each.first);
    auto read = options_.store->BatchGet(keys);
    if (!read.ok()) return catalog::FromStore(read.status());
    size_t place = 0;
    for (auto& each : others) {
      TANDEM_ASSIGN_OR_RETURN(each.second, ParseRow(std::move((*read)[place++])));
    }
  }

  Command command = of;
  std::vector<Turn> turns;
  Circumstances at;
  at.now = now;
  for (size_t i = 0; i < pairings.size(); ++i) {
    const v1::Pairing& pairing = pairings[i];
    if (!leaves) {
      const auto rules = options_.unmet ? options_.unmet(pairing.project(), pairing.investor()) : std::nullopt;
      if (!rules.has_value()) continue;
      command.rules = *rules;
    }
    CountsRow& theirs = others[PartyKey(PartyOf(pairing, other))];
    const bool of_project = side == v1::SIDE_PROJECT;
    PairState state{pairing, (of_project ? own : theirs).after, (of_project ? theirs : own).after};
    TANDEM_ASSIGN_OR_RETURN(const bool taken, Take(command, at, &state));
    if (!taken) continue;
    (of_project ? own : theirs).after = state.project;
    (of_project ? theirs : own).after = state.investor;
    plan.transaction.conditions.push_back(std::move(as_read[i]));
    turns.push_back({pairing, std::move(state.pairing)});
  }
  if (options_.extend_all) {
    TANDEM_RETURN_IF_ERROR(options_.extend_all(command, &turns, &plan.transaction));
  } else if (options_.extend) {
    for (Turn& turn : turns)
      TANDEM_RETURN_IF_ERROR(options_.extend(command, turn.before, &turn.after, &plan.transaction));
  }
  for (const Turn& turn : turns)
    AddPairingWrites(PairNames(turn.before.project(), turn.before.investor()), turn.before, turn.after,
                     &plan.transaction);
  for (const auto& [their_key, theirs] : others) {
    if (theirs.before == theirs.after) continue;
    AddCondition(their_key, theirs.record, &plan.transaction);
    AddCountsWrite(their_key, theirs.before, theirs.after, false, &plan.transaction);
  }
  // Also when nothing was open: a step that looked before must not go on after.
  if (leaves && !Deviates("effects.departure")) ++own.after.departures;
  AddCountsWrite(key, own.before, own.after, leaves, &plan.transaction);
  plan.changed = static_cast<int>(turns.size());
  return plan;
}

}  // namespace tandem::pairing::ledger
