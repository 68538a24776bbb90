#include "services/pairing/matching/gates.h"

#include <functional>

#include "gtest/gtest.h"

#include "services/pairing/matching/explanation.h"
#include "services/pairing/matching/gate_list.h"
#include "services/pairing/matching/ranking.h"
#include "tests/unit/services/pairing/matching/market_builder.h"

namespace tandem::pairing::matching {
namespace {

using investors::v1::Criterion;
using investors::v1::Investor;
using projects::v1::Project;

// One aspect: how a criterion asks for it, and projects that meet, break and do not state it.
struct Aspect {
  const char* name;
  std::function<void(Criterion*)> ask;
  std::function<void(Project*)> meet;
  std::function<void(Project*)> break_it;
};

void SetSector(const char* code, type::v1::SectorCode* sector) {
  sector->set_scheme("s");
  sector->set_code(code);
}

std::vector<Aspect> Aspects() {
  return {
      {"sectors", [](Criterion* c) { SetSector("energy", c->mutable_sectors()->add_items()->mutable_sector()); },
       [](Project* p) { SetSector("solar", p->add_sectors()); },
       [](Project* p) { SetSector("farming", p->add_sectors()); }},
      {"stages",
       [](Criterion* c) { c->mutable_stages()->add_items()->set_stage(type::v1::STAGE_OF_DEVELOPMENT_CONCEPT); },
       [](Project* p) { p->set_stage_of_development(type::v1::STAGE_OF_DEVELOPMENT_CONCEPT); },
       [](Project* p) { p->set_stage_of_development(type::v1::STAGE_OF_DEVELOPMENT_LAB_TESTED); }},
      {"rounds", [](Criterion* c) { c->mutable_rounds()->add_items()->set_round(type::v1::FUNDING_ROUND_SEED); },
       [](Project* p) { p->set_funding_round(type::v1::FUNDING_ROUND_SEED); },
       [](Project* p) { p->set_funding_round(type::v1::FUNDING_ROUND_SERIES_A); }},
      {"ticket",
       [](Criterion* c) {
         c->mutable_ticket()->set_currency_code("CNY");
         c->mutable_ticket()->set_min_minor(700'000);
         c->mutable_ticket()->set_max_minor(7'000'000);
       },
       [](Project* p) {  // 5,000 USD are 35,000 CNY
         p->mutable_ask()->set_currency_code("USD");
         p->mutable_ask()->set_target_minor(500'000);
       },
       [](Project* p) {
         p->mutable_ask()->set_currency_code("USD");
         p->mutable_ask()->set_min_minor(5'000'000);
       }},
      {"places", [](Criterion* c) { c->mutable_places()->add_items()->set_country_or_group("142"); },
       [](Project* p) { p->mutable_place()->set_country_code("CN"); },
       [](Project* p) { p->mutable_place()->set_country_code("DE"); }},
      {"instruments", [](Criterion* c) { c->mutable_instruments()->add_instruments(type::v1::INSTRUMENT_EQUITY); },
       [](Project* p) { p->add_instruments(type::v1::INSTRUMENT_EQUITY); },
       [](Project* p) { p->add_instruments(type::v1::INSTRUMENT_DEBT); }},
      {"trl",
       [](Criterion* c) {
         c->mutable_trl()->set_min(4);
         c->mutable_trl()->set_max(6);
       },
       [](Project* p) { p->set_trl(6); }, [](Project* p) { p->set_trl(7); }},
      {"cooperation_types",
       [](Criterion* c) { c->mutable_cooperation_types()->add_types(type::v1::COOPERATION_TYPE_LICENCE); },
       [](Project* p) { p->add_cooperation_types(type::v1::COOPERATION_TYPE_LICENCE); },
       [](Project* p) { p->add_cooperation_types(type::v1::COOPERATION_TYPE_SUPPLY); }},
      {"common_language", [](Criterion* c) { c->mutable_common_language(); },
       [](Project* p) { p->add_languages("zh-Hant"); }, [](Project* p) { p->add_languages("en"); }},
  };
}

Market MarketOf(const Project& project, const Investor& investor) {
  Market market(kEdition);
  market.SetEdition(PlainEdition());
  v1::Taxonomy taxonomy;
  taxonomy.set_name(std::string(kEdition) + "/taxonomies/s");
  taxonomy.set_scheme("s");
  taxonomy.add_sectors()->set_code("energy");
  v1::Sector* solar = taxonomy.add_sectors();
  solar->set_code("solar");
  solar->set_parent_code("energy");
  taxonomy.add_sectors()->set_code("farming");
  market.SetTaxonomy(taxonomy);
  market.PutProject(project);
  market.PutInvestor(investor);
  market.Settle();
  return market;
}

// Whether the pair is a match; checks that the ranking, the explanation and its gates agree.
bool IsMatch(const Project& project, const Investor& investor, v1::Gate::Result* result = nullptr) {
  const Market market = MarketOf(project, investor);
  const auto p = market.FindProject(project.name());
  const auto i = market.FindInvestor(investor.name());
  const v1::MatchExplanation explanation = ExplainPair(market, *p, *i, 20'000, "");
  EXPECT_EQ(RankInvestors(market, p, 20'000).size() == 1, explanation.eligible());
  EXPECT_EQ(RankProjects(market, i, 20'000).size() == 1, explanation.eligible());
  bool fails = false;
  for (const v1::Gate& gate : explanation.gates()) {
    fails |= gate.result() == v1::Gate::RESULT_FAIL;
    EXPECT_EQ(gate.remedy().empty(), gate.result() == v1::Gate::RESULT_PASS) << gate.rule();
    if (result != nullptr && (gate.kind() == v1::Gate::KIND_MANDATE || gate.kind() == v1::Gate::KIND_WISH))
      *result = gate.result();
  }
  EXPECT_EQ(explanation.eligible(), !fails);
  return explanation.eligible();
}

TEST(GatesTest, MustAndMustNotOfEveryAspectFollowTheValueAndOnMissing) {
  for (const Aspect& aspect : Aspects()) {
    SCOPED_TRACE(aspect.name);
    for (const auto on_missing : {type::v1::ON_MISSING_UNSPECIFIED, type::v1::ON_MISSING_PASS,
                                  type::v1::ON_MISSING_FAIL, type::v1::ON_MISSING_UNKNOWN}) {
      Investor investor = PlainInvestor("i");
      investor.add_languages("zh-Hans");
      Criterion* criterion = investor.mutable_mandate()->add_criteria();
      aspect.ask(criterion);
      criterion->set_on_missing(on_missing);
      Project met = PlainProject("p"), broken = PlainProject("p");
      const Project missing = PlainProject("p");
      aspect.meet(&met);
      aspect.break_it(&broken);

      criterion->set_strength(type::v1::STRENGTH_MUST);
      v1::Gate::Result result = v1::Gate::RESULT_UNSPECIFIED;
      EXPECT_TRUE(IsMatch(met, investor));
      EXPECT_FALSE(IsMatch(broken, investor));
      EXPECT_EQ(IsMatch(missing, investor, &result), on_missing != type::v1::ON_MISSING_FAIL);
      const bool unknown = on_missing == type::v1::ON_MISSING_UNKNOWN || on_missing == type::v1::ON_MISSING_UNSPECIFIED;
      EXPECT_EQ(result == v1::Gate::RESULT_UNKNOWN, unknown);

      criterion->set_strength(type::v1::STRENGTH_MUST_NOT);
      EXPECT_FALSE(IsMatch(met, investor));
      EXPECT_TRUE(IsMatch(broken, investor));
      EXPECT_EQ(IsMatch(missing, investor), on_missing != type::v1::ON_MISSING_FAIL);

      for (const auto strength : {type::v1::STRENGTH_UNSPECIFIED, type::v1::STRENGTH_SHOULD, type::v1::STRENGTH_NICE}) {
        criterion->set_strength(strength);
        EXPECT_TRUE(IsMatch(broken, investor));
        EXPECT_TRUE(IsMatch(missing, investor));
      }
    }
  }
}

TEST(GatesTest, MeetingACriterionScoresMoreThanBreakingIt) {
  for (const Aspect& aspect : Aspects()) {
    SCOPED_TRACE(aspect.name);
    Investor investor = PlainInvestor("i");
    investor.add_languages("zh-Hans");
    Criterion* criterion = investor.mutable_mandate()->add_criteria();
    aspect.ask(criterion);
    criterion->set_strength(type::v1::STRENGTH_SHOULD);
    Project met = PlainProject("p"), broken = PlainProject("p");
    aspect.meet(&met);
    aspect.break_it(&broken);
    const auto score = [&](const Project& project) {
      const Market market = MarketOf(project, investor);
      return ExplainPair(market, *market.FindProject(project.name()), *market.FindInvestor(investor.name()), 20'000, "")
          .score();
    };
    const int64_t should = score(met) - score(broken);
    EXPECT_GT(should, 0);
    criterion->set_strength(type::v1::STRENGTH_NICE);
    const int64_t nice = score(met) - score(broken);
    EXPECT_GT(nice, 0);
    EXPECT_LT(nice, should);
  }
}

TEST(GatesTest, StatesOfBothSidesGate) {
  Project project = PlainProject("p");
  Investor investor = PlainInvestor("i");
  EXPECT_TRUE(IsMatch(project, investor));
  for (int state = 0; state < Project::State_ARRAYSIZE; ++state) {
    Project other = project;
    other.set_state(static_cast<Project::State>(state));
    EXPECT_EQ(IsMatch(other, investor), state == Project::STATE_PUBLISHED) << state;
  }
  for (int state = 0; state < Investor::State_ARRAYSIZE; ++state) {
    Investor other = investor;
    other.set_state(static_cast<Investor::State>(state));
    EXPECT_EQ(IsMatch(project, other), state == Investor::STATE_VERIFIED) << state;
  }
  for (int deployment = 0; deployment < Investor::Deployment_ARRAYSIZE; ++deployment) {
    Investor other = investor;
    other.set_deployment(static_cast<Investor::Deployment>(deployment));
    EXPECT_EQ(IsMatch(project, other), deployment <= Investor::DEPLOYMENT_DEPLOYING) << deployment;
  }
  project.mutable_delete_time()->set_seconds(1);
  EXPECT_FALSE(IsMatch(project, investor));
  project.clear_delete_time();
  investor.mutable_delete_time()->set_seconds(1);
  EXPECT_FALSE(IsMatch(project, investor));
}

TEST(GatesTest, AnExcludedInvestorIsNoMatchByNameExternalIdOrTitle) {
  const Investor investor = PlainInvestor("i");
  for (const int way : {0, 1, 2}) {
    Project project = PlainProject("p");
    auto* wish = project.add_wishes();
    wish->set_strength(type::v1::STRENGTH_MUST_NOT);
    auto* ref = wish->mutable_investors()->add_investors();
    if (way == 0) ref->set_name(investor.name());
    if (way == 1) ref->set_external_id("i");
    if (way == 2) ref->set_display_name("i");
    EXPECT_FALSE(IsMatch(project, investor)) << way;
    Investor other = PlainInvestor("j");
    EXPECT_TRUE(IsMatch(project, other)) << way;
  }
}

TEST(GatesTest, WishesForKindAndCountryGate) {
  Project project = PlainProject("p");
  auto* wish = project.add_wishes();
  wish->set_strength(type::v1::STRENGTH_MUST);
  wish->mutable_types()->add_types(type::v1::INVESTOR_TYPE_ANGEL);
  wish = project.add_wishes();
  wish->set_strength(type::v1::STRENGTH_MUST);
  wish->set_on_missing(type::v1::ON_MISSING_FAIL);
  wish->mutable_countries()->add_codes("150");
  Investor investor = PlainInvestor("i");
  EXPECT_FALSE(IsMatch(project, investor));
  investor.add_places()->set_country_code("DE");
  EXPECT_TRUE(IsMatch(project, investor));
  investor.set_type(type::v1::INVESTOR_TYPE_BANK);
  EXPECT_FALSE(IsMatch(project, investor));
  investor.set_type(type::v1::INVESTOR_TYPE_ANGEL);
  EXPECT_TRUE(IsMatch(project, investor));
}

}  // namespace
}  // namespace tandem::pairing::matching
