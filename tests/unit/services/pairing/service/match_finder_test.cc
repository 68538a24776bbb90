#include "services/pairing/service/match_finder.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "common/base/status.h"
#include "services/pairing/market_feed/market_followers.h"
#include "tests/unit/services/pairing/market_feed/records.h"

namespace tandem::pairing {
namespace {

constexpr char kEdition[] = "editions/e";
constexpr char kProject[] = "editions/e/projects/p00";
constexpr char kInvestor[] = "editions/e/investors/i00";

Deadline Soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(20); }

std::string ReasonOf(const absl::Status& status) { return GetErrorDetail(status).reason; }

class MatchFinderTest : public testing::Test {
 protected:
  MatchFinderTest() {
    std::vector<feed::Item> items = {EditionItem(kEdition, 1)};
    for (int i = 0; i < 45; ++i) {
      items.push_back(ProjectItem(absl::StrCat("editions/e/projects/p", i < 10 ? "0" : "", i), 1, i % 9 + 1));
      items.push_back(InvestorItem(absl::StrCat("editions/e/investors/i", i < 10 ? "0" : "", i), 1));
    }
    auto draft = std::make_shared<projects::v1::Project>();
    draft->set_name("editions/e/projects/draft");
    draft->set_state(projects::v1::Project::STATE_DRAFT);
    items.push_back({draft->name(), draft, 1});
    markets_.Apply(items);
    for (const char* source : {kProjectsSource, kInvestorsSource, kEditionsSource}) {
      markets_.Advance({source, {"epoch", 1}});
      positions_.Advance(source, {"epoch", 1});
    }
    MatchFinder::Options options;
    options.markets = &markets_;
    options.freshness = &freshness_;
    options.pages = &pages_;
    options.to_proto = [](const absl::Status& status) {
      google::rpc::Status proto;
      proto.set_code(static_cast<int>(status.code()));
      proto.set_message(ReasonOf(status));
      return proto;
    };
    finder_ = std::make_unique<MatchFinder>(options);
  }

  v1::FindMatchesRequest Request(const std::string& subject, int page_size = 0) {
    v1::FindMatchesRequest request;
    request.set_subject(subject);
    request.set_page_size(page_size);
    return request;
  }

  const KeyRing keys_ = KeyRing::ForTests();
  MarketStore markets_;
  feed::AppliedPositions positions_{{kProjectsSource, kInvestorsSource, kEditionsSource}};
  Freshness freshness_{&positions_, &keys_};
  RankingPages pages_{&keys_, {}};
  std::unique_ptr<MatchFinder> finder_;
};

TEST_F(MatchFinderTest, AnswersForEitherSide) {
  const auto investors = finder_->Find(Request(kProject), Soon());
  ASSERT_TRUE(investors.ok()) << investors.status();
  EXPECT_EQ(investors->matches_size(), 20);
  EXPECT_EQ(investors->metadata().total_size(), 45);
  EXPECT_EQ(investors->metadata().considered_size(), 45);
  EXPECT_EQ(investors->metadata().as_of_date(), "2027-04-10");
  EXPECT_EQ(investors->metadata().consistency_token(), positions_.Applied().Encode(keys_));
  EXPECT_EQ(investors->matches(0).rank(), 1);
  EXPECT_EQ(investors->matches(0).project(), kProject);

  const auto projects = finder_->Find(Request(kInvestor, 200), Soon());
  ASSERT_TRUE(projects.ok()) << projects.status();
  EXPECT_EQ(projects->matches_size(), 45);
  EXPECT_EQ(projects->metadata().considered_size(), 45) << "a draft takes no part";
  EXPECT_TRUE(projects->next_page_token().empty());
  EXPECT_EQ(pages_.count(), 1u) << "a ranking that fits in its first page is not kept";
}

TEST_F(MatchFinderTest, PagesComeFromOneRankingWhateverIsWritten) {
  const auto whole = finder_->Find(Request(kInvestor, 200), Soon());
  ASSERT_TRUE(whole.ok());
  std::vector<std::string> paged;
  v1::FindMatchesRequest request = Request(kInvestor, 7);
  int page_size = 7;
  do {
    request.set_page_size(page_size++);  // may change from page to page
    const auto page = finder_->Find(request, Soon());
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Match& match : page->matches()) {
      paged.push_back(match.project());
      EXPECT_EQ(match.rank(), static_cast<int>(paged.size()));
    }
    request.set_page_token(page->next_page_token());
    // What is yet to come is withdrawn, and others come.
    markets_.Apply({Gone(absl::StrCat("editions/e/projects/p", 10 + page_size), 2),
                    ProjectItem(absl::StrCat("editions/e/projects/n", page_size), 2)});
  } while (!request.page_token().empty());
  std::vector<std::string> expected;
  for (const v1::Match& match : whole->matches()) expected.push_back(match.project());
  EXPECT_EQ(paged, expected);
}

