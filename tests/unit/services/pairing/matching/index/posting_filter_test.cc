#include "services/pairing/matching/index/posting_filter.h"

#include <vector>

#include "gtest/gtest.h"

#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

TEST(PostingFilter, AllInstructionSetsFindWhatTheFilterLetsThrough) {
  Random random(17);
  for (int round = 0; round < 300; ++round) {
    const MarketShape shape = RandomShape(random);
    std::vector<InvestorFilter> filters(random.Below(70));
    for (InvestorFilter& filter : filters) filter = FilterOf(RandomForm(random, shape));
    const ProjectFilter project = FilterOf(RandomRow(random, shape));
    std::vector<uint32_t> expected;
    for (uint32_t i = 0; i < filters.size(); ++i) {
      if (project.MayMeet(filters[i])) expected.push_back(i);
    }
    for (const InstructionSet set : InstructionSets()) {
      std::vector<uint32_t> places(filters.size() + kFilterScanSpill);
      places.resize(FilterScanOf(set)(filters.data(), filters.size(), project, places.data()));
      ASSERT_EQ(places, expected) << InstructionSetName(set) << ", round " << round;
    }
  }
}

}  // namespace
}  // namespace tandem::pairing::matching
