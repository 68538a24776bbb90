#include "tests/fault/contend/witness.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/pairing/ledger/decision.h"
#include "services/pairing/ledger/rules_cache.h"

namespace tandem::contend {
namespace {

using pairing::Problems;
using pairing::ledger::PartyCounts;

constexpr int kAtOnce = 1000;
constexpr Revision kKept = 20'000;  // revisions that are left in the log when it is compacted

std::string EditionOf(const std::string& name) { return name.substr(0, name.find('/', name.find('/') + 1)); }

}  // namespace

absl::Status Witness::CatchUp(bool compact) {
  for (;;) {
    const auto batch = store_->Changes(through_, kAtOnce);
    if (!batch.ok()) return batch.status();
    for (size_t i = 0; i < batch->changes.size(); ++i) {
      const Change& change = batch->changes[i];
      Apply(change);
      if (i + 1 < batch->changes.size() && batch->changes[i + 1].revision == change.revision) continue;
      meetings_.EndCommit(absl::StrCat("revision ", change.revision));
      ++commits_;
    }
    if (batch->through == through_) return absl::OkStatus();
    through_ = batch->through;
    if (compact && through_ - compacted_ > 2 * kKept) {
      compacted_ = through_ - kKept;
      const absl::Status status = store_->CompactLog(compacted_);
      if (!status.ok()) return status;
    }
  }
}

void Witness::Apply(const Change& change) {
  const size_t slash = change.key.find('/', 2);
  if (slash == std::string::npos || change.key.substr(slash + 1, prefix_.size()) != prefix_) return;
  const std::string kind = change.key.substr(0, slash);
  const std::string where = absl::StrCat("revision ", change.revision, " ", change.key);
  if (kind != "r/pairings" && kind != "r/meetings" && kind != "r/editions") return;
  const auto bad = [&](absl::string_view what) { problems_->Add(&Problems::history, absl::StrCat(where, ": ", what)); };
  if (!change.value.has_value()) return bad("was deleted");
  if (kind == "r/pairings") {
    v1::Pairing pairing;
    if (!pairing.ParseFromString(*change.value)) return bad("cannot be read");
    Apply(pairing, change.revision, where);
  } else if (kind == "r/meetings") {
    v1::Meeting meeting;
    if (!meeting.ParseFromString(*change.value)) return bad("cannot be read");
    meetings_.Apply(meeting, where);
    if (const auto operation = Promises::OperationOf(meeting.change().actor()); operation.has_value())
      promises_->Seen(*operation, change.revision, problems_);
  } else {
    v1::Edition edition;
    if (!edition.ParseFromString(*change.value)) return bad("cannot be read");
    const auto rules = pairing::ledger::RulesOf(edition);
    if (!rules.ok()) return bad("has no rules");
    rules_[edition.name()] = *rules;
    meetings_.Apply(edition);
    return;
  }
  MutexLock lock(&mutex_);
  records_[change.key] = *change.value;
}

std::optional<std::string> Witness::RecordNow(const std::string& key) const {
  MutexLock lock(&mutex_);
  const auto record = records_.find(key);
  return record == records_.end() ? std::nullopt : std::make_optional(record->second);
}

void Witness::Apply(const v1::Pairing& pairing, Revision revision, const std::string& where) {
  const auto rules = rules_.find(EditionOf(pairing.name()));
  if (rules == rules_.end()) return problems_->Add(&Problems::history, absl::StrCat(where, ": of no edition"));
  ledger_.Apply(pairing, *rules->second, where);
  meetings_.Apply(pairing);
  ++causes_[pairing.change().cause()];
  NoteQuotas(v1::SIDE_PROJECT, pairing.project(), *rules->second, revision);
  NoteQuotas(v1::SIDE_INVESTOR, pairing.investor(), *rules->second, revision);
  if (const auto operation = Promises::OperationOf(pairing.change().actor()); operation.has_value())
    promises_->Seen(*operation, revision, problems_);
}

void Witness::NoteQuotas(v1::Side side, const std::string& party, const pairing::ledger::Rules& rules,
                         Revision revision) {
  const v1::Quotas& quotas = rules.quotas(side);
  const PartyCounts& counts = ledger_.counts().at(party);
  const auto note = [&](const char* quota, int64_t used, int64_t limit) {
    if (limit == 0) return;
    auto& changes = used_up_[{party, quota}];
    const bool is = used >= limit;
    if (changes.empty() ? is : changes.back().second != is) changes.emplace_back(revision, is);
  };
  note("outgoing_pending", counts.outgoing.pending, quotas.outgoing_pending());
  note("outgoing_per_day", counts.outgoing.on_day, quotas.outgoing_per_day());
  note("outgoing_total", counts.outgoing.total, quotas.outgoing_total());
  note("incoming_pending", counts.incoming.pending, quotas.incoming_pending());
  note("incoming_per_day", counts.incoming.on_day, quotas.incoming_per_day());
  note("incoming_total", counts.incoming.total, quotas.incoming_total());
  note("pairings", counts.pairings, quotas.pairings());
}

void Witness::Check(const std::vector<QuotaRefusal>& refusals) {
  for (const QuotaRefusal& refusal : refusals) {
    const auto& changes = used_up_[{refusal.party, refusal.quota}];
    // The last change that was made before anything the caller can have read, and those after it.
    auto change = std::upper_bound(changes.begin(), changes.end(), std::make_pair(refusal.from, true));
    if (change != changes.begin()) --change;
    bool used_up = false;
    for (; change != changes.end() && change->first <= refusal.to; ++change) used_up |= change->second;
    if (!used_up)
      problems_->Add(&Problems::quotas,
                     absl::StrCat(refusal.party, " was refused for its quota ", refusal.quota, " between revisions ",
                                  refusal.from, " and ", refusal.to, ", when it was not used up"));
  }
}

}  // namespace tandem::contend
