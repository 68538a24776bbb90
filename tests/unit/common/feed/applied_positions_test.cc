#include "common/feed/applied_positions.h"

#include <chrono>
#include <string>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/base/status.h"
#include "tests/unit/common/feed/feed_fakes.h"

namespace tandem::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string ReasonOf(const absl::Status& status) { return GetErrorDetail(status).reason; }

ConsistencyToken Token(const std::string& source, const std::string& epoch, int64_t revision) {
  return ConsistencyToken(source, Position{epoch, revision});
}

TEST(AppliedPositionsTest, ReadyOnceEverySourceHasAPosition) {
  AppliedPositions positions({"a", "b"});
  EXPECT_FALSE(positions.Ready());
  EXPECT_TRUE(positions.Applied().empty());
  EXPECT_EQ(ReasonOf(positions.WaitUntilReady(In(milliseconds(1)))), "NOT_READY");
  positions.Advance("a", {"e", 3});
  EXPECT_FALSE(positions.Ready());
  positions.Advance("b", {"f", 0});
  EXPECT_TRUE(positions.Ready());
  EXPECT_TRUE(positions.WaitUntilReady(In(milliseconds(1))).ok());
  EXPECT_EQ(positions.Applied().positions().at("a"), (Position{"e", 3}));
  positions.Advance("stranger", {"e", 3});
  EXPECT_EQ(positions.Applied().positions().size(), 2u);
}

TEST(AppliedPositionsTest, OnlyGrowsWithinAnEpoch) {
  AppliedPositions positions({"a"});
  positions.Advance("a", {"e", 5});
  positions.Advance("a", {"e", 4});
  EXPECT_EQ(positions.Applied().positions().at("a").revision, 5);
  positions.Advance("a", {"f", 1});
  EXPECT_EQ(positions.Applied().positions().at("a"), (Position{"f", 1}));
}

TEST(AppliedPositionsTest, WhatIsAppliedDoesNotWait) {
  AppliedPositions positions({"a", "b"});
  positions.Advance("a", {"e", 5});
  EXPECT_TRUE(positions.WaitFor(Token("a", "e", 5), In(milliseconds(0))).ok());
  EXPECT_TRUE(positions.WaitFor(ConsistencyToken(), In(milliseconds(0))).ok());
}

TEST(AppliedPositionsTest, NeverServesOlderThanTheToken) {
  AppliedPositions positions({"a"});
  const absl::Status not_ready = positions.WaitFor(Token("a", "e", 1), In(milliseconds(2)));
  EXPECT_EQ(ReasonOf(not_ready), "CONSISTENCY_TIMEOUT");
  positions.Advance("a", {"e", 5});
  const absl::Status late = positions.WaitFor(Token("a", "e", 6), In(milliseconds(2)));
  EXPECT_EQ(late.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(late), "CONSISTENCY_TIMEOUT");
  EXPECT_GT(GetErrorDetail(late).retry_delay, absl::ZeroDuration());
}

TEST(AppliedPositionsTest, EverySourceOfATokenIsWaitedFor) {
  AppliedPositions positions({"a", "b"});
  positions.Advance("a", {"e", 5});
  positions.Advance("b", {"f", 5});
  ConsistencyToken token = Token("a", "e", 5);
  token.Raise("b", {"f", 6});
  EXPECT_EQ(ReasonOf(positions.WaitFor(token, In(milliseconds(2)))), "CONSISTENCY_TIMEOUT");
}

TEST(AppliedPositionsTest, ForeignTokensFailAtOnce) {
  AppliedPositions positions({"a"});
  positions.Advance("a", {"e", 5});
  for (const auto& token : {Token("a", "other", 1), Token("stranger", "e", 1)}) {
    const absl::Status status = positions.WaitFor(token, In(seconds(60)));
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(ReasonOf(status), "CONSISTENCY_TOKEN_FOREIGN");
  }
}

TEST(AppliedPositionsTest, AWaiterWakesWhenItsLastSourceArrives) {
  AppliedPositions positions({"a", "b"});
  ConsistencyToken token = Token("a", "e", 2);
  token.Merge(Token("b", "f", 7));
  std::thread advancer([&] {
    for (int64_t revision = 1; revision <= 2; ++revision) positions.Advance("a", {"e", revision});
    for (int64_t revision = 1; revision <= 7; ++revision) positions.Advance("b", {"f", revision});
  });
  EXPECT_TRUE(positions.WaitFor(token, In(seconds(60))).ok());
  EXPECT_EQ(positions.Applied().positions().at("b").revision, 7);
  advancer.join();
}

TEST(AppliedPositionsTest, AWaiterLearnsThatTheHistoryChanged) {
  AppliedPositions positions({"a"});
  positions.Advance("a", {"e", 5});
  std::thread restorer([&] { positions.Advance("a", {"f", 1}); });
  EXPECT_EQ(ReasonOf(positions.WaitFor(Token("a", "e", 6), In(seconds(60)))), "CONSISTENCY_TOKEN_FOREIGN");
  restorer.join();
}

TEST(AppliedPositionsTest, ShutdownWakesEveryWaiter) {
  AppliedPositions positions({"a"});
  std::thread stopper([&] { positions.Shutdown(); });
  EXPECT_EQ(ReasonOf(positions.WaitFor(Token("a", "e", 1), In(seconds(60)))), "NOT_READY");
  EXPECT_EQ(ReasonOf(positions.WaitUntilReady(In(seconds(60)))), "NOT_READY");
  stopper.join();
}

}  // namespace
}  // namespace tandem::feed
