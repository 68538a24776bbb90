#include "services/pairing/meetings/book/meeting_steps.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "common/base/status.h"
#include "services/pairing/ledger/decision.h"

namespace tandem::pairing::meetings {
namespace {

using ledger::FromStamp;
using ledger::OtherSide;
using ledger::ToStamp;
using v1::Meeting;
using v1::MeetingChange;

constexpr char kStanding[] = "CONFIRMED,RESCHEDULE_PENDING";

bool IsStanding(const Meeting& meeting) {
  return meeting.state() == Meeting::STATE_CONFIRMED || meeting.state() == Meeting::STATE_RESCHEDULE_PENDING;
}

bool HasBegun(const Meeting& meeting, absl::Time now) {
  return meeting.has_start_time() && FromStamp(meeting.start_time()) <= now;
}

bool TookPlace(v1::MeetingResult result) {
  return result != v1::MEETING_RESULT_UNSPECIFIED && result != v1::MEETING_RESULT_DID_NOT_TAKE_PLACE;
}

const v1::Report& ReportOf(const Meeting& meeting, v1::Side side) {
  return side == v1::SIDE_PROJECT ? meeting.project_report() : meeting.investor_report();
}

bool Done(MeetingChange::Cause cause, const Acting& acting, Meeting* meeting) {
  *meeting->mutable_update_time() = ToStamp(acting.now);
  MeetingChange* change = meeting->mutable_change();
  change->Clear();
  change->set_cause(cause);
  change->set_side(acting.side);
  change->set_actor(acting.actor);
  *change->mutable_time() = ToStamp(acting.now);
  change->set_note(acting.note);
  return true;
}

void Put(const Placed& placed, Meeting* meeting) {
  *meeting->mutable_start_time() = ToStamp(placed.start);
  *meeting->mutable_end_time() = ToStamp(placed.end);
  meeting->set_at_a_distance(placed.at_a_distance);
  meeting->set_place(placed.place);
  meeting->set_interpreter(placed.interpreter);
  meeting->set_state(Meeting::STATE_CONFIRMED);
  meeting->clear_proposal();
  meeting->clear_schedule();  // who has a schedule's name for it sets it
}

// Before its start only; what stands without a slot can always be moved.
absl::Status CheckToCome(const Acting& acting, const Meeting& meeting, absl::string_view step) {
  if (!IsStanding(meeting)) return Conflict(meeting, step, kStanding, "");
  if (HasBegun(meeting, acting.now))
    return Conflict(meeting, step, kStanding, " and has begun: report what came of it");
  return absl::OkStatus();
}

Meeting::State StateSaid(const Meeting& meeting) {
  bool came = false, absent = false, in = false;
  for (const v1::Report* report : {&meeting.project_report(), &meeting.investor_report()}) {
    came |= report->other_side() == v1::PRESENCE_CAME;
    absent |= report->other_side() == v1::PRESENCE_ABSENT;
    in |= report->has_check_in_time();
  }
  return came     ? Meeting::STATE_HELD
         : absent ? Meeting::STATE_NO_SHOW
         : in     ? Meeting::STATE_IN_PROGRESS
                  : meeting.state();
}

absl::Status CheckSaid(const Said& said) {
  if (!said.check_in && said.other_side == v1::PRESENCE_UNSPECIFIED && said.rating == 0 &&
      said.result == v1::MEETING_RESULT_UNSPECIFIED)
    return InvalidFields({{"check_in", "must be set, or other_side, rating or result: the report says nothing"}});
  if (said.other_side == v1::PRESENCE_ABSENT && TookPlace(said.result))
    return InvalidFields(
        {{"result", "must be MEETING_RESULT_DID_NOT_TAKE_PLACE or unset when the other side did not come"}});
  if (said.other_side == v1::PRESENCE_CAME && said.result == v1::MEETING_RESULT_DID_NOT_TAKE_PLACE)
    return InvalidFields({{"result", "must not be MEETING_RESULT_DID_NOT_TAKE_PLACE when the other side came"}});
  return absl::OkStatus();
}

absl::Status CheckTime(const Acting& acting, const Said& said, const Meeting& meeting) {
  if (!meeting.has_start_time()) return Conflict(meeting, "report", "", " and has no slot: move it first");
  const absl::Time start = FromStamp(meeting.start_time());
  const auto from = [&](absl::Time time) {
    return absl::StrCat(" and can be reported on from ",
                        absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone()));
  };
  if (acting.now < start - kEarly) return Conflict(meeting, "report", "", from(start - kEarly));
  const bool only_in =
      said.other_side == v1::PRESENCE_UNSPECIFIED && said.rating == 0 && said.result == v1::MEETING_RESULT_UNSPECIFIED;
  if (!only_in && acting.now < start) return Conflict(meeting, "report", "", from(start));
  if (said.other_side == v1::PRESENCE_ABSENT && acting.now < start + kGrace)
    return Conflict(meeting, "report_absence", "", from(start + kGrace));
  return absl::OkStatus();
}

}  // namespace

