// InvestorIndex against the naive scan on random markets that change, old snapshots included.
#include "services/pairing/matching/index/investor_index.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/differential/long_mode.h"
#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

using ::testing::ElementsAreArray;

uint64_t Queries() { return DifferentialQueries(3000); }

struct Version {
  std::shared_ptr<const InvestorIndexSnapshot> snapshot;
  Forms forms;
};

void Compare(const Version& version, const ProjectRow& row, uint32_t project, size_t k, const PairExtras* extras,
             const SlotOrder& order) {
  const TopList expected = NaiveInvestors(version.forms, row, project, k, extras, order);
  const TopList actual = version.snapshot->Top(row, project, k, extras);
  EXPECT_THAT(actual.best, ElementsAreArray(expected.best));
  EXPECT_EQ(actual.passed, expected.passed);
  EXPECT_EQ(actual.considered, expected.considered);
}

TEST(InvestorIndexDifferential, AnswersAsTheScanDoes) {
  constexpr size_t kQueriesOfAMarket = 100;
  const uint64_t first = DifferentialSeed();
  const uint64_t markets = (Queries() + kQueriesOfAMarket - 1) / kQueriesOfAMarket;
  for (uint64_t seed = first; seed < first + markets; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const MarketShape shape = RandomShape(random);
    const ShuffledOrder order(seed);
    InvestorIndex index(&order);
    Forms forms;
    const uint32_t slots = 1 + random.Below(random.Chance(20) ? 1200 : 300);
    std::vector<Version> versions;
    for (size_t q = 0; q < kQueriesOfAMarket; ++q) {
      for (uint32_t change = q == 0 ? slots : random.Below(8); change > 0; --change) {
        const uint32_t slot = random.Below(slots);
        if (random.Chance(15)) {
          index.Remove(slot);
          forms.erase(slot);
        } else {
          forms[slot] = std::make_shared<InvestorForm>(RandomForm(random, shape));
          index.Put(slot, forms[slot]);
        }
      }
      versions.push_back({index.Publish(), forms});
      if (versions.size() > 4) versions.erase(versions.begin() + random.Below(4));
      const Version& version = versions[random.Below(static_cast<uint32_t>(versions.size()))];
      // Extras are of now; a version asks them with its own flags.
      RandomExtras extras(seed, shape.extra_points);
      const uint32_t project = random.Below(1000);
      const ProjectRow row = RandomRow(random, shape);
      extras.SetRow(project, row);
      for (const auto& [slot, form] : version.forms) extras.SetForm(slot, *form);
      Compare(version, row, project, random.Chance(10) ? random.Below(3) : 1 + random.Below(80),
              random.Chance(20) ? nullptr : &extras, order);
      if (::testing::Test::HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace tandem::pairing::matching
