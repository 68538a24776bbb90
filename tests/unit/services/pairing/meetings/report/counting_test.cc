#include "services/pairing/meetings/report/counting.h"

#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/unit/services/pairing/meetings/agenda_fixture.h"

namespace tandem::pairing::meetings {
namespace {

using testing::ElementsAre;
using v1::Meeting;
using v1::Pairing;

// An edition counted by hand: a morning with 3 slots and an afternoon with 2, one of them closed; a table, a booth for
// two meetings, and a virtual room.
class CountingTest : public testing::Test {
 protected:
  CountingTest() {
    v1::Edition edition = EditionIn("Asia/Shanghai");
    AddSession("am", "2026-11-14T01:00:00Z", "2026-11-14T02:30:00Z", 30, 0, &edition);
    auto* pm = AddSession("pm", "2026-11-14T06:00:00Z", "2026-11-14T07:00:00Z", 30, 0, &edition);
    SetStamp("2026-11-14T06:30:00Z", pm->add_closed_slots());
    *edition.mutable_agenda()->add_places() = Parse<v1::MeetingPlace>("id: 't1' hall: 'h'");
    *edition.mutable_agenda()->add_places() = Parse<v1::MeetingPlace>("id: 't2' hall: 'h' capacity: 2 sessions: 'am'");
    *edition.mutable_agenda()->add_places() = Parse<v1::MeetingPlace>("id: 'v1' kind: PLACE_KIND_VIRTUAL_ROOM");
    agenda_ = Made(edition);
    counted_.agenda = agenda_.get();
    counted_.country_of = [](absl::string_view party) {
      static const auto& kCountries = *new std::map<absl::string_view, std::string>{
          {"p1", "CN"}, {"p2", "DE"}, {"p3", "CN"}, {"i1", "CN"}, {"i2", "FR"}};
      const auto found = kCountries.find(party);
      return found == kCountries.end() ? std::string() : found->second;
    };
  }

  Pairing* AddPairing(const std::string& project, const std::string& investor, Pairing::State state) {
    Pairing& pairing = counted_.pairings.emplace_back();
    pairing.set_name(project + investor);
    pairing.set_project(project);
    pairing.set_investor(investor);
    pairing.set_state(state);
    return &pairing;
  }
  // Sent at 10, closed at 20, valid until 100.
  static void AddRequest(v1::Side sender, Pairing* pairing) {
    v1::Request* request = pairing->mutable_request();
    request->set_sender(sender);
    request->mutable_expire_time()->set_seconds(100);
    request->mutable_close_time()->set_seconds(20);
    if (pairing->state() == Pairing::STATE_MUTUAL) pairing->mutable_mutual_time()->set_seconds(20);
  }
  Meeting* AddMeeting(const std::string& project, const std::string& investor, Meeting::State state,
                      absl::string_view start, const std::string& place) {
    Meeting& meeting = counted_.meetings.emplace_back();
    meeting.set_pairing(project + investor);
    meeting.set_project(project);
    meeting.set_investor(investor);
    meeting.set_state(state);
    if (!start.empty()) SetStamp(start, meeting.mutable_start_time());
    meeting.set_place(place);
    return &meeting;
  }

