// What changes a schedule that is booked: taking it back as a whole, and mending a hole in it.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/fields.h"
#include "services/pairing/ledger/decision.h"
#include "services/pairing/meetings/book/meeting_rows.h"
#include "services/pairing/meetings/schedules/schedule_words.h"
#include "services/pairing/meetings/schedules/schedules.h"
#include "services/pairing/meetings/scheduling/board.h"
#include "services/pairing/meetings/scheduling/reasons.h"
#include "services/pairing/meetings/scheduling/repair.h"
#include "services/pairing/meetings/scheduling/selection_flow.h"

namespace tandem::pairing::meetings {
namespace {

using ledger::FromStamp;
using ledger::ToStamp;
using v1::Meeting;
using v1::Schedule;
using v1::SchedulePlacement;
using Kind = PlannedChange::Kind;

constexpr int kAttempts = 8;
constexpr int kDefaultMoves = 3;
constexpr int kMostKept = 100;

absl::Status Contention(const std::string& name) {
  return MakeError(absl::StatusCode::kAborted, "CONTENTION",
                   absl::StrCat("others wrote meetings of the edition of ", name, " again and again: retry"),
                   {{"resource", name}});
}

// Whether nobody has done anything to a meeting since `schedule` booked it, and it can still be changed.
bool IsUntouched(const MeetingFacts* facts, const std::string& schedule, absl::Time now) {
  if (facts == nullptr) return false;
  const Meeting& meeting = facts->meeting;
  return meeting.schedule() == schedule && meeting.change().cause() == v1::MeetingChange::CAUSE_SCHEDULED &&
         meeting.state() == Meeting::STATE_CONFIRMED && !meeting.locked() && FromStamp(meeting.start_time()) > now;
}

// The changes that take `placements` back, added to `plan`; `kept` gets the meetings that stay.
std::map<std::string, std::string> PlanRollBack(const Snapshot& snapshot, const Schedule& schedule,
                                                const std::vector<SchedulePlacement>& placements,
                                                const std::vector<Booking>& before, absl::Time now, ChangePlan* plan,
                                                std::vector<std::string>* kept) {
  std::map<std::string, std::string> broken;
  std::map<std::string, const Booking*> old;
  for (const Booking& booking : before) old[booking.meeting] = &booking;
  for (const SchedulePlacement& placement : placements) {
    if (placement.change() == SchedulePlacement::CHANGE_UNSPECIFIED ||
        placement.change() == SchedulePlacement::CHANGE_KEPT)
      continue;
    PlannedChange change;
    change.pairing = placement.pairing();
    change.meeting = placement.meeting();
    const auto was = old.find(placement.meeting());
    if (placement.change() == SchedulePlacement::CHANGE_REMOVED) {
      const auto pairing = snapshot.pairings.find(placement.pairing());
      if (pairing == snapshot.pairings.end() || !pairing->second.mutual || !pairing->second.meeting.empty()) {
        kept->push_back(placement.meeting());
        continue;
      }
      change.kind = Kind::kBook;
    } else {
      const auto meeting = snapshot.meetings.find(placement.meeting());
      if (!IsUntouched(meeting == snapshot.meetings.end() ? nullptr : &meeting->second, schedule.name(), now)) {
        kept->push_back(placement.meeting());
        continue;
      }
      const bool is_new = FromStamp(meeting->second.meeting.create_time()) == FromStamp(schedule.publish_time());
      change.kind = placement.change() == SchedulePlacement::CHANGE_MOVED ? Kind::kMove
                    : is_new                                              ? Kind::kCancel
                                                                          : Kind::kUnplace;
    }
    if (change.kind == Kind::kBook || change.kind == Kind::kMove) {
      if (was == old.end()) continue;
      if (was->second->start <= now) {
        broken.emplace(placement.pairing(), absl::StrCat("the slot of ", placement.meeting(), " at ",
                                                         TimeText(was->second->start), " has begun"));
        continue;
      }
      change.goal = ProvedOf(*was->second, placement.pairing());
    }
    plan->Add(std::move(change));
  }
  return broken;
}

}  // namespace

absl::StatusOr<v1::RollBackScheduleResponse> Schedules::RollBack(const Caller& caller,
                                                                 const v1::RollBackScheduleRequest& request) {
  TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "RollBackSchedule"));
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Request asked;
    TANDEM_ASSIGN_OR_RETURN(const auto remembered, Recall(caller, request, "RollBackSchedule",
                                                          EditionOf(request.name()), request.request_id(), &asked));
    if (remembered.has_value()) {
      v1::RollBackScheduleResponse response;
      response.ParseFromString(remembered->payload);
      *response.mutable_schedule() = Show(std::move(*response.mutable_schedule()), remembered->revision);
      return response;
    }
    TANDEM_ASSIGN_OR_RETURN(auto done, TryRollBack(caller, request, asked));
    if (done.has_value()) return *std::move(done);
  }
  return Contention(request.name());
}

