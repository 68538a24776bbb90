#include "services/pairing/matching/form_compiler.h"

#include <random>

#include "gtest/gtest.h"

#include "services/pairing/matching/extra_terms.h"
#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/lens.h"
#include "services/pairing/matching/linear_form.h"
#include "services/pairing/matching/scorer.h"
#include "tests/unit/services/pairing/matching/market_builder.h"

namespace tandem::pairing::matching {
namespace {

// The whole score by the form: nothing when the pair is no match.
std::optional<int32_t> ByForm(const Market& market, const ProjectFacts& project, const InvestorFacts& investor,
                              const InvestorForm& form, const SharedStrength& shared) {
  if ((project.row.extra_gates || form.extra_gates) && !PassesGates(*market.context(), project, investor)) return {};
  std::optional<int32_t> score = LinearScore(project.row, form);
  if (!score.has_value() || !project.row.extra_points) return score;
  Terms extras;
  AddExtras(*market.context(), project, investor, shared, &extras);
  EXPECT_LE(extras.Sum(), form.extra_points_most);
  return *score + extras.Sum();
}

void ExpectFormsAgree(const Market& market, int32_t day) {
  const MarketContext& context = *market.context();
  int matches = 0;
  for (const auto& [investor_name, investor] : market.investors()) {
    const Lens lens(context, *market.codes(), *investor, day);
    const InvestorForm form = CompileForm(context, *market.codes(), *investor, day);
    SharedWith shared_with(context, *investor, day);
    for (const auto& [name, project] : market.projects()) {
      const SharedStrength shared = shared_with.Strength(market.PriorInvestors(*project));
      const bool passes = PassesGates(context, *project, *investor);
      const std::optional<int32_t> score = ByForm(market, *project, *investor, form, shared);
      ASSERT_EQ(score.has_value(), passes) << name << " " << investor_name;
      if (!passes) continue;
      ++matches;
      const Terms terms = ScorePair(context, *project, *investor, lens, shared);
      if (*score != terms.Sum()) {
        for (size_t i = 0; i < kFeatureCount; ++i) {
          ADD_FAILURE() << NameOf(static_cast<Feature>(i)) << " " << terms.mandate[i] << " + " << terms.record[i];
        }
      }
      ASSERT_EQ(*score, terms.Sum()) << name << " " << investor_name;
    }
  }
  EXPECT_GT(matches, 0);
}

TEST(FormCompilerTest, FormsSayWhatTheScorerSaysOnRandomMarkets) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  const Market market = DemoMarket(static_cast<int64_t>(seed), 150, 120);
  ExpectFormsAgree(market, market.context()->reference_day);
  ExpectFormsAgree(market, market.context()->reference_day - 700);
}

// Criteria of every aspect, strength and treatment of missing values, on projects that state little.
TEST(FormCompilerTest, FormsSayWhatTheGatesSayOnRandomMandates) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  Market market = DemoMarket(static_cast<int64_t>(seed), 120, 60);
  std::vector<investors::v1::Criterion> pool;
  for (const auto& [name, investor] : market.investors()) {
    for (const auto& criterion : investor->record.mandate().criteria()) pool.push_back(criterion);
  }
  ASSERT_FALSE(pool.empty());
  std::vector<investors::v1::Investor> changed;
  for (const auto& [name, investor] : market.investors()) {
    investors::v1::Investor record = investor->record;
    record.mutable_mandate()->clear_criteria();
    for (auto n = random() % 4; n > 0; --n) {
      auto* criterion = record.mutable_mandate()->add_criteria();
      *criterion = pool[random() % pool.size()];
      criterion->set_strength(static_cast<type::v1::Strength>(1 + random() % 4));
      criterion->set_on_missing(static_cast<type::v1::OnMissing>(random() % 4));
      if (criterion->has_places() && random() % 2 == 0) {
        const auto project = std::next(market.projects().begin(), static_cast<int>(random() % 100))->second;
        criterion->mutable_places()->mutable_items(0)->set_country_or_group(project->record.place().country_code());
        criterion->mutable_places()->mutable_items(0)->set_region(project->record.place().region());
      }
    }
    changed.push_back(record);
  }
  for (const auto& record : changed) market.PutInvestor(record);
  std::vector<projects::v1::Project> poorer;
  for (const auto& [name, project] : market.projects()) {
    projects::v1::Project record = project->record;
    if (random() % 3 == 0) record.clear_ask();
    if (random() % 3 == 0) record.clear_place();
    if (random() % 3 == 0) record.clear_sectors();
    if (random() % 3 == 0) record.clear_languages();
    if (random() % 3 == 0) record.clear_trl();
    if (random() % 3 == 0) record.clear_funding_round();
    if (random() % 3 == 0) record.clear_instruments();
    poorer.push_back(record);
  }
  for (const auto& record : poorer) market.PutProject(record);
  market.Settle();
  ExpectFormsAgree(market, market.context()->reference_day);
}

}  // namespace
}  // namespace tandem::pairing::matching
