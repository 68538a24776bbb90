#include "services/pairing/ledger/party_steps.h"

#include <algorithm>

#include "common/base/test_switch.h"

namespace tandem::pairing::ledger {
namespace {

using v1::Pairing;

PartyCounts& CountsOf(v1::Side side, PairState* pair) {
  return side == v1::SIDE_PROJECT ? pair->project : pair->investor;
}

}  // namespace

bool LeaveEdition(const Command& command, absl::Time now, PairState* pair) {
  Pairing& pairing = pair->pairing;
  if (pairing.state() == Pairing::STATE_BLOCKED || pairing.state() == Pairing::STATE_CLOSED) return false;
  if (pairing.state() == Pairing::STATE_MUTUAL) EndMutual(Pairing::STATE_CLOSED, pair);
  if (pairing.state() == Pairing::STATE_REQUESTED) EndRequest(Pairing::STATE_CLOSED, now, pair);
  pairing.set_state(Pairing::STATE_CLOSED);
  if (IsInterest(StanceOf(pairing, command.side))) {
    v1::Stance* stance =
        command.side == v1::SIDE_PROJECT ? pairing.mutable_project_stance() : pairing.mutable_investor_stance();
    stance->set_kind(v1::STANCE_KIND_UNSPECIFIED);
    *stance->mutable_time() = ToStamp(now);
  }
  SetChange(v1::Change::CAUSE_PARTY_LEFT, command, now, &pairing);
  return true;
}

bool JudgeRequest(const Command& command, absl::Time now, PairState* pair) {
  Pairing& pairing = pair->pairing;
  if (pairing.state() != Pairing::STATE_REQUESTED) return false;
  v1::Request* request = pairing.mutable_request();
  google::protobuf::RepeatedPtrField<std::string> broken;
  const auto& known = request->unmet_rules();
  for (const std::string& rule : command.rules) {
    if (std::find(known.begin(), known.end(), rule) == known.end()) *broken.Add() = rule;
  }
  const auto& was = request->broken_rules();
  if (std::equal(broken.begin(), broken.end(), was.begin(), was.end())) return false;
  request->mutable_broken_rules()->Swap(&broken);
  request->set_needs_reconfirm(request->broken_rules_size() > 0);
  SetChange(v1::Change::CAUSE_PARTY_CHANGED, command, now, &pairing);
  return true;
}

void ConfirmRules(v1::Request* request) {
  request->mutable_unmet_rules()->MergeFrom(request->broken_rules());
  request->clear_broken_rules();
  request->clear_needs_reconfirm();
}

void EndRequest(Pairing::State state, absl::Time now, PairState* pair) {
  Pairing& pairing = pair->pairing;
  const v1::Side sender = pairing.request().sender();
  if (!Deviates("ledger.give-back")) {
    --CountsOf(sender, pair).outgoing.pending;
    --CountsOf(OtherSide(sender), pair).incoming.pending;
  }
  v1::Request* request = pairing.mutable_request();
  *request->mutable_close_time() = ToStamp(now);
  request->clear_needs_reconfirm();
  request->clear_broken_rules();
  pairing.set_state(state);
}

void EndMutual(Pairing::State state, PairState* pair) {
  --pair->project.pairings;
  --pair->investor.pairings;
  pair->pairing.clear_mutual_time();
  pair->pairing.set_state(state);
}

void SetChange(v1::Change::Cause cause, const Command& command, absl::Time now, Pairing* pairing) {
  *pairing->mutable_update_time() = ToStamp(now);
  v1::Change* change = pairing->mutable_change();
  change->Clear();
  change->set_cause(cause);
  change->set_side(command.side);
  change->set_actor(command.actor);
  change->set_detail(command.detail);
  *change->mutable_time() = ToStamp(now);
}

}  // namespace tandem::pairing::ledger
