#include "tests/fault/contend/steps.h"

#include <optional>
#include <type_traits>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "common/base/status.h"
#include "common/tokens/consistency_token.h"
#include "services/pairing/ledger/decision.h"
#include "services/pairing/ledger/rows.h"

namespace tandem::contend {
namespace {

using pairing::ledger::FromStamp;
using pairing::ledger::OtherSide;
using pairing::ledger::StanceOf;
using pairing::ledger::ToStamp;

constexpr char kSource[] = "editions";  // of consistency tokens

// Whether `status` says what became of a call: it succeeded, or nothing was written.
bool IsDefinite(const absl::Status& status) {
  if (status.ok()) return true;
  if (GetErrorDetail(status).reason.empty()) return false;
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kDeadlineExceeded:
      return false;
    default:
      return true;
  }
}

}  // namespace

size_t Steps::Roll(const std::vector<int>& shares) {
  int roll = Pick(100);
  size_t place = 0;
  for (; place + 1 < shares.size() && roll >= shares[place]; ++place) roll -= shares[place];
  return place;
}

Caller Steps::CallerOf(v1::Side side) const {
  Caller caller;
  caller.actor = Promises::ActorOf(operation_);
  caller.side = side == v1::SIDE_PROJECT    ? CallerSide::kProject
                : side == v1::SIDE_INVESTOR ? CallerSide::kInvestor
                                            : CallerSide::kOrganiser;
  return caller;
}

std::string Steps::NewRequestId() {
  const uint64_t a = random_(), b = random_();
  return absl::StrFormat("%08x-%04x-4%03x-8%03x-%012x", a >> 32, (a >> 16) & 0xffff, a & 0xfff, b >> 52,
                         b & 0xffffffffffff);
}

void Steps::Take(const Zone& zone, int64_t operation) {
  operation_ = operation;
  Pair pair;
  pair.project = zone.Project(Pick(kProjects));
  pair.investor = zone.Investor(Pick(kInvestors));
  pair.name = pairing::ledger::PairNames(pair.project, pair.investor).name;
  const v1::Pairing pairing = AnyDoor().SeePairing(pair.name).value_or(v1::Pairing());
  if (Pick(10) == 0) return Blindly(zone, pair, pairing);
  switch (pairing.state()) {
    case v1::Pairing::STATE_REQUESTED:
      return OnRequested(zone, pair, pairing);
    case v1::Pairing::STATE_MUTUAL:
      return OnMutual(zone, pair, pairing);
    case v1::Pairing::STATE_BLOCKED:
    case v1::Pairing::STATE_CLOSED:
      return OnBlocked(zone, pair, pairing);
    default:
      return OnQuiet(zone, pair);
  }
}

void Steps::OnQuiet(const Zone& zone, const Pair& pair) {
  const v1::Side side = Pick(2) == 0 ? v1::SIDE_PROJECT : v1::SIDE_INVESTOR;
  switch (Roll({70, 17, 6, 4, 3})) {
    case 0:
      return Ask(zone, side, pair);
    case 1:
      return Say(Kind::kStance, side, pair, v1::STANCE_KIND_INTERESTED);
    case 2:
      return Say(Kind::kStance, side, pair, v1::STANCE_KIND_SKIPPED);
    case 3:
      return Say(Kind::kStance, side, pair, v1::STANCE_KIND_UNSPECIFIED);
    default:
      return Say(Kind::kBlock, side, pair, v1::STANCE_KIND_BLOCKED);
  }
}

