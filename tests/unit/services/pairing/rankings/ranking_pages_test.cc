#include "services/pairing/rankings/ranking_pages.h"

#include <set>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

#include "common/base/status.h"
#include "common/tokens/consistency_token.h"
#include "common/tokens/page_token.h"

namespace tandem::pairing {
namespace {

std::shared_ptr<const KeptRanking> RankingOf(size_t size) {
  auto ranking = std::make_shared<matching::Ranking>();
  ranking->project = std::make_shared<matching::ProjectFacts>();
  ranking->investors.resize(size);
  auto kept = std::make_shared<KeptRanking>();
  kept->ranking = std::move(ranking);
  return kept;
}

std::string ReasonOf(const absl::Status& status) { return GetErrorDetail(status).reason; }

class RankingPagesTest : public testing::Test {
 protected:
  RankingPages::Options WithClock(size_t max_bytes = size_t{1} << 20) {
    RankingPages::Options options;
    options.max_bytes = max_bytes;
    options.now = [this] { return now_; };
    return options;
  }

  const KeyRing keys_ = KeyRing::ForTests();
  RankingPages::TimePoint now_;
};

TEST_F(RankingPagesTest, OpensThePageThatATokenWasMadeFor) {
  RankingPages pages(&keys_, WithClock());
  const auto kept = RankingOf(50);
  const std::string id = pages.Keep(kept);
  const auto page = pages.Open(pages.Token(id, 20, "query"), "query");
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->kept, kept);
  EXPECT_EQ(page->offset, 20u);
  EXPECT_EQ(page->id, id);
}

TEST_F(RankingPagesTest, ForgedTokensAreInvalid) {
  RankingPages pages(&keys_, WithClock());
  const std::string token = pages.Token(pages.Keep(RankingOf(50)), 20, "query");
  EXPECT_EQ(ReasonOf(pages.Open(token, "another query").status()), "PAGE_TOKEN_INVALID");
  EXPECT_EQ(ReasonOf(pages.Open("nonsense", "query").status()), "PAGE_TOKEN_INVALID");
  for (size_t i = 0; i < token.size(); ++i) {
    std::string forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(pages.Open(forged, "query").status().code(), absl::StatusCode::kInvalidArgument) << i;
  }
  EXPECT_EQ(ReasonOf(pages.Open(EncodePageToken(keys_, "query", "short"), "query").status()), "PAGE_TOKEN_INVALID");
}

TEST_F(RankingPagesTest, ATokenTellsWhoeverDoesNotKeepItsRankingWhereAndOfWhenItIs) {
  RankingPages here(&keys_, WithClock()), there(&keys_, WithClock());
  const ConsistencyToken date("projects", {"an epoch with @ in it", 17});
  const auto place = there.Find(here.Token(here.Keep(RankingOf(50)), 20, "query", date), "query");
  ASSERT_TRUE(place.ok()) << place.status();
  EXPECT_EQ(place->offset, 20u);
  EXPECT_EQ(place->date.ToBytes(), date.ToBytes());
  const auto undated = there.Find(here.Token(here.Keep(RankingOf(50)), 7, "query"), "query");
  ASSERT_TRUE(undated.ok()) << undated.status();
  EXPECT_EQ(undated->offset, 7u);
  EXPECT_TRUE(undated->date.empty());
  EXPECT_EQ(ReasonOf(there.Find("nonsense", "query").status()), "PAGE_TOKEN_INVALID");
}

TEST_F(RankingPagesTest, ARankingGoesTenMinutesAfterItsLastUse) {
  RankingPages pages(&keys_, WithClock());
  const std::string token = pages.Token(pages.Keep(RankingOf(50)), 20, "query");
  now_ += std::chrono::minutes(9);
  EXPECT_TRUE(pages.Open(token, "query").ok());
  now_ += std::chrono::minutes(9);
  EXPECT_TRUE(pages.Open(token, "query").ok()) << "a use renews it";
  now_ += std::chrono::minutes(11);
  const absl::Status status = pages.Open(token, "query").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(status), "PAGE_TOKEN_EXPIRED");
  EXPECT_EQ(pages.bytes(), 0u);
}

TEST_F(RankingPagesTest, TheLeastRecentlyUsedMakesRoom) {
  RankingPages pages(&keys_, WithClock(3 * 4096));
  const size_t entries = (4096 - 1024) / sizeof(matching::RankedInvestor);
  const std::string a = pages.Token(pages.Keep(RankingOf(entries)), 1, "q");
  const std::string b = pages.Token(pages.Keep(RankingOf(entries)), 1, "q");
  const std::string c = pages.Token(pages.Keep(RankingOf(entries)), 1, "q");
  EXPECT_TRUE(pages.Open(a, "q").ok());
  const std::string d = pages.Token(pages.Keep(RankingOf(entries)), 1, "q");
  EXPECT_TRUE(pages.Open(a, "q").ok());
  EXPECT_EQ(ReasonOf(pages.Open(b, "q").status()), "PAGE_TOKEN_EXPIRED");
  EXPECT_TRUE(pages.Open(c, "q").ok());
  EXPECT_TRUE(pages.Open(d, "q").ok());
  EXPECT_LE(pages.bytes(), size_t{3} * 4096);
}

TEST_F(RankingPagesTest, OneTooLargeStaysUntilTheNextComes) {
  RankingPages pages(&keys_, WithClock(4096));
  const std::string large = pages.Token(pages.Keep(RankingOf(5000)), 1, "q");
  EXPECT_TRUE(pages.Open(large, "q").ok());
  const std::string small = pages.Token(pages.Keep(RankingOf(10)), 1, "q");
  EXPECT_FALSE(pages.Open(large, "q").ok());
  EXPECT_TRUE(pages.Open(small, "q").ok());
}

TEST_F(RankingPagesTest, TokensOfAnotherProcessAreExpiredAndNotInvalid) {
  RankingPages here(&keys_, WithClock());
  RankingPages there(&keys_, WithClock());
  const std::string token = there.Token(there.Keep(RankingOf(50)), 20, "query");
  EXPECT_EQ(ReasonOf(here.Open(token, "query").status()), "PAGE_TOKEN_EXPIRED");
}

TEST_F(RankingPagesTest, ManyThreadsShareIt) {
  RankingPages pages(&keys_, WithClock(64 * 1024));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        const std::string token = pages.Token(pages.Keep(RankingOf(100)), 1, "q");
        const auto page = pages.Open(token, "q");
        EXPECT_TRUE(page.ok() || ReasonOf(page.status()) == "PAGE_TOKEN_EXPIRED");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(pages.bytes(), size_t{64} * 1024);
  EXPECT_GT(pages.count(), 0u);
}

}  // namespace
}  // namespace tandem::pairing
