#include "tests/fault/truth/watch_check.h"

#include "tandem/pairing/v1/meeting.pb.h"
#include "tests/unit/fault/truth/made_history.h"

namespace tandem::check {
namespace {

constexpr char kSource[] = "projects";

class WatchCheckTest : public testing::Test {
 protected:
  WatchCheckTest() {
    history_.BeginAt(0, kEpoch);
    for (Revision revision = 1; revision <= 6; ++revision) {
      history_.Append({{Name(revision), Stored(revision, StoredForm(Record(revision)))}}, revision);
    }
  }

  static std::string Name(Revision revision) { return absl::StrCat("editions/t/projects/p", revision % 4); }
  static projects::v1::Project Record(Revision revision) {
    projects::v1::Project project;
    project.set_name(Name(revision));
    project.set_trl(static_cast<int32_t>(revision));
    return project;
  }
  feed::Item Item(Revision revision) const {
    return {Name(revision), std::make_shared<projects::v1::Project>(Record(revision)), revision};
  }
  void Take(feed::Phase phase, const std::vector<Revision>& revisions, Revision through) {
    feed::Stretch stretch;
    stretch.phase = phase;
    for (const Revision revision : revisions) stretch.items.push_back(Item(revision));
    if (phase != feed::Phase::kSnapshot) {
      stretch.resume_token = ConsistencyToken(kSource, {kEpoch, through}).Encode(keys_);
    }
    check_.Take(std::move(stretch));
  }
  // From an empty store on.
  void BeginAtNothing() { Take(feed::Phase::kSnapshotEnd, {}, 0); }
  int64_t Faults() {
    check_.Check();
    return findings_.count(Broken::kWatch);
  }

