#include "services/pairing/matching/index/loss_scan.h"

#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "gtest/gtest.h"

#include "services/pairing/matching/index/investor_blocks.h"
#include "services/pairing/matching/index/project_terms.h"
#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

TEST(LossScan, AllInstructionSetsFindTheSameAndAllThatReaches) {
  Random random(17);
  size_t passing = 0, dropped = 0;
  for (int round = 0; round < 400; ++round) {
    const MarketShape shape = RandomShape(random);
    LineArena arena;
    PostingPlaces places(64);
    InvestorBlocks list(&arena, &places);
    const ProjectRow row = RandomRow(random, shape);
    std::vector<bool> reaches;
    const uint32_t count = 1 + random.Below(64);
    for (uint32_t i = 0; i < count; ++i) {
      InvestorForm form = RandomForm(random, shape);
      if (random.Chance(10)) form.columns[kTrlColumn] = {-32767, {{3, 32767}}};
      const InvestorLosses losses(form);
      const std::optional<int32_t> score = LinearScore(row, form);
      const int32_t floor = score.value_or(0) + random.Between(-400, 100);
      places[i].emplace_back();
      list.Add(i, 0, losses, InvestorLosses::Slack(losses.best, floor));
      reaches.push_back(score.has_value() && *score >= floor);
    }
    const LossProbe probe(row, row.text == nullptr ? 0 : LengthOf(*row.text), random.Chance(30));
    ASSERT_EQ(list.blocks().size(), 1u);
    const InvestorBlocks::Block& common = list.blocks().front();
    const LossBlock& block = common.losses;
    const uint64_t expected = LossScanOf(InstructionSet::kPortable)(block, probe);
    for (uint32_t i = 0; i < 64; ++i) {
      const bool passes = (expected >> i & 1) != 0;
      ASSERT_FALSE(i >= count && passes);
      ASSERT_TRUE((passes && common.MayMeet(probe)) || i >= count || !reaches[i])
          << "round " << round << ", investor " << i;
    }
    passing += static_cast<size_t>(std::popcount(expected));
    dropped += count - static_cast<size_t>(std::popcount(expected));
    for (const InstructionSet set : InstructionSets()) {
      ASSERT_EQ(LossScanOf(set)(block, probe), expected) << InstructionSetName(set) << ", round " << round;
    }
  }
  EXPECT_GT(passing, 1000u);
  EXPECT_GT(dropped, 1000u);
}

}  // namespace
}  // namespace tandem::pairing::matching
