#include "tests/support/pairing_history/ledger_history.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "services/pairing/ledger/decision.h"

namespace tandem::pairing::ledger {
namespace {

using v1::Change;
using v1::Pairing;

// From which states a cause leads to which.
bool Leads(Pairing::State from, Change::Cause cause, Pairing::State to) {
  const bool quiet = from == Pairing::STATE_UNSPECIFIED || from == Pairing::STATE_OPEN ||
                     from == Pairing::STATE_DECLINED || from == Pairing::STATE_WITHDRAWN ||
                     from == Pairing::STATE_EXPIRED || from == Pairing::STATE_CLOSED;
  switch (cause) {
    case Change::CAUSE_STANCE:
      if (from == Pairing::STATE_UNSPECIFIED) return to == Pairing::STATE_OPEN || to == Pairing::STATE_MUTUAL;
      if (from == Pairing::STATE_BLOCKED)
        return to == Pairing::STATE_BLOCKED || to == Pairing::STATE_OPEN || to == Pairing::STATE_MUTUAL;
      return to == from || (quiet && to == Pairing::STATE_MUTUAL);
    case Change::CAUSE_REQUEST:
      // Also the investor's, sent again to confirm it.
      return (quiet || from == Pairing::STATE_REQUESTED) && to == Pairing::STATE_REQUESTED;
    case Change::CAUSE_ACCEPT:
      return (quiet || from == Pairing::STATE_REQUESTED) && to == Pairing::STATE_MUTUAL;
    case Change::CAUSE_DECLINE:
      return from == Pairing::STATE_REQUESTED && to == Pairing::STATE_DECLINED;
    case Change::CAUSE_WITHDRAW:
      return (from == Pairing::STATE_REQUESTED || from == Pairing::STATE_MUTUAL) && to == Pairing::STATE_WITHDRAWN;
    case Change::CAUSE_EXPIRY:
      return from == Pairing::STATE_REQUESTED && to == Pairing::STATE_EXPIRED;
    case Change::CAUSE_BLOCK:
      return to == Pairing::STATE_BLOCKED;
    case Change::CAUSE_MEETING:
      return to == from;
    case Change::CAUSE_PARTY_LEFT:
      return from != Pairing::STATE_UNSPECIFIED && from != Pairing::STATE_BLOCKED && from != Pairing::STATE_CLOSED &&
             to == Pairing::STATE_CLOSED;
    case Change::CAUSE_PARTY_CHANGED:
      return from == Pairing::STATE_REQUESTED && to == from;
    default:
      return false;
  }
}

bool Over(int64_t used, int64_t limit) { return limit > 0 && used > limit; }

}  // namespace

void LedgerHistory::Apply(const Pairing& is, const Rules& rules, const std::string& where) {
  const Pairing was = std::exchange(now_[is.name()], is);
  const auto bad = [&](int64_t Problems::*kind, absl::string_view what) {
    problems_->Add(kind, absl::StrCat(where, ": ", what, ": ", was.ShortDebugString(), " -> ", is.ShortDebugString()));
  };
  if (was.name().empty() && !pairs_.insert(absl::StrCat(is.project(), " ", is.investor())).second)
    bad(&Problems::pairs, "second record");
  if (!was.name().empty() && (was.project() != is.project() || was.investor() != is.investor()))
    bad(&Problems::pairs, "another pair");
  const Change::Cause cause = is.change().cause();
  if (!Leads(was.state(), cause, is.state())) bad(&Problems::history, "no such step");
  const bool both = IsInterest(StanceOf(is, v1::SIDE_PROJECT)) && IsInterest(StanceOf(is, v1::SIDE_INVESTOR));
  if (both != (is.state() == Pairing::STATE_MUTUAL)) bad(&Problems::history, "mutual is not what both say");
  const absl::Time time = FromStamp(is.change().time());
  const bool open = was.state() == Pairing::STATE_REQUESTED, opens = is.state() == Pairing::STATE_REQUESTED;
  if (open && !opens) {
    if (!is.request().has_close_time()) bad(&Problems::history, "a request ended without a time");
    const bool late = time >= FromStamp(was.request().expire_time());
    if (late != (cause == Change::CAUSE_EXPIRY))
      bad(&Problems::history, "a request ended on the wrong side of its expiry");
  }
  for (const v1::Side side : {v1::SIDE_PROJECT, v1::SIDE_INVESTOR}) {
    PartyCounts& party = counts_[PartyOf(is, side)];
    const v1::Quotas& quotas = rules.quotas(side);
    const PartyCounts before = party;
    const int32_t day = rules.local_day(time);
    Traffic& traffic = is.request().sender() == side ? party.outgoing : party.incoming;
    if (!open && opens) traffic.Add(day);
    if (open && !opens) --traffic.pending;
    party.pairings += (is.state() == Pairing::STATE_MUTUAL) - (was.state() == Pairing::STATE_MUTUAL);
    const auto check = [&](absl::string_view quota, int64_t used, int64_t used_before, int64_t limit) {
      if (used > used_before && Over(used, limit))
        bad(&Problems::quotas, absl::StrCat("quota ", quota, " of ", PartyOf(is, side)));
    };
    check("outgoing_pending", party.outgoing.pending, before.outgoing.pending, quotas.outgoing_pending());
    check("outgoing_per_day", party.outgoing.On(day), before.outgoing.On(day), quotas.outgoing_per_day());
    check("outgoing_total", party.outgoing.total, before.outgoing.total, quotas.outgoing_total());
    check("incoming_pending", party.incoming.pending, before.incoming.pending, quotas.incoming_pending());
    check("incoming_per_day", party.incoming.On(day), before.incoming.On(day), quotas.incoming_per_day());
    check("incoming_total", party.incoming.total, before.incoming.total, quotas.incoming_total());
    check("pairings", party.pairings, before.pairings, quotas.pairings());
  }
}

std::map<std::string, PartyCounts> Replay(const std::vector<Pairing>& versions, const Rules& rules,
                                          std::vector<std::string>* problems) {
  Problems found;
  LedgerHistory history(&found);
  for (size_t i = 0; i < versions.size(); ++i) history.Apply(versions[i], rules, absl::StrCat("version ", i));
  problems->insert(problems->end(), found.texts.begin(), found.texts.end());
  return history.counts();
}

}  // namespace tandem::pairing::ledger
