#include "services/pairing/effects/must_haves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/pairing/market_feed/records.h"

namespace tandem::pairing::effects {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kProject[] = "editions/e/projects/p", kInvestor[] = "editions/e/investors/i";

feed::Item Investor(Revision revision) {
  auto investor = std::make_shared<investors::v1::Investor>();
  investor->set_name(kInvestor);
  investor->set_type(type::v1::INVESTOR_TYPE_ANGEL);
  auto* mandate = investor->mutable_mandate();
  auto* wanted = mandate->add_criteria();  // does not gate
  wanted->set_strength(type::v1::STRENGTH_SHOULD);
  wanted->mutable_trl()->set_min(9);
  auto* must = mandate->add_criteria();
  must->set_strength(type::v1::STRENGTH_MUST);
  must->mutable_trl()->set_min(5);
  auto* must_not = mandate->add_criteria();
  must_not->set_strength(type::v1::STRENGTH_MUST_NOT);
  must_not->mutable_trl()->set_min(8);
  return {kInvestor, std::move(investor), revision};
}

feed::Item Project(Revision revision, int trl, bool wishes) {
  auto project = std::make_shared<projects::v1::Project>();
  project->set_name(kProject);
  project->set_trl(trl);
  if (wishes) {
    auto* wish = project->add_wishes();
    wish->set_strength(type::v1::STRENGTH_MUST_NOT);
    wish->mutable_types()->add_types(type::v1::INVESTOR_TYPE_ANGEL);
  }
  return {kProject, std::move(project), revision};
}

TEST(MustHaves, AreNamedAsInTheContractAndJudgedByTheNewestFacts) {
  MarketStore markets;
  EXPECT_EQ(UnmetMustHaves(markets, kProject, kInvestor), std::nullopt);
  markets.Apply({EditionItem("editions/e", 1), Investor(2)});
  EXPECT_EQ(UnmetMustHaves(markets, kProject, kInvestor), std::nullopt) << "one of them is not known";
  markets.Apply({Project(3, 6, false)});
  EXPECT_THAT(*UnmetMustHaves(markets, kProject, kInvestor), IsEmpty());
  markets.Apply({Project(4, 2, true)});
  EXPECT_THAT(*UnmetMustHaves(markets, kProject, kInvestor),
              ElementsAre("mandate.criteria[1].trl", "project.wishes[0].types"));
  markets.Apply({Project(5, 9, false)});
  EXPECT_THAT(*UnmetMustHaves(markets, kProject, kInvestor), ElementsAre("mandate.criteria[2].trl"));
}

}  // namespace
}  // namespace tandem::pairing::effects
