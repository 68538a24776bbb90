#include "services/pairing/ledger/decision.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "services/pairing/ledger/party_steps.h"
#include "services/pairing/ledger/view.h"

namespace tandem::pairing::ledger {
namespace {

using v1::Change;
using v1::Pairing;
using Step = Command::Step;

// One step on one pairing. Nothing is changed for the caller before Run returns OK.
class Taking {
 public:
  Taking(const Command& command, const Circumstances& circumstances, const PairState& before)
      : command_(command),
        at_(circumstances),
        pair_(before),
        pairing_(pair_.pairing),
        side_(command.side),
        other_(OtherSide(command.side)) {}

  absl::StatusOr<bool> Run();
  PairState Result() && { return std::move(pair_); }

 private:
  absl::StatusOr<bool> SetStance();
  absl::StatusOr<bool> SendRequest();
  absl::StatusOr<bool> Accept();
  absl::StatusOr<bool> Decline();
  absl::StatusOr<bool> Withdraw();
  absl::StatusOr<bool> Block();
  absl::StatusOr<bool> Confirm(absl::Time expire_time);
  absl::StatusOr<bool> Unmake(v1::StanceKind kind);

  absl::Status CheckExist() const;
  absl::Status CheckOpen() const;
  absl::Status CheckCooldown() const;
  absl::Status CheckMayAsk() const;
  absl::StatusOr<absl::Time> ExpireTime() const;

  absl::Status BecomeMutual();
  void FillRequest(absl::Time expire_time, v1::Request* request) const;
  void EndRequest(Pairing::State state) { ledger::EndRequest(state, at_.now, &pair_); }
  void EndMutual(Pairing::State state) { ledger::EndMutual(state, &pair_); }
  void ShowInterest();
  bool Done(Change::Cause cause) {
    SetChange(cause, command_, at_.now, &pairing_);
    return true;
  }

  absl::Status NotOpen(v1::Side side) const;
  absl::Status Conflict(absl::string_view allowed) const;
  absl::Status Unconfirmed() const;

  bool AsksNow(v1::Side side) const {
    return pairing_.state() == Pairing::STATE_REQUESTED && pairing_.request().sender() == side;
  }
  // Whether the open request waits for the investor to say that it still wants the meeting.
  bool NeedsInvestorsWord() const {
    return pairing_.state() == Pairing::STATE_REQUESTED && pairing_.request().needs_reconfirm();
  }
  bool Blocked() const { return pairing_.state() == Pairing::STATE_BLOCKED; }
  v1::StanceKind Said(v1::Side side) const { return StanceOf(pairing_, side); }
  void Say(v1::StanceKind kind) {
    v1::Stance* stance =
        side_ == v1::SIDE_PROJECT ? pairing_.mutable_project_stance() : pairing_.mutable_investor_stance();
    stance->set_kind(kind);
    *stance->mutable_time() = ToStamp(at_.now);
  }
  PartyCounts& Counts(v1::Side side) { return side == v1::SIDE_PROJECT ? pair_.project : pair_.investor; }
  const PartyCounts& Counts(v1::Side side) const { return side == v1::SIDE_PROJECT ? pair_.project : pair_.investor; }
  int Attempts(v1::Side side) const {
    return side == v1::SIDE_PROJECT ? pairing_.project_attempts() : pairing_.investor_attempts();
  }
  PartyState Party(v1::Side side) const { return side == v1::SIDE_PROJECT ? at_.project : at_.investor; }

