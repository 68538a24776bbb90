#include "services/pairing/meetings/book/placing.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "common/base/status.h"
#include "services/pairing/ledger/decision.h"
#include "services/pairing/meetings/book/meeting_rows.h"

namespace tandem::pairing::meetings {
namespace {

std::string Text(absl::Time time) { return absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone()); }

absl::string_view WordOf(Obstacle obstacle) {
  switch (obstacle) {
    case Obstacle::kPassed:
      return "it has begun";
    case Obstacle::kNotAvailable:
      return "the two cannot both meet then";
    case Obstacle::kBusy:
      return "one of them meets somebody else";
    case Obstacle::kCap:
      return "one of them has as many meetings as allowed";
    case Obstacle::kTooFar:
      return "no place can be reached in time";
    case Obstacle::kNoPlace:
      return "all places are taken";
    case Obstacle::kNoInterpreter:
      return "no interpreter is free";
  }
  return "";
}

// Representatives of a party that are tried, the first by name, where nobody says who is to meet.
constexpr size_t kMostTried = 8;

// Somebody who could meet for a party.
struct Candidate {
  Calendar calendar;
  std::optional<Condition> condition;  // that a representative is still what was read
};

class Placing {
 public:
  Placing(RecordStore* store, People* people, const PlaceWish& wish)
      : store_(store), people_(people), wish_(wish), agenda_(*wish.agenda) {}

  absl::Status ReadPeople() {
    TANDEM_RETURN_IF_ERROR(people_->Refresh());
    TANDEM_RETURN_IF_ERROR(Read(wish_.project, wish_.project_attendee, "project_attendee", &sides_[0]));
    return Read(wish_.investor, wish_.investor_attendee, "investor_attendee", &sides_[1]);
  }