TEST_F(MatchFinderTest, APageTokenIsBoundToItsQuery) {
  const auto first = finder_->Find(Request(kInvestor, 5), Soon());
  ASSERT_TRUE(first.ok());
  v1::FindMatchesRequest request = Request("editions/e/investors/i01", 5);
  request.set_page_token(first->next_page_token());
  EXPECT_EQ(ReasonOf(finder_->Find(request, Soon()).status()), "PAGE_TOKEN_INVALID");
  request.set_subject(kInvestor);
  request.set_explain(true);
  EXPECT_EQ(ReasonOf(finder_->Find(request, Soon()).status()), "PAGE_TOKEN_INVALID");
  request.set_explain(false);
  request.mutable_consistency()->set_minimize_latency(true);
  EXPECT_TRUE(finder_->Find(request, Soon()).ok()) << "the consistency is the first page's";
}

TEST_F(MatchFinderTest, OptionsHoldOverAllPagesAndInABatch) {
  std::vector<feed::Item> items;
  for (int i = 0; i < 45; ++i) {
    auto investor = std::make_shared<investors::v1::Investor>();
    investor->set_name(absl::StrCat("editions/e/investors/i", i < 10 ? "0" : "", i));
    investor->set_state(investors::v1::Investor::STATE_VERIFIED);
    investor->set_capacity(1 + i % 12);
    if (i % 3 != 0) investor->set_organisation(absl::StrCat("house ", i % 7));
    items.push_back({investor->name(), investor, 2});
  }
  markets_.Apply(items);
  v1::FindMatchesRequest request = Request(kProject, 200);
  request.mutable_options()->set_most_per_owner(2);
  request.mutable_options()->set_spare_spent_capacity(true);
  const auto whole = finder_->Find(request, Soon());
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(whole->metadata().total_size(), 45);
  EXPECT_EQ(whole->matches_size(), 15 + 7 * 2);
  EXPECT_EQ(whole->metadata().passed_over_size(), 45 - whole->matches_size());

  int listed = 0;
  int passed_over = 0;
  request.set_page_size(4);
  do {
    const auto page = finder_->Find(request, Soon());
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Match& match : page->matches()) {
      ASSERT_LT(listed, whole->matches_size());
      EXPECT_EQ(match.SerializeAsString(), whole->matches(listed++).SerializeAsString());
    }
    EXPECT_GE(page->metadata().passed_over_size(), passed_over);
    passed_over = page->metadata().passed_over_size();
    request.set_page_token(page->next_page_token());
    if (request.page_token().empty()) break;
    v1::FindMatchesRequest other = request;
    other.mutable_options()->set_most_per_owner(3);
    EXPECT_EQ(ReasonOf(finder_->Find(other, Soon()).status()), "PAGE_TOKEN_INVALID");
  } while (true);
  EXPECT_EQ(listed, whole->matches_size());
  EXPECT_EQ(passed_over, whole->metadata().passed_over_size());

  v1::BatchFindMatchesRequest batch;
  batch.set_parent(kEdition);
  batch.add_subjects(kProject);
  batch.set_page_size(9);
  *batch.mutable_options() = request.options();
  request.clear_page_token();
  request.set_page_size(9);
  const auto first = finder_->Find(request, Soon());
  ASSERT_TRUE(first.ok());
  const absl::Status status = finder_->FindMany(
      batch, Soon(),
      [&](const v1::BatchFindMatchesResponse& answer) {
        EXPECT_EQ(answer.metadata().passed_over_size(), first->metadata().passed_over_size());
        EXPECT_EQ(answer.matches_size(), 9);
        for (int i = 0; i < answer.matches_size(); ++i) {
          EXPECT_EQ(answer.matches(i).SerializeAsString(), first->matches(i).SerializeAsString());
        }
        return true;
      },
      [] { return false; });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(MatchFinderTest, NamesWhatIsMissing) {
  EXPECT_EQ(ReasonOf(finder_->Find(Request("editions/none/projects/p"), Soon()).status()), "EDITION_NOT_FOUND");
  EXPECT_EQ(ReasonOf(finder_->Find(Request("editions/e/projects/none"), Soon()).status()), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(ReasonOf(finder_->Find(Request("editions/e/investors/none"), Soon()).status()), "RESOURCE_NOT_FOUND");
  for (const char* subject : {"", "editions/e", "projects/p", "editions/e/deals/d", "editions/e/projects/"}) {
    EXPECT_EQ(ReasonOf(finder_->Find(Request(subject), Soon()).status()), "FIELD_INVALID") << subject;
  }
}

TEST_F(MatchFinderTest, ASubjectThatIsNotMatchedHasNoMatches) {
  const auto response = finder_->Find(Request("editions/e/projects/draft"), Soon());
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->matches_size(), 0);
  EXPECT_EQ(response->metadata().total_size(), 0);
}