  std::shared_ptr<const Agenda> agenda_;
  Counted counted_;
};

TEST_F(CountingTest, AnEmptyEditionHasNoShares) {
  const auto report = CountMeetings(counted_);
  EXPECT_EQ(report.pairing_count(), 0);
  EXPECT_FALSE(report.has_acceptance_millionths());
  EXPECT_FALSE(report.has_kept_millionths());
  EXPECT_EQ(report.fill_millionths(), 0) << "there are places, and nobody on them";
  EXPECT_EQ(report.meetings_size(), 0);
  EXPECT_EQ(report.countries_size(), 0);
  EXPECT_EQ(report.sessions_size(), 2);
}

TEST_F(CountingTest, RequestsAreCountedByWhereTheyStand) {
  AddRequest(v1::SIDE_PROJECT, AddPairing("p1", "i1", Pairing::STATE_MUTUAL));
  AddRequest(v1::SIDE_PROJECT, AddPairing("p1", "i2", Pairing::STATE_MUTUAL));
  Pairing* declined = AddPairing("p2", "i1", Pairing::STATE_DECLINED);
  AddRequest(v1::SIDE_INVESTOR, declined);
  declined->mutable_request()->set_decline_reason(v1::DECLINE_REASON_OTHER);
  for (const char* project : {"p3", "p4"}) {
    Pairing* pairing = AddPairing(project, "i2", Pairing::STATE_DECLINED);
    AddRequest(v1::SIDE_PROJECT, pairing);
    pairing->mutable_request()->set_decline_reason(v1::DECLINE_REASON_TIMING);
  }
  Pairing* pending = AddPairing("p2", "i2", Pairing::STATE_REQUESTED);
  AddRequest(v1::SIDE_PROJECT, pending);
  pending->mutable_request()->clear_close_time();
  AddPairing("p5", "i1", Pairing::STATE_OPEN);

  const auto report = CountMeetings(counted_);
  EXPECT_EQ(report.pairing_count(), 7);
  EXPECT_EQ(report.mutual_count(), 2);
  EXPECT_EQ(report.requests().accepted(), 2);
  EXPECT_EQ(report.requests().declined(), 3);
  EXPECT_EQ(report.requests().pending(), 1);
  EXPECT_EQ(report.acceptance_millionths(), 400000) << "2 of 5 that were answered or expired";
  ASSERT_EQ(report.declines_size(), 2);
  EXPECT_EQ(report.declines(0).reason(), v1::DECLINE_REASON_TIMING);
  EXPECT_EQ(report.declines(0).count(), 2);
  EXPECT_EQ(report.declines(1).count(), 1);
}

TEST_F(CountingTest, FillCountsPlacesOnSiteInSlotsThatAreOpen) {
  AddMeeting("p1", "i1", Meeting::STATE_HELD, "2026-11-14T01:00:00Z", "t1");
  AddMeeting("p1", "i2", Meeting::STATE_CONFIRMED, "2026-11-14T01:30:00Z", "t2");
  AddMeeting("p2", "i1", Meeting::STATE_CONFIRMED, "2026-11-14T01:30:00Z", "t2");
  AddMeeting("p2", "i2", Meeting::STATE_NO_SHOW, "2026-11-14T06:00:00Z", "t1");
  AddMeeting("p3", "i1", Meeting::STATE_CANCELLED, "2026-11-14T02:00:00Z", "t1");
  AddMeeting("p3", "i2", Meeting::STATE_CONFIRMED, "2026-11-14T02:00:00Z", "v1");
  AddMeeting("p4", "i2", Meeting::STATE_RESCHEDULE_PENDING, "", "");
  const auto report = CountMeetings(counted_);
  ASSERT_EQ(report.sessions_size(), 2);
  EXPECT_EQ(report.sessions(0).session(), "am");
  EXPECT_EQ(report.sessions(0).places(), 9) << "three slots, a table and a booth for two";
  EXPECT_EQ(report.sessions(0).taken(), 3);
  EXPECT_EQ(report.sessions(1).places(), 1) << "one slot, as the other is closed, and the booth is not there";
  EXPECT_EQ(report.sessions(1).taken(), 1);
  EXPECT_EQ(report.fill_millionths(), 400000);
  EXPECT_EQ(report.kept_millionths(), 500000) << "one held, one not";
  std::map<Meeting::State, int64_t> states;
  for (const auto& state : report.meetings()) states[state.state()] = state.count();
  EXPECT_EQ(states, (std::map<Meeting::State, int64_t>{{Meeting::STATE_CONFIRMED, 3},
                                                       {Meeting::STATE_RESCHEDULE_PENDING, 1},
                                                       {Meeting::STATE_HELD, 1},
                                                       {Meeting::STATE_NO_SHOW, 1},
                                                       {Meeting::STATE_CANCELLED, 1}}));
}

TEST_F(CountingTest, APairStandsOnItsHighestRungOnly) {
  Meeting* first = AddMeeting("p1", "i1", Meeting::STATE_HELD, "2026-11-14T01:00:00Z", "t1");
  first->add_outcomes()->set_stage(v1::OUTCOME_STAGE_SIGNED);
  first->add_outcomes()->set_stage(v1::OUTCOME_STAGE_NDA);
  AddMeeting("p1", "i1", Meeting::STATE_HELD, "2026-11-14T01:30:00Z", "t1")
      ->add_outcomes()
      ->set_stage(v1::OUTCOME_STAGE_FOLLOW_UP);
  AddMeeting("p2", "i1", Meeting::STATE_HELD, "2026-11-14T02:00:00Z", "t1")
      ->add_outcomes()
      ->set_stage(v1::OUTCOME_STAGE_NDA);
  const auto report = CountMeetings(counted_);
  ASSERT_EQ(report.outcomes_size(), 2);
  EXPECT_EQ(report.outcomes(0).stage(), v1::OUTCOME_STAGE_NDA);
  EXPECT_EQ(report.outcomes(0).count(), 1);
  EXPECT_EQ(report.outcomes(1).stage(), v1::OUTCOME_STAGE_SIGNED);
  EXPECT_EQ(report.outcomes(1).count(), 1);
}

TEST_F(CountingTest, WhoIsMutualAndHasNoMeetingCountsInTheSpread) {
  AddPairing("p1", "i1", Pairing::STATE_MUTUAL);
  AddPairing("p1", "i2", Pairing::STATE_MUTUAL);
  AddPairing("p2", "i2", Pairing::STATE_MUTUAL);
  AddMeeting("p1", "i1", Meeting::STATE_CONFIRMED, "2026-11-14T01:00:00Z", "t1");
  AddMeeting("p1", "i2", Meeting::STATE_CONFIRMED, "2026-11-14T01:30:00Z", "t1");
  AddMeeting("p3", "i2", Meeting::STATE_CONFIRMED, "2026-11-14T02:00:00Z", "t1");  // forced
  AddMeeting("p2", "i2", Meeting::STATE_CANCELLED, "2026-11-14T02:00:00Z", "t2");
  const auto report = CountMeetings(counted_);
  EXPECT_EQ(report.projects().party_count(), 2);
  EXPECT_EQ(report.projects().minimum(), 0);
  EXPECT_EQ(report.projects().median_thousandths(), 1000);
  EXPECT_EQ(report.projects().maximum(), 2);
  EXPECT_EQ(report.projects().gini_millionths(), 500000);
  EXPECT_EQ(report.investors().party_count(), 2);
  EXPECT_EQ(report.investors().minimum(), 1);
  EXPECT_EQ(report.investors().maximum(), 2);
}

TEST_F(CountingTest, ACountryCountsEachOfItsMeetingsOnce) {
  AddRequest(v1::SIDE_PROJECT, AddPairing("p1", "i1", Pairing::STATE_MUTUAL));  // both of CN
  AddRequest(v1::SIDE_INVESTOR, AddPairing("p2", "i2", Pairing::STATE_MUTUAL));
  Pairing* declined = AddPairing("p3", "i2", Pairing::STATE_DECLINED);
  AddRequest(v1::SIDE_PROJECT, declined);
  declined->mutable_request()->set_decline_reason(v1::DECLINE_REASON_TIMING);
  AddMeeting("p1", "i1", Meeting::STATE_HELD, "2026-11-14T01:00:00Z", "t1");
  AddMeeting("p3", "i2", Meeting::STATE_CONFIRMED, "2026-11-14T01:30:00Z", "t1");
  AddMeeting("p9", "i9", Meeting::STATE_HELD, "2026-11-14T02:00:00Z", "t1");  // of nowhere that is known
  const auto report = CountMeetings(counted_);
  std::vector<std::string> rows;
  for (const auto& one : report.countries()) {
    rows.push_back(absl::StrCat(one.country_code(), " ", one.projects(), " ", one.investors(), " ", one.meetings(), " ",
                                one.held(), " ", one.requests(), " ", one.accepted()));
  }
  EXPECT_THAT(rows, ElementsAre("CN 1 1 2 1 2 1", " 0 0 1 1 0 0", "FR 0 1 1 0 1 1", "DE 1 0 0 0 0 0"));
}

}  // namespace
}  // namespace tandem::pairing::meetings