void Steps::OnRequested(const Zone& zone, const Pair& pair, const v1::Pairing& pairing) {
  const v1::Side sender = pairing.request().sender(), other = OtherSide(sender);
  const size_t roll = Roll({48, 8, 10, 18, 6, 5, 5});
  if (roll == 3 && scene_.pass_to) {
    // About the moment at which it expires, so that whoever answers races with that.
    scene_.pass_to(FromStamp(pairing.request().expire_time()) + absl::Microseconds(Pick(200) - 100));
    if (Pick(3) != 0) return Expire();
    return Accept(other, pair, pairing.request().slots());
  }
  switch (roll) {
    case 1:
      return Decline(other, pair);
    case 2:
      return Withdraw(sender, pair);
    case 4:
      return Ask(zone, other, pair);
    case 5:
      return Say(Kind::kBlock, Pick(2) == 0 ? sender : other, pair, v1::STANCE_KIND_BLOCKED);
    case 6:
      return Say(Kind::kStance, other, pair, v1::STANCE_KIND_MUST_MEET);
    default:
      return Accept(other, pair, pairing.request().slots());
  }
}

void Steps::OnMutual(const Zone& zone, const Pair& pair, const v1::Pairing& pairing) {
  const v1::Side side = Pick(2) == 0 ? v1::SIDE_PROJECT : v1::SIDE_INVESTOR;
  if (pairing.meeting().empty()) {
    switch (Roll({72, 18, 5, 5})) {
      case 0:
        return Book(zone, Pick(4) == 0 ? v1::SIDE_UNSPECIFIED : side, pair);
      case 1:
        return Withdraw(side, pair);
      case 2:
        return Say(Kind::kStance, side, pair, v1::STANCE_KIND_SKIPPED);
      default:
        return Say(Kind::kBlock, side, pair, v1::STANCE_KIND_BLOCKED);
    }
  }
  const std::string& name = pairing.meeting();
  const std::optional<v1::Meeting> meeting = AnyDoor().SeeMeeting(name);
  if (meeting.has_value() && meeting->has_proposal() && Pick(3) != 0) {
    const v1::Side answers = OtherSide(meeting->proposal().side());
    return Answer(Pick(3) == 0 ? Kind::kRefuseMove : Kind::kAnswerMove, answers, name);
  }
  switch (Roll({30, 30, 14, 12, 6, 4, 4})) {
    case 0:
      return Move(zone, Kind::kAskMove, side, name);
    case 1:
      return Cancel(Pick(3) == 0 ? v1::SIDE_UNSPECIFIED : side, name);
    case 2:
      return Withdraw(side, pair);
    case 3:
      return Move(zone, Kind::kMove, v1::SIDE_UNSPECIFIED, name);
    case 4:
      return Say(Kind::kBlock, side, pair, v1::STANCE_KIND_BLOCKED);
    case 5:
      return Say(Kind::kStance, side, pair, v1::STANCE_KIND_SKIPPED);
    default:
      return Book(zone, side, pair);
  }
}

void Steps::OnBlocked(const Zone& zone, const Pair& pair, const v1::Pairing& pairing) {
  const v1::Side blocker =
      StanceOf(pairing, v1::SIDE_PROJECT) == v1::STANCE_KIND_BLOCKED ? v1::SIDE_PROJECT : v1::SIDE_INVESTOR;
  switch (Roll({75, 8, 10, 7})) {
    case 0:
      return Say(Kind::kUnblock, blocker, pair, v1::STANCE_KIND_UNSPECIFIED);
    case 1:
      return Say(Kind::kUnblock, blocker, pair, v1::STANCE_KIND_INTERESTED);
    case 2:
      return Ask(zone, OtherSide(blocker), pair);
    default:
      return Say(Kind::kBlock, OtherSide(blocker), pair, v1::STANCE_KIND_BLOCKED);
  }
}