TEST_F(MatchFinderTest, NeverServesOlderThanTheToken) {
  v1::FindMatchesRequest request = Request(kProject);
  request.mutable_consistency()->set_at_least_as_fresh(ConsistencyToken(kProjectsSource, {"epoch", 2}).Encode(keys_));
  const auto late = finder_->Find(request, std::chrono::steady_clock::now() + std::chrono::milliseconds(50));
  EXPECT_EQ(ReasonOf(late.status()), "CONSISTENCY_TIMEOUT");
  positions_.Advance(kProjectsSource, {"epoch", 2});
  EXPECT_TRUE(finder_->Find(request, Soon()).ok());
}

TEST_F(MatchFinderTest, RanksOfAnExplanationAreThoseOfTheLists) {
  v1::ExplainMatchRequest request;
  request.set_project("editions/e/projects/p07");
  request.set_investor("editions/e/investors/i09");
  const auto explanation = finder_->Explain(request, Soon());
  ASSERT_TRUE(explanation.ok()) << explanation.status();
  EXPECT_TRUE(explanation->eligible());
  EXPECT_EQ(explanation->as_of_date(), "2027-04-10");
  EXPECT_FALSE(explanation->consistency_token().empty());

  const auto investors = finder_->Find(Request(request.project(), 200), Soon());
  const auto projects = finder_->Find(Request(request.investor(), 200), Soon());
  ASSERT_TRUE(investors.ok() && projects.ok());
  ASSERT_GT(explanation->rank_for_project(), 0);
  ASSERT_GT(explanation->rank_for_investor(), 0);
  EXPECT_EQ(investors->matches(explanation->rank_for_project() - 1).investor(), request.investor());
  EXPECT_EQ(projects->matches(explanation->rank_for_investor() - 1).project(), request.project());
  EXPECT_EQ(investors->matches(explanation->rank_for_project() - 1).score(), explanation->score());
}