void Book(const Acting& acting, const Placed& placed, absl::string_view forced_reason, Meeting* meeting) {
  Put(placed, meeting);
  meeting->set_forced_reason(std::string(forced_reason));
  *meeting->mutable_create_time() = ToStamp(acting.now);
  Done(MeetingChange::CAUSE_BOOKED, acting, meeting);
}

absl::StatusOr<bool> AskReschedule(const Acting& acting, const std::vector<absl::Time>& slots, Meeting* meeting) {
  TANDEM_RETURN_IF_ERROR(CheckToCome(acting, *meeting, "reschedule"));
  if (meeting->has_proposal() && meeting->proposal().side() != acting.side)
    return Conflict(*meeting, "reschedule", "CONFIRMED", " because the other side has asked to move it: answer that");
  v1::Proposal* proposal = meeting->mutable_proposal();
  proposal->Clear();
  proposal->set_side(acting.side);
  for (const absl::Time slot : slots) *proposal->add_slots() = ToStamp(slot);
  proposal->set_note(acting.note);
  *proposal->mutable_time() = ToStamp(acting.now);
  meeting->set_state(Meeting::STATE_RESCHEDULE_PENDING);
  return Done(MeetingChange::CAUSE_RESCHEDULE_ASKED, acting, meeting);
}

absl::StatusOr<bool> RefuseReschedule(const Acting& acting, Meeting* meeting) {
  if (!IsStanding(*meeting) || !meeting->has_proposal())
    return Conflict(*meeting, "refuse", "RESCHEDULE_PENDING", ", and nobody waits for an answer");
  meeting->clear_proposal();
  if (meeting->has_start_time()) meeting->set_state(Meeting::STATE_CONFIRMED);
  return Done(MeetingChange::CAUSE_RESCHEDULE_REFUSED, acting, meeting);
}

absl::Status CheckMove(const Acting& acting, const Meeting& meeting) {
  TANDEM_RETURN_IF_ERROR(CheckToCome(acting, meeting, "move"));
  if (acting.side == v1::SIDE_UNSPECIFIED) return absl::OkStatus();
  if (!meeting.has_proposal())
    return Conflict(meeting, "move", "RESCHEDULE_PENDING", ", and nobody has asked to move it: ask");
  if (meeting.proposal().side() == acting.side)
    return Conflict(meeting, "move", "RESCHEDULE_PENDING", " because your side asked: the other side answers");
  return absl::OkStatus();
}

void Move(const Acting& acting, const Placed& placed, Meeting* meeting) {
  Put(placed, meeting);
  Done(MeetingChange::CAUSE_MOVED, acting, meeting);
}

absl::StatusOr<bool> Cancel(const Acting& acting, Meeting* meeting) {
  if (acting.side != v1::SIDE_UNSPECIFIED) {
    TANDEM_RETURN_IF_ERROR(CheckToCome(acting, *meeting, "cancel"));
  } else if (!IsStanding(*meeting)) {
    return Conflict(*meeting, "cancel", kStanding, "");
  }
  meeting->set_state(Meeting::STATE_CANCELLED);
  meeting->clear_proposal();
  return Done(MeetingChange::CAUSE_CANCELLED, acting, meeting);
}

