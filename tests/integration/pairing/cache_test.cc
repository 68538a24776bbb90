// FindMatches through its caches, as a caller sees it: the same answers, fresh when they must be, whatever Redis does.
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "tests/integration/pairing/all_in_one_fixture.h"
#include "tests/support/redis_server.h"

namespace tandem {
namespace {

using pairing::v1::CacheStatus;
using pairing::v1::FindMatchesResponse;

class CacheTest : public AllInOneTest {
 protected:
  void StartWithCache(int megabytes, const std::string& redis) {
    AllInOneOptions options = OptionsOf(folder_);
    options.cache.megabytes = megabytes;
    options.cache.redis = redis;
    // A loaded machine is no fault of Redis's here.
    options.cache.redis_budget_milliseconds = 1'000;
    auto opened = options.cache.OpenRedis();
    ASSERT_TRUE(opened.ok()) << opened.status();
    redis_client_ = *std::move(opened);
    options.redis = redis_client_.get();
    StartWith(std::move(options), 60, 30);
    subject_ = SubjectWithMatches(edition_.investors, 8);
    ASSERT_NE(subject_, "");
  }
  void TearDown() override { all_.reset(); }

  CacheStatus Status() {
    const auto status = client_->Call(client_->pairing(), &pairing::v1::PairingService::Stub::GetIndexStatus,
                                      pairing::v1::GetIndexStatusRequest());
    EXPECT_TRUE(status.ok()) << status.status();
    return status.ok() ? status->cache() : CacheStatus();
  }
  // The matches and all that is said of them but the age and the token of the next page.
  static std::string WhatItSays(FindMatchesResponse answer) {
    answer.mutable_metadata()->clear_age();
    answer.clear_next_page_token();
    return answer.DebugString();
  }
  std::string Ask(const std::string& token = "") {
    const auto answer = client_->Find(subject_, token, 5);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? WhatItSays(*answer) : "";
  }

  std::unique_ptr<RedisPort> redis_client_;
  std::string subject_;
};

TEST_F(CacheTest, TheSameQuestionIsAnsweredFromTheProcessTheSame) {
  StartWithCache(8, "");
  const std::string first = Ask();
  const int64_t hits = Status().hit_count();
  EXPECT_EQ(Ask(), first);
  EXPECT_GT(Status().hit_count(), hits);
  EXPECT_FALSE(Status().shared_open());
}

TEST_F(CacheTest, AnAnswerSaysItsRevisionsAndItsAge) {
  StartWithCache(8, "");
  for (int i = 0; i < 2; ++i) {
    const auto answer = client_->Find(subject_);
    ASSERT_TRUE(answer.ok());
    ASSERT_EQ(answer->metadata().applied_size(), 3);
    EXPECT_EQ(answer->metadata().applied(0).source(), "editions");
    for (const auto& position : answer->metadata().applied()) EXPECT_GT(position.revision(), 0);
    EXPECT_TRUE(answer->metadata().has_age());
    EXPECT_LT(answer->metadata().age().seconds(), 30);
  }
}

TEST_F(CacheTest, AWriteIsSeenWithItsTokenHoweverOftenWasAskedBefore) {
  StartWithCache(8, "");
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 3; ++i) Ask();
    const auto best = client_->Find(subject_, "", 1);
    ASSERT_TRUE(best.ok());
    const std::string project = best->matches(0).project();
    const auto paused = client_->Pause(project);
    ASSERT_TRUE(paused.ok()) << paused.status();
    const auto after = client_->Find(subject_, paused->consistency_token(), 50);
    ASSERT_TRUE(after.ok());
    for (const auto& match : after->matches()) EXPECT_NE(match.project(), project);
    const auto resumed = client_->Resume(project);
    ASSERT_TRUE(resumed.ok());
    const auto again = client_->Find(subject_, resumed->consistency_token(), 1);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->matches(0).project(), project);
  }
}

TEST_F(CacheTest, LaterPagesOfACachedAnswerGoOnWithIt) {
  StartWithCache(8, "");
  const auto whole = client_->Find(subject_, "", 200);
  ASSERT_TRUE(whole.ok());
  for (int round = 0; round < 3; ++round) {
    std::vector<std::string> paged;
    std::string page_token;
    do {
      const auto page = client_->Find(subject_, "", 3, page_token);
      ASSERT_TRUE(page.ok()) << page.status();
      for (const auto& match : page->matches()) paged.push_back(match.project());
      page_token = page->next_page_token();
    } while (!page_token.empty());
    ASSERT_EQ(paged.size(), static_cast<size_t>(whole->matches_size()));
    for (size_t i = 0; i < paged.size(); ++i) EXPECT_EQ(paged[i], whole->matches(static_cast<int>(i)).project());
  }
}

TEST_F(CacheTest, RedisAnswersAndIsNeverMissed) {
  if (!tandem::testing::RedisServer::Installed()) GTEST_SKIP() << "redis-server is not installed";
  auto redis = tandem::testing::RedisServer::Start();
  ASSERT_TRUE(redis.ok()) << redis.status();
  StartWithCache(0, absl::StrCat("unix://", (*redis)->socket(), "?prefix=test:"));
  const std::string first = Ask();
  // Written a moment after the answer, once the client has connected.
  const auto deadline = In(std::chrono::seconds(30));
  const int64_t before = Status().shared_hit_count();
  while (Status().shared_hit_count() == before && std::chrono::steady_clock::now() < deadline) EXPECT_EQ(Ask(), first);
  EXPECT_GT(Status().shared_hit_count(), before);
  EXPECT_TRUE(Status().shared_open());

  ASSERT_TRUE((*redis)->Command({"FLUSHALL"}).ok());
  EXPECT_EQ(Ask(), first);
  (*redis)->Kill(SIGKILL);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Ask(), first);
  ASSERT_TRUE((*redis)->Restart().ok());
  const int64_t restarted = Status().shared_hit_count();
  const auto later = In(std::chrono::seconds(30));
  while (Status().shared_hit_count() == restarted && std::chrono::steady_clock::now() < later) {
    EXPECT_EQ(Ask(), first);
  }
  EXPECT_GT(Status().shared_hit_count(), restarted) << "it is asked again once it is back";
}

TEST_F(CacheTest, AWriteIsSeenWithItsTokenThoughRedisHoldsTheOlderAnswer) {
  if (!tandem::testing::RedisServer::Installed()) GTEST_SKIP() << "redis-server is not installed";
  auto redis = tandem::testing::RedisServer::Start();
  ASSERT_TRUE(redis.ok()) << redis.status();
  StartWithCache(0, absl::StrCat("unix://", (*redis)->socket()));
  Ask();
  const auto best = client_->Find(subject_, "", 5);
  ASSERT_TRUE(best.ok());
  const std::string project = best->matches(0).project();
  const auto paused = client_->Pause(project);
  ASSERT_TRUE(paused.ok());
  for (int i = 0; i < 20; ++i) {
    const auto after = client_->Find(subject_, paused->consistency_token(), 5);
    ASSERT_TRUE(after.ok());
    for (const auto& match : after->matches()) EXPECT_NE(match.project(), project);
  }
}

}  // namespace
}  // namespace tandem