  const Command& command_;
  const Circumstances& at_;
  PairState pair_;
  Pairing& pairing_;
  const v1::Side side_, other_;
};

absl::StatusOr<bool> Taking::Run() {
  if (command_.step == Step::kExpire) {
    // The agenda may have been cut short since the request was sent.
    if (at_.rules != nullptr && at_.rules->last_slot < FromStamp(pairing_.request().expire_time()))
      *pairing_.mutable_request()->mutable_expire_time() = ToStamp(at_.rules->last_slot);
    EndRequest(Pairing::STATE_EXPIRED);
    return Done(Change::CAUSE_EXPIRY);
  }
  if (command_.step == Step::kLeave) return LeaveEdition(command_, at_.now, &pair_);
  if (command_.step == Step::kJudge) return JudgeRequest(command_, at_.now, &pair_);
  const bool fresh = pairing_.state() == Pairing::STATE_UNSPECIFIED;
  if (fresh || NeedsParties(command_)) TANDEM_RETURN_IF_ERROR(CheckExist());
  if (fresh) {
    pairing_.set_state(Pairing::STATE_OPEN);
    *pairing_.mutable_create_time() = ToStamp(at_.now);
  }
  switch (command_.step) {
    case Step::kSetStance:
      return SetStance();
    case Step::kSendRequest:
      return SendRequest();
    case Step::kAccept:
      return Accept();
    case Step::kDecline:
      return Decline();
    default:
      return Withdraw();
  }
}

absl::StatusOr<bool> Taking::SetStance() {
  const v1::StanceKind kind = command_.stance;
  const bool meets = IsInterest(kind) && IsInterest(Said(other_)) && Said(side_) != v1::STANCE_KIND_BLOCKED;
  if (meets && pairing_.state() != Pairing::STATE_MUTUAL) {
    const bool answers = AsksNow(other_);
    Say(kind);
    TANDEM_RETURN_IF_ERROR(BecomeMutual());
    return Done(answers ? Change::CAUSE_ACCEPT : Change::CAUSE_STANCE);
  }
  if (kind == Said(side_)) return false;
  if (kind == v1::STANCE_KIND_BLOCKED) return Block();
  if (Said(side_) == v1::STANCE_KIND_BLOCKED) {
    Say(v1::STANCE_KIND_UNSPECIFIED);
    if (Said(other_) != v1::STANCE_KIND_BLOCKED) pairing_.set_state(Pairing::STATE_OPEN);
    if (kind == v1::STANCE_KIND_UNSPECIFIED) return Done(Change::CAUSE_STANCE);
    return SetStance();
  }
  if (!IsInterest(kind)) return Unmake(kind);
  Say(kind);
  return Done(Change::CAUSE_STANCE);
}

absl::StatusOr<bool> Taking::Unmake(v1::StanceKind kind) {
  Say(kind);
  if (pairing_.state() == Pairing::STATE_MUTUAL) {
    EndMutual(Pairing::STATE_WITHDRAWN);
    return Done(Change::CAUSE_WITHDRAW);
  }
  if (AsksNow(side_)) {
    EndRequest(Pairing::STATE_WITHDRAWN);
    return Done(Change::CAUSE_WITHDRAW);
  }
  return Done(Change::CAUSE_STANCE);
}

absl::StatusOr<bool> Taking::Block() {
  Say(v1::STANCE_KIND_BLOCKED);
  if (Deviates("ledger.block")) return Done(Change::CAUSE_BLOCK);
  if (pairing_.state() == Pairing::STATE_MUTUAL) EndMutual(Pairing::STATE_BLOCKED);
  if (pairing_.state() == Pairing::STATE_REQUESTED) EndRequest(Pairing::STATE_BLOCKED);
  pairing_.set_state(Pairing::STATE_BLOCKED);
  return Done(Change::CAUSE_BLOCK);
}

absl::StatusOr<bool> Taking::SendRequest() {
  TANDEM_ASSIGN_OR_RETURN(const absl::Time expire_time, ExpireTime());
  TANDEM_RETURN_IF_ERROR(CheckOpen());
  if (AsksNow(side_) && NeedsInvestorsWord() && side_ == v1::SIDE_INVESTOR) return Confirm(expire_time);
  if (pairing_.state() == Pairing::STATE_MUTUAL || AsksNow(side_)) {
    return Conflict("OPEN,DECLINED,WITHDRAWN,EXPIRED,CLOSED");
  }
  if (IsInterest(Said(other_))) {
    // Interest meets interest: nothing waits for an answer, and nobody's requests are counted.
    const bool crosses = AsksNow(other_);
    v1::Request* request = crosses ? pairing_.mutable_counter_request() : pairing_.mutable_request();
    if (!crosses) pairing_.clear_counter_request();
    FillRequest(expire_time, request);
    *request->mutable_close_time() = ToStamp(at_.now);
    ShowInterest();
    TANDEM_RETURN_IF_ERROR(BecomeMutual());
    return Done(Change::CAUSE_ACCEPT);
  }
  TANDEM_RETURN_IF_ERROR(CheckCooldown());
  TANDEM_RETURN_IF_ERROR(CheckMayAsk());
  const int32_t day = at_.rules->local_day(at_.now);
  Counts(side_).outgoing.Add(day);
  Counts(other_).incoming.Add(day);
  if (side_ == v1::SIDE_PROJECT) {
    pairing_.set_project_attempts(pairing_.project_attempts() + 1);
  } else {
    pairing_.set_investor_attempts(pairing_.investor_attempts() + 1);
  }
  ShowInterest();
  pairing_.clear_counter_request();
  FillRequest(expire_time, pairing_.mutable_request());
  pairing_.set_state(Pairing::STATE_REQUESTED);
  return Done(Change::CAUSE_REQUEST);
}

// Sends the investor's request again, which keeps its place: nothing is counted, and it expires when it would have.
absl::StatusOr<bool> Taking::Confirm(absl::Time expire_time) {
  v1::Request* request = pairing_.mutable_request();
  const absl::Time sent = FromStamp(request->create_time());
  const absl::Time expires = std::min(expire_time, FromStamp(request->expire_time()));
  ConfirmRules(request);
  std::set<std::string> unmet(request->unmet_rules().begin(), request->unmet_rules().end());
  unmet.insert(command_.rules.begin(), command_.rules.end());
  FillRequest(expires, request);
  request->mutable_unmet_rules()->Assign(unmet.begin(), unmet.end());
  *request->mutable_create_time() = ToStamp(sent);
  ShowInterest();
  return Done(Change::CAUSE_REQUEST);
}

absl::StatusOr<bool> Taking::Accept() {
  if (!AsksNow(other_)) return Conflict("REQUESTED");
  TANDEM_RETURN_IF_ERROR(CheckOpen());
  ShowInterest();
  TANDEM_RETURN_IF_ERROR(BecomeMutual());
  return Done(Change::CAUSE_ACCEPT);
}

absl::StatusOr<bool> Taking::Decline() {
  if (!AsksNow(other_)) return Conflict("REQUESTED");
  // Who has not answered is not interested; that it skipped the other stays said.
  EndRequest(Pairing::STATE_DECLINED);
  v1::Request* request = pairing_.mutable_request();
  request->set_decline_reason(command_.reason);
  request->set_decline_note(command_.note);
  *request->mutable_cooldown_until() = ToStamp(at_.now + at_.rules->request_cooldown);
  return Done(Change::CAUSE_DECLINE);
}

absl::StatusOr<bool> Taking::Withdraw() {
  if (pairing_.state() != Pairing::STATE_MUTUAL && !AsksNow(side_)) return Conflict("REQUESTED,MUTUAL");
  return Unmake(v1::STANCE_KIND_UNSPECIFIED);
}

// Takes the pairing, both of whose sides are interested, to MUTUAL.
absl::Status Taking::BecomeMutual() {
  TANDEM_RETURN_IF_ERROR(CheckOpen());
  if (NeedsInvestorsWord() && side_ != v1::SIDE_INVESTOR) return Unconfirmed();
  for (const v1::Side side : {side_, other_}) {
    TANDEM_RETURN_IF_ERROR(CheckPairings(PartyOf(pairing_, side), at_.rules->quotas(side), Counts(side)));
  }
  if (NeedsInvestorsWord()) ConfirmRules(pairing_.mutable_request());
  if (pairing_.state() == Pairing::STATE_REQUESTED) EndRequest(Pairing::STATE_MUTUAL);
  pairing_.set_state(Pairing::STATE_MUTUAL);
  *pairing_.mutable_mutual_time() = ToStamp(at_.now);
  ++Counts(side_).pairings;
  if (!Deviates("ledger.count-pairings")) ++Counts(other_).pairings;
  return absl::OkStatus();
}

void Taking::FillRequest(absl::Time expire_time, v1::Request* request) const {
  request->Clear();
  request->set_sender(side_);
  request->set_message(command_.message);
  for (const absl::Time slot : command_.slots) *request->add_slots() = ToStamp(slot);
  request->mutable_unmet_rules()->Add(command_.rules.begin(), command_.rules.end());
  *request->mutable_create_time() = ToStamp(at_.now);
  *request->mutable_expire_time() = ToStamp(expire_time);
}

void Taking::ShowInterest() {
  if (!IsInterest(Said(side_))) Say(v1::STANCE_KIND_INTERESTED);
}

absl::Status Taking::CheckExist() const {
  for (const v1::Side side : {side_, other_}) {
    if (Party(side) != PartyState::kAbsent) continue;
    const std::string& name = PartyOf(pairing_, side);
    return MakeError(absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND", absl::StrCat("there is no ", name),
                     {{"resource", name}});
  }
  return absl::OkStatus();
}

// A block looks like a party that is away, to both.
absl::Status Taking::CheckOpen() const {
  for (const v1::Side side : {side_, other_}) {
    if (Party(side) != PartyState::kOpen) return NotOpen(side);
  }
  return Blocked() ? NotOpen(other_) : absl::OkStatus();
}

absl::Status Taking::CheckCooldown() const {
  const auto refuse = [&](absl::string_view until, absl::string_view message) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, "REQUEST_COOLDOWN", message,
        {{"resource", pairing_.name()}, {"until", std::string(until)}, {"attempts", absl::StrCat(Attempts(side_))}});
  };
  if (Attempts(side_) >= at_.rules->most_attempts) {
    return refuse("",
                  absl::StrCat(PartyOf(pairing_, side_), " has asked ", PartyOf(pairing_, other_), " ", Attempts(side_),
                               " times, which is as often as it may: the other side can still ask"));
  }
  const v1::Request& last = pairing_.request();
  if (last.sender() != side_ || !last.has_cooldown_until()) return absl::OkStatus();
  const absl::Time until = FromStamp(last.cooldown_until());
  if (at_.now >= until) return absl::OkStatus();
  const std::string text = absl::FormatTime(absl::RFC3339_sec, until, absl::UTCTimeZone());
  return refuse(text, absl::StrCat(PartyOf(pairing_, other_), " declined: ask again after ", text));
}