bool EndWithPairing(MeetingChange::Cause cause, const Acting& acting, Meeting* meeting) {
  if (!IsStanding(*meeting) || HasBegun(*meeting, acting.now)) return false;
  meeting->set_state(Meeting::STATE_CANCELLED);
  meeting->clear_proposal();
  return Done(cause, acting, meeting);
}

bool LosePlace(const Acting& acting, Meeting* meeting) {
  if (!IsStanding(*meeting) || !meeting->has_start_time() || HasBegun(*meeting, acting.now)) return false;
  meeting->clear_start_time();
  meeting->clear_end_time();
  meeting->clear_at_a_distance();
  meeting->clear_place();
  meeting->clear_interpreter();
  meeting->clear_locked();
  meeting->set_state(Meeting::STATE_RESCHEDULE_PENDING);
  return Done(MeetingChange::CAUSE_AGENDA_CHANGED, acting, meeting);
}

absl::StatusOr<bool> ReportOn(const Acting& acting, const Said& said, Meeting* meeting) {
  TANDEM_RETURN_IF_ERROR(CheckSaid(said));
  if (meeting->state() == Meeting::STATE_CANCELLED)
    return Conflict(*meeting, "report", "CONFIRMED,RESCHEDULE_PENDING,IN_PROGRESS,HELD,NO_SHOW", "");
  TANDEM_RETURN_IF_ERROR(CheckTime(acting, said, *meeting));
  v1::Report report = ReportOf(*meeting, acting.side);
  const std::string was = report.SerializeAsString();
  if (said.check_in && !report.has_check_in_time()) *report.mutable_check_in_time() = ToStamp(acting.now);
  if (said.other_side != v1::PRESENCE_UNSPECIFIED) report.set_other_side(said.other_side);
  if (said.rating != 0) report.set_rating(said.rating);
  if (said.result != v1::MEETING_RESULT_UNSPECIFIED) report.set_result(said.result);
  if (TookPlace(said.result)) report.set_other_side(v1::PRESENCE_CAME);
  if (said.other_side == v1::PRESENCE_ABSENT && TookPlace(report.result()))
    report.set_result(v1::MEETING_RESULT_DID_NOT_TAKE_PLACE);
  if (said.other_side == v1::PRESENCE_CAME && report.result() == v1::MEETING_RESULT_DID_NOT_TAKE_PLACE)
    report.clear_result();
  if (report.SerializeAsString() == was) return false;
  // A rating is not the other side's to see, so nothing that it sees moves by one.
  v1::Report unrated = report, unrated_before = ReportOf(*meeting, acting.side);
  unrated.clear_rating();
  unrated_before.clear_rating();
  const bool seen = unrated.SerializeAsString() != unrated_before.SerializeAsString();
  if (seen || !report.has_time()) *report.mutable_time() = ToStamp(acting.now);

  Meeting after = *meeting;
  *(acting.side == v1::SIDE_PROJECT ? after.mutable_project_report() : after.mutable_investor_report()) = report;
  after.set_state(StateSaid(after));
  if (after.state() != Meeting::STATE_HELD && after.outcomes_size() > 0)
    return Conflict(*meeting, "report_absence", "", " with outcomes: what came of it cannot be said not to have been");
  if (after.state() != Meeting::STATE_RESCHEDULE_PENDING) after.clear_proposal();
  *meeting = std::move(after);
  return seen ? Done(MeetingChange::CAUSE_REPORTED, acting, meeting) : true;
}

