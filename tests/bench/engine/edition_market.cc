#include "tests/bench/engine/edition_market.h"

#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "services/pairing/demo_data/generate.h"
#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/learning/trainer.h"
#include "services/pairing/matching/profile_codec.h"
#include "tests/bench/engine/measure.h"

namespace tandem::bench {
namespace {

using namespace pairing::matching;

constexpr char kEdition[] = "editions/bench";

// Puts one record as the services would hand it on: named, published, verified.
void Put(const pairing::v1::GenerateDemoDataResponse& response, Market* market) {
  using Response = pairing::v1::GenerateDemoDataResponse;
  switch (response.record_case()) {
    case Response::kEdition: {
      pairing::v1::Edition edition = response.edition();
      edition.set_name(kEdition);
      market->SetEdition(edition);
      break;
    }
    case Response::kTaxonomy: {
      pairing::v1::Taxonomy taxonomy = response.taxonomy();
      taxonomy.set_name(absl::StrCat(kEdition, "/taxonomies/", taxonomy.scheme()));
      market->SetTaxonomy(taxonomy);
      break;
    }
    case Response::kInvestor: {
      investors::v1::Investor investor = response.investor();
      investor.set_name(absl::StrCat(kEdition, "/investors/", investor.external_id()));
      investor.set_state(investors::v1::Investor::STATE_VERIFIED);
      market->PutInvestor(std::move(investor));
      break;
    }
    case Response::kDeal: {
      investors::v1::Deal deal = response.deal();
      deal.set_name(
          absl::StrCat(kEdition, "/investors/", deal.investor().external_id(), "/deals/", deal.external_id()));
      deal.mutable_investor()->set_name(absl::StrCat(kEdition, "/investors/", deal.investor().external_id()));
      market->PutDeal(std::move(deal));
      break;
    }
    case Response::kProject: {
      projects::v1::Project project = response.project();
      project.set_name(absl::StrCat(kEdition, "/projects/", project.external_id()));
      project.set_state(projects::v1::Project::STATE_PUBLISHED);
      market->PutProject(std::move(project));
      break;
    }
    case Response::RECORD_NOT_SET:
      break;
  }
}

TrainingInput InputOf(const Market& market) {
  TrainingInput input;
  input.context = market.context();
  input.interner = std::make_shared<Interner>(market.interner());
  input.codes = market.codes();
  for (const auto& [name, facts] : market.investors()) input.investors.push_back(facts);
  for (auto& deal : market.WhatCounts().deals) input.deals.push_back(std::move(deal.record));
  return input;
}

}  // namespace

absl::StatusOr<EditionMarket> MakeEditionMarket(size_t projects, size_t investors, uint64_t seed) {
  EditionMarket made;
  made.market = std::make_unique<Market>(kEdition);
  pairing::v1::GenerateDemoDataRequest request;
  request.set_seed(static_cast<int64_t>(seed));
  request.set_project_count(static_cast<int32_t>(projects));
  request.set_investor_count(static_cast<int32_t>(investors));
  request.set_edition_id("bench");
  TANDEM_RETURN_IF_ERROR(pairing::GenerateDemoData(request, [&](const auto& response) {
    const Stopwatch one;
    Put(response, made.market.get());
    made.compile_seconds += one.seconds();
    return true;
  }));
  made.market->Settle();
  pairing::v1::Statistics statistics = made.market->CountStatistics();
  statistics.set_number(1);
  made.market->SetStatistics(statistics);
  made.market->Settle();

  const Stopwatch training;
  TrainingOptions options;
  options.seed = seed;
  options.as_of_day = made.market->context()->reference_day;
  options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  TANDEM_ASSIGN_OR_RETURN(TrainingResult result, Train(InputOf(*made.market), options, nullptr));
  made.train_seconds = training.seconds();
  result.profile.id = "trained-1";
  made.market->SetProfile(ToProto(result.profile, kEdition));
  pairing::v1::Edition edition = made.market->context()->edition;
  edition.set_ranking_profile("trained-1");
  made.market->SetEdition(edition);
  made.market->Settle();

  const Stopwatch indexing;
  made.view = made.market->View();
  made.index_seconds = indexing.seconds();
  return made;
}

MarketData DataOf(const EditionMarket& edition) {
  MarketData data;
  data.title = "edition";
  data.source = absl::StrCat("made-up records, ranked by a profile learned from ", edition.view->deal_count, " deals");
  edition.view->projects.ForEach([&](uint32_t, const std::shared_ptr<const ProjectFacts>& project) {
    if (!TakesPart(*project)) return;
    data.rows.push_back(project->row);
    data.rows.back().extra_points = data.rows.back().extra_gates = false;
    data.project_names.push_back(project->record.name());
  });
  edition.view->investors.ForEach([&](uint32_t slot, const std::shared_ptr<const InvestorFacts>& investor) {
    const auto form = edition.view->investor_index->Form(slot);
    if (form == nullptr) return;
    auto alone = std::make_shared<InvestorForm>(*form);
    alone->extra_points_most = 0;
    alone->extra_gates = false;
    data.forms.push_back(std::move(alone));
    data.investor_names.push_back(investor->record.name());
  });
  data.live_projects = data.rows.size();
  return data;
}

}  // namespace tandem::bench
