// SnapshotTest: what is booked and wished in an edition, put together by hand, without a store.
#ifndef TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_SCHEDULES_SNAPSHOT_FIXTURE_H_
#define TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_SCHEDULES_SNAPSHOT_FIXTURE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "common/base/civil_date.h"
#include "services/pairing/meetings/schedules/snapshot.h"
#include "tests/unit/services/pairing/meetings/agenda_fixture.h"

namespace tandem::pairing::meetings {

class SnapshotTest : public testing::Test {
 protected:
  // Two days of four slots: 01:00, 01:30, 02:00 and 02:30 UTC, 25 minutes each.
  SnapshotTest() {
    AddSession("day1", "2026-11-14T01:00:00Z", "2026-11-14T03:00:00Z", 25, 5, &edition_);
    AddSession("day2", "2026-11-15T01:00:00Z", "2026-11-15T03:00:00Z", 25, 5, &edition_);
    snapshot_.edition = "e";
  }

  static std::string Project(int number) { return absl::StrCat("editions/e/projects/p", number); }
  static std::string Investor(int number) { return absl::StrCat("editions/e/investors/i", number); }
  static std::string Person(absl::string_view id) { return absl::StrCat("editions/e/representatives/", id); }
  static std::string Pairing(int project, int investor) {
    return absl::StrCat("editions/e/pairings/p", project, ",i", investor);
  }
  static std::string Meeting(int project, int investor) {
    return absl::StrCat("editions/e/meetings/p", project, ",i", investor, "-1");
  }

  v1::MeetingPlace* AddPlace(const std::string& id, const std::string& hall,
                             v1::PlaceKind kind = v1::PLACE_KIND_TABLE) {
    v1::MeetingPlace* place = edition_.mutable_agenda()->add_places();
    place->set_id(id);
    place->set_hall(hall);
    place->set_kind(kind);
    return place;
  }
  void AddWay(const std::string& hall, const std::string& other, int minutes) {
    v1::TravelTime* way = edition_.mutable_agenda()->add_travel_times();
    way->set_hall(hall);
    way->set_other_hall(other);
    way->set_minutes(minutes);
  }
  void AddInterpreter(const std::string& id, const std::vector<std::string>& languages) {
    v1::Interpreter* interpreter = edition_.mutable_agenda()->add_interpreters();
    interpreter->set_id(id);
    interpreter->mutable_languages()->Add(languages.begin(), languages.end());
  }
  // The agenda from what was added so far; before anything that has slots.
  void Cut() { snapshot_.agenda = Made(edition_); }

  absl::Time SlotAt(int slot) const { return snapshot_.agenda->slots()[static_cast<size_t>(slot)].start; }

  // Who meets for those parties, on site.
  v1::Representative* Represent(const std::string& id, const std::vector<std::string>& parties) {
    v1::Representative* one = &snapshot_.representatives[Person(id)].representative;
    one->set_name(Person(id));
    one->mutable_parties()->Add(parties.begin(), parties.end());
    return one;
  }

  PairingFacts* MakeMutual(int project, int investor) {
    PairingFacts& facts = snapshot_.pairings[Pairing(project, investor)];
    facts.name = Pairing(project, investor);
    facts.project = Project(project);
    facts.investor = Investor(investor);
    facts.mutual = true;
    return &facts;
  }
  // A mutual pairing with a confirmed meeting, of these two people or of the parties by themselves.
  Booking* Book(int project, int investor, int slot, const std::string& place, const std::string& project_person = "",
                const std::string& investor_person = "") {
    const Agenda& agenda = *snapshot_.agenda;
    const std::string name = Meeting(project, investor);
    MakeMutual(project, investor)->meeting = name;
    Booking& booking = snapshot_.bookings[name].booking;
    booking.meeting = name;
    booking.start = SlotAt(slot);
    booking.end = agenda.slots()[static_cast<size_t>(slot)].end;
    booking.date = FormatDate(agenda.days()[static_cast<size_t>(agenda.slots()[static_cast<size_t>(slot)].day)].date);
    booking.place = place;
    const int hall = agenda.places()[static_cast<size_t>(agenda.FindPlace(place))].hall;
    if (hall != kNone) booking.hall = agenda.halls()[static_cast<size_t>(hall)];
    booking.parties = {Project(project), Investor(investor)};
    booking.people = {project_person.empty() ? Project(project) : Person(project_person),
                      investor_person.empty() ? Investor(investor) : Person(investor_person)};
    v1::Meeting& meeting = snapshot_.meetings[name].meeting;
    meeting.set_name(name);
    meeting.set_pairing(Pairing(project, investor));
    meeting.set_state(v1::Meeting::STATE_CONFIRMED);
    meeting.set_project_attendee(booking.people[0]);
    meeting.set_investor_attendee(booking.people[1]);
    return &booking;
  }
  v1::Meeting* MeetingOf(int project, int investor) {
    return &snapshot_.meetings.at(Meeting(project, investor)).meeting;
  }

  v1::Edition edition_ = EditionIn("Asia/Shanghai");
  Snapshot snapshot_;
};

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_SCHEDULES_SNAPSHOT_FIXTURE_H_
