#include "services/pairing/matching/index/kernels.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "services/pairing/matching/index/dispatch.h"
#include "services/pairing/matching/index/posting_block.h"
#include "services/pairing/matching/index/query_tables.h"
#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

struct Block {
  std::vector<uint8_t> bytes;
  uint32_t count = 0;
  bool asks_meet = false;
};

// What a block says to a form, as text.
std::string Answer(const Block& block, const Cell& cell, const QueryTables& tables, int32_t threshold) {
  Candidate found[kMostPostings];
  uint32_t passed = 0;
  const BlockView view = {block.bytes.data(), BlockCapacity(block.count), block.count, block.asks_meet};
  const int written = CurrentScan()(view, cell, tables, threshold, found, &passed);
  std::string answer = std::to_string(passed);
  for (int i = 0; i < written; ++i) {
    const Candidate& c = found[i];
    answer += " " + std::to_string(c.lane) + ":" + std::to_string(c.score) + ":" + std::to_string(c.flags) + ":" +
              std::to_string(c.open);
  }
  return answer;
}

// Every part at random, but for codes, sectors and norms that no row can have. The lanes behind the count, too.
Block RandomBlock(Random& random, const IndexRange& range) {
  Block block;
  block.count = 1 + random.Below(kMostPostings);
  block.asks_meet = random.Chance(30);
  const uint32_t capacity = BlockCapacity(block.count);
  block.bytes.resize(BlockBytes(capacity));
  for (uint32_t lane = 0; lane < capacity; ++lane) {
    Posting posting;
    posting.slot = random.Below(1u << 31);
    posting.ask_least = ShortAsk(random.Between(9'000'000, 24'000'000));
    posting.ask_most = static_cast<int16_t>(posting.ask_least + random.Between(0, 800));
    posting.points =
        static_cast<int16_t>(random.Chance(80) ? random.Between(-900, 900) : random.Between(-32768, 32767));
    posting.flags = static_cast<uint8_t>(kEvery | (random.Chance(80) ? random.Below(4) : random.Below(64)));
    posting.norm = static_cast<uint8_t>(random.Chance(95) ? random.Below(range.norm_count) : kOtherNorm);
    for (int c = 0; c < kPostingColumns; ++c) {
      posting.codes[c] = FoldCode(random.Skewed(range.codes_end[static_cast<size_t>(c)]));
    }
    for (int i = 0; i < kOthers; ++i) {
      const uint32_t sector = random.Chance(50) ? kNoSector : random.Below(std::min(range.sectors_end, kNoSector));
      posting.others_low[i] = static_cast<uint8_t>(sector);
      posting.others_high[i / 2] = static_cast<uint8_t>(posting.others_high[i / 2] | (sector >> 8) << (4 * (i & 1)));
    }
    WritePosting(block.bytes.data(), capacity, lane, posting);
  }
  return block;
}

constexpr uint32_t kSectorCounts[] = {1, 30, 255, 256, 257, 500, 4095, 5000};
constexpr int32_t kMostPoints[] = {0, 3, 900, 8000, 32767};

TEST(Kernels, EveryInstructionSetGivesTheSameAnswer) {
  Random random(1);
  auto prepared = std::make_unique<PreparedForm>();
  size_t told = 0, pruned = 0;
  for (int round = 0; round < 1500; ++round) {
    MarketShape shape = RandomShape(random);
    shape.sectors = kSectorCounts[random.Below(8)];
    shape.most_points = kMostPoints[random.Below(5)];
    shape.refusing = random.Chance(50) ? 0 : 10;
    std::vector<uint16_t> norms(1 + random.Below(random.Chance(50) ? 6 : kOtherNorm));
    for (uint16_t& norm : norms) norm = static_cast<uint16_t>(random.Chance(20) ? 1024 : random.Below(1025));
    IndexRange range = {norms.data(), static_cast<uint32_t>(norms.size()), shape.sectors, {}};
    for (size_t c = 0; c < range.codes_end.size(); ++c) {
      // Forms may list codes that no row has.
      range.codes_end[c] = random.Chance(80) ? shape.codes[RowColumn(c)] : 1 + random.Below(shape.codes[RowColumn(c)]);
    }
    InvestorForm form = RandomForm(random, shape);
    form.sectors.required = true;  // few cells to list
    PrepareForm(form, range, random.Chance(50), *prepared);
    const QueryTables& tables = prepared->tables;
    for (int visit = 0; visit < 4; ++visit) {
      const Block block = RandomBlock(random, range);
      const uint32_t sector = random.Below(shape.sectors);
      const Cell cell{form.bias, tables.sectors[std::min(sector, kNoSector)] >> 2, sector, random.Chance(70)};
      const int32_t top = cell.base + tables.column_most;
      const int32_t threshold = random.Chance(15)   ? INT32_MIN
                                : random.Chance(5)  ? INT32_MAX
                                : random.Chance(40) ? random.Between(-3000, 3000)
                                                    : top - random.Between(-5000, 5 * shape.most_points);
      ForceInstructionSet(InstructionSet::kPortable);
      const std::string wanted = Answer(block, cell, tables, threshold);
      told += wanted.find(':') != std::string::npos;
      pruned += wanted != "0" && wanted.find(':') == std::string::npos;
      for (const InstructionSet set : InstructionSets()) {
        ForceInstructionSet(set);
        ASSERT_EQ(Answer(block, cell, tables, threshold), wanted) << InstructionSetName(set) << " round " << round;
      }
      ForceInstructionSet(std::nullopt);
    }
  }
  EXPECT_GT(told, 300u) << "most blocks had nothing to say";
  EXPECT_GT(pruned, 300u) << "hardly a block was below the threshold";
}

}  // namespace
}  // namespace tandem::pairing::matching