TEST_F(MatchFinderTest, ExplainsWhyAPairIsNoMatch) {
  v1::ExplainMatchRequest request;
  request.set_project("editions/e/projects/draft");
  request.set_investor(kInvestor);
  const auto explanation = finder_->Explain(request, Soon());
  ASSERT_TRUE(explanation.ok()) << explanation.status();
  EXPECT_FALSE(explanation->eligible());
  EXPECT_EQ(explanation->rank_for_project(), 0);
  EXPECT_EQ(explanation->rank_for_investor(), 0);
  EXPECT_TRUE(std::any_of(explanation->gates().begin(), explanation->gates().end(),
                          [](const v1::Gate& gate) { return gate.result() == v1::Gate::RESULT_FAIL; }));
}

TEST_F(MatchFinderTest, NoExplanationCrossesEditions) {
  v1::ExplainMatchRequest request;
  request.set_project(kProject);
  request.set_investor("editions/f/investors/i");
  EXPECT_EQ(ReasonOf(finder_->Explain(request, Soon()).status()), "FIELD_INVALID");
}

TEST_F(MatchFinderTest, ABatchAnswersEverySubjectOnItsOwn) {
  v1::BatchFindMatchesRequest request;
  request.set_parent(kEdition);
  request.set_page_size(3);
  for (const char* subject : {kProject, kInvestor, "editions/e/projects/none", "editions/f/projects/p", "nonsense"}) {
    request.add_subjects(subject);
  }
  std::map<std::string, v1::BatchFindMatchesResponse> answers;
  const absl::Status status = finder_->FindMany(
      request, Soon(),
      [&](const v1::BatchFindMatchesResponse& answer) { return answers.emplace(answer.subject(), answer).second; },
      [] { return false; });
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(answers.size(), 5u);
  EXPECT_EQ(answers[kProject].matches_size(), 3);
  EXPECT_EQ(answers[kProject].status().code(), 0);
  EXPECT_EQ(answers[kProject].metadata().total_size(), 45);
  EXPECT_EQ(answers[kInvestor].matches_size(), 3);
  EXPECT_EQ(answers["editions/e/projects/none"].status().message(), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(answers["editions/f/projects/p"].status().message(), "FIELD_INVALID");
  EXPECT_EQ(answers["nonsense"].status().message(), "FIELD_INVALID");
  EXPECT_EQ(pages_.count(), 0u);
}

TEST_F(MatchFinderTest, ABatchStopsWhenNobodyListens) {
  v1::BatchFindMatchesRequest request;
  request.set_parent(kEdition);
  for (int i = 10; i < 45; ++i) request.add_subjects(absl::StrCat("editions/e/projects/p", i));
  int emitted = 0;
  const auto once = [&](const v1::BatchFindMatchesResponse&) { return ++emitted < 1; };
  EXPECT_TRUE(finder_->FindMany(request, Soon(), once, [] { return false; }).ok());
  EXPECT_EQ(emitted, 1);
  EXPECT_TRUE(finder_->FindMany(request, Soon(), once, [] { return true; }).ok());
  EXPECT_EQ(emitted, 1);
}

TEST_F(MatchFinderTest, CountsStatisticsOnceTheTokenIsApplied) {
  const auto statistics = finder_->CountStatistics(kEdition, positions_.Applied().Encode(keys_), Soon());
  ASSERT_TRUE(statistics.ok()) << statistics.status();
  EXPECT_EQ(statistics->project_count(), 45);
  EXPECT_EQ(ReasonOf(finder_->CountStatistics("editions/none", "", Soon()).status()), "EDITION_NOT_FOUND");
  EXPECT_EQ(ReasonOf(finder_->CountStatistics(kEdition, "forged", Soon()).status()), "CONSISTENCY_TOKEN_INVALID");
}

}  // namespace
}  // namespace tandem::pairing
