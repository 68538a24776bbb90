#include "tests/bench/accept/replay.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "services/pairing/ledger/rows.h"
#include "tests/bench/accept/zone.h"

namespace tandem::bench {

Replay::Replay(Tapped tapped, std::string edition, Revision edition_revision)
    : tapped_(std::move(tapped)), edition_(std::move(edition)), edition_revision_(edition_revision) {}

Transaction Replay::Rewrite(const Transaction& tapped, int64_t number, Revision requested) const {
  const std::string project = ProjectId(number), investor = InvestorId(number);
  const std::string pairing = pairing::ledger::PairingId(project, investor);
  const std::vector<std::pair<absl::string_view, absl::string_view>> names = {{tapped_.edition, edition_},
                                                                              {tapped_.project, project},
                                                                              {tapped_.investor, investor},
                                                                              {tapped_.pairing, pairing}};
  const auto key_of = [&](const std::string& key) {
    std::string rewritten = absl::StrReplaceAll(key, names);
    // Places and interpreters are of no pair: each acceptance has claimed others.
    if (absl::StartsWith(key, "place/") || absl::StartsWith(key, "interpreter/"))
      absl::StrAppend(&rewritten, "/", number);
    return rewritten;
  };
  Transaction rewritten = tapped;
  for (Condition& condition : rewritten.conditions) {
    condition.key = key_of(condition.key);
    if (condition.kind == Condition::Kind::kAtRevision)
      condition.revision = absl::StartsWith(condition.key, "r/editions/") ? edition_revision_ : requested;
  }
  for (Write& write : rewritten.writes) {
    write.key = key_of(write.key);
    if (write.value.has_value()) write.value = absl::StrReplaceAll(*write.value, names);
  }
  return rewritten;
}

absl::StatusOr<double> Replay::Commit(RecordStore* store, int64_t number) const {
  std::vector<Transaction> transactions;
  transactions.push_back(Rewrite(tapped_.request, number, 0));
  const CommitOutcome requested = store->Commit(std::move(transactions)).front();
  if (!requested.status.ok()) return requested.status;
  transactions = {Rewrite(tapped_.accept, number, requested.revision)};
  const auto sent = std::chrono::steady_clock::now();
  const CommitOutcome accepted = store->Commit(std::move(transactions)).front();
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - sent;
  if (!accepted.status.ok()) return accepted.status;
  return took.count();
}

std::string Replay::Describe() const {
  size_t bytes = 0;
  for (const Write& write : tapped_.accept.writes) bytes += write.key.size() + write.value.value_or("").size();
  return absl::StrCat(tapped_.reads, " reads, ", tapped_.accept.conditions.size(), " conditions, ",
                      tapped_.accept.writes.size(), " writes, ", bytes, " bytes");
}

}  // namespace tandem::bench