  const KeyRing keys_ = KeyRing::ForTests();
  History history_{kSource};
  Findings findings_;
  WatchCheck check_{"a watch", [](absl::string_view name) { return !IsMeeting(name); }, &history_, &keys_, &findings_};
};

TEST_F(WatchCheckTest, IsContentWithTheWholeLogInAnyStretches) {
  BeginAtNothing();
  Take(feed::Phase::kChanges, {1, 2}, 2);
  Take(feed::Phase::kProgress, {}, 2);
  check_.End(absl::UnavailableError("gone"));
  Take(feed::Phase::kChanges, {3, 4, 5, 6}, 6);
  EXPECT_EQ(Faults(), 0) << findings_.complaints()[0];
  EXPECT_EQ(check_.checked(), 6);
  EXPECT_EQ(check_.changes(), 6);
}

TEST_F(WatchCheckTest, WaitsForTheHistory) {
  BeginAtNothing();
  Take(feed::Phase::kChanges, {1, 2, 3, 4, 5, 6, 7}, 7);
  EXPECT_EQ(Faults(), 0);
  EXPECT_EQ(check_.checked(), 0);
  history_.Append({{Name(7), Stored(7, StoredForm(Record(7)))}}, 7);
  EXPECT_EQ(Faults(), 0);
  EXPECT_EQ(check_.checked(), 7);
}

TEST_F(WatchCheckTest, FindsAGap) {
  BeginAtNothing();
  Take(feed::Phase::kChanges, {1, 2, 4}, 4);
  EXPECT_EQ(Faults(), 1);
}

// What others of the same source send is nothing that this one lacks.
TEST_F(WatchCheckTest, AsksForNothingThatItDoesNotCover) {
  BeginAtNothing();
  history_.Append({{"editions/t/meetings/m-1", Stored(7, "x")}, {Name(7), Stored(7, StoredForm(Record(7)))}}, 7);
  Take(feed::Phase::kChanges, {1, 2, 3, 4, 5, 6, 7}, 7);
  check_.End(absl::OutOfRangeError("expired"));
  Take(feed::Phase::kSnapshot, {5, 6, 7, 4}, 0);
  Take(feed::Phase::kSnapshotEnd, {}, 7);
  EXPECT_EQ(Faults(), 0) << findings_.complaints()[0];
}

TEST_F(WatchCheckTest, FindsWhatItIsNotToSend) {
  const std::string meeting = "editions/t/meetings/m-1";
  history_.Append({{meeting, Stored(7, "")}}, 7);
  BeginAtNothing();
  feed::Stretch stretch;
  stretch.phase = feed::Phase::kChanges;
  for (Revision revision = 1; revision <= 6; ++revision) stretch.items.push_back(Item(revision));
  stretch.items.push_back({meeting, std::make_shared<pairing::v1::Meeting>(), 7});
  stretch.resume_token = ConsistencyToken(kSource, {kEpoch, 7}).Encode(keys_);
  check_.Take(std::move(stretch));
  EXPECT_EQ(Faults(), 1);
}

TEST_F(WatchCheckTest, FindsAGapAtAProgressMark) {
  BeginAtNothing();
  Take(feed::Phase::kProgress, {}, 3);
  EXPECT_EQ(Faults(), 1);
}

TEST_F(WatchCheckTest, FindsARepetitionAfterABreak) {
  BeginAtNothing();
  Take(feed::Phase::kChanges, {1, 2, 3}, 3);
  check_.End(absl::UnavailableError("gone"));
  Take(feed::Phase::kChanges, {3, 4}, 4);
  EXPECT_EQ(Faults(), 1);
}

TEST_F(WatchCheckTest, FindsDisorder) {
  BeginAtNothing();
  Take(feed::Phase::kChanges, {2, 1}, 2);
  EXPECT_EQ(Faults(), 1);
}

TEST_F(WatchCheckTest, FindsAnotherContent) {
  BeginAtNothing();
  feed::Stretch stretch;
  stretch.phase = feed::Phase::kChanges;
  stretch.items = {Item(1)};
  stretch.items[0].message = std::make_shared<projects::v1::Project>(Record(2));
  stretch.resume_token = ConsistencyToken(kSource, {kEpoch, 1}).Encode(keys_);
  check_.Take(std::move(stretch));
  EXPECT_EQ(Faults(), 1);
}

TEST_F(WatchCheckTest, TakesASnapshotOfWhichPartsAreNewer) {
  Take(feed::Phase::kSnapshot, {1, 2}, 0);
  Take(feed::Phase::kSnapshot, {3}, 0);
  Take(feed::Phase::kSnapshotEnd, {}, 2);
  Take(feed::Phase::kChanges, {3, 4}, 4);
  EXPECT_EQ(Faults(), 0) << findings_.complaints()[0];
}

TEST_F(WatchCheckTest, FindsARecordThatASnapshotLacks) {
  Take(feed::Phase::kSnapshot, {5, 6, 4}, 0);
  Take(feed::Phase::kSnapshotEnd, {}, 6);
  EXPECT_EQ(Faults(), 1);
}

TEST_F(WatchCheckTest, FindsAnOldRecordInASnapshot) {
  Take(feed::Phase::kSnapshot, {1, 6, 3, 4}, 0);
  Take(feed::Phase::kSnapshotEnd, {}, 6);
  EXPECT_EQ(Faults(), 1);
}

TEST_F(WatchCheckTest, FindsALogThatIsSaidToBeGoneAndIsNot) {
  history_.SetLogFloor(0);
  BeginAtNothing();
  Take(feed::Phase::kChanges, {1, 2}, 2);
  check_.End(absl::OutOfRangeError("expired"));
  EXPECT_EQ(Faults(), 1);
  EXPECT_EQ(check_.resume_token(), "");
}

TEST_F(WatchCheckTest, ListsAgainWhereTheLogIsGone) {
  history_.SetLogFloor(4);
  BeginAtNothing();
  Take(feed::Phase::kChanges, {1, 2}, 2);
  check_.End(absl::OutOfRangeError("expired"));
  Take(feed::Phase::kSnapshot, {5, 6, 3, 4}, 0);
  Take(feed::Phase::kSnapshotEnd, {}, 6);
  EXPECT_EQ(Faults(), 0) << findings_.complaints()[0];
  EXPECT_EQ(check_.relists(), 1);
}

}  // namespace
}  // namespace tandem::check
