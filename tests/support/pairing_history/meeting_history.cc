#include "tests/support/pairing_history/meeting_history.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace tandem::pairing::meetings {
namespace {

using v1::Meeting;
using v1::MeetingChange;

bool Stands(const Meeting& meeting) {
  return meeting.state() != Meeting::STATE_CANCELLED && meeting.state() != Meeting::STATE_UNSPECIFIED;
}

bool SamePlace(const Meeting& a, const Meeting& b) {
  return a.start_time().seconds() == b.start_time().seconds() && a.place() == b.place() &&
         a.interpreter() == b.interpreter();
}

// `editions/e` of any name in it.
std::string EditionOf(const std::string& name) { return name.substr(0, name.find('/', name.find('/') + 1)); }

}  // namespace

void MeetingHistory::Apply(const v1::Edition& edition) {
  for (const v1::MeetingPlace& place : edition.agenda().places())
    capacities_[absl::StrCat(edition.name(), "/", place.id())] = std::max(1, place.capacity());
  OfEdition& of = editions_[edition.name()];
  of = {};
  absl::LoadTimeZone(edition.time_zone(), &of.time_zone);
  for (const v1::MeetingPlace& place : edition.agenda().places()) of.halls[place.id()] = place.hall();
  for (const v1::TravelTime& way : edition.agenda().travel_times()) {
    of.ways[{way.hall(), way.other_hall()}] = of.ways[{way.other_hall(), way.hall()}] = absl::Minutes(way.minutes());
  }
  of.project_meetings = edition.agenda().project_quotas().meetings_per_day();
  of.investor_meetings = edition.agenda().investor_quotas().meetings_per_day();
}

void MeetingHistory::Count(const Meeting& meeting, int by) {
  if (!Stands(meeting)) return;
  std::set<std::string>& standing = pairings_[meeting.pairing()].standing;
  if (by > 0) standing.insert(meeting.name());
  if (by < 0) standing.erase(meeting.name());
  if (!meeting.has_start_time()) return;
  const std::string slot = absl::StrCat(EditionOf(meeting.name()), " ", meeting.start_time().seconds(), " ");
  const auto claim = [&](absl::string_view kind, const std::string& who) {
    if (who.empty()) return;
    const std::string key = absl::StrCat(slot, kind, " ", who);
    int& count = claims_[key];
    count += by;
    if (count == 0) claims_.erase(key);
    if (by > 0) touched_claims_.insert(key);
  };
  claim("person", meeting.project_attendee());
  claim("person", meeting.investor_attendee());
  claim("place", meeting.place());
  claim("interpreter", meeting.interpreter());
  const auto note = [&](const std::string& who, Calendars* calendars, std::set<std::string>* touched) {
    std::set<std::string>& meetings = (*calendars)[who];
    by > 0 ? static_cast<void>(meetings.insert(meeting.name())) : static_cast<void>(meetings.erase(meeting.name()));
    if (by > 0) touched->insert(who);
  };
  for (const std::string& person : {meeting.project_attendee(), meeting.investor_attendee()})
    note(person, &of_person_, &touched_people_);
  for (const std::string& party : {meeting.project(), meeting.investor()}) note(party, &of_party_, &touched_parties_);
}

bool MeetingHistory::Leads(const Meeting& was, const Meeting& is) const {
  const bool stood = was.state() == Meeting::STATE_CONFIRMED || was.state() == Meeting::STATE_RESCHEDULE_PENDING;
  const bool fresh = was.state() == Meeting::STATE_UNSPECIFIED;
  switch (is.change().cause()) {
    case MeetingChange::CAUSE_BOOKED:
      return fresh && is.state() == Meeting::STATE_CONFIRMED && is.has_start_time();
    case MeetingChange::CAUSE_RESCHEDULE_ASKED:
      // The old slot is kept until the other side confirms.
      return stood && is.state() == Meeting::STATE_RESCHEDULE_PENDING && SamePlace(was, is) && is.has_proposal();
    case MeetingChange::CAUSE_MOVED:
      // Whose wish it was does not answer it.
      return stood && is.state() == Meeting::STATE_CONFIRMED && !is.has_proposal() &&
             (is.change().side() == v1::SIDE_UNSPECIFIED ||
              (was.has_proposal() && was.proposal().side() != is.change().side()));
    case MeetingChange::CAUSE_RESCHEDULE_REFUSED:
      return stood && was.has_proposal() && !is.has_proposal() && SamePlace(was, is) &&
             is.state() == (is.has_start_time() ? Meeting::STATE_CONFIRMED : Meeting::STATE_RESCHEDULE_PENDING);
    case MeetingChange::CAUSE_CANCELLED:
    case MeetingChange::CAUSE_PAIRING_ENDED:
    case MeetingChange::CAUSE_PARTY_LEFT:
      return stood && is.state() == Meeting::STATE_CANCELLED;
    case MeetingChange::CAUSE_UNSPECIFIED:
      return false;
    default:
      return !fresh || is.state() == Meeting::STATE_CONFIRMED;
  }
}

