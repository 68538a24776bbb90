#include "services/pairing/matching/index/posting_block.h"

#include <vector>

#include "gtest/gtest.h"

namespace tandem::pairing::matching {
namespace {

TEST(PostingBlock, EveryLaneKeepsItsOwnPosting) {
  for (const uint32_t capacity : {16u, 32u, 64u}) {
    std::vector<uint8_t> block(BlockBytes(capacity));
    const auto posting_of = [](uint32_t lane) {
      Posting posting;
      posting.slot = 0xf0000000u + lane;
      posting.ask_least = static_cast<int16_t>(lane - 20);
      posting.ask_most = static_cast<int16_t>(lane + 1000);
      posting.points = static_cast<int16_t>(-3 * static_cast<int>(lane));
      posting.flags = static_cast<uint8_t>(lane);
      posting.norm = static_cast<uint8_t>(lane + 1);
      for (int c = 0; c < kPostingColumns; ++c)
        posting.codes[c] = static_cast<uint8_t>(lane + 2 + static_cast<uint32_t>(c));
      for (uint32_t i = 0; i < kOthers; ++i) posting.others_low[i] = static_cast<uint8_t>(lane * 3 + i);
      for (uint32_t i = 0; i < kOthers / 2; ++i) posting.others_high[i] = static_cast<uint8_t>(lane * 5 + i);
      return posting;
    };
    for (uint32_t lane = 0; lane < capacity; ++lane) WritePosting(block.data(), capacity, lane, posting_of(lane));
    for (uint32_t lane = 0; lane < capacity; ++lane) {
      const Posting read = ReadPosting(block.data(), capacity, lane), wanted = posting_of(lane);
      EXPECT_EQ(read.slot, wanted.slot);
      EXPECT_EQ(read.ask_least, wanted.ask_least);
      EXPECT_EQ(read.ask_most, wanted.ask_most);
      EXPECT_EQ(read.points, wanted.points);
      EXPECT_EQ(read.flags, wanted.flags);
      EXPECT_EQ(read.norm, wanted.norm);
      EXPECT_EQ(std::memcmp(read.codes, wanted.codes, sizeof(wanted.codes)), 0);
      EXPECT_EQ(std::memcmp(read.others_low, wanted.others_low, sizeof(wanted.others_low)), 0);
      EXPECT_EQ(std::memcmp(read.others_high, wanted.others_high, sizeof(wanted.others_high)), 0);
    }
  }
}

TEST(PostingBlock, SmallCodesKeepAByteOfTheirOwnAndOthersShareTheUpperHalf) {
  for (uint32_t code = 0; code < 256; ++code) EXPECT_EQ(FoldCode(code), code);
  EXPECT_EQ(FoldCode(256), 128);
  EXPECT_EQ(FoldCode(300), 172);
  EXPECT_EQ(FoldCode(65535), 255);
}

TEST(PostingBlock, RangesStandBehindAmountsThenKeysRiseWithTheAskRoughlyThenTheSortedCodeThenTheSlot) {
  const auto key = [](int16_t least, int16_t most, uint8_t code, uint32_t slot) {
    Posting posting;
    posting.ask_least = least;
    posting.ask_most = most;
    posting.codes[kSortedColumn] = code;
    posting.slot = slot;
    return PostingKey(posting);
  };
  constexpr int16_t kStep = 1 << kBucketShift;
  EXPECT_LT(key(kNoAskLeast, kNoAskMost, 0, 9), key(-5, -5, 0, 1));
  EXPECT_LT(key(-5, -5, 255, UINT32_MAX), key(0, 0, 0, 0));
  EXPECT_LT(key(-1, -1, 9, 7), key(0, 0, 3, 7));
  EXPECT_LT(key(kStep - 1, kStep - 1, 9, 7), key(kStep, kStep, 3, 7));
  EXPECT_LT(key(4, 4, 3, 8), key(3, 3, 4, 7));
  EXPECT_LT(key(3, 3, 7, 7), key(4, 4, 7, 8));
  EXPECT_LT(key(900, 900, 0, 7), key(3, 4, 0, 7));
  EXPECT_LT(key(3, 3000, 0, 7), key(4, 5, 0, 8));
}

}  // namespace
}  // namespace tandem::pairing::matching
