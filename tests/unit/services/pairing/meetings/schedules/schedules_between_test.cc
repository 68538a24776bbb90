// Somebody does something between two looks of a repair at the store, wherever that may be: what is published then
// rests on what is there.
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"

#include "tests/unit/services/pairing/meetings/schedules/schedules_fixture.h"

namespace tandem::pairing::meetings {
namespace {

using testing::IsEmpty;

// A store in which something happens once, before the call of that number. For one thread.
class InterruptedStore final : public RecordStore {
 public:
  explicit InterruptedStore(RecordStore* store) : store_(store) {}

  void Interrupt(int call, std::function<void()> by) {
    left_ = call;
    by_ = std::move(by);
  }
  bool interrupted() const { return by_ == nullptr; }
  int snapshots() const { return snapshots_; }

  std::vector<CommitOutcome> Commit(std::vector<Transaction> transactions) override {
    Step();
    return store_->Commit(std::move(transactions));
  }
  absl::StatusOr<std::optional<Record>> Get(absl::string_view key) override {
    Step();
    return store_->Get(key);
  }
  absl::StatusOr<std::vector<std::optional<Record>>> BatchGet(const std::vector<std::string>& keys) override {
    Step();
    return store_->BatchGet(keys);
  }
  absl::StatusOr<std::vector<Record>> Scan(absl::string_view begin, absl::string_view end, int limit) override {
    Step();
    snapshots_ += absl::StartsWith(begin, "r/pairings/") ? 1 : 0;
    return store_->Scan(begin, end, limit);
  }
  absl::StatusOr<ChangeBatch> Changes(Revision after, int limit) override { return store_->Changes(after, limit); }
  bool WaitForChange(Revision after, std::chrono::steady_clock::time_point deadline) override {
    return store_->WaitForChange(after, deadline);
  }
  absl::StatusOr<Head> GetHead() override {
    Step();
    return store_->GetHead();
  }
  absl::Status CompactLog(Revision through) override { return store_->CompactLog(through); }
  void Shutdown() override { store_->Shutdown(); }

 private:
  void Step() {
    if (--left_ == 0) std::exchange(by_, nullptr)();
  }