void MeetingHistory::Apply(const Meeting& is, const std::string& where) {
  Meeting& was = meetings_[is.name()];
  const auto bad = [&](int64_t Problems::*kind, absl::string_view what) {
    problems_->Add(kind, absl::StrCat(where, ": ", what, ": ", was.ShortDebugString(), " -> ", is.ShortDebugString()));
  };
  if (was.state() == Meeting::STATE_CANCELLED) {
    bad(&Problems::reports, "told of again after it was cancelled");
  } else if (!Leads(was, is)) {
    bad(&Problems::history, "no such step of a meeting");
  }
  if (!was.name().empty() && was.pairing() != is.pairing()) bad(&Problems::pairs, "of another pairing");
  ++causes_[is.change().cause()];
  if (is.state() == Meeting::STATE_CANCELLED) ++cancelled_;
  if (was.name().empty() || Stands(was) != Stands(is)) owed_pairings_.insert(is.pairing());
  touched_pairings_.insert(is.pairing());
  Count(was, -1);
  Count(is, 1);
  was = is;
}

void MeetingHistory::Apply(const v1::Pairing& is) {
  OfPairing& pairing = pairings_[is.name()];
  pairing.meeting = is.meeting();
  pairing.mutual = is.state() == v1::Pairing::STATE_MUTUAL;
  touched_pairings_.insert(is.name());
  told_pairings_.insert(is.name());
}

void MeetingHistory::CheckPairing(const std::string& name, const std::string& where) {
  const OfPairing& pairing = pairings_[name];
  if (pairing.standing.size() > 1)
    problems_->Add(&Problems::pairs,
                   absl::StrCat(where, ": meetings of ", name, " at a time: ", absl::StrJoin(pairing.standing, ", ")));
  const std::string standing = pairing.standing.empty() ? "" : *pairing.standing.begin();
  if (pairing.standing.size() <= 1 && pairing.meeting != standing)
    problems_->Add(&Problems::history,
                   absl::StrCat(where, ": ", name, " names '", pairing.meeting, "', what stands is '", standing, "'"));
  if (!standing.empty() && !pairing.mutual && meetings_[standing].forced_reason().empty())
    problems_->Add(&Problems::history, absl::StrCat(where, ": ", standing, " stands, but its pairing does not"));
}

void MeetingHistory::CheckWays(const std::string& person, const std::string& where) {
  const OfEdition& edition = editions_[EditionOf(person)];
  const auto hall = [&](const Meeting& meeting) {
    const auto of = edition.halls.find(meeting.place());
    return meeting.at_a_distance() || of == edition.halls.end() ? std::string() : of->second;
  };
  const std::set<std::string>& names = of_person_[person];
  for (auto one = names.begin(); one != names.end(); ++one) {
    const Meeting& a = meetings_[*one];
    for (auto other = std::next(one); other != names.end(); ++other) {
      const Meeting& b = meetings_[*other];
      const auto way = edition.ways.find({hall(a), hall(b)});
      const int64_t needs = way == edition.ways.end() ? 0 : absl::ToInt64Seconds(way->second);
      const int64_t has = std::max(b.start_time().seconds() - a.end_time().seconds(),
                                   a.start_time().seconds() - b.end_time().seconds());
      if (has < needs)
        problems_->Add(&Problems::doubled, absl::StrCat(where, ": ", person, " is at ", *one, " and ", *other, " with ",
                                                        has, " s between them, and needs ", needs));
    }
  }
}

void MeetingHistory::CheckDays(const std::string& party, const std::string& where) {
  const OfEdition& edition = editions_[EditionOf(party)];
  const bool is_project = party.find("/projects/") != std::string::npos;
  const int limit = is_project ? edition.project_meetings : edition.investor_meetings;
  if (limit == 0) return;
  std::map<absl::CivilDay, int> days;
  for (const std::string& name : of_party_[party]) {
    const absl::Time start = absl::FromUnixSeconds(meetings_[name].start_time().seconds());
    if (++days[absl::ToCivilDay(start, edition.time_zone)] == limit + 1)
      problems_->Add(&Problems::quotas, absl::StrCat(where, ": ", party, " meets more than ", limit, " times a day"));
  }
}

void MeetingHistory::EndCommit(const std::string& where) {
  for (const std::string& claim : touched_claims_) {
    const auto count = claims_.find(claim);
    if (count == claims_.end() || count->second <= 1) continue;
    int capacity = 1;
    if (const size_t place = claim.find(" place "); place != std::string::npos) {
      const auto known = capacities_.find(
          absl::StrCat(claim.substr(0, claim.find(' ')), "/", claim.substr(place + sizeof(" place ") - 1)));
      if (known != capacities_.end()) capacity = known->second;
    }
    if (count->second > capacity)
      problems_->Add(&Problems::doubled, absl::StrCat(where, ": ", claim, " ", count->second, " times"));
  }
  for (const std::string& person : touched_people_) CheckWays(person, where);
  for (const std::string& party : touched_parties_) CheckDays(party, where);
  for (const std::string& pairing : touched_pairings_) CheckPairing(pairing, where);
  for (const std::string& pairing : owed_pairings_) {
    if (told_pairings_.count(pairing) == 0)
      problems_->Add(&Problems::reports, absl::StrCat(where, ": a meeting came or went, ", pairing, " says nothing"));
  }
  touched_claims_.clear();
  touched_people_.clear();
  touched_parties_.clear();
  touched_pairings_.clear();
  owed_pairings_.clear();
  told_pairings_.clear();
}

}  // namespace tandem::pairing::meetings
