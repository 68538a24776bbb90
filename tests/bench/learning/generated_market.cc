#include "tests/bench/learning/generated_market.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "services/pairing/demo_data/generate.h"

namespace tandem::pairing::matching {

std::unique_ptr<Market> GeneratedMarket(const std::string& edition, int64_t seed, int projects, int investors) {
  v1::GenerateDemoDataRequest request;
  request.set_seed(seed);
  request.set_project_count(projects);
  request.set_investor_count(investors);
  request.set_edition_id(edition);
  const std::string parent = absl::StrCat("editions/", edition);
  auto market = std::make_unique<Market>(parent);
  const absl::Status status = GenerateDemoData(request, [&](const v1::GenerateDemoDataResponse& response) {
    if (response.has_edition()) market->SetEdition(response.edition());
    if (response.has_taxonomy()) market->SetTaxonomy(response.taxonomy());
    if (response.has_investor()) {
      investors::v1::Investor investor = response.investor();
      investor.set_name(absl::StrCat(parent, "/investors/", investor.external_id()));
      investor.set_state(investors::v1::Investor::STATE_VERIFIED);
      market->PutInvestor(std::move(investor));
    }
    if (response.has_deal()) {
      investors::v1::Deal deal = response.deal();
      const std::string investor = absl::StrCat(parent, "/investors/", deal.investor().external_id());
      deal.mutable_investor()->set_name(investor);
      deal.set_name(absl::StrCat(investor, "/deals/", deal.external_id()));
      market->PutDeal(std::move(deal));
    }
    if (response.has_project()) {
      projects::v1::Project project = response.project();
      project.set_name(absl::StrCat(parent, "/projects/", project.external_id()));
      project.set_state(projects::v1::Project::STATE_PUBLISHED);
      market->PutProject(std::move(project));
    }
    return true;
  });
  if (!status.ok()) return nullptr;
  market->Settle();
  v1::Statistics statistics = market->CountStatistics();
  statistics.set_number(1);
  market->SetStatistics(statistics);
  market->Settle();
  return market;
}

}  // namespace tandem::pairing::matching
