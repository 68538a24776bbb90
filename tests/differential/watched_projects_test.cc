// WatchedProjects against computing every watched list again after every change of an investor.
#include "services/pairing/matching/index/watched_projects.h"

#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/differential/long_mode.h"
#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

using ::testing::ElementsAreArray;

uint64_t Changes() { return DifferentialQueries(10'000); }

struct Answer {
  size_t k = 0;
  std::vector<Scored> best;
};

void RunMarket(uint64_t seed, size_t changes) {
  Random random(seed);
  const MarketShape shape = RandomShape(random);
  const ShuffledOrder order(seed);
  RandomExtras some_extras(seed, shape.extra_points);
  const PairExtras* extras = random.Chance(70) ? &some_extras : nullptr;
  WatchedProjects watched(&order);
  Rows rows;
  Forms forms;
  std::map<uint32_t, Answer> answers;
  for (uint32_t project = 0; project < 25; ++project) {
    rows[project] = RandomRow(random, shape);
    some_extras.SetRow(project, rows[project]);
  }
  for (size_t change = 0; change < changes; ++change) {
    SCOPED_TRACE("change " + std::to_string(change));
    for (int asks = 0; asks < 3; ++asks) {
      const uint32_t project = random.Below(25);
      if (random.Chance(10)) {
        watched.Forget(project);
        answers.erase(project);
        continue;
      }
      const size_t k = random.Below(12);
      answers[project] = {k, NaiveInvestors(forms, rows[project], project, k, extras, order).best};
      watched.Watch(project, rows[project], answers[project].best, k);
    }
    const uint32_t investor = random.Below(30);
    const InvestorForm* now = nullptr;
    if (random.Chance(80)) {
      auto form = std::make_shared<InvestorForm>(RandomForm(random, shape));
      // Often only a little of what was there.
      if (const auto it = forms.find(investor); it != forms.end() && random.Chance(50)) {
        *form = *it->second;
        form->columns[random.Below(kColumnCount)].otherwise = 0;
      }
      some_extras.SetForm(investor, *form);
      forms[investor] = form;
      now = form.get();
    } else {
      forms.erase(investor);
    }
    std::vector<uint32_t> expected;
    for (const auto& [project, answer] : answers) {
      const TopList list = NaiveInvestors(forms, rows[project], project, answer.k, extras, order);
      if (list.best != answer.best) expected.push_back(project);
    }
    ASSERT_THAT(watched.InvestorChanged(investor, now, extras), ElementsAreArray(expected));
    for (const uint32_t project : expected) answers.erase(project);
    ASSERT_EQ(watched.size(), answers.size());
  }
}

TEST(WatchedProjectsDifferential, NamesExactlyTheListsThatChanged) {
  constexpr size_t kChangesOfAMarket = 200;
  const uint64_t first = DifferentialSeed();
  const uint64_t markets = (Changes() + kChangesOfAMarket - 1) / kChangesOfAMarket;
  for (uint64_t seed = first; seed < first + markets; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RunMarket(seed, kChangesOfAMarket);
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace tandem::pairing::matching
