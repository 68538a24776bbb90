#include "services/pairing/matching/index/investor_filter.h"

#include <cstdint>

#include "gtest/gtest.h"

#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

TEST(InvestorFilter, RefusesByStageAndTicket) {
  InvestorForm form;
  form.columns[kStageColumn] = {kRefused, {{2, 10}}};
  form.ticket_least = 12'000'000;
  form.ticket_most = 14'000'000;
  ProjectRow row;
  row.codes[kStageColumn] = 2;
  EXPECT_TRUE(FilterOf(row).MayMeet(FilterOf(form)));
  row.codes[kAskColumn] = 1;
  row.ask_least = row.ask_most = 14'000'000;
  EXPECT_TRUE(FilterOf(row).MayMeet(FilterOf(form)));
  row.ask_least = row.ask_most = 14'010'000;
  EXPECT_FALSE(FilterOf(row).MayMeet(FilterOf(form)));
  row.ask_least = row.ask_most = 11'990'000;
  EXPECT_FALSE(FilterOf(row).MayMeet(FilterOf(form)));
  row.ask_most = 15'000'000;
  EXPECT_TRUE(FilterOf(row).MayMeet(FilterOf(form)));
  row.codes[kStageColumn] = 3;
  EXPECT_FALSE(FilterOf(row).MayMeet(FilterOf(form)));
}

TEST(InvestorFilter, NeverRefusesWhatTheScoreAllows) {
  Random random(11);
  size_t refused = 0;
  for (int market = 0; market < 200; ++market) {
    const MarketShape shape = RandomShape(random);
    for (int i = 0; i < 100; ++i) {
      const ProjectRow row = RandomRow(random, shape);
      const InvestorForm form = RandomForm(random, shape);
      const bool may = FilterOf(row).MayMeet(FilterOf(form));
      refused += may ? 0 : 1;
      ASSERT_TRUE(may || !LinearScore(row, form).has_value()) << "market " << market << ", pair " << i;
    }
  }
  EXPECT_GT(refused, 1000u);
}

TEST(InvestorFilter, TakesAsksBeyondItsSteps) {
  ProjectRow row;
  row.codes[kAskColumn] = 1;
  row.ask_least = row.ask_most = 2'000'000'000;
  InvestorForm form;
  EXPECT_TRUE(FilterOf(row).MayMeet(FilterOf(form)));
  form.ticket_least = 1'900'000'000;
  EXPECT_TRUE(FilterOf(row).MayMeet(FilterOf(form)));
  row.ask_least = row.ask_most = -5'000'000;
  form = {};
  form.ticket_most = -4'000'000;
  EXPECT_TRUE(FilterOf(row).MayMeet(FilterOf(form)));
}

}  // namespace
}  // namespace tandem::pairing::matching
