#include "services/pairing/matching/index/watched_projects.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(WatchedProjects, NamesAProjectOnceAndForgetsIt) {
  const ShuffledOrder order(1);
  WatchedProjects watched(&order);
  watched.Watch(4, {}, {{0, 10}, {1, 5}}, 2);
  watched.Watch(2, {}, {{0, 10}}, 2);
  InvestorForm form;
  form.bias = 4;
  EXPECT_THAT(watched.InvestorChanged(9, &form, nullptr), ElementsAre(2));  // it still had a place
  form.bias = 5;
  EXPECT_THAT(watched.InvestorChanged(1, &form, nullptr), IsEmpty());  // the score it had
  EXPECT_THAT(watched.InvestorChanged(8, nullptr, nullptr), IsEmpty());
  EXPECT_THAT(watched.InvestorChanged(1, nullptr, nullptr), ElementsAre(4));
  EXPECT_THAT(watched.InvestorChanged(0, nullptr, nullptr), IsEmpty());
  EXPECT_EQ(watched.size(), 0u);
}

}  // namespace
}  // namespace tandem::pairing::matching
