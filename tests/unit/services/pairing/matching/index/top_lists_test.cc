#include "services/pairing/matching/index/top_lists.h"

#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class TopListsTest : public ::testing::Test {
 protected:
  TopListsTest() {
    Put(0, {});
    InvestorForm seeks_biology;
    seeks_biology.sectors.required = true;
    seeks_biology.sectors.listed = {{7, 100, true, false}};
    Put(1, seeks_biology);
  }

  void Put(uint32_t investor, const InvestorForm& form) {
    forms_[investor] = std::make_shared<InvestorForm>(form);
    lists_.InvestorChanged(investor, forms_[investor]);
  }
  std::vector<uint32_t> Put(uint32_t project, int16_t points, bool biology) {
    ProjectRow& row = rows_[project];
    row.points = points;
    row.sector_count = 1;
    row.sectors[0] = biology ? 7 : 8;
    return lists_.ProjectChanged(project, &row, nullptr);
  }
  std::vector<uint32_t> Remove(uint32_t project) {
    rows_.erase(project);
    return lists_.ProjectChanged(project, nullptr, nullptr);
  }

  const ShuffledOrder order_{1};
  Rows rows_;
  Forms forms_;
  int refills_ = 0;
  TopLists lists_{{.k = 2, .kmax = 3}, &order_, [this](uint32_t investor, size_t k) {
                    ++refills_;
                    return NaiveProjects(rows_, *forms_[investor], investor, k, nullptr, order_).best;
                  }};
};

TEST_F(TopListsTest, NamesWhoseListAProjectEntersLeavesOrReorders) {
  EXPECT_THAT(Put(0, 10, true), UnorderedElementsAre(0, 1));
  EXPECT_THAT(Put(1, 20, false), ElementsAre(0));
  EXPECT_THAT(Put(2, 5, true), ElementsAre(1));  // third for the one, second for the other
  EXPECT_THAT(lists_.List(0), ElementsAre(Scored{1, 20}, Scored{0, 10}));
  EXPECT_THAT(lists_.List(1), ElementsAre(Scored{0, 110}, Scored{2, 105}));
  EXPECT_THAT(Put(0, 10, true), IsEmpty());  // nothing changed
  EXPECT_THAT(Put(0, 11, true), UnorderedElementsAre(0, 1));
  EXPECT_THAT(Put(0, 11, false), UnorderedElementsAre(1));
  EXPECT_THAT(Remove(1), ElementsAre(0));
  EXPECT_THAT(Remove(1), IsEmpty());
}

TEST_F(TopListsTest, FillsAListAgainOnlyBelowK) {
  for (uint32_t project = 0; project < 6; ++project) Put(project, static_cast<int16_t>(project), false);
  refills_ = 0;
  EXPECT_THAT(Remove(5), ElementsAre(0));
  EXPECT_EQ(refills_, 0);
  EXPECT_THAT(Remove(4), ElementsAre(0));
  EXPECT_EQ(refills_, 1);
  EXPECT_THAT(lists_.List(0), ElementsAre(Scored{3, 3}, Scored{2, 2}));
}

TEST_F(TopListsTest, ForgetsAnInvestor) {
  Put(0, 10, true);
  EXPECT_TRUE(lists_.InvestorChanged(1, nullptr));
  EXPECT_FALSE(lists_.InvestorChanged(1, nullptr));
  EXPECT_FALSE(lists_.InvestorChanged(99, nullptr));
  EXPECT_THAT(lists_.List(1), IsEmpty());
  EXPECT_THAT(lists_.List(99), IsEmpty());
  EXPECT_THAT(Put(0, 12, true), ElementsAre(0));
}

TEST_F(TopListsTest, SaysWhetherAnInvestorsListChanged) {
  Put(0, 10, true);
  EXPECT_FALSE(lists_.InvestorChanged(0, forms_[0]));
  InvestorForm biased;
  biased.bias = 1;
  forms_[0] = std::make_shared<InvestorForm>(biased);
  EXPECT_TRUE(lists_.InvestorChanged(0, forms_[0]));
}

}  // namespace
}  // namespace tandem::pairing::matching