void Steps::Blindly(const Zone& zone, const Pair& pair, const v1::Pairing& pairing) {
  const v1::Side side = Pick(2) == 0 ? v1::SIDE_PROJECT : v1::SIDE_INVESTOR;
  const std::string meeting = pairing.meeting();
  const int roll = Pick(meeting.empty() ? 7 : 11);
  switch (roll) {
    case 0:
      return Ask(zone, side, pair);
    case 1:
      return Accept(side, pair, pairing.request().slots());
    case 2:
      return Decline(side, pair);
    case 3:
      return Withdraw(side, pair);
    case 4:
      return Book(zone, side, pair);
    case 5:
      return Expire();
    case 6:
      return Say(Kind::kStance, side, pair, v1::STANCE_KIND_INTERESTED);
    case 7:
      return Move(zone, Kind::kAskMove, side, meeting);
    case 8:
      return Answer(Kind::kAnswerMove, side, meeting);
    case 9:
      return Answer(Kind::kRefuseMove, side, meeting);
    default:
      return Cancel(side, meeting);
  }
}

void Steps::AddSlots(const Zone& zone, int most, google::protobuf::RepeatedPtrField<google::protobuf::Timestamp>* to) {
  const int count = Pick(most + 1);
  const int first = Pick(kSlots);
  for (int i = 0; i < count; ++i) *to->Add() = ToStamp(zone.slots[static_cast<size_t>((first + 2 * i) % kSlots)]);
}

void Steps::Say(Kind kind, v1::Side side, const Pair& pair, v1::StanceKind stance) {
  v1::SetStanceRequest request;
  request.set_project(pair.project);
  request.set_investor(pair.investor);
  request.set_kind(stance);
  Send(kind, side, std::move(request));
}

void Steps::Ask(const Zone& zone, v1::Side side, const Pair& pair) {
  v1::SendRequestRequest request;
  request.set_project(pair.project);
  request.set_investor(pair.investor);
  request.set_message("shall we meet");
  AddSlots(zone, 3, request.mutable_slots());
  Send(Kind::kRequest, side, std::move(request));
}

void Steps::Accept(v1::Side side, const Pair& pair,
                   const google::protobuf::RepeatedPtrField<google::protobuf::Timestamp>& slots) {
  v1::AcceptRequestRequest request;
  request.set_name(pair.name);
  const bool in = !slots.empty() && Pick(4) != 0;
  if (in) *request.mutable_slots() = slots;
  Send(in ? Kind::kAcceptIn : Kind::kAccept, side, std::move(request));
}

void Steps::Decline(v1::Side side, const Pair& pair) {
  v1::DeclineRequestRequest request;
  request.set_name(pair.name);
  request.set_reason(v1::DECLINE_REASON_TIMING);
  Send(Kind::kDecline, side, std::move(request));
}

void Steps::Withdraw(v1::Side side, const Pair& pair) {
  v1::WithdrawRequestRequest request;
  request.set_name(pair.name);
  Send(Kind::kWithdraw, side, std::move(request));
}

void Steps::Book(const Zone& zone, v1::Side side, const Pair& pair) {
  v1::BookMeetingRequest request;
  request.set_pairing(pair.name);
  AddSlots(zone, 2, request.mutable_slots());
  Send(Kind::kBook, side, std::move(request));
}

void Steps::Move(const Zone& zone, Kind kind, v1::Side side, const std::string& meeting) {
  v1::RescheduleMeetingRequest request;
  request.set_name(meeting);
  AddSlots(zone, 2, request.mutable_slots());
  Send(kind, side, std::move(request));
}

void Steps::Answer(Kind kind, v1::Side side, const std::string& meeting) {
  v1::AnswerRescheduleRequest request;
  request.set_name(meeting);
  request.set_refuse(kind == Kind::kRefuseMove);
  Send(kind, side, std::move(request));
}

void Steps::Cancel(v1::Side side, const std::string& meeting) {
  v1::CancelMeetingRequest request;
  request.set_name(meeting);
  request.set_note("ill");
  Send(Kind::kCancel, side, std::move(request));
}

void Steps::Expire() {
  const absl::StatusOr<int> expired = AnyDoor().ExpireDue();
  // It names nobody: what it does is in the log without an actor.
  tally_.Add(Kind::kExpire, !expired.ok() ? GetErrorDetail(expired.status()).reason : *expired > 0 ? "" : "SAME");
}

