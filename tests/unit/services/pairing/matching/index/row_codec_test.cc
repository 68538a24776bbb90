#include "services/pairing/matching/index/row_codec.h"

#include <limits>

#include "gtest/gtest.h"

#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

TEST(RowCodec, RandomRowsComeBack) {
  Random random(1);
  for (int i = 0; i < 5000; ++i) {
    ProjectRow row = RandomRow(random, RandomShape(random));
    row.text = nullptr;
    EXPECT_TRUE(SameRow(DecodeRow(EncodeRow(row)), row)) << i;
  }
}

TEST(RowCodec, ExtremeValuesComeBack) {
  ProjectRow row;
  row.codes.fill(UINT16_MAX);
  row.sector_count = ProjectRow::kMostSectors;
  for (uint16_t i = 0; i < ProjectRow::kMostSectors; ++i) row.sectors[i] = static_cast<uint16_t>(UINT16_MAX - i);
  row.points = INT16_MIN;
  row.ask_least = INT32_MIN;
  row.ask_most = INT32_MAX;
  row.extra_gates = row.extra_points = true;
  EXPECT_TRUE(SameRow(DecodeRow(EncodeRow(row)), row));
  row.ask_least = INT32_MAX;
  row.ask_most = INT32_MIN;
  row.points = INT16_MAX;
  EXPECT_TRUE(SameRow(DecodeRow(EncodeRow(row)), row));
  EXPECT_TRUE(SameRow(DecodeRow(EncodeRow(ProjectRow())), ProjectRow()));
}

TEST(RowCodec, TextsComeBack) {
  for (const TextWeights& text :
       {TextWeights{}, TextWeights{{0, 255}}, TextWeights{{5, 0}, {6, 7}, {UINT32_MAX, 255}}}) {
    ProjectRow before, after;
    before.text = std::make_shared<const TextWeights>(text);
    after.text = std::make_shared<const TextWeights>(DecodeText(EncodeText(text)));
    EXPECT_EQ(after.text->size(), text.size());
    EXPECT_TRUE(SameRow(before, after));
  }
}

TEST(RowCodec, NormIsRoundedUp) {
  EXPECT_EQ(TextNorm({}), 0u);
  EXPECT_EQ(TextNorm({{1, 255}}), 255u);
  EXPECT_EQ(TextNorm({{1, 3}, {2, 4}}), 5u);
  EXPECT_EQ(TextNorm({{1, 1}, {2, 1}}), 2u);
  EXPECT_EQ(TextNorm({{1, -4}, {2, 3}}), 5u);
}

TEST(RowCodec, FortyEightTermsTakeAtMost150Bytes) {
  Random random(1);
  TextWeights text;
  for (uint32_t term = 0; text.size() < 48; term += 1 + random.Below(1660)) text.push_back({term, 37});
  EXPECT_LE(EncodeText(text).size(), 150u);
}

}  // namespace
}  // namespace tandem::pairing::matching
