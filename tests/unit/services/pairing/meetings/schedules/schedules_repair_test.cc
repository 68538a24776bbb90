// Repairs over every store. Those of the situations are named after them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/pairing/meetings/schedules/schedules_fixture.h"

namespace tandem::pairing::meetings {
namespace {

using testing::IsEmpty;

class SchedulesRepairTest : public SchedulesTest {
 protected:
  absl::StatusOr<v1::Schedule> RepairFor(const std::vector<std::string>& attendees, bool publish = true) {
    v1::RepairScheduleRequest request;
    request.set_parent("editions/e");
    for (const std::string& attendee : attendees) request.add_attendees(attendee);
    request.set_publish(publish);
    return schedules_->Repair(Olga(), request);
  }
};

INSTANTIATE_TEST_SUITE_P(Store, SchedulesRepairTest, testing::ValuesIn(Backends()), BackendName);

TEST_P(SchedulesRepairTest, WalkUpArrival) {
  for (const int project : {1, 2, 3}) {
    MakeMutual(project, 1);
    MakeMutual(project, 2);
  }
  ASSERT_TRUE(PublishIt(Generated(GenerateRequest()).name()).ok());
  const auto before = Board();
  clock_.Set(SlotAt(0) - absl::Minutes(5));
  // A late investor: its representative is there from the second slot on.
  v1::Representative late;
  late.set_name("editions/e/representatives/late");
  late.add_parties(InvestorName(9));
  v1::TimeRange* there = late.add_available();
  *there->mutable_start_time() = ledger::ToStamp(SlotAt(1));
  *there->mutable_end_time() = ledger::ToStamp(SlotAt(4));
  ASSERT_GT(Put("r/representatives/e/late", late.SerializeAsString()), 0);
  MakeMutual(1, 9);
  MakeMutual(4, 9);
  const auto shown = RepairFor({late.name()}, /*publish=*/false);
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_TRUE(shown->repair());
  EXPECT_EQ(shown->state(), v1::Schedule::STATE_PREVIEW);
  EXPECT_EQ(Board(), before);
  const auto repaired = RepairFor({late.name()});
  ASSERT_TRUE(repaired.ok()) << repaired.status();
  EXPECT_EQ(repaired->state(), v1::Schedule::STATE_PUBLISHED);
  EXPECT_EQ(repaired->moved(), 0);
  EXPECT_EQ(repaired->removed(), 0);
  EXPECT_GE(repaired->added(), 1);
  auto after = Board();
  EXPECT_EQ(after.size(), before.size() + static_cast<size_t>(repaired->added()));
  for (const auto& [pairing, where] : before) EXPECT_EQ(after[pairing], where) << "nobody else moves";
  EXPECT_THAT(Broken(), IsEmpty());
}

TEST_P(SchedulesRepairTest, ScheduleRerunAfterChanges) {
  for (const int project : {1, 2, 3}) {
    for (const int investor : {1, 2}) MakeMutual(project, investor);
  }
  const std::string first = Generated(GenerateRequest()).name();
  ASSERT_TRUE(PublishIt(first).ok());
  // One leaves, one comes, one is locked, one is cancelled by its people.
  ASSERT_TRUE(Withdraw(kProject, 1, 1).ok());
  MakeMutual(4, 1);
  v1::LockMeetingRequest lock;
  lock.set_name(MeetingOf(2, 1));
  ASSERT_TRUE(book_->Lock(Olga(), lock).ok());
  const std::string locked = Board().at(PairingName(2, 1));
  ASSERT_TRUE(CancelIt(kInvestor, MeetingOf(3, 2)).ok());
  const v1::Schedule again = Generated(GenerateRequest());
  EXPECT_GT(again.name(), first);
  EXPECT_THAT(Broken(again.name()), IsEmpty());
  EXPECT_FALSE(PlacementsOf(again.name()).contains(PairingName(1, 1))) << "who left is not wished";
  ASSERT_TRUE(PublishIt(again.name()).ok());
  const auto board = Board();
  EXPECT_EQ(board.at(PairingName(2, 1)), locked);
  EXPECT_TRUE(board.contains(PairingName(4, 1)));
  EXPECT_THAT(Broken(), IsEmpty());
  // The first one is no longer what is booked: what the second has moved stays, the rest goes.
  const auto back = RollBackIt(again.name());
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(Board().at(PairingName(2, 1)), locked);
  EXPECT_FALSE(Board().contains(PairingName(4, 1)));
  EXPECT_THAT(Broken(), IsEmpty());
}

TEST_P(SchedulesRepairTest, AHoleIsFilledAndWhatPeopleCalledOffIsNotBookedAgain) {
  // One investor with one slot's room more than it has meetings.
  for (const int project : {1, 2, 3, 4, 5}) MakeMutual(project, 1);
  ASSERT_TRUE(PublishIt(Generated(GenerateRequest()).name()).ok());
  const auto before = Board();
  ASSERT_EQ(before.size(), 4u) << "four slots";
  const std::string gone = before.begin()->first;
  std::string waiting;
  for (const int project : {1, 2, 3, 4, 5}) {
    if (!before.contains(PairingName(project, 1))) waiting = PairingName(project, 1);
  }
  v1::GetPairingRequest get;
  get.set_name(gone);
  ASSERT_TRUE(CancelIt(kProject, ledger_->Get(Olga(), get)->meeting()).ok());
  const auto repaired = RepairFor({InvestorName(1)});
  ASSERT_TRUE(repaired.ok()) << repaired.status();
  EXPECT_EQ(repaired->added(), 1);
  EXPECT_EQ(repaired->moved() + repaired->removed(), 0);
  EXPECT_TRUE(Board().contains(waiting));
  EXPECT_FALSE(Board().contains(gone));
  EXPECT_THAT(Broken(), IsEmpty());
  const auto back = RollBackIt(repaired->name());
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_FALSE(Board().contains(waiting));
}

TEST_P(SchedulesRepairTest, RandomEditionsKeepEveryRuleAndMoveLittle) {
  const int editions = GetParam().name == "memory" ? 30 : 2;
  int added = 0;
  for (int edition = 0; edition < editions; ++edition) {
    const uint64_t seed = 500 + static_cast<uint64_t>(edition);
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    if (edition > 0) {
      TearDown();
      SetUp();
    }
    DrawEdition(seed);
    ASSERT_TRUE(PublishIt(Generated(GenerateRequest()).name()).ok());
    std::mt19937_64 random(seed);
    const auto board = Board();
    for (const auto& [pairing, where] : board) {
      if (random() % 4 != 0) continue;
      v1::GetPairingRequest get;
      get.set_name(pairing);
      ASSERT_TRUE(CancelIt(kProject, ledger_->Get(Olga(), get)->meeting()).ok());
    }
    const auto before = Board();
    const auto repaired = RepairFor({});
    ASSERT_TRUE(repaired.ok()) << repaired.status();
    EXPECT_EQ(repaired->removed(), 0);
    EXPECT_LE(repaired->moved(), 3 * repaired->added());
    added += repaired->added();
    EXPECT_THAT(Broken(), IsEmpty());
    auto after = Board();
    EXPECT_EQ(after.size(), before.size() + static_cast<size_t>(repaired->added()));
    ASSERT_TRUE(RollBackIt(repaired->name()).ok());
    EXPECT_EQ(Board(), before);
    if (HasFailure()) return;
  }
  EXPECT_GT(added, editions / 3);
}

TEST_P(SchedulesRepairTest, ALoweredLimitCancelsNothing) {
  for (const int project : {1, 2, 3}) MakeMutual(project, 1);
  ASSERT_TRUE(PublishIt(Generated(GenerateRequest()).name()).ok());
  const auto before = Board();
  ASSERT_EQ(before.size(), 3u);
  edition_.mutable_agenda()->mutable_investor_quotas()->set_meetings_per_day(1);
  WriteEdition();
  MakeMutual(4, 1);
  EXPECT_EQ(Generated(GenerateRequest()).kept(), 3);
  const auto repaired = RepairFor({});
  ASSERT_TRUE(repaired.ok()) << repaired.status();
  EXPECT_EQ(repaired->added() + repaired->moved() + repaired->removed(), 0);
  EXPECT_EQ(Board(), before);
}

}  // namespace
}  // namespace tandem::pairing::meetings
