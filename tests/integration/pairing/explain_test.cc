// Why a pair is a match, and why not.
#include <algorithm>
#include <gtest/gtest.h>

#include "tests/integration/pairing/all_in_one_fixture.h"

namespace tandem {
namespace {

class PairingExplainTest : public AllInOneTest {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(StartWith(OptionsOf(folder_), 60, 30)); }
};

TEST_F(PairingExplainTest, TermsSumToTheScoreAndRanksAreThoseOfTheLists) {
  const std::string project = SubjectWithMatches(edition_.projects, 2);
  ASSERT_FALSE(project.empty());
  const auto found = client_->Find(project, "", 200);
  ASSERT_TRUE(found.ok()) << found.status();
  for (const pairing::v1::Match& match : found->matches()) {
    const auto explained = client_->Explain(project, match.investor());
    ASSERT_TRUE(explained.ok()) << explained.status();
    EXPECT_TRUE(explained->eligible());
    EXPECT_EQ(explained->score(), match.score());
    EXPECT_EQ(explained->rank_for_project(), match.rank());
    EXPECT_GT(explained->rank_for_investor(), 0);
    int64_t sum = 0;
    for (const pairing::v1::Term& term : explained->terms()) sum += term.points();
    EXPECT_EQ(sum, explained->score());
  }
}

TEST_F(PairingExplainTest, APairThatIsNoMatchNamesTheGateThatFailed) {
  const std::string project = SubjectWithMatches(edition_.projects, 1);
  ASSERT_FALSE(project.empty());
  const auto found = client_->Find(project);
  ASSERT_TRUE(found.ok()) << found.status();
  const auto paused = client_->Pause(project);
  ASSERT_TRUE(paused.ok()) << paused.status();
  const auto explained = client_->Explain(project, found->matches(0).investor(), paused->consistency_token());
  ASSERT_TRUE(explained.ok()) << explained.status();
  EXPECT_FALSE(explained->eligible());
  EXPECT_EQ(explained->rank_for_project(), 0);
  EXPECT_EQ(explained->rank_for_investor(), 0);
  EXPECT_TRUE(std::any_of(explained->gates().begin(), explained->gates().end(), [](const pairing::v1::Gate& gate) {
    return gate.kind() == pairing::v1::Gate::KIND_PROJECT_STATE && gate.result() == pairing::v1::Gate::RESULT_FAIL;
  }));
  EXPECT_EQ(explained->gates(0).result(), pairing::v1::Gate::RESULT_FAIL) << "failed gates come first";
}

TEST_F(PairingExplainTest, NamesWhatIsMissing) {
  EXPECT_EQ(ReasonOf(client_->Explain(edition_.name + "/projects/none", edition_.investors[0]).status()),
            "RESOURCE_NOT_FOUND");
  EXPECT_EQ(ReasonOf(client_->Explain("editions/f/projects/p", "editions/f/investors/i").status()),
            "EDITION_NOT_FOUND");
  EXPECT_EQ(ReasonOf(client_->Explain(edition_.projects[0], "editions/f/investors/i").status()), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(client_->Find("editions/f/projects/p").status()), "EDITION_NOT_FOUND");
  EXPECT_EQ(ReasonOf(client_->Find("nonsense").status()), "FIELD_INVALID");
}

TEST_F(PairingExplainTest, ACallerOfOneEditionLearnsNothingOfAnother) {
  pairing::v1::FindMatchesRequest request;
  request.set_subject(edition_.projects[0]);
  grpc::ClientContext context;
  Caller caller;
  caller.edition = "editions/another";
  rpc::SetCaller(&context, caller);
  pairing::v1::FindMatchesResponse response;
  EXPECT_EQ(ReasonOf(rpc::FromGrpc(client_->pairing()->FindMatches(&context, request, &response))),
            "PERMISSION_DENIED");

  grpc::ClientContext status_context;
  rpc::SetCaller(&status_context, caller);
  pairing::v1::GetIndexStatusResponse status;
  ASSERT_TRUE(client_->pairing()->GetIndexStatus(&status_context, {}, &status).ok());
  EXPECT_EQ(status.editions_size(), 0);
}

}  // namespace
}  // namespace tandem
