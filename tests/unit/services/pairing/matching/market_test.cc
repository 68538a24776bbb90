#include "services/pairing/matching/market.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "services/pairing/matching/explanation.h"
#include "services/pairing/matching/profile_codec.h"
#include "services/pairing/matching/ranking.h"
#include "tests/unit/services/pairing/matching/market_builder.h"

namespace tandem::pairing::matching {
namespace {

int64_t PointsOf(const v1::MatchExplanation& explanation, v1::Signal signal) {
  int64_t points = 0;
  for (const v1::Term& term : explanation.terms()) points += term.signal() == signal ? term.points() : 0;
  return points;
}

v1::MatchExplanation Explain(Market& market, const std::string& project, const std::string& investor) {
  market.Settle();
  return ExplainPair(market, *market.FindProject(ProjectName(project)), *market.FindInvestor(InvestorName(investor)),
                     market.context()->reference_day, "");
}

TEST(MarketTest, ADealThatComesBeforeItsInvestorCountsOnceTheInvestorIsThere) {
  Market early(kEdition), late(kEdition);
  for (Market* market : {&early, &late}) {
    market->SetEdition(PlainEdition());
    projects::v1::Project project = PlainProject("p");
    project.set_funding_round(type::v1::FUNDING_ROUND_SEED);
    market->PutProject(project);
  }
  investors::v1::Deal deal = PlainDeal("d", "i", "c", "2026-01-01");
  deal.set_funding_round(type::v1::FUNDING_ROUND_SEED);
  early.PutDeal(deal);
  early.PutInvestor(PlainInvestor("i"));
  late.PutInvestor(PlainInvestor("i"));
  late.PutDeal(deal);
  late.Settle();
  EXPECT_EQ(Explain(early, "p", "i").SerializeAsString(), Explain(late, "p", "i").SerializeAsString());
  EXPECT_GT(PointsOf(Explain(early, "p", "i"), v1::SIGNAL_TRACK_ROUND), 0);
  early.RemoveDeal(deal.name());
  early.Settle();
  EXPECT_EQ(PointsOf(Explain(early, "p", "i"), v1::SIGNAL_TRACK_ROUND), 0);
  EXPECT_EQ(early.deal_count(), 0);
}

TEST(MarketTest, WhatIsStagedIsAsIfPutOneByOne) {
  Records records;
  const Market put = DemoMarket(12, 60, 40, &records);
  Market staged(kEdition);
  staged.Stage(std::make_shared<const projects::v1::Project>(PlainProject("gone")));
  // Before the edition, its taxonomies and statistics are known, and an older state of each first.
  for (const auto& deal : put.WhatCounts().deals) staged.Stage(deal.record);
  for (const auto& [name, facts] : put.investors()) {
    investors::v1::Investor older = facts->record;
    older.clear_mandate();
    staged.Stage(std::make_shared<const investors::v1::Investor>(std::move(older)));
    staged.Stage(facts->source);
  }
  EXPECT_GT(staged.staged(), 0u);
  staged.RemoveProject(ProjectName("gone"));
  EXPECT_EQ(staged.staged(), 0u);
  for (const auto& [name, facts] : put.projects()) {
    projects::v1::Project older = facts->record;
    older.mutable_texts()->Clear();
    staged.Stage(std::make_shared<const projects::v1::Project>(std::move(older)));
    staged.Stage(facts->source);
  }
  staged.SetEdition(put.context()->edition);
  for (const auto& [name, record] : records) {
    if (const auto* taxonomy = dynamic_cast<const v1::Taxonomy*>(record.get())) staged.SetTaxonomy(*taxonomy);
  }
  Market same = put.Copy();
  Market copy = staged.Copy();
  for (Market* market : {&same, &copy, &staged}) {
    market->SetStatistics(put.CountStatistics());
    market->View();
  }
  EXPECT_EQ(staged.project_count(), put.project_count());
  for (const auto& [name, project] : same.projects()) {
    for (const auto& [investor_name, investor] : same.investors()) {
      const std::string expected =
          ExplainPair(same, *project, *investor, same.context()->reference_day, "").SerializeAsString();
      for (const Market* market : {&copy, &staged}) {
        ASSERT_EQ(ExplainPair(*market, *market->FindProject(name), *market->FindInvestor(investor_name),
                              market->context()->reference_day, "")
                      .SerializeAsString(),
                  expected);
      }
    }
  }
}

TEST(MarketTest, AnEditOfOneRecordChangesNoOtherPair) {
  Market market = DemoMarket(11, 40, 30);
  const std::string edited = market.projects().begin()->first;
  std::map<std::string, std::string> before;
  for (const auto& [name, project] : market.projects()) {
    if (name == edited) continue;
    for (const auto& [investor_name, investor] : market.investors()) {
      before[name + investor_name] =
          ExplainPair(market, *project, *investor, market.context()->reference_day, "").SerializeAsString();
    }
  }
  projects::v1::Project changed = market.FindProject(edited)->record;
  changed.mutable_texts(0)->set_summary("something altogether different about turbines");
  changed.set_funding_round(type::v1::FUNDING_ROUND_DEBT);
  market.PutProject(changed);
  market.Settle();
  for (const auto& [name, project] : market.projects()) {
    if (name == edited) continue;
    for (const auto& [investor_name, investor] : market.investors()) {
      ASSERT_EQ(before[name + investor_name],
                ExplainPair(market, *project, *investor, market.context()->reference_day, "").SerializeAsString());
    }
  }
}

TEST(MarketTest, WhatIsSentAgainUnchangedCompilesNothingAgain) {
  Market market = DemoMarket(3, 5, 5);
  v1::Taxonomy taxonomy;
  taxonomy.set_name("t");
  taxonomy.set_scheme("s");
  taxonomy.add_sectors()->set_code("energy");
  v1::Statistics statistics = market.CountStatistics();
  statistics.set_number(2);
  statistics.set_fingerprint("f");
  market.SetTaxonomy(taxonomy);
  market.SetStatistics(statistics);
  const auto project = market.projects().begin()->second;
  market.SetTaxonomy(taxonomy);
  market.SetStatistics(statistics);
  market.SetEdition(market.context()->edition);
  EXPECT_EQ(market.projects().begin()->second, project);
  taxonomy.add_sectors()->set_code("farming");
  market.SetTaxonomy(taxonomy);
  EXPECT_NE(market.projects().begin()->second, project);
}

TEST(MarketTest, TheOrderOfArrivalDoesNotMatter) {
  const Market forward = DemoMarket(5, 40, 20);
  Market backward(kEdition);
  for (auto it = forward.projects().rbegin(); it != forward.projects().rend(); ++it)
    backward.PutProject(it->second->record);
  for (auto it = forward.investors().rbegin(); it != forward.investors().rend(); ++it)
    backward.PutInvestor(it->second->record);
  v1::Statistics statistics = forward.CountStatistics();
  statistics.set_number(1);
  backward.SetStatistics(statistics);
  backward.SetEdition(forward.context()->edition);
  Market deals_less(kEdition);
  for (const auto& [name, facts] : forward.projects()) deals_less.PutProject(facts->record);
  for (const auto& [name, facts] : forward.investors()) deals_less.PutInvestor(facts->record);
  deals_less.SetEdition(forward.context()->edition);
  deals_less.SetStatistics(statistics);
  backward.Settle();
  deals_less.Settle();
  for (const auto& [name, project] : backward.projects()) {
    const Ranking a = RankInvestors(backward, project, 20'000);
    const Ranking b = RankInvestors(deals_less, deals_less.FindProject(name), 20'000);
    ASSERT_EQ(a.size(), b.size());
    for (size_t i = 0; i < a.size(); ++i) {
      ASSERT_EQ(a.investors[i].score, b.investors[i].score);
      ASSERT_EQ(a.investors[i].investor->record.name(), b.investors[i].investor->record.name());
    }
  }
}

TEST(MarketTest, MoneyIsComparedInTheBaseCurrencyAndUnknownCurrenciesCountAsNotStated) {
  Market market(kEdition);
  market.SetEdition(PlainEdition());
  for (const auto& [id, currency, minor] : std::vector<std::tuple<const char*, const char*, int64_t>>{
           {"cny", "CNY", 7'000'000}, {"usd", "USD", 1'000'000}, {"jpy", "JPY", 1'000'000}}) {
    projects::v1::Project project = PlainProject(id);
    project.mutable_ask()->set_currency_code(currency);
    project.mutable_ask()->set_target_minor(minor);
    market.PutProject(project);
  }
  const auto cny = market.FindProject(ProjectName("cny"));
  const auto usd = market.FindProject(ProjectName("usd"));
  EXPECT_TRUE(cny->ask.known);
  EXPECT_NEAR(static_cast<double>(cny->ask.ln), static_cast<double>(usd->ask.ln), 4);
  EXPECT_FALSE(market.FindProject(ProjectName("jpy"))->ask.known);
  v1::Edition edition = PlainEdition();
  v1::ExchangeRate* yen = edition.add_exchange_rates();  // one yen is 0.07 yuan; its minor unit is the yen itself
  yen->set_currency_code("JPY");
  yen->set_rate_nanos(70'000'000);
  market.SetEdition(edition);
  EXPECT_NEAR(static_cast<double>(market.FindProject(ProjectName("jpy"))->ask.ln), static_cast<double>(cny->ask.ln), 4);
}

TEST(MarketTest, CloserSectorsScoreMore) {
  Market market(kEdition);
  v1::Taxonomy taxonomy;
  taxonomy.set_name("t");
  taxonomy.set_scheme("s");
  for (const auto& [code, parent] : std::vector<std::pair<const char*, const char*>>{
           {"energy", ""}, {"solar", "energy"}, {"wind", "energy"}, {"offshore", "wind"}, {"farming", ""}}) {
    v1::Sector* sector = taxonomy.add_sectors();
    sector->set_code(code);
    sector->set_parent_code(parent);
  }
  market.SetTaxonomy(taxonomy);
  investors::v1::Investor investor = PlainInvestor("i");
  auto* criterion = investor.mutable_mandate()->add_criteria();
  criterion->set_strength(type::v1::STRENGTH_SHOULD);
  auto* wanted = criterion->mutable_sectors()->add_items()->mutable_sector();
  wanted->set_scheme("s");
  wanted->set_code("wind");
  market.PutInvestor(investor);
  std::vector<int64_t> points;
  for (const char* code : {"wind", "offshore", "solar", "farming"}) {
    projects::v1::Project project = PlainProject(code);
    project.add_sectors()->set_scheme("s");
    project.mutable_sectors(0)->set_code(code);
    market.PutProject(project);
    points.push_back(PointsOf(Explain(market, code, "i"), v1::SIGNAL_SECTOR));
  }
  EXPECT_GT(points[0], points[1]);
  EXPECT_GT(points[1], points[2]);
  EXPECT_GT(points[2], points[3]);
}

TEST(MarketTest, ARareSectorInCommonIsWorthMoreThanACommonOne) {
  Market market(kEdition);
  v1::Statistics statistics;
  statistics.set_number(1);
  statistics.set_project_count(1000);
  for (const auto& [code, count] : std::vector<std::pair<const char*, int>>{
           {"sector:s//common", 400}, {"sector:s//rare", 4}, {"stated:sector", 1000}}) {
    v1::FeatureCount* feature = statistics.add_features();
    feature->set_feature(code);
    feature->set_project_count(count);
  }
  market.SetStatistics(statistics);
  std::vector<int64_t> points;
  for (const char* code : {"common", "rare"}) {
    investors::v1::Investor investor = PlainInvestor(code);
    auto* criterion = investor.mutable_mandate()->add_criteria();
    criterion->mutable_sectors()->add_items()->mutable_sector()->set_scheme("s");
    criterion->mutable_sectors()->mutable_items(0)->mutable_sector()->set_code(code);
    market.PutInvestor(investor);
    projects::v1::Project project = PlainProject(code);
    project.add_sectors()->set_scheme("s");
    project.mutable_sectors(0)->set_code(code);
    market.PutProject(project);
    points.push_back(PointsOf(Explain(market, code, code), v1::SIGNAL_SECTOR));
  }
  EXPECT_GT(points[0], 0);
  EXPECT_GT(points[1], points[0]);
}

// Forty criteria that all name one rare sector are within the contract.
TEST(MarketTest, AMandateThatRepeatsItselfStaysWithinTheArithmetic) {
  Market market(kEdition);
  v1::Statistics statistics;
  statistics.set_number(1);
  statistics.set_project_count(1'000'000);
  v1::FeatureCount* stated = statistics.add_features();
  stated->set_feature("stated:sector");
  stated->set_project_count(1'000'000);
  market.SetStatistics(statistics);
  projects::v1::Project project = PlainProject("p");
  project.add_sectors()->set_scheme("s");
  project.mutable_sectors(0)->set_code("rare");
  project.mutable_place()->set_country_code("CN");
  market.PutProject(project);
  int64_t last = 0;
  for (const int criteria : {1, 3, 40}) {
    investors::v1::Investor investor = PlainInvestor("i");
    for (int i = 0; i < criteria; ++i) {
      auto* sectors = investor.mutable_mandate()->add_criteria();
      *sectors->mutable_sectors()->add_items()->mutable_sector() = project.sectors(0);
      auto* places = investor.mutable_mandate()->add_criteria();
      places->mutable_places()->add_items()->set_country_or_group("CN");
    }
    market.PutInvestor(investor);
    const int64_t points = PointsOf(Explain(market, "p", "i"), v1::SIGNAL_SECTOR);
    EXPECT_GT(points, 0) << criteria;
    EXPECT_GE(points, last) << criteria;
    EXPECT_GT(PointsOf(Explain(market, "p", "i"), v1::SIGNAL_PLACE), 0) << criteria;
    last = points;
  }
}

TEST(MarketTest, TextsInChineseAndEnglishMeetByTheirTerms) {
  Market market(kEdition);
  investors::v1::Investor investor = PlainInvestor("i");
  investor.mutable_texts(0)->set_summary("We back solid-state battery materials.");
  auto* zh = investor.add_texts();
  zh->set_language_code("zh-Hans");
  zh->set_title("关注固态电池材料");
  market.PutInvestor(investor);
  const auto text_points = [&](const char* id, const char* language, const char* title) {
    projects::v1::Project project = PlainProject(id);
    project.mutable_texts(0)->set_language_code(language);
    project.mutable_texts(0)->set_title(title);
    market.PutProject(project);
    return PointsOf(Explain(market, id, "i"), v1::SIGNAL_TEXT);
  };
  EXPECT_GT(text_points("en", "en", "Battery materials for cars"), 0);
  EXPECT_GT(text_points("zh", "zh-Hans", "新型固态电池"), 0);
  EXPECT_GT(text_points("hant", "zh-Hant", "新型固態電池"), 0);
  EXPECT_EQ(text_points("none", "en", "A new dairy farm"), 0);
}

TEST(MarketTest, SharedCompaniesWithPriorInvestorsRaiseTheScore) {
  Market market(kEdition);
  market.SetEdition(PlainEdition());
  for (const char* id : {"prior", "friend", "stranger"}) market.PutInvestor(PlainInvestor(id));
  market.PutDeal(PlainDeal("1", "prior", "acme", "2025-01-01"));
  market.PutDeal(PlainDeal("2", "friend", "acme", "2025-02-01"));
  market.PutDeal(PlainDeal("3", "stranger", "other", "2025-02-01"));
  market.Settle();
  projects::v1::Project project = PlainProject("p");
  project.add_prior_investors()->set_external_id("prior");
  market.PutProject(project);
  EXPECT_GT(PointsOf(Explain(market, "p", "friend"), v1::SIGNAL_CO_INVESTORS), 0);
  EXPECT_EQ(PointsOf(Explain(market, "p", "stranger"), v1::SIGNAL_CO_INVESTORS), 0);
  EXPECT_EQ(PointsOf(Explain(market, "p", "prior"), v1::SIGNAL_CO_INVESTORS), 0);
}

TEST(MarketTest, TheChosenProfileRanksWhicheverCameFirst) {
  Market market = DemoMarket(3, 20, 10);
  const auto project = market.projects().begin()->second;
  const std::string shipped = market.context()->ranking_profile;
  const Ranking before = RankInvestors(market, project, market.context()->reference_day);
  v1::RankingProfile profile = ToProto(DefaultProfile(), kEdition);
  profile.set_name(absl::StrCat(kEdition, "/profiles/trained-1"));
  for (v1::SignalWeight& weight : *profile.mutable_weights()) weight.set_weight_thousandths(0);
  v1::Edition edition = market.context()->edition;
  edition.set_ranking_profile("trained-1");
  market.SetEdition(edition);
  EXPECT_EQ(market.context()->ranking_profile, shipped) << "until it is there";
  market.SetProfile(profile);
  EXPECT_EQ(market.context()->ranking_profile.substr(0, 11), "trained-1@1");
  for (const auto& ranked : RankInvestors(market, project, market.context()->reference_day).investors) {
    EXPECT_EQ(ranked.score, 0);
  }
  edition.set_ranking_profile("");
  market.SetEdition(edition);
  const Ranking after = RankInvestors(market, project, market.context()->reference_day);
  ASSERT_EQ(after.investors.size(), before.investors.size());
  for (size_t i = 0; i < after.size(); ++i) EXPECT_EQ(after.investors[i].score, before.investors[i].score);
  EXPECT_EQ(market.context()->ranking_profile, shipped);
}

}  // namespace
}  // namespace tandem::pairing::matching
