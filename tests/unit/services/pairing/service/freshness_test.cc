#include "services/pairing/service/freshness.h"

#include <chrono>
#include <thread>

#include "gtest/gtest.h"

#include "common/base/status.h"

namespace tandem::pairing {
namespace {

using std::chrono::milliseconds;

Deadline In(milliseconds time) { return std::chrono::steady_clock::now() + time; }

class FreshnessTest : public testing::Test {
 protected:
  std::string Token(const std::string& source, const std::string& epoch, int64_t revision) {
    return ConsistencyToken(source, {epoch, revision}).Encode(keys_);
  }
  std::string ReasonOf(absl::string_view token, milliseconds time = milliseconds(50)) {
    const absl::Status status = freshness_.Await(token, In(time));
    return status.ok() ? "" : GetErrorDetail(status).reason;
  }

  const KeyRing keys_ = KeyRing::ForTests();
  feed::AppliedPositions positions_{{"a", "b"}};
  Freshness freshness_{&positions_, &keys_};
};

TEST_F(FreshnessTest, NothingIsReadBeforeAllSourcesAreReady) {
  EXPECT_EQ(ReasonOf(""), "NOT_READY");
  positions_.Advance("a", {"e", 1});
  EXPECT_EQ(ReasonOf(""), "NOT_READY");
  positions_.Advance("b", {"e", 1});
  EXPECT_EQ(ReasonOf(""), "");
}

TEST_F(FreshnessTest, WaitsForTheToken) {
  positions_.Advance("a", {"e", 1});
  positions_.Advance("b", {"e", 1});
  std::thread feed([this] { positions_.Advance("a", {"e", 7}); });
  EXPECT_EQ(ReasonOf(Token("a", "e", 7), milliseconds(10'000)), "");
  feed.join();
}

TEST_F(FreshnessTest, TimesOutBeforeTheCallersDeadlineSoThatTheReasonArrives) {
  positions_.Advance("a", {"e", 1});
  positions_.Advance("b", {"e", 1});
  const Deadline deadline = In(milliseconds(400));
  const absl::Status status = freshness_.Await(Token("a", "e", 9), deadline);
  EXPECT_LT(std::chrono::steady_clock::now(), deadline);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(GetErrorDetail(status).reason, "CONSISTENCY_TIMEOUT");
}

TEST_F(FreshnessTest, RefusesTokensOfOthersAtOnce) {
  EXPECT_EQ(ReasonOf("forged"), "CONSISTENCY_TOKEN_INVALID") << "even before it is ready";
  positions_.Advance("a", {"e", 1});
  positions_.Advance("b", {"e", 1});
  EXPECT_EQ(ReasonOf(Token("a", "another epoch", 1)), "CONSISTENCY_TOKEN_FOREIGN");
  EXPECT_EQ(ReasonOf(Token("c", "e", 1)), "CONSISTENCY_TOKEN_FOREIGN");
}

TEST_F(FreshnessTest, AReadsDemandIsItsToken) {
  positions_.Advance("a", {"e", 1});
  positions_.Advance("b", {"e", 1});
  type::v1::ReadConsistency consistency;
  EXPECT_TRUE(freshness_.Await(consistency, In(milliseconds(50))).ok());
  consistency.set_minimize_latency(true);
  EXPECT_TRUE(freshness_.Await(consistency, In(milliseconds(50))).ok());
  consistency.set_at_least_as_fresh(Token("a", "e", 2));
  EXPECT_FALSE(freshness_.Await(consistency, In(milliseconds(50))).ok());
}

TEST_F(FreshnessTest, ASourceThatIsSilentForTooLongIsSaidUnlessThatIsAllowed) {
  const Freshness strict(&positions_, &keys_, milliseconds(20));
  positions_.Advance("a", {"e", 1});
  positions_.Advance("b", {"e", 1});
  type::v1::ReadConsistency consistency;
  const auto deadline = In(milliseconds(2'000));
  while (strict.IsReached(consistency) && std::chrono::steady_clock::now() < deadline) {
    positions_.Advance("a", {"e", 1});  // to the same position: it has been heard of
  }
  const absl::Status stale = strict.Await(consistency, deadline);
  EXPECT_EQ(stale.code(), absl::StatusCode::kUnavailable);
  ASSERT_EQ(GetErrorDetail(stale).reason, "INDEX_STALE");
  EXPECT_EQ(GetErrorDetail(stale).metadata[0], (std::pair<std::string, std::string>("source", "b")));
  EXPECT_FALSE(strict.IsReached(consistency));
  consistency.set_allow_stale(true);
  EXPECT_TRUE(strict.Await(consistency, deadline).ok());
  EXPECT_TRUE(strict.IsReached(consistency));
  EXPECT_GE(strict.Age(), milliseconds(20));
}

}  // namespace
}  // namespace tandem::pairing