absl::StatusOr<bool> Attest(const Acting& acting, v1::OutcomeStage stage, const tandem::type::v1::Money* amount,
                            Meeting* meeting) {
  if (meeting->state() != Meeting::STATE_HELD)
    return Conflict(*meeting, "record_outcome", "HELD", ": report first that it took place");
  if (stage == v1::OUTCOME_STAGE_LOST && acting.note.empty())
    return InvalidFields({{"note", "must say why it is lost"}});
  v1::Outcome* rung = nullptr;
  for (v1::Outcome& outcome : *meeting->mutable_outcomes()) {
    if (outcome.stage() == stage) rung = &outcome;
  }
  if (rung == nullptr) {
    rung = meeting->add_outcomes();
    rung->set_stage(stage);
  }
  const std::string was = rung->SerializeAsString();
  google::protobuf::Timestamp* time = acting.side == v1::SIDE_PROJECT    ? rung->mutable_project_time()
                                      : acting.side == v1::SIDE_INVESTOR ? rung->mutable_investor_time()
                                                                         : rung->mutable_organiser_time();
  if (time->seconds() == 0 && time->nanos() == 0) *time = ToStamp(acting.now);
  if (amount != nullptr) *rung->mutable_amount() = *amount;
  if (!acting.note.empty()) rung->set_note(acting.note);
  if (rung->SerializeAsString() == was) return false;
  return Done(MeetingChange::CAUSE_OUTCOME, acting, meeting);
}

absl::StatusOr<bool> Lock(const Acting& acting, bool lock, Meeting* meeting) {
  if (!IsStanding(*meeting)) return Conflict(*meeting, lock ? "lock" : "unlock", kStanding, "");
  if (meeting->locked() == lock) return false;
  meeting->set_locked(lock);
  return Done(MeetingChange::CAUSE_LOCKED, acting, meeting);
}

bool IsLive(const Meeting& meeting, absl::Time now) {
  // Of what nobody reported on by its end, nothing will come any more.
  return (IsStanding(meeting) || meeting.state() == Meeting::STATE_IN_PROGRESS) &&
         (!meeting.has_end_time() || now < FromStamp(meeting.end_time()));
}

std::string StateText(Meeting::State state) {
  return std::string(absl::StripPrefix(Meeting::State_Name(state), "STATE_"));
}

absl::Status Conflict(const Meeting& meeting, absl::string_view step, absl::string_view allowed,
                      absl::string_view why) {
  const std::string state = StateText(meeting.state());
  const std::string needs =
      allowed.empty() || !why.empty() ? "" : absl::StrCat("; the step needs one that is ", allowed);
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT", absl::StrCat(meeting.name(), " is ", state, why, needs),
      {{"resource", meeting.name()}, {"state", state}, {"step", std::string(step)}, {"allowed", std::string(allowed)}});
}

void SetMeetingChange(const Acting& acting, v1::Pairing* pairing) {
  *pairing->mutable_update_time() = ToStamp(acting.now);
  v1::Change* change = pairing->mutable_change();
  change->Clear();
  change->set_cause(v1::Change::CAUSE_MEETING);
  change->set_side(acting.side);
  change->set_actor(acting.actor);
  *change->mutable_time() = ToStamp(acting.now);
}

Meeting ViewFor(Meeting meeting, v1::Side side) {
  if (side == v1::SIDE_UNSPECIFIED) return meeting;
  const v1::Side other = OtherSide(side);
  if (ReportOf(meeting, other).rating() != 0) {
    v1::Report* report =
        other == v1::SIDE_PROJECT ? meeting.mutable_project_report() : meeting.mutable_investor_report();
    report->clear_rating();
    const bool says_more = report->has_check_in_time() || report->other_side() != v1::PRESENCE_UNSPECIFIED ||
                           report->result() != v1::MEETING_RESULT_UNSPECIFIED;
    if (!says_more) other == v1::SIDE_PROJECT ? meeting.clear_project_report() : meeting.clear_investor_report();
  }
  MeetingChange* change = meeting.mutable_change();
  const bool blocked = change->note() == kBlockedNote && change->side() == other;
  if (change->cause() == MeetingChange::CAUSE_PAIRING_ENDED && blocked) {
    change->set_cause(MeetingChange::CAUSE_PARTY_LEFT);
    change->set_note(other == v1::SIDE_PROJECT ? "project withdrawn" : "investor withdrawn");
    change->clear_actor();
  } else if (change->cause() == MeetingChange::CAUSE_PAIRING_ENDED) {
    change->clear_side();
    change->clear_actor();
    change->clear_note();
  } else if (change->side() != side) {
    change->clear_actor();
  }
  return meeting;
}

}  // namespace tandem::pairing::meetings
