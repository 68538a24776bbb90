#include "services/pairing/matching/index/investor_blocks.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "gtest/gtest.h"

#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

using Number = std::pair<uint32_t, uint32_t>;  // an investor and a number

class InvestorBlocksTest : public ::testing::Test {
 protected:
  void Add(uint32_t investor, uint32_t number, const InvestorForm& form, int16_t slack) {
    if (places_.size() <= investor) places_.resize(investor + 1);
    if (places_[investor].size() <= number) places_[investor].resize(number + 1);
    const InvestorLosses losses(form);
    list_.Add(investor, number, losses, slack);
    expected_.insert_or_assign({investor, number}, std::pair(losses, slack));
  }
  void Remove(Number number) {
    list_.Remove(number.first, number.second);
    expected_.erase(number);
  }

  // Everything is where the places say, in a block that says so, and nothing else is there.
  void Check() const {
    size_t count = 0;
    uint32_t key = 0;
    for (const InvestorBlocks::Block& block : list_.blocks()) {
      ASSERT_GT(block.losses.count, 0u);
      ASSERT_LE(block.losses.count, block.losses.capacity);
      ASSERT_GE(block.first_key, key);
      count += block.losses.count;
      for (uint32_t lane = 0; lane < block.losses.count; ++lane) {
        const InvestorBlocks::Entry& entry = block.entries()[lane];
        const auto it = expected_.find({entry.investor, entry.number});
        ASSERT_NE(it, expected_.end());
        const auto& [losses, slack] = it->second;
        const PostingPlace place = places_[entry.investor][entry.number];
        ASSERT_EQ(place.memory, block.losses.memory);
        ASSERT_EQ(place.lane, lane);
        ASSERT_EQ(*place.slack(), slack);
        ASSERT_GE(losses.key, block.first_key);
        key = std::max(key, block.first_key);
        for (size_t byte = 0; byte < InvestorLosses::kBytes; ++byte) {
          ASSERT_EQ(block.losses.bytes(byte)[lane], losses.bytes[byte]);
        }
        ASSERT_EQ(InvestorLosses::StagesOf(losses.key) & ~block.stages, 0u);
        ASSERT_LE(block.ticket_least, losses.bytes[InvestorLosses::kTicketLeast]);
        ASSERT_GE(block.ticket_most, losses.bytes[InvestorLosses::kTicketMost]);
      }
    }
    ASSERT_EQ(count, expected_.size());
  }

  LineArena arena_;
  PostingPlaces places_;
  InvestorBlocks list_{&arena_, &places_};
  std::map<Number, std::pair<InvestorLosses, int16_t>> expected_;
};

TEST_F(InvestorBlocksTest, KeepWhatIsInThemThroughManyChanges) {
  Random random(5);
  const MarketShape shape = RandomShape(random);
  size_t most_blocks = 0;
  // Grows to some hundreds, and goes back to none.
  for (int change = 0; change < 6000; ++change) {
    const bool adds = random.Chance(change < 3000 ? 70 : 30);
    const Number number = {random.Below(700), random.Below(3)};
    if (adds && !expected_.contains(number)) {
      Add(number.first, number.second, RandomForm(random, shape), static_cast<int16_t>(random.Below(1000)));
    } else if (!adds && !expected_.empty()) {
      auto it = expected_.lower_bound(number);
      Remove(it == expected_.end() ? expected_.begin()->first : it->first);
    }
    if (change % 50 == 0) Check();
    if (HasFatalFailure()) return;
    most_blocks = std::max(most_blocks, list_.blocks().size());
  }
  EXPECT_GT(most_blocks, 4u);
  while (!expected_.empty()) Remove(expected_.begin()->first);
  EXPECT_TRUE(list_.blocks().empty());
}

TEST_F(InvestorBlocksTest, LeaveOutBlocksOfOtherStagesAndTickets) {
  InvestorForm form;
  for (uint32_t investor = 0; investor < 640; ++investor) {
    form.columns[kStageColumn] = {kRefused, {{static_cast<uint16_t>(1 + investor % 4), 10}}};
    form.ticket_least = 12'000'000 + static_cast<int32_t>(investor * 7919 % 640) * 10'000;
    form.ticket_most = form.ticket_least + 300'000;
    Add(investor, 0, form, 100);
  }
  Check();
  ProjectRow row;
  row.codes[kStageColumn] = 2;
  row.codes[kAskColumn] = 1;
  row.ask_least = row.ask_most = 15'000'000;
  const LossProbe probe(row, 0, false);
  size_t visited = 0;
  for (const InvestorBlocks::Block& block : list_.blocks()) visited += block.MayMeet(probe) ? 1 : 0;
  EXPECT_GE(visited, 1u);
  EXPECT_LE(visited * 4, list_.blocks().size());
}

}  // namespace
}  // namespace tandem::pairing::matching