absl::StatusOr<std::optional<v1::RollBackScheduleResponse>> Schedules::TryRollBack(
    const Caller& caller, const v1::RollBackScheduleRequest& request, const Request& asked) {
  const std::string& name = request.name();
  TANDEM_ASSIGN_OR_RETURN(const StoredSchedule stored, ReadSchedule(options_.store, name));
  TANDEM_RETURN_IF_ERROR(CheckEtag(stored, request.etag()));
  TANDEM_RETURN_IF_ERROR(CheckState(stored.schedule, Schedule::STATE_PUBLISHED, "roll_back"));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<SchedulePlacement> placements, ReadPlacements(options_.store, name));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Booking> before, ReadBefore(options_.store, name));
  const Acting acting{v1::SIDE_UNSPECIFIED, caller.actor, Now(), ""};
  ChangePlan plan(options_.store, acting, v1::MeetingChange::CAUSE_ROLLED_BACK);
  TANDEM_RETURN_IF_ERROR(plan.Guard(placements));
  TANDEM_ASSIGN_OR_RETURN(const Snapshot snapshot, ReadSnapshot(options_.store, EditionOf(name)));
  plan.Look(&snapshot);
  std::vector<std::string> kept;
  std::map<std::string, std::string> broken =
      PlanRollBack(snapshot, stored.schedule, placements, before, acting.now, &plan, &kept);
  TANDEM_ASSIGN_OR_RETURN(auto more, plan.Check({}));
  broken.merge(std::move(more));
  if (!broken.empty()) return Outdated(name, broken);

  Transaction transaction;
  transaction.conditions.push_back(Condition::AtRevision(stored.record.key, stored.record.revision));
  std::vector<Booking> freed;
  TANDEM_ASSIGN_OR_RETURN(const bool still, plan.Finish(&transaction, &freed));
  if (!still) return std::nullopt;
  v1::RollBackScheduleResponse response;
  Schedule& schedule = *response.mutable_schedule();
  schedule = stored.schedule;
  schedule.set_state(Schedule::STATE_ROLLED_BACK);
  schedule.set_actor(caller.actor);
  *schedule.mutable_roll_back_time() = ToStamp(acting.now);
  *schedule.mutable_update_time() = ToStamp(acting.now);
  response.set_restored(static_cast<int32_t>(plan.changes().size()));
  for (const std::string& meeting : kept) {
    if (response.kept_size() < kMostKept) response.add_kept(meeting);
  }
  transaction.writes.push_back(Write::PutUnlogged(stored.record.key, catalog::SerializeDeterministically(schedule)));
  Remember(asked, catalog::SerializeDeterministically(response), &transaction);
  Revision revision = 0;
  TANDEM_ASSIGN_OR_RETURN(const bool written, Commit(std::move(transaction), name, &revision));
  if (!written) return std::nullopt;
  if (!asked.key.empty()) requests_.Written(1);
  schedule = Show(std::move(schedule), revision);
  return response;
}

absl::StatusOr<Schedule> Schedules::Repair(const Caller& caller, const v1::RepairScheduleRequest& request) {
  TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "RepairSchedule"));
  const std::string edition(EditionOf(request.parent()));
  std::vector<FieldViolation> violations;
  for (int i = 0; i < request.attendees_size(); ++i) {
    const std::string& attendee = request.attendees(i);
    const std::string rest = attendee.substr(std::min(attendee.size(), request.parent().size()));
    const bool known = absl::StartsWith(attendee, request.parent()) &&
                       (absl::StartsWith(rest, "/projects/") || absl::StartsWith(rest, "/investors/") ||
                        absl::StartsWith(rest, "/representatives/"));
    if (!known) {
      violations.push_back(
          {absl::StrCat("attendees[", i, "]"),
           absl::StrCat("must be a project, investor or representative of ", request.parent(), ", not ", attendee)});
    }
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  absl::Status outdated;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Request asked;
    TANDEM_ASSIGN_OR_RETURN(const auto remembered,
                            Recall(caller, request, "RepairSchedule", edition, request.request_id(), &asked));
    if (remembered.has_value()) {
      Schedule schedule;
      schedule.ParseFromString(remembered->payload);
      return Show(std::move(schedule), remembered->revision);
    }
    TANDEM_ASSIGN_OR_RETURN(Preview made, Mend(caller, request, request.publish() ? Request() : asked));
    if (!request.publish()) return Show(std::move(made.schedule), made.revision);
    // Who books in between makes it outdated: then what is booked now is repaired.
    auto published = TryPublish(caller, made.schedule.name(), "", asked, &made);
    if (published.ok() && published->has_value()) return **std::move(published);
    outdated = published.status();
    if (!outdated.ok() && GetErrorDetail(outdated).reason != "SCHEDULE_OUTDATED") return outdated;
  }
  return outdated.ok() ? Contention(request.parent()) : outdated;
}