absl::Status Taking::CheckMayAsk() const {
  const int32_t day = at_.rules->local_day(at_.now);
  TANDEM_RETURN_IF_ERROR(CheckOutgoing(PartyOf(pairing_, side_), at_.rules->quotas(side_), Counts(side_), day));
  TANDEM_RETURN_IF_ERROR(CheckIncoming(PartyOf(pairing_, other_), at_.rules->quotas(other_), Counts(other_), day));
  // What could not be accepted is not asked.
  for (const v1::Side side : {side_, other_}) {
    TANDEM_RETURN_IF_ERROR(CheckPairings(PartyOf(pairing_, side), at_.rules->quotas(side), Counts(side)));
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::Time> Taking::ExpireTime() const {
  std::vector<FieldViolation> violations;
  absl::Time last = absl::InfinitePast();
  for (size_t i = 0; i < command_.slots.size(); ++i) {
    const absl::Time slot = command_.slots[i];
    last = std::max(last, slot);
    const auto refuse = [&](absl::string_view why) {
      violations.push_back({absl::StrCat("slots[", i, "]"),
                            absl::StrCat(absl::FormatTime(absl::RFC3339_sec, slot, absl::UTCTimeZone()), " ", why)});
    };
    if (!at_.rules->has_slot(slot)) {
      refuse("is not the start of a slot of the edition's agenda");
    } else if (slot <= at_.now) {
      refuse("is over: name slots to come");
    }
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  if (command_.slots.empty()) last = at_.rules->last_slot;
  if (last > at_.now) return std::min(at_.now + at_.rules->request_expiry, last);
  const std::string edition = pairing_.name().substr(0, pairing_.name().find("/pairings/"));
  return MakeError(absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT",
                   absl::StrCat("the last slot of ", edition, " is over: nothing can be asked any more"),
                   {{"resource", edition}, {"state", "OVER"}, {"step", "request"}, {"allowed", ""}});
}

absl::Status Taking::NotOpen(v1::Side side) const {
  const std::string& name = PartyOf(pairing_, side);
  return MakeError(absl::StatusCode::kFailedPrecondition, "PARTY_NOT_OPEN",
                   absl::StrCat(name, " takes no part in pairing now: nothing can be asked of it or by it"),
                   {{"party", name}});
}

absl::Status Taking::Unconfirmed() const {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT",
      absl::StrCat(pairing_.name(), " needs to be confirmed: since it was sent a record was changed so that ",
                   absl::StrJoin(pairing_.request().broken_rules(), ", "),
                   " does not hold any more; the investor has to send its request again first"),
      {{"resource", pairing_.name()},
       {"state", "NEEDS_RECONFIRM"},
       {"step", std::string(NameOf(command_.step))},
       {"allowed", "REQUESTED"}});
}

absl::Status Taking::Conflict(absl::string_view allowed) const {
  const std::string state = StateText(VisibleState(pairing_, side_));
  const absl::string_view step = NameOf(command_.step);
  const absl::string_view by = !AsksNow(side_) ? "" : ", and the request is your own";
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT",
      absl::StrCat(pairing_.name(), " is ", state, by, "; the step ", step, " needs one that is ", allowed,
                   command_.step == Step::kWithdraw ? " by your side" : " by the other side", ": read it again"),
      {{"resource", pairing_.name()},
       {"state", state},
       {"step", std::string(step)},
       {"allowed", std::string(allowed)}});
}

}  // namespace

bool NeedsParties(const Command& command) {
  return command.step == Step::kSendRequest || command.step == Step::kAccept ||
         (command.step == Step::kSetStance && IsInterest(command.stance));
}

bool IsDue(const v1::Pairing& pairing, absl::Time now, absl::Time last_slot) {
  return pairing.state() == Pairing::STATE_REQUESTED &&
         now >= std::min(last_slot, FromStamp(pairing.request().expire_time()));
}

absl::StatusOr<bool> Take(const Command& command, const Circumstances& circumstances, PairState* pair) {
  Taking taking(command, circumstances, *pair);
  TANDEM_ASSIGN_OR_RETURN(const bool changed, taking.Run());
  if (changed) *pair = std::move(taking).Result();
  return changed;
}

}  // namespace tandem::pairing::ledger
