#include "services/pairing/matching/index/kernels.h"

#include <memory>
#include <vector>

#include "gtest/gtest.h"

#include "services/pairing/matching/index/dispatch.h"
#include "services/pairing/matching/index/posting_block.h"
#include "services/pairing/matching/index/query_tables.h"
#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

// What a block says to a form, as text.
std::string Answer(const std::vector<uint8_t>& block, uint32_t capacity, uint32_t count, const Cell& cell,
                   const QueryTables& tables, int32_t threshold) {
  Candidate found[kMostPostings];
  uint32_t passed = 0;
  const int written = CurrentScan()(block.data(), capacity, count, cell, tables, threshold, found, &passed);
  std::string answer = std::to_string(passed);
  for (int i = 0; i < written; ++i) {
    const Candidate& c = found[i];
    answer += " " + std::to_string(c.slot) + ":" + std::to_string(c.score) + ":" + std::to_string(c.flags) + ":" +
              std::to_string(c.open);
  }
  return answer;
}

TEST(Kernels, EveryInstructionSetGivesTheSameAnswer) {
  Random random(1);
  std::vector<uint16_t> norms(kOtherCode);
  for (uint16_t& norm : norms) norm = static_cast<uint16_t>(random.Below(1025));
  auto prepared = std::make_unique<PreparedForm>();
  size_t answers = 0;
  for (int round = 0; round < 300; ++round) {
    MarketShape shape = RandomShape(random);
    shape.sectors = 4095;
    InvestorForm form = RandomForm(random, shape);
    form.sectors.required = true;  // few cells to list
    PrepareForm(form, norms.data(), kOtherCode, 4095, random.Chance(50), *prepared);
    const uint32_t count = 1 + random.Below(kMostPostings);
    const uint32_t capacity = BlockCapacity(count);
    std::vector<uint8_t> block(BlockBytes(capacity));
    for (uint8_t& byte : block) byte = static_cast<uint8_t>(random.Chance(70) ? random.Below(12) : random.Below(256));
    const Cell cell{random.Between(-900, 900), random.Between(-900, 900), random.Below(4095), random.Chance(50)};
    const int32_t threshold = random.Chance(30) ? INT32_MIN : random.Between(-2000, 2000);
    ForceInstructionSet(InstructionSet::kPortable);
    const std::string wanted = Answer(block, capacity, count, cell, prepared->tables, threshold);
    answers += wanted.size() > 4;
    for (const InstructionSet set : InstructionSets()) {
      ForceInstructionSet(set);
      EXPECT_EQ(Answer(block, capacity, count, cell, prepared->tables, threshold), wanted)
          << InstructionSetName(set) << " round " << round;
    }
    ForceInstructionSet(std::nullopt);
  }
  EXPECT_GT(answers, 50u) << "most blocks had nothing to say";
}

}  // namespace
}  // namespace tandem::pairing::matching
