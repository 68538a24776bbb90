#include "services/pairing/meetings/schedules/publishing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/pairing/meetings/schedules/schedules_fixture.h"

namespace tandem::pairing::meetings {
namespace {

using testing::IsEmpty;
using Orders = std::vector<std::pair<std::string, std::string>>;

class PublishingTest : public SchedulesTest {
 protected:
  void SetUp() override {
    SchedulesTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    for (int k = 1; k <= 2; ++k) MakeMutual(k, k);
    const auto first = BookIt(kOrganiser, 1, 1, {0});
    const auto second = BookIt(kOrganiser, 2, 2, {3});
    ASSERT_TRUE(first.ok() && second.ok()) << first.status() << second.status();
    first_ = *first;
    second_ = *second;
  }

  // Whether moving the first meeting to slot 1 by `orders` commits when the second one comes into slot 0 meanwhile.
  bool MovesWhileTheOtherDoes(const Orders& orders) {
    ChangePlan plan(store_.get(), {v1::SIDE_UNSPECIFIED, "olga", clock_.Now(), ""}, v1::MeetingChange::CAUSE_SCHEDULED);
    v1::SchedulePlacement placement;
    placement.set_pairing(first_.pairing());
    placement.set_project(first_.project());
    placement.set_investor(first_.investor());
    placement.set_project_attendee(first_.project_attendee());
    placement.set_investor_attendee(first_.investor_attendee());
    placement.set_meeting(first_.name());
    *placement.mutable_booked_start_time() = first_.start_time();
    placement.set_booked_place(first_.place());
    *placement.mutable_start_time() = ledger::ToStamp(SlotAt(1));
    *placement.mutable_end_time() = ledger::ToStamp(SlotAt(2));
    placement.set_place(first_.place());
    placement.set_change(v1::SchedulePlacement::CHANGE_MOVED);
    EXPECT_TRUE(plan.Guard({placement}).ok());
    const auto snapshot = ReadSnapshot(store_.get(), "e");
    EXPECT_TRUE(snapshot.ok()) << snapshot.status();
    plan.Look(&*snapshot);
    EXPECT_THAT(PlanPublishing(*snapshot, {placement}, "editions/e/schedules/s", clock_.Now(), &plan), IsEmpty());
    EXPECT_EQ(plan.changes().size(), 1u);
    const auto broken = plan.Check(orders);
    EXPECT_TRUE(broken.ok()) << broken.status();
    EXPECT_THAT(*broken, IsEmpty());

    EXPECT_EQ(ResultOf(RescheduleTo(second_.name(), 0)), "CONFIRMED");

    Transaction transaction;
    std::vector<Booking> before;
    const auto finished = plan.Finish(&transaction, &before);
    EXPECT_TRUE(finished.ok()) << finished.status();
    if (!*finished) return false;
    return store_->Commit({std::move(transaction)})[0].status.ok();
  }
  absl::StatusOr<v1::Meeting> RescheduleTo(const std::string& meeting, int slot) {
    v1::RescheduleMeetingRequest request;
    request.set_name(meeting);
    AddSlots({slot}, request.mutable_slots());
    return book_->Reschedule(Olga(), request);
  }

  v1::Meeting first_, second_;
};

INSTANTIATE_TEST_SUITE_P(Store, PublishingTest, testing::ValuesIn(Backends()), BackendName);

TEST_P(PublishingTest, AMeetingThatOthersDoNotWaitForMovesWhateverTheyDo) { EXPECT_TRUE(MovesWhileTheOtherDoes({})); }

TEST_P(PublishingTest, OrdersHoldAlsoIfTheOtherEndMovesMeanwhile) {
  EXPECT_FALSE(MovesWhileTheOtherDoes({{first_.pairing(), second_.pairing()}}));
  EXPECT_EQ(ledger::FromStamp(SeeMeeting(kOrganiser, first_.name())->start_time()), SlotAt(0));
}

}  // namespace
}  // namespace tandem::pairing::meetings