  // The slots to try, in order; nothing in them: none.
  absl::Status ReadSlots(std::vector<int>* slots) const {
    std::vector<FieldViolation> violations;
    for (size_t i = 0; i < wish_.slots.size(); ++i) {
      const absl::Time time = wish_.slots[i];
      const int slot = agenda_.FindSlot(time);
      const std::string field = absl::StrCat("slots[", i, "]");
      if (slot == kNone) {
        violations.push_back({field, absl::StrCat(Text(time), " is not the start of a slot of the edition's agenda")});
      } else if (!MayTake(time)) {
        violations.push_back(
            {field, absl::StrCat(Text(time), " is none of those that the other side named: ",
                                 absl::StrJoin(wish_.only, ", ",
                                               [](std::string* out, absl::Time each) { out->append(Text(each)); }))});
      } else if (wish_.moves && time == wish_.from) {
        violations.push_back({field, absl::StrCat(Text(time), " is where the meeting is already")});
      } else {
        slots->push_back(slot);
      }
    }
    if (!violations.empty()) return InvalidFields(std::move(violations));
    if (!wish_.slots.empty()) return absl::OkStatus();
    if (!wish_.only.empty()) {
      for (const absl::Time time : wish_.only) Add(agenda_.FindSlot(time), slots);
    } else {
      for (int slot = 0; slot < static_cast<int>(agenda_.slots().size()); ++slot) Add(slot, slots);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<FoundPlace> Find() {
    std::vector<int> slots;
    TANDEM_RETURN_IF_ERROR(ReadSlots(&slots));
    TANDEM_RETURN_IF_ERROR(ReadPeople());
    std::set<int> left;
    std::map<int, Obstacle> refused;
    bool any = false;  // pair of two different people
    for (size_t a = 0; a < sides_[0].size(); ++a) {
      for (size_t b = 0; b < sides_[1].size(); ++b) {
        if (IsOne(a, b)) continue;
        any = true;
        if (slots.empty()) continue;
        MeetingWish meeting = WishOf(a, b);
        meeting.slots = slots;
        TANDEM_ASSIGN_OR_RETURN(BookingPlan plan, PlanBooking(store_, meeting));
        if (plan.claim.has_value()) return Found(a, b, *std::move(plan.claim));
        for (const auto& [slot, obstacle] : plan.refused) {
          const auto [known, is_new] = refused.emplace(slot, obstacle);
          if (!is_new) known->second = std::max(known->second, obstacle);
        }
        if (wish_.only.empty()) {
          left.insert(plan.left.begin(), plan.left.end());
        } else {
          TANDEM_RETURN_IF_ERROR(AddLeftOfOnly(meeting, &left));
        }
      }
    }
    if (!any) {
      return InvalidFields(
          {{"investor_attendee", "must be another person than project_attendee: nobody meets themselves"}});
    }
    return Taken(slots, refused, left);
  }

  absl::StatusOr<std::vector<v1::OpenSlot>> Survey() {
    TANDEM_RETURN_IF_ERROR(ReadPeople());
    std::vector<v1::OpenSlot> slots(agenda_.slots().size());
    // The more people could meet, the further the best of them come.
    std::vector<std::optional<Obstacle>> best(slots.size(), Obstacle::kPassed);
    for (size_t a = 0; a < sides_[0].size(); ++a) {
      for (size_t b = 0; b < sides_[1].size(); ++b) {
        if (IsOne(a, b)) continue;
        TANDEM_ASSIGN_OR_RETURN(const auto surveyed, SurveySlots(store_, WishOf(a, b)));
        for (size_t i = 0; i < best.size(); ++i) {
          if (best[i].has_value()) best[i] = surveyed[i].has_value() ? std::max(best[i], surveyed[i]) : std::nullopt;
        }
      }
    }
    for (size_t i = 0; i < slots.size(); ++i) {
      *slots[i].mutable_start_time() = ledger::ToStamp(agenda_.slots()[i].start);
      *slots[i].mutable_end_time() = ledger::ToStamp(agenda_.slots()[i].end);
      if (best[i].has_value())
        slots[i].set_obstacle(static_cast<v1::OpenSlot::Obstacle>(static_cast<int>(*best[i]) + 1));
    }
    return slots;
  }

 private:
  bool MayTake(absl::Time time) const {
    return wish_.only.empty() || std::find(wish_.only.begin(), wish_.only.end(), time) != wish_.only.end();
  }
  void Add(int slot, std::vector<int>* slots) const {
    if (slot == kNone) return;
    if (wish_.moves && agenda_.slots()[static_cast<size_t>(slot)].start == wish_.from) return;
    slots->push_back(slot);
  }

  absl::Status Read(const std::string& party, const std::string& attendee, absl::string_view field,
                    std::vector<Candidate>* candidates) {
    std::vector<PersonPtr> people;
    if (attendee.empty()) {
      people = people_->Of(party);
      if (people.size() > kMostTried) people.resize(kMostTried);
      if (people.empty()) candidates->push_back({Calendar::OfParty(party, agenda_), std::nullopt});
    } else {
      PersonPtr person = people_->Named(attendee);
      if (person == nullptr) {
        return MakeError(absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND", absl::StrCat("there is no ", attendee),
                         {{"resource", attendee}});
      }
      const auto& parties = person->representative.parties();
      if (std::find(parties.begin(), parties.end(), party) == parties.end())
        return InvalidFields({{std::string(field), absl::StrCat(attendee, " does not meet for ", party)}});
      people.push_back(std::move(person));
    }
    for (const PersonPtr& person : people) {
      TANDEM_ASSIGN_OR_RETURN(Calendar calendar, Calendar::Of(person->representative, agenda_));
      candidates->push_back({std::move(calendar), Condition::AtRevision(person->key, person->revision)});
    }
    return absl::OkStatus();
  }

  bool IsOne(size_t a, size_t b) const { return sides_[0][a].calendar.name() == sides_[1][b].calendar.name(); }

  MeetingWish WishOf(size_t a, size_t b) const {
    MeetingWish meeting;
    meeting.edition = std::string(EditionOf(wish_.meeting));
    meeting.meeting = wish_.meeting;
    meeting.agenda = &agenda_;
    meeting.attendees = {
        Attendee{&sides_[0][a].calendar, wish_.project, agenda_.project_quotas().meetings_per_day()},
        Attendee{&sides_[1][b].calendar, wish_.investor, agenda_.investor_quotas().meetings_per_day()}};
    meeting.not_before = wish_.now;
    meeting.moves = wish_.moves;
    return meeting;
  }

  FoundPlace Found(size_t a, size_t b, BookingClaim claim) const {
    FoundPlace found;
    const Booking& booking = claim.booking;
    found.placed = {booking.start, booking.end, booking.is_virtual(), booking.place, booking.interpreter};
    found.project_attendee = sides_[0][a].calendar.name();
    found.investor_attendee = sides_[1][b].calendar.name();
    found.rows = std::move(claim.rows);
    for (const auto& condition : {sides_[0][a].condition, sides_[1][b].condition}) {
      if (condition.has_value()) found.rows.conditions.push_back(*condition);
    }
    return found;
  }

  // Of the slots that may be taken, those that are open.
  absl::Status AddLeftOfOnly(const MeetingWish& meeting, std::set<int>* left) const {
    TANDEM_ASSIGN_OR_RETURN(const auto surveyed, SurveySlots(store_, meeting));
    for (const absl::Time time : wish_.only) {
      const int slot = agenda_.FindSlot(time);
      if (slot != kNone && !surveyed[static_cast<size_t>(slot)].has_value()) left->insert(slot);
    }
    return absl::OkStatus();
  }

  absl::Status Taken(const std::vector<int>& slots, const std::map<int, Obstacle>& refused,
                     const std::set<int>& left) const {
    std::vector<std::string> texts, why;
    for (const int slot : left) {
      if (wish_.moves && agenda_.slots()[static_cast<size_t>(slot)].start == wish_.from) continue;
      if (texts.size() < kMostLeft) texts.push_back(Text(agenda_.slots()[static_cast<size_t>(slot)].start));
    }
    for (const int slot : slots) {
      if (why.size() == 3) break;
      const auto found = refused.find(slot);
      if (found == refused.end()) continue;
      why.push_back(absl::StrCat(Text(agenda_.slots()[static_cast<size_t>(slot)].start), ": ", WordOf(found->second)));
    }
    return MakeError(
        absl::StatusCode::kAborted, "SLOT_TAKEN",
        absl::StrCat("no slot that would do is open", why.empty() ? "" : " (", absl::StrJoin(why, "; "),
                     why.empty() ? "" : ")", texts.empty() ? ", and none is left" : ": take one that is left, ",
                     absl::StrJoin(texts, ", ")),
        {{"slots", absl::StrJoin(texts, ",")}});
  }

  RecordStore* const store_;
  People* const people_;
  const PlaceWish& wish_;
  const Agenda& agenda_;
  std::array<std::vector<Candidate>, 2> sides_;
};

}  // namespace

absl::StatusOr<FoundPlace> FindPlace(RecordStore* store, People* people, const PlaceWish& wish) {
  return Placing(store, people, wish).Find();
}

absl::Status CheckSlots(const Agenda& agenda, const std::vector<absl::Time>& slots, absl::Time now) {
  std::vector<FieldViolation> violations;
  for (size_t i = 0; i < slots.size(); ++i) {
    const std::string field = absl::StrCat("slots[", i, "]");
    if (agenda.FindSlot(slots[i]) == kNone) {
      violations.push_back(
          {field, absl::StrCat(Text(slots[i]), " is not the start of a slot of the edition's agenda")});
    } else if (slots[i] <= now) {
      violations.push_back({field, absl::StrCat(Text(slots[i]), " is over: name slots to come")});
    }
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

absl::StatusOr<std::vector<v1::OpenSlot>> FindOpenSlots(RecordStore* store, People* people, const PlaceWish& wish) {
  return Placing(store, people, wish).Survey();
}

}  // namespace tandem::pairing::meetings
