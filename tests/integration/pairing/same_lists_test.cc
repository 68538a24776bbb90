// FindMatches serves from the index by a learned profile what the scan ranks, name for name and score for score.
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "services/pairing/matching/market.h"
#include "services/pairing/matching/market_view.h"
#include "services/pairing/matching/ranking.h"
#include "tests/integration/pairing/training_fixture.h"

namespace tandem {
namespace {

namespace pb = pairing::v1;
namespace m = pairing::matching;

class SameListsTest : public TrainingTest {
 protected:
  template <typename Request, typename Stub, typename Response>
  void ReadAll(Stub* stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
               const std::string& parent, const std::function<void(const Response&)>& take) {
    Request request;
    request.set_parent(parent);
    request.set_page_size(500);
    do {
      const auto page = client_->Call(stub, method, request);
      ASSERT_TRUE(page.ok()) << page.status();
      take(*page);
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
  }

  // A market of what the services hold, built here.
  std::unique_ptr<m::Market> Rebuild(const pb::RankingProfile& profile) {
    auto market = std::make_unique<m::Market>(edition_.name);
    pb::GetEditionRequest get;
    get.set_name(edition_.name);
    const auto edition = client_->Call(editions_.get(), &pb::EditionService::Stub::GetEdition, get);
    EXPECT_TRUE(edition.ok()) << edition.status();
    market->SetEdition(*edition);
    ReadAll<pb::ListTaxonomiesRequest, pb::EditionService::Stub, pb::ListTaxonomiesResponse>(
        editions_.get(), &pb::EditionService::Stub::ListTaxonomies, edition_.name, [&](const auto& page) {
          for (const auto& listed : page.taxonomies()) {
            pb::GetTaxonomyRequest one;
            one.set_name(listed.name());
            const auto taxonomy = client_->Call(editions_.get(), &pb::EditionService::Stub::GetTaxonomy, one);
            ASSERT_TRUE(taxonomy.ok()) << taxonomy.status();
            market->SetTaxonomy(*taxonomy);
          }
        });
    market->SetStatistics(statistics_);
    market->SetProfile(profile);
    using investors::v1::InvestorService;
    using projects::v1::ProjectService;
    ReadAll<projects::v1::ListProjectsRequest, ProjectService::Stub, projects::v1::ListProjectsResponse>(
        client_->projects(), &ProjectService::Stub::ListProjects, edition_.name, [&](const auto& page) {
          for (const auto& project : page.projects()) market->PutProject(project);
        });
    ReadAll<investors::v1::ListInvestorsRequest, InvestorService::Stub, investors::v1::ListInvestorsResponse>(
        client_->investors(), &InvestorService::Stub::ListInvestors, edition_.name, [&](const auto& page) {
          for (const auto& investor : page.investors()) market->PutInvestor(investor);
        });
    ReadAll<investors::v1::ListDealsRequest, InvestorService::Stub, investors::v1::ListDealsResponse>(
        client_->investors(), &InvestorService::Stub::ListDeals, edition_.name + "/investors/-", [&](const auto& page) {
          for (const auto& deal : page.deals()) market->PutDeal(deal);
        });
    market->Settle();
    return market;
  }

  // "name score" of every place.
  static std::vector<std::string> Lines(const pb::FindMatchesResponse& found, bool of_projects) {
    std::vector<std::string> lines;
    for (const auto& match : found.matches()) {
      lines.push_back(absl::StrCat(of_projects ? match.project() : match.investor(), " ", match.score()));
    }
    return lines;
  }
  static std::vector<std::string> Lines(const m::Ranking& ranking, size_t most) {
    std::vector<std::string> lines;
    for (const auto& place : ranking.projects)
      lines.push_back(absl::StrCat(place.project->record.name(), " ", place.score));
    for (const auto& place : ranking.investors) {
      lines.push_back(absl::StrCat(place.investor->record.name(), " ", place.score));
    }
    if (lines.size() > most) lines.resize(most);
    return lines;
  }
};

TEST_F(SameListsTest, OfEverybodyByALearnedProfile) {
  ASSERT_NO_FATAL_FAILURE(Load(250, 250));
  const pb::RankingProfile profile = Trained({Request()});
  pb::ChooseProfileRequest choose;
  choose.set_name(profile.name());
  const auto chosen = client_->Call(profiles_.get(), &pb::ProfileService::Stub::ChooseProfile, choose);
  ASSERT_TRUE(chosen.ok()) << chosen.status();
  const std::unique_ptr<m::Market> market = Rebuild(profile);
  const auto view = market->View();
  const int32_t today = view->context->reference_day;
  constexpr int kPlaces = 50;
  size_t places = 0;
  for (const std::string& investor : edition_.investors) {
    const auto found = client_->Find(investor, chosen->consistency_token(), kPlaces);
    ASSERT_TRUE(found.ok()) << found.status();
    const auto served = Lines(*found, true);
    const auto facts = view->FindInvestor(investor);
    ASSERT_NE(facts, nullptr) << investor;
    ASSERT_EQ(served, Lines(m::RankProjects(*market, facts, today), kPlaces)) << investor;
    ASSERT_EQ(served, Lines(m::TopProjects(*view, facts, today, kPlaces), kPlaces)) << investor;
    places += served.size();
  }
  for (const std::string& project : edition_.projects) {
    const auto found = client_->Find(project, chosen->consistency_token(), kPlaces);
    ASSERT_TRUE(found.ok()) << found.status();
    const auto served = Lines(*found, false);
    const auto facts = view->FindProject(project);
    ASSERT_NE(facts, nullptr) << project;
    ASSERT_EQ(served, Lines(m::RankInvestors(*market, facts, today), kPlaces)) << project;
    ASSERT_EQ(served, Lines(m::TopInvestors(*view, facts, today, kPlaces), kPlaces)) << project;
    places += served.size();
  }
  EXPECT_GT(places, 1000u);
}

}  // namespace
}  // namespace tandem
