// Schedules over each store, beside a ledger and a book, in editions drawn from a seed.
#ifndef TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_SCHEDULES_SCHEDULES_FIXTURE_H_
#define TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_SCHEDULES_SCHEDULES_FIXTURE_H_

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "services/pairing/meetings/schedules/schedules.h"
#include "tests/unit/services/pairing/meetings/book/meeting_book_fixture.h"

namespace tandem::pairing::meetings {

class SchedulesTest : public MeetingBookTest {
 protected:
  void SetUp() override {
    MeetingBookTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    RunQueue::Options runs;
    runs.store = store_.get();
    runs.clock = &clock_;
    runs.to_proto = [](const absl::Status& status) {
      google::rpc::Status proto;
      proto.set_code(static_cast<int>(status.code()));
      proto.set_message(absl::StrCat(GetErrorDetail(status).reason, ": ", status.message()));
      return proto;
    };
    auto opened = RunQueue::Open(std::move(runs));
    ASSERT_TRUE(opened.ok()) << opened.status();
    runs_ = *std::move(opened);
    schedules_ = NewSchedules();
  }
  void TearDown() override {
    if (runs_ != nullptr) runs_->Stop();
    schedules_.reset();
    runs_.reset();
    MeetingBookTest::TearDown();
  }

  std::unique_ptr<Schedules> NewSchedules() {
    Schedules::Options options;
    options.store = store_.get();
    options.keys = &keys_;
    options.clock = &clock_;
    options.runs = runs_.get();
    auto opened = Schedules::Open(std::move(options));
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() ? *std::move(opened) : nullptr;
  }
  static const Caller& Olga() {
    static const Caller caller = CallerOfSide(kOrganiser);
    return caller;
  }

  static v1::GenerateScheduleRequest GenerateRequest(v1::ScheduleMode mode = v1::SCHEDULE_MODE_UNSPECIFIED) {
    v1::GenerateScheduleRequest request;
    request.set_parent("editions/e");
    request.set_mode(mode);
    return request;
  }
  // The ended run; adds a failure unless it was submitted.
  type::v1::Run RunOf(const v1::GenerateScheduleRequest& request) {
    const auto submitted = schedules_->Generate(Olga(), request);
    EXPECT_TRUE(submitted.ok()) << submitted.status();
    if (!submitted.ok()) return {};
    const auto run = runs_->Wait(submitted->name(), std::chrono::steady_clock::now() + std::chrono::seconds(120));
    EXPECT_TRUE(run.ok()) << run.status();
    return run.value_or(type::v1::Run());
  }
  v1::Schedule Generated(const v1::GenerateScheduleRequest& request) {
    const type::v1::Run run = RunOf(request);
    EXPECT_EQ(run.state(), type::v1::Run::STATE_SUCCEEDED) << run.ShortDebugString();
    v1::GetScheduleRequest get;
    get.set_name(run.result());
    const auto schedule = schedules_->Get(Olga(), get);
    EXPECT_TRUE(schedule.ok()) << schedule.status();
    return schedule.value_or(v1::Schedule());
  }
  absl::StatusOr<v1::Schedule> PublishIt(const std::string& name) {
    v1::PublishScheduleRequest request;
    request.set_name(name);
    return schedules_->Publish(Olga(), request);
  }
  absl::StatusOr<v1::RollBackScheduleResponse> RollBackIt(const std::string& name) {
    v1::RollBackScheduleRequest request;
    request.set_name(name);
    return schedules_->RollBack(Olga(), request);
  }
  // What is broken, as sentences; of what is booked, or of a schedule.
  std::vector<std::string> Broken(const std::string& schedule = "") {
    v1::VerifyScheduleRequest request;
    request.set_parent("editions/e");
    request.set_schedule(schedule);
    const auto verified = schedules_->Verify(Olga(), request);
    EXPECT_TRUE(verified.ok()) << verified.status();
    std::vector<std::string> messages;
    if (!verified.ok()) return messages;
    for (const auto& violation : verified->violations())
      messages.push_back(absl::StrCat(v1::ScheduleRule_Name(violation.rule()), " ", violation.message()));
    EXPECT_EQ(verified->violation_count(), verified->violations_size());
    return messages;
  }
  std::map<std::string, v1::SchedulePlacement> PlacementsOf(const std::string& schedule, int page = 7) {
    std::map<std::string, v1::SchedulePlacement> all;
    v1::ListPlacementsRequest request;
    request.set_parent(schedule);
    request.set_page_size(page);
    std::string last;
    do {
      const auto listed = schedules_->ListPlacements(Olga(), request);
      EXPECT_TRUE(listed.ok()) << listed.status();
      if (!listed.ok()) break;
      for (const auto& placement : listed->placements()) {
        EXPECT_LT(last, placement.pairing());
        last = placement.pairing();
        all.emplace(last, placement);
      }
      request.set_page_token(listed->next_page_token());
    } while (!request.page_token().empty());
    return all;
  }
  // What is booked: by pairing who, when, where.
  std::map<std::string, std::string> Board() {
    std::map<std::string, std::string> board;
    const auto snapshot = ReadSnapshot(store_.get(), "e");
    EXPECT_TRUE(snapshot.ok()) << snapshot.status();
    if (!snapshot.ok()) return board;
    for (const auto& [name, facts] : snapshot->bookings) {
      const Booking& booking = facts.booking;
      const std::string& pairing = snapshot->meetings.at(name).meeting.pairing();
      EXPECT_EQ(snapshot->pairings.at(pairing).meeting, name);
      board[pairing] = absl::StrCat(booking.people[0], " ", booking.people[1], " ", TimeText(booking.start), " ",
                                    TimeText(booking.end), " ", booking.place, " ", booking.interpreter);
    }
    return board;
  }