absl::StatusOr<Schedules::Preview> Schedules::Mend(const Caller& caller, const v1::RepairScheduleRequest& request,
                                                   const Request& asked) {
  const std::string edition(EditionOf(request.parent()));
  Preview preview;
  TANDEM_ASSIGN_OR_RETURN(preview.snapshot, ReadSnapshot(options_.store, edition));
  const Snapshot& snapshot = preview.snapshot;
  Choice choice;
  choice.now = Now();
  if (request.has_not_before())
    choice.now = std::max(choice.now, FromStamp(request.not_before()) - absl::Microseconds(1));
  choice.leave_called_off = true;
  choice.lenient_orders = true;
  TANDEM_ASSIGN_OR_RETURN(choice.orders, NewestOrders(edition));
  if (options_.scores) choice.score = options_.scores(request.parent());
  TANDEM_ASSIGN_OR_RETURN(const ScheduleProblem made, ScheduleProblem::Make(snapshot, choice));
  const scheduling::Problem& problem = made.problem();
  TANDEM_RETURN_IF_ERROR(scheduling::Validate(problem));
  const scheduling::Schedule booked = made.Booked();

  scheduling::RepairRequest repair;
  repair.most_moves = request.most_moves() == 0 ? kDefaultMoves : request.most_moves();
  repair.first_slot = made.FirstSlot(choice.now + absl::Nanoseconds(1));
  std::set<int32_t> people;
  for (const std::string& attendee : request.attendees()) {
    for (const int32_t person : made.PeopleOf(attendee)) people.insert(person);
  }
  for (size_t i = 0; i < problem.wishes.size() && request.attendees().empty(); ++i) {
    if (!booked.placements[i].placed()) people.insert({problem.wishes[i].first, problem.wishes[i].second});
  }
  repair.arrived.assign(people.begin(), people.end());
  TANDEM_ASSIGN_OR_RETURN(scheduling::RepairOutcome outcome, scheduling::RepairSchedule(problem, booked, repair));
  made.TrimParties(&outcome.schedule);

  scheduling::Outcome figures = scheduling::Assess(problem, outcome.schedule);
  scheduling::Board board(problem);
  const std::vector<uint8_t> sides = scheduling::FindSides(problem);
  const scheduling::Selection most = scheduling::SelectWishes(board, sides, scheduling::SeatBonus(problem));
  figures.people.bound = std::max<int64_t>(most.most_seated, figures.people.value);
  figures.value.bound = scheduling::SelectWishes(board, sides, 0).most_value;
  for (size_t i = 0; i < problem.wishes.size(); ++i) {
    const int32_t wish = static_cast<int32_t>(i);
    if (!board.placed(wish) && outcome.schedule.placements[i].placed())
      board.Place(wish, outcome.schedule.placements[i]);
  }
  outcome.schedule.reasons = scheduling::ExplainUnplaced(board);

  preview.placements = made.Place(outcome.schedule);
  Schedule schedule;
  *schedule.mutable_create_time() = ToStamp(Now());
  *schedule.mutable_update_time() = schedule.create_time();
  schedule.set_state(Schedule::STATE_PREVIEW);
  schedule.set_mode(v1::SCHEDULE_MODE_ALL);
  schedule.set_repair(true);
  schedule.set_actor(caller.actor);
  schedule.set_made_at(TokenOf(snapshot.head.revision));
  SetFigures(figures, &schedule);
  CountPlacements(preview.placements, &schedule);
  TANDEM_ASSIGN_OR_RETURN(preview.schedule,
                          StoreSchedule(
                              options_.store, edition, std::move(schedule), preview.placements, choice.orders,
                              [&](const Schedule& named, Transaction* transaction) {
                                Remember(asked, catalog::SerializeDeterministically(named), transaction);
                              },
                              &preview.revision));
  if (!asked.key.empty()) requests_.Written(1);
  return preview;
}

}  // namespace tandem::pairing::meetings
