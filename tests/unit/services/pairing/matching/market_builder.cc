#include "tests/unit/services/pairing/matching/market_builder.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "services/pairing/demo_data/generate.h"

namespace tandem::pairing::matching {

v1::Pairing PlainPairing(const std::string& project, const std::string& investor) {
  const auto id = [](const std::string& name) { return name.substr(name.rfind('/') + 1); };
  v1::Pairing pairing;
  pairing.set_name(absl::StrCat(kEdition, "/pairings/", id(project), "-", id(investor)));
  pairing.set_project(project);
  pairing.set_investor(investor);
  pairing.set_state(v1::Pairing::STATE_OPEN);
  return pairing;
}

std::string ProjectName(const std::string& id) { return absl::StrCat(kEdition, "/projects/", id); }
std::string InvestorName(const std::string& id) { return absl::StrCat(kEdition, "/investors/", id); }

projects::v1::Project PlainProject(const std::string& id) {
  projects::v1::Project project;
  project.set_name(ProjectName(id));
  project.set_external_id(id);
  project.set_state(projects::v1::Project::STATE_PUBLISHED);
  auto* text = project.add_texts();
  text->set_language_code("en");
  text->set_title(id);
  return project;
}

investors::v1::Investor PlainInvestor(const std::string& id) {
  investors::v1::Investor investor;
  investor.set_name(InvestorName(id));
  investor.set_external_id(id);
  investor.set_state(investors::v1::Investor::STATE_VERIFIED);
  auto* text = investor.add_texts();
  text->set_language_code("en");
  text->set_title(id);
  return investor;
}

investors::v1::Deal PlainDeal(const std::string& id, const std::string& investor, const std::string& company,
                              const std::string& date) {
  investors::v1::Deal deal;
  deal.set_name(absl::StrCat(InvestorName(investor), "/deals/", id));
  deal.mutable_investor()->set_name(InvestorName(investor));
  deal.set_external_id(id);
  deal.set_date(date);
  deal.mutable_company()->set_external_id(company);
  return deal;
}

v1::Edition PlainEdition() {
  v1::Edition edition;
  edition.set_name(kEdition);
  edition.set_reference_date("2026-11-20");
  edition.set_base_currency_code("CNY");
  auto* rate = edition.add_exchange_rates();
  rate->set_currency_code("USD");
  rate->set_rate_nanos(7'000'000'000);
  return edition;
}

Market DemoMarket(int64_t seed, int projects, int investors, Records* records) {
  const auto note = [records](const auto& record, const std::string& name) {
    if (records == nullptr) return;
    auto copy = std::make_shared<std::decay_t<decltype(record)>>(record);
    copy->set_name(name);
    (*records)[name] = std::move(copy);
  };
  v1::GenerateDemoDataRequest request;
  request.set_seed(seed);
  request.set_project_count(projects);
  request.set_investor_count(investors);
  request.set_edition_id("test");
  Market market(kEdition);
  const auto name_of = [](const std::string& external_id) { return InvestorName(external_id); };
  const absl::Status status = GenerateDemoData(request, [&](const v1::GenerateDemoDataResponse& response) {
    if (response.has_edition()) {
      market.SetEdition(response.edition());
      note(response.edition(), kEdition);
    }
    if (response.has_taxonomy()) {
      market.SetTaxonomy(response.taxonomy());
      note(response.taxonomy(), absl::StrCat(kEdition, "/taxonomy"));
    }
    if (response.has_investor()) {
      investors::v1::Investor investor = response.investor();
      investor.set_name(name_of(investor.external_id()));
      investor.set_state(investors::v1::Investor::STATE_VERIFIED);
      note(investor, investor.name());
      market.PutInvestor(std::move(investor));
    }
    if (response.has_deal()) {
      investors::v1::Deal deal = response.deal();
      const std::string investor = name_of(deal.investor().external_id());
      deal.mutable_investor()->set_name(investor);
      deal.set_name(absl::StrCat(investor, "/deals/", deal.external_id()));
      note(deal, deal.name());
      market.PutDeal(std::move(deal));
    }
    if (response.has_project()) {
      projects::v1::Project project = response.project();
      project.set_name(ProjectName(project.external_id()));
      project.set_state(projects::v1::Project::STATE_PUBLISHED);
      note(project, project.name());
      market.PutProject(std::move(project));
    }
    return true;
  });
  EXPECT_TRUE(status.ok()) << status;
  market.Settle();
  v1::Statistics statistics = market.CountStatistics();
  statistics.set_number(1);
  note(statistics, absl::StrCat(kEdition, "/statistics"));
  market.SetStatistics(statistics);
  market.Settle();
  return market;
}

}  // namespace tandem::pairing::matching