template <typename Request>
void Steps::Send(Kind kind, v1::Side side, Request request) {
  // Two in three speak for themselves; the organiser sees all that is private.
  const bool by_side = side != v1::SIDE_UNSPECIFIED && Pick(3) != 0;
  const Caller caller = CallerOf(by_side ? side : v1::SIDE_UNSPECIFIED);
  request.set_side(side);
  const bool repeatable = scene_.insist || Pick(16) == 0;
  if (repeatable) request.set_request_id(NewRequestId());
  const Revision from = scene_.at_least();
  auto answer = AnyDoor().Call(caller, request);
  bool unknown = false;  // whether an earlier try may still take effect
  while (scene_.insist && !IsDefinite(answer.status()) && !scene_.gives_up()) {
    unknown = true;
    tally_.Add(kind, "AGAIN");
    scene_.pause();
    answer = AnyDoor().Call(caller, request);
  }
  Note(kind, answer, by_side, unknown, from);
  if (!repeatable || !answer.ok() || Pick(4) != 0) return;
  // The same again, of any replica: the same answer, and no second effect.
  const auto again = AnyDoor().Call(caller, request);
  const bool same = again.ok() && again->SerializeAsString() == answer->SerializeAsString();
  if (again.ok() && !same)
    contradictions_.push_back(absl::StrCat("repeated ", NameOf(kind), ": ", answer->ShortDebugString(), " and then ",
                                           again->ShortDebugString()));
  if (!again.ok() && !scene_.insist)
    contradictions_.push_back(absl::StrCat("repeated ", NameOf(kind), ": ", answer->ShortDebugString(), " and then ",
                                           again.status().ToString()));
  tally_.Add(Kind::kRepeat, same ? "" : "FAILED");
}

template <typename Result>
void Steps::Note(Kind kind, const absl::StatusOr<Result>& answer, bool by_side, bool unknown, Revision from) {
  if (!answer.ok()) return NoteRefusal(kind, answer.status(), unknown, from);
  Revision revision = 0;
  const auto token = ConsistencyToken::Decode(*scene_.keys, answer->consistency_token());
  if (token.ok()) {
    const auto position = token->positions().find(kSource);
    if (position != token->positions().end()) revision = position->second.revision;
  }
  if (revision > 0) scene_.acknowledged(revision);
  // Who sees the change sees whose it was. A side does not, of a pairing; but only a stance can be so already.
  bool done = answer->change().actor() == Promises::ActorOf(operation_);
  if (std::is_same_v<Result, v1::Pairing> && by_side) {
    done = kind != Kind::kStance && kind != Kind::kBlock && kind != Kind::kUnblock;
  }
  scene_.promises->Told(operation_, done ? Promises::Answer::kDone : Promises::Answer::kAgreed, revision);
  tally_.Add(kind, done || (by_side && std::is_same_v<Result, v1::Pairing>) ? "" : "SAME");
}

void Steps::NoteRefusal(Kind kind, const absl::Status& status, bool unknown, Revision from) {
  const ErrorDetail detail = GetErrorDetail(status);
  // A refusal says nothing of an earlier try, whose commit may have been on its way.
  const bool promises = IsDefinite(status) && !unknown;
  scene_.promises->Told(operation_, promises ? Promises::Answer::kRefused : Promises::Answer::kUnknown, 0);
  if (detail.reason == "QUOTA_EXCEEDED") {
    QuotaRefusal& refusal = refusals_.emplace_back();
    for (const auto& [key, value] : detail.metadata) {
      if (key == "party") refusal.party = value;
      if (key == "quota") refusal.quota = value;
    }
    refusal.from = from;
    refusal.to = scene_.at_most();
  }
  tally_.Add(kind, detail.reason.empty() ? absl::StrCat(absl::StatusCodeToString(status.code()), " without a reason")
                                         : detail.reason);
}

}  // namespace tandem::contend
