// What a write promises to readers of matches.
#include <gtest/gtest.h>

#include "common/tokens/consistency_token.h"
#include "common/tokens/key_ring.h"
#include "tests/integration/pairing/all_in_one_fixture.h"

namespace tandem {
namespace {

class PairingFreshnessTest : public AllInOneTest {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(StartWith(OptionsOf(folder_), 60, 30)); }

  // A token that this zone's keys sign.
  std::string Token(const std::string& source, const Position& position) {
    const auto keys = KeyRing::LoadOrCreate(folder_.path() + "/keys");
    return keys.ok() ? ConsistencyToken(source, position).Encode(*keys) : "";
  }
  Position HeadOf(const std::string& source) {
    const auto head = all_->store(source)->GetHead();
    return head.ok() ? Position{head->epoch, head->revision} : Position{};
  }
};

TEST_F(PairingFreshnessTest, AWriteIsAlwaysSeenWithItsToken) {
  const std::string project = SubjectWithMatches(edition_.projects, 1);
  ASSERT_FALSE(project.empty());
  for (int i = 0; i < 200; ++i) {
    const bool matched = i % 2 == 1;
    const auto written = client_->SetMatched(project, matched);
    ASSERT_TRUE(written.ok()) << written.status();
    const auto found = client_->Find(project, written->consistency_token());
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->metadata().total_size() > 0, matched) << "write " << i;
  }
}

TEST_F(PairingFreshnessTest, AnAnswersTokenIsGoodForTheNextRead) {
  const std::string project = edition_.projects.front();
  const auto first = client_->Find(project);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = client_->Find(project, first->metadata().consistency_token());
  ASSERT_TRUE(second.ok()) << second.status();
  const auto explained = client_->Explain(project, edition_.investors.front(), second->metadata().consistency_token());
  ASSERT_TRUE(explained.ok()) << explained.status();
  EXPECT_TRUE(client_->Find(project, explained->consistency_token()).ok());
}

TEST_F(PairingFreshnessTest, ForgedAndForeignTokensAreRefused) {
  const std::string project = edition_.projects.front();
  EXPECT_EQ(ReasonOf(client_->Find(project, "forged").status()), "CONSISTENCY_TOKEN_INVALID");
  std::string bent = edition_.tokens.back();
  bent[bent.size() / 2] = bent[bent.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(ReasonOf(client_->Find(project, bent).status()), "CONSISTENCY_TOKEN_INVALID");

  Position position = HeadOf("projects");
  position.epoch += "x";
  EXPECT_EQ(ReasonOf(client_->Find(project, Token("projects", position)).status()), "CONSISTENCY_TOKEN_FOREIGN");
  EXPECT_EQ(ReasonOf(client_->Find(project, Token("vacancies", position)).status()), "CONSISTENCY_TOKEN_FOREIGN");
}

TEST_F(PairingFreshnessTest, ATokenBeyondTheHeadTimesOutAndIsNeverServedOlder) {
  Position position = HeadOf("investors");
  position.revision += 1000;
  const auto found = client_->Find(edition_.projects.front(), Token("investors", position), 1, "", absl::Seconds(1));
  EXPECT_EQ(found.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(found.status()), "CONSISTENCY_TIMEOUT");
  EXPECT_GT(GetErrorDetail(found.status()).retry_delay, absl::ZeroDuration());
}

TEST_F(PairingFreshnessTest, FrozenStatisticsCountEveryWriteBeforeTheirToken) {
  using pairing::v1::EditionService;
  pairing::v1::FreezeStatisticsRequest request;
  request.set_parent(edition_.name);
  request.set_consistency_token(edition_.tokens.back());
  const auto first = client_->Call(client_->editions(), &EditionService::Stub::FreezeStatistics, request);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->number(), 1);
  EXPECT_EQ(first->project_count(), 60);

  const auto paused = client_->Pause(edition_.projects.front());
  ASSERT_TRUE(paused.ok()) << paused.status();
  request.set_consistency_token(paused->consistency_token());
  const auto second = client_->Call(client_->editions(), &EditionService::Stub::FreezeStatistics, request);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->number(), 2);
  EXPECT_EQ(second->project_count(), 59);
  EXPECT_TRUE(client_->Find(edition_.projects.back(), second->consistency_token()).ok());
}

}  // namespace
}  // namespace tandem
