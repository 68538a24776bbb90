#include "tests/fault/truth/overtaken.h"

#include "common/base/status.h"
#include "tests/unit/fault/truth/made_history.h"

namespace tandem::check {
namespace {

constexpr char kPairing[] = "editions/t/pairings/a-b";
constexpr char kMeeting[] = "editions/t/meetings/a-b-1";
constexpr char kProject[] = "editions/t/projects/a";

absl::Status Refusal(absl::StatusCode code, const char* reason, const char* key = "", const char* value = "") {
  return MakeError(code, reason, "no", {{key, value}});
}
absl::Status NotOpen() { return Refusal(absl::StatusCode::kFailedPrecondition, "PARTY_NOT_OPEN", "party", kProject); }
absl::Status Conflict() {
  return Refusal(absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT", "resource", kPairing);
}
absl::Status Taken() { return Refusal(absl::StatusCode::kAborted, "SLOT_TAKEN", "slots", ""); }

// A step on a pairing, sent twice.
class OvertakenTest : public testing::Test {
 protected:
  OvertakenTest() {
    for (const char* source : {"projects", "investors", "editions"}) {
      histories_[source] = std::make_unique<History>(source);
      histories_[source]->BeginAt(0, kEpoch);
    }
    for (const char* name : {kPairing, kMeeting, kProject}) Commit(name);
    copies_ = {PositionsOf(histories_), std::nullopt, kEdition, "editions", 0};
  }
  void Commit(const std::string& name) {
    History* const history = histories_.at(SourceOf(name)).get();
    history->Append({{name, Stored(history->through() + 1, "x")}}, history->through() + 1);
  }
  // What the acknowledged copy did.
  void CommitOwn(const std::string& name) {
    Commit(name);
    copies_.own = histories_.at("editions")->through();
  }
  bool May(const absl::Status& refusal) const { return MayHaveOvertaken(refusal, copies_, histories_); }

  Histories histories_;
  TwoCopies copies_;
};

TEST_F(OvertakenTest, NothingIsOvertakenWhereNothingChanged) {
  CommitOwn(kPairing);
  EXPECT_FALSE(May(NotOpen()));
  EXPECT_FALSE(May(Conflict())) << "its own change is none that refuses the other copy";
  EXPECT_FALSE(May(Taken()));
}

TEST_F(OvertakenTest, APartyMayHaveOpenedBetweenTheTwo) {
  CommitOwn(kPairing);
  Commit(kProject);
  EXPECT_TRUE(May(NotOpen()));
  EXPECT_FALSE(May(Conflict())) << "that speaks of the pairing";
}

TEST_F(OvertakenTest, WhatAPartyDidAfterBothAnswersExplainsNone) {
  CommitOwn(kPairing);
  copies_.answered = PositionsOf(histories_);
  Commit(kProject);
  EXPECT_FALSE(May(NotOpen()));
  copies_.answered = PositionsOf(histories_);
  EXPECT_TRUE(May(NotOpen())) << "before the later answer";
}

TEST_F(OvertakenTest, AHistoryHasReachedWhatItKnows) {
  Positions positions = PositionsOf(histories_);
  EXPECT_TRUE(HaveReached(positions, histories_));
  ++positions["projects"];
  EXPECT_FALSE(HaveReached(positions, histories_));
  Commit(kProject);
  EXPECT_TRUE(HaveReached(positions, histories_));
}

TEST_F(OvertakenTest, AnotherPartyOpensForItselfOnly) {
  CommitOwn(kPairing);
  Commit("editions/t/projects/other");
  EXPECT_FALSE(May(NotOpen()));
}

TEST_F(OvertakenTest, SomebodyElseMayHaveChangedTheRecordBetweenTheTwo) {
  Commit(kPairing);
  CommitOwn(kPairing);
  EXPECT_TRUE(May(Conflict()));
}

TEST_F(OvertakenTest, WhatChangedAfterwardsRefusedNeither) {
  CommitOwn(kPairing);
  Commit(kPairing);
  Commit(kMeeting);
  EXPECT_FALSE(May(Conflict()));
  EXPECT_FALSE(May(Taken()));
}

TEST_F(OvertakenTest, AnyMeetingMayHaveFreedASlot) {
  Commit("editions/t/meetings/c-d-1");
  CommitOwn(kMeeting);
  EXPECT_TRUE(May(Taken()));
}

TEST_F(OvertakenTest, NoOtherReasonEverPasses) {
  Commit(kPairing);
  CommitOwn(kPairing);
  EXPECT_FALSE(May(Refusal(absl::StatusCode::kAborted, "ETAG_MISMATCH", "resource", kPairing)));
  EXPECT_FALSE(May(Refusal(absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND", "resource", kPairing)));
  EXPECT_FALSE(May(absl::FailedPreconditionError("no")));
  EXPECT_FALSE(May(Refusal(absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT"))) << "of what nobody knows";
}

}  // namespace
}  // namespace tandem::check