  // An edition with two days, halls, booths, rooms, interpreters, quotas, representatives and mutual pairings.
  void DrawEdition(uint64_t seed);

  std::unique_ptr<RunQueue> runs_;
  std::unique_ptr<Schedules> schedules_;
  int projects_ = 0, investors_ = 0;
};

inline void SchedulesTest::DrawEdition(uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<uint64_t>(below)); };
  v1::Agenda* agenda = edition_.mutable_agenda();
  agenda->Clear();
  for (int day = 0; day < 2; ++day) {
    v1::Session* session = agenda->add_sessions();
    session->set_id(absl::StrCat("day", day));
    *session->mutable_start_time() = ledger::ToStamp(SlotAt(48 * day));
    *session->mutable_end_time() = ledger::ToStamp(SlotAt(48 * day + 4 + pick(4)));
    session->set_slot_minutes(20);
    session->set_buffer_minutes(pick(2) * 10);
  }
  projects_ = 4 + pick(6);
  investors_ = 3 + pick(4);
  const bool halls = pick(2) == 0;
  for (int table = 0; table < 2 + pick(3); ++table) {
    v1::MeetingPlace* place = agenda->add_places();
    place->set_id(absl::StrCat("table-", table));
    place->set_hall(halls && table % 2 == 1 ? "west" : "east");
    if (table == 0) place->set_capacity(1 + pick(2));
    if (pick(4) == 0) place->add_sessions("day1");
  }
  if (halls) {
    v1::TravelTime* way = agenda->add_travel_times();
    way->set_hall("east");
    way->set_other_hall("west");
    way->set_minutes(5 + pick(20));
  }
  if (pick(2) == 0) {
    v1::MeetingPlace* booth = agenda->add_places();
    booth->set_id("booth");
    booth->set_kind(v1::PLACE_KIND_BOOTH);
    booth->set_hall("east");
    booth->set_owner(pick(2) == 0 ? ProjectName(0) : InvestorName(0));
  }
  if (pick(2) == 0) {
    v1::MeetingPlace* room = agenda->add_places();
    room->set_id("room");
    room->set_kind(v1::PLACE_KIND_VIRTUAL_ROOM);
    room->set_capacity(2);
  }
  for (int i = 0; i < pick(3); ++i) {
    v1::Interpreter* interpreter = agenda->add_interpreters();
    interpreter->set_id(absl::StrCat("interpreter-", i));
    for (const char* language : {"zh", "en", "de"}) {
      if (pick(4) != 0) interpreter->add_languages(language);
    }
  }
  if (pick(2) == 0) agenda->mutable_project_quotas()->set_meetings_per_day(1 + pick(3));
  if (pick(2) == 0) agenda->mutable_investor_quotas()->set_meetings_per_day(1 + pick(4));
  WriteEdition();
  for (int i = 0; i < pick(6); ++i) {
    v1::Representative one;
    one.set_name(absl::StrCat("editions/e/representatives/r", i));
    const bool for_projects = pick(3) == 0;
    for (int k = 0; k < 1 + pick(2); ++k)
      one.add_parties(for_projects ? ProjectName((i + k) % projects_) : InvestorName((i + k) % investors_));
    one.set_attendance(static_cast<v1::Attendance>(1 + pick(3)));
    one.add_languages(pick(2) == 0 ? "zh" : pick(2) == 0 ? "en" : "de");
    if (pick(3) == 0) {
      v1::TimeRange* range = one.add_unavailable();
      *range->mutable_start_time() = ledger::ToStamp(SlotAt(1));
      *range->mutable_end_time() = ledger::ToStamp(SlotAt(2 + pick(3)));
    }
    if (pick(3) == 0) one.set_most_meetings(1 + pick(4));
    if (pick(3) == 0) one.set_most_meetings_per_day(1 + pick(2));
    ASSERT_GT(Put(absl::StrCat("r/representatives/e/r", i), one.SerializeAsString()), 0);
  }
  for (int p = 0; p < projects_; ++p) {
    for (int i = 0; i < investors_; ++i) {
      if (pick(3) == 0) continue;
      const auto kind = [&] { return pick(5) == 0 ? v1::STANCE_KIND_MUST_MEET : v1::STANCE_KIND_INTERESTED; };
      ASSERT_TRUE(Say(kProject, p, i, kind()).ok());
      ASSERT_TRUE(Say(kInvestor, p, i, kind()).ok());
    }
  }
}

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_SCHEDULES_SCHEDULES_FIXTURE_H_
