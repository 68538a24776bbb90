#include "services/pairing/meetings/report/meeting_reports.h"

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/pairing/meetings/report/edition_snapshot.h"
#include "tests/unit/services/pairing/meetings/book/meeting_book_fixture.h"

namespace tandem::pairing::meetings {
namespace {

class MeetingReportsTest : public MeetingBookTest {
 protected:
  absl::StatusOr<v1::MeetingReport> Report(v1::Side side, const std::string& edition = "editions/e") {
    MeetingReports::Options options;
    options.store = store_.get();
    options.keys = &keys_;
    options.clock = &clock_;
    options.countries = [](absl::string_view) {
      return [](absl::string_view party) { return absl::StrContains(party, "/projects/") ? "CN" : "DE"; };
    };
    v1::GetMeetingReportRequest request;
    request.set_name(edition);
    return MeetingReports(std::move(options)).Make(CallerOfSide(side), request);
  }
};

INSTANTIATE_TEST_SUITE_P(Store, MeetingReportsTest, testing::ValuesIn(Backends()), BackendName);

TEST_P(MeetingReportsTest, CountsWhatHappened) {
  MakeMutual(1, 1);
  MakeMutual(1, 2);
  MakeMutual(2, 2);
  ASSERT_TRUE(Ask(kProject, 2, 1).ok());
  ASSERT_EQ(ResultOf(BookIt(kProject, 1, 1, {0})), "CONFIRMED");
  ASSERT_EQ(ResultOf(BookIt(kProject, 1, 2, {1})), "CONFIRMED");
  const auto cancelled = BookIt(kProject, 2, 2, {2});
  ASSERT_EQ(ResultOf(cancelled), "CONFIRMED");
  ASSERT_EQ(ResultOf(CancelIt(kProject, cancelled->name())), "CANCELLED");

  const auto report = Report(kOrganiser);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->edition(), "editions/e");
  EXPECT_EQ(report->pairing_count(), 4);
  EXPECT_EQ(report->mutual_count(), 3);
  EXPECT_EQ(report->requests().pending(), 1);
  EXPECT_EQ(report->fill_millionths(), 250000) << "2 of 4 slots on 2 tables";
  EXPECT_EQ(report->projects().maximum(), 2);
  EXPECT_EQ(report->projects().minimum(), 0);
  ASSERT_EQ(report->countries_size(), 2);
  EXPECT_EQ(report->countries(0).meetings(), 2);
  EXPECT_FALSE(report->consistency_token().empty());
}

TEST_P(MeetingReportsTest, IsTheOrganisersAndOfAnEditionThatIsThere) {
  EXPECT_EQ(ledger::ReasonOf(Report(kProject)), "PERMISSION_DENIED");
  EXPECT_EQ(ledger::ReasonOf(Report(kInvestor)), "PERMISSION_DENIED");
  EXPECT_EQ(ledger::ReasonOf(Report(kOrganiser, "editions/none")), "EDITION_NOT_FOUND");
}

TEST_P(MeetingReportsTest, ASnapshotIsTheStateOfItsRevision) {
  MakeMutual(1, 1);
  ASSERT_EQ(ResultOf(BookIt(kProject, 1, 1, {0})), "CONFIRMED");
  const auto snapshot = ReadEdition(store_.get(), "e");
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(snapshot->revision, store_->GetHead()->revision);
  ASSERT_EQ(snapshot->pairings.size(), 1u);
  ASSERT_EQ(snapshot->meetings.size(), 1u);
  EXPECT_EQ(snapshot->pairings[0].meeting(), snapshot->meetings[0].name());
  EXPECT_EQ(snapshot->edition.name(), "editions/e");
}

}  // namespace
}  // namespace tandem::pairing::meetings
