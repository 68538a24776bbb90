#include "tests/differential/random_edition.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace tandem::pairing::matching {
namespace {

using investors::v1::Criterion;
using projects::v1::InvestorWish;

type::v1::Strength RandomStrength(Random& random) { return static_cast<type::v1::Strength>(random.Below(5)); }
type::v1::OnMissing RandomOnMissing(Random& random) { return static_cast<type::v1::OnMissing>(random.Below(3)); }
std::string RandomCountry(Random& random) {
  static const char* const kCountries[] = {"CN", "DE", "US", "FR", "BR", "KE", "JP", "IN", "EU"};
  return kCountries[random.Below(8)];
}

}  // namespace

RandomEdition::RandomEdition(uint64_t seed) : random_(seed), market_("") {
  const auto projects = static_cast<int>(10 + random_.Below(50));
  const auto investors = static_cast<int>(4 + random_.Below(20));
  market_ = DemoMarket(static_cast<int64_t>(seed), projects, investors, &records_);
  for (const auto& [name, facts] : market_.projects()) projects_.push_back(facts->record);
  for (const auto& [name, facts] : market_.investors()) investors_.push_back(facts->record);
}

std::string RandomEdition::Change() {
  std::string done;
  const uint32_t count = random_.Chance(70) ? 1 : 2 + random_.Below(5);
  for (uint32_t i = 0; i < count; ++i) absl::StrAppend(&done, ChangeOne(), "; ");
  market_.Settle();
  return done;
}

std::string RandomEdition::ChangeOne() {
  const uint32_t what = random_.Below(100);
  if (what < 45) {
    auto& project = projects_[random_.Below(Size(projects_))];
    if (random_.Chance(15)) {
      market_.RemoveProject(project.name());
      records_.erase(project.name());
      return absl::StrCat("removed ", project.name());
    }
    if (random_.Chance(85)) EditProject(&project);
    market_.PutProject(project);
    Note(project.name(), project);
    return absl::StrCat("put ", project.name());
  }
  if (what < 65) {
    auto& investor = investors_[random_.Below(Size(investors_))];
    if (random_.Chance(15)) {
      market_.RemoveInvestor(investor.name());
      records_.erase(investor.name());
      return absl::StrCat("removed ", investor.name());
    }
    if (random_.Chance(85)) EditInvestor(&investor);
    market_.PutInvestor(investor);
    Note(investor.name(), investor);
    return absl::StrCat("put ", investor.name());
  }
  if (what < 82) return ChangePairing();
  if (what < 97) return ChangeDeal();
  return ChangeEverything();
}

std::string RandomEdition::ChangeEverything() {
  v1::Edition edition = market_.context()->edition;
  switch (random_.Below(4)) {
    case 0:
      edition.set_reference_date(absl::StrCat("2026-0", 1 + random_.Below(9), "-15"));
      market_.SetEdition(edition);
      Note(kEdition, edition);
      return "another day";
    case 1:
      edition.set_etag(absl::StrCat(++next_));
      market_.SetEdition(edition);
      Note(kEdition, edition);
      return "an edition that says the same";
    case 2:
      edition.mutable_exchange_rates(0)->set_rate_nanos(1'000'000'000 + random_.Below(1'000'000'000));
      market_.SetEdition(edition);
      Note(kEdition, edition);
      return "another rate";
    default: {
      market_.Settle();
      v1::Statistics statistics = market_.CountStatistics();
      statistics.set_number(++next_ + 1);
      market_.SetStatistics(statistics);
      Note(absl::StrCat(kEdition, "/statistics"), statistics);
      return "statistics";
    }
  }
}

type::v1::InvestorRef RandomEdition::AnInvestor() {
  const auto& investor = investors_[random_.Below(Size(investors_))];
  type::v1::InvestorRef ref;
  if (random_.Chance(50)) ref.set_name(investor.name());
  if (ref.name().empty() || random_.Chance(20)) ref.set_external_id(investor.external_id());
  return ref;
}

void RandomEdition::EditProject(projects::v1::Project* project) {
  const projects::v1::Project& other = AProject();
  switch (random_.Below(14)) {
    case 0:
      project->set_stage_of_development(static_cast<type::v1::StageOfDevelopment>(random_.Below(6)));
      break;
    case 1:
      project->set_funding_round(static_cast<type::v1::FundingRound>(random_.Below(8)));
      break;
    case 2:
      project->set_trl(random_.Between(0, 9));
      break;
    case 3:
      *project->mutable_ask() = other.ask();
      if (random_.Chance(50)) project->mutable_ask()->set_max_minor(project->ask().max_minor() * 2);
      break;
    case 4:
      *project->mutable_place() = other.place();
      if (random_.Chance(30)) project->mutable_place()->set_country_code(RandomCountry(random_));
      if (random_.Chance(20)) project->mutable_place()->set_region(absl::StrCat("new region ", ++next_));
      break;
    case 5:
      if (random_.Chance(40)) project->clear_sectors();
      if (random_.Chance(40)) break;
      project->mutable_sectors()->MergeFrom(projects::v1::Project(other).sectors());
      break;
    case 6:
      *project->mutable_texts() = projects::v1::Project(other).texts();
      break;
    case 7:
    case 8:
      if (random_.Chance(25)) {
        project->clear_prior_investors();
      } else {
        *project->add_prior_investors() = AnInvestor();
      }
      break;
    case 9: {
      if (random_.Chance(30)) project->clear_wishes();
      InvestorWish* wish = project->add_wishes();
      wish->set_strength(RandomStrength(random_));
      wish->set_on_missing(RandomOnMissing(random_));
      if (random_.Chance(40)) {
        wish->mutable_types()->add_types(static_cast<type::v1::InvestorType>(1 + random_.Below(6)));
      } else if (random_.Chance(50)) {
        wish->mutable_countries()->add_codes(RandomCountry(random_));
      } else {
        *wish->mutable_investors()->add_investors() = AnInvestor();
      }
      break;
    }
    case 10:
      project->set_state(random_.Chance(70) ? projects::v1::Project::STATE_PUBLISHED
                                            : projects::v1::Project::STATE_PAUSED);
      break;
    case 11:
      project->set_organisation(absl::StrCat("organisation ", random_.Below(4)));
      break;
    case 12:
      project->clear_languages();
      if (random_.Chance(70)) project->add_languages(random_.Chance(50) ? "zh" : "en");
      break;
    default:
      project->set_etag(absl::StrCat(++next_));  // no ranking knows it
  }
}