  RecordStore* const store_;
  std::function<void()> by_;
  int left_ = 0;
  int snapshots_ = 0;
};

class SchedulesBetweenTest : public SchedulesTest {
 protected:
  // An investor with room for one more of its projects, and another one whose meetings may have to move for that.
  void MakeAHole() {
    AddRepresentative("r", {InvestorName(1)});
    edition_.mutable_agenda()->set_most_attempts(20);
    v1::MeetingPlace* const table = edition_.mutable_agenda()->add_places();
    table->set_id("t3");
    table->set_hall("east");
    WriteEdition();
    for (const int project : {1, 2, 3, 4, 5}) MakeMutual(project, 1);
    for (int project = first_; project < first_ + 3; ++project) MakeMutual(project, 2);
    ASSERT_TRUE(PublishIt(Generated(GenerateRequest()).name()).ok());
    MakeMutual(6, 3);
    MakeMutual(7, 4);
    MakeMutual(8, 6);
    MakeMutual(20, 5);
    for (const int project : {1, 2, 3, 4, 5}) {
      const std::string meeting = MeetingOf(project, 1);
      if (meeting.empty()) {
        waiting_ = project;
      } else if (hole_ < 0) {
        const auto seen = SeeMeeting(kOrganiser, meeting);
        ASSERT_TRUE(seen.ok()) << seen.status();
        for (int slot = 0; slot < 4; ++slot) {
          if (ledger::FromStamp(seen->start_time()) == SlotAt(slot)) hole_ = slot;
        }
        ASSERT_TRUE(CancelIt(kProject, meeting).ok());
      }
    }
    ASSERT_GT(waiting_, 0);
    ASSERT_GE(hole_, 0);
    MakeMutual(waiting_, 5);
    v1::Representative both;
    both.set_name("editions/e/representatives/both");
    both.add_parties(ProjectName(waiting_));
    both.add_parties(ProjectName(20));
    both.set_most_meetings(most_of_both_);
    ASSERT_GT(Put("r/representatives/e/both", both.SerializeAsString()), 0);
    ASSERT_THAT(Broken(), IsEmpty());
    store_of_repair_ = std::make_unique<InterruptedStore>(store_.get());
    Schedules::Options options;
    options.store = store_of_repair_.get();
    options.keys = &keys_;
    options.clock = &clock_;
    options.runs = runs_.get();
    auto opened = Schedules::Open(std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.status();
    repairing_ = *std::move(opened);
  }
  void TearDown() override {
    repairing_.reset();
    store_of_repair_.reset();
    waiting_ = 0;
    hole_ = -1;
    edition_.Clear();
    SchedulesTest::TearDown();
  }
  static v1::RepairScheduleRequest Request() {
    v1::RepairScheduleRequest request;
    request.set_parent("editions/e");
    request.add_attendees(InvestorName(1));
    request.set_publish(true);
    return request;
  }

  // Runs a repair with `what` before its first call, before its second one, and so on until there is none.
  void Everywhere(const std::function<void()>& what) {
    int published = 0, read_again = 0;
    for (int call = 1;; ++call) {
      SCOPED_TRACE(call);
      ASSERT_NO_FATAL_FAILURE(MakeAHole());
      store_of_repair_->Interrupt(call, what);
      const auto repaired = repairing_->Repair(Olga(), Request());
      EXPECT_TRUE(repaired.ok()) << repaired.status();
      const bool interrupted = store_of_repair_->interrupted();
      const int snapshots = store_of_repair_->snapshots();
      EXPECT_TRUE(interrupted || snapshots == 1) << "nobody wrote, and everything was read " << snapshots << " times";
      read_again += interrupted && snapshots > 1 ? 1 : 0;
      EXPECT_THAT(Broken(), IsEmpty());
      int added = 0;
      for (const auto& [pairing, placement] : PlacementsOf(repaired.ok() ? repaired->name() : "")) {
        if (placement.change() != v1::SchedulePlacement::CHANGE_ADDED) continue;
        const auto meeting = SeeMeeting(kOrganiser, placement.meeting());
        ASSERT_TRUE(meeting.ok()) << meeting.status();
        EXPECT_EQ(meeting->pairing(), pairing);
        EXPECT_EQ(meeting->change().cause(), v1::MeetingChange::CAUSE_SCHEDULED);
        ++added;
      }
      published += added;
      for (const auto& [pairing, where] : Board()) {
        v1::GetPairingRequest get;
        get.set_name(pairing);
        const auto seen = ledger_->Get(Olga(), get);
        EXPECT_EQ(ledger::ResultOf(seen), "MUTUAL") << pairing << " has a meeting";
      }
      if (!interrupted || HasFailure()) break;
      TearDown();
      SetUp();
    }
    EXPECT_GT(published, 0) << "the last one was not disturbed";
    EXPECT_GT(read_again, 0);
  }

  std::unique_ptr<InterruptedStore> store_of_repair_;
  std::unique_ptr<Schedules> repairing_;
  int first_ = 1;    // project of the other investor: by default one that both share
  int waiting_ = 0;  // project
  int hole_ = -1;    // slot
  int most_of_both_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Store, SchedulesBetweenTest, testing::Values(Backends().front()), BackendName);

TEST_P(SchedulesBetweenTest, SomebodyBooksThePairThatWaits) {
  first_ = 11;
  Everywhere([&] { BookIt(kOrganiser, waiting_, 1).status().IgnoreError(); });
}

TEST_P(SchedulesBetweenTest, OneOfThePairIsBookedByAnother) {
  first_ = 11;
  Everywhere([&] { BookIt(kOrganiser, waiting_, 5, {hole_}).status().IgnoreError(); });
}

// Nothing of what the repair claims: only who meets says that something came in between.
TEST_P(SchedulesBetweenTest, OneOfThePairHasItsMostMeetingsByWhatItDoesForAnother) {
  first_ = 11;
  most_of_both_ = 1;
  Everywhere([&] { BookIt(kOrganiser, 20, 5, {(hole_ + 1) % 4}).status().IgnoreError(); });
}

TEST_P(SchedulesBetweenTest, OthersTakeTheTables) {
  Everywhere([&] {
    BookIt(kOrganiser, 6, 3, {hole_}).status().IgnoreError();
    BookIt(kOrganiser, 7, 4, {hole_}).status().IgnoreError();
    BookIt(kOrganiser, 8, 6, {hole_}).status().IgnoreError();
  });
}

TEST_P(SchedulesBetweenTest, OneOfThePairTakesBack) {
  Everywhere([&] { ASSERT_TRUE(Withdraw(kProject, waiting_, 1).ok()); });
}

TEST_P(SchedulesBetweenTest, AQuotaIsLowered) {
  Everywhere([&] {
    edition_.mutable_agenda()->mutable_investor_quotas()->set_meetings_per_day(3);
    WriteEdition();
  });
}

TEST_P(SchedulesBetweenTest, WhoMeetsIsNotThereAnyMore) {
  Everywhere([&] {
    v1::Representative one;
    one.set_name("editions/e/representatives/r");
    one.add_parties(InvestorName(1));
    v1::TimeRange* range = one.add_unavailable();
    *range->mutable_start_time() = ledger::ToStamp(SlotAt(hole_));
    *range->mutable_end_time() = ledger::ToStamp(SlotAt(hole_ + 1));
    ASSERT_GT(Put("r/representatives/e/r", one.SerializeAsString()), 0);
  });
}

TEST_P(SchedulesBetweenTest, AnotherReplicaRepairsTheSame) {
  Everywhere([&] { ASSERT_TRUE(schedules_->Repair(Olga(), Request()).ok()); });
}

}  // namespace
}  // namespace tandem::pairing::meetings