void RandomEdition::EditInvestor(investors::v1::Investor* investor) {
  const investors::v1::Investor other = investors_[random_.Below(Size(investors_))];
  switch (random_.Below(9)) {
    case 0:
      *investor->mutable_mandate() = other.mandate();
      break;
    case 1:
      investor->clear_mandate();
      break;
    case 2: {
      Criterion* criterion = investor->mutable_mandate()->add_criteria();
      criterion->set_strength(RandomStrength(random_));
      criterion->set_on_missing(RandomOnMissing(random_));
      const projects::v1::Project& project = AProject();
      if (random_.Chance(50)) {
        for (const auto& sector : project.sectors()) {
          *criterion->mutable_sectors()->add_items()->mutable_sector() = sector;
        }
      } else {
        auto* place = criterion->mutable_places()->add_items();
        place->set_country_or_group(project.place().country_code());
        if (random_.Chance(50)) place->set_region(project.place().region());
      }
      break;
    }
    case 3:
      investor->set_capacity(random_.Between(0, 12));
      break;
    case 4:
      investor->set_state(random_.Chance(70) ? investors::v1::Investor::STATE_VERIFIED
                                             : investors::v1::Investor::STATE_PAUSED);
      break;
    case 5:
      investor->set_deployment(random_.Chance(60) ? investors::v1::Investor::DEPLOYMENT_DEPLOYING
                                                  : investors::v1::Investor::DEPLOYMENT_CLOSED);
      break;
    case 6:
      *investor->mutable_texts() = other.texts();
      break;
    case 7:
      investor->set_type(static_cast<type::v1::InvestorType>(1 + random_.Below(6)));
      *investor->mutable_places() = other.places();
      break;
    default:
      investor->set_organisation(absl::StrCat("organisation ", random_.Below(3)));
  }
}

std::string RandomEdition::ChangeDeal() {
  if (!deals_.empty() && random_.Chance(35)) {
    const size_t at = random_.Below(Size(deals_));
    const std::string name = deals_[at].name();
    market_.RemoveDeal(name);
    records_.erase(name);
    deals_.erase(deals_.begin() + static_cast<ptrdiff_t>(at));
    return absl::StrCat("removed ", name);
  }
  const investors::v1::Investor& investor = investors_[random_.Below(Size(investors_))];
  const projects::v1::Project& project = AProject();
  investors::v1::Deal deal = PlainDeal(absl::StrCat("new-", ++next_), "", absl::StrCat("company ", random_.Below(6)),
                                       absl::StrCat("20", random_.Between(10, 26), "-0", random_.Between(1, 9), "-03"));
  deal.mutable_investor()->set_name(investor.name());
  deal.set_name(absl::StrCat(investor.name(), "/deals/new-", next_));
  *deal.mutable_sectors() = project.sectors();
  *deal.mutable_place() = project.place();
  deal.set_funding_round(project.funding_round());
  deal.set_stage_of_development(project.stage_of_development());
  market_.PutDeal(deal);
  Note(deal.name(), deal);
  deals_.push_back(deal);
  return absl::StrCat("put ", deal.name());
}

std::string RandomEdition::ChangePairing() {
  // A few subjects again and again: some of them have many who are gone.
  const auto& project = projects_[random_.Skewed(Size(projects_))];
  const auto& investor = investors_[random_.Skewed(Size(investors_))];
  v1::Pairing pairing = PlainPairing(project.name(), investor.name());
  if (random_.Chance(10)) {
    market_.RemovePairing(pairing.name());
    records_.erase(pairing.name());
    return absl::StrCat("removed ", pairing.name());
  }
  constexpr v1::StanceKind kKinds[] = {v1::STANCE_KIND_UNSPECIFIED, v1::STANCE_KIND_SKIPPED, v1::STANCE_KIND_BLOCKED,
                                       v1::STANCE_KIND_INTERESTED};
  pairing.mutable_project_stance()->set_kind(kKinds[random_.Below(4)]);
  pairing.mutable_investor_stance()->set_kind(kKinds[random_.Below(4)]);
  if (random_.Chance(40)) pairing.set_state(v1::Pairing::STATE_MUTUAL);
  market_.PutPairing(pairing);
  Note(pairing.name(), pairing);
  return absl::StrCat("put ", pairing.ShortDebugString());
}

}  // namespace tandem::pairing::matching
