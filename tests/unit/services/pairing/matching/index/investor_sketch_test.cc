#include "services/pairing/matching/index/investor_sketch.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "gtest/gtest.h"

#include "services/pairing/matching/index/flat_form.h"
#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

// Bias and points of the columns; nothing when one refuses.
std::optional<int32_t> ColumnSum(const ProjectRow& row, const InvestorForm& form) {
  int32_t sum = form.bias;
  for (size_t c = 0; c < kColumnCount; ++c) {
    int16_t points = form.columns[c].otherwise;
    for (const auto& listed : form.columns[c].listed) {
      if (listed.code == row.codes[c]) points = listed.points;
    }
    if (points == kRefused) return std::nullopt;
    sum += points;
  }
  return sum;
}

int32_t OtherSectors(const ProjectRow& row, const InvestorForm& form) {
  int32_t sum = 0;
  for (size_t i = 0; i < row.sector_count; ++i) {
    int16_t points = form.sectors.otherwise;
    for (const auto& listed : form.sectors.listed) {
      if (listed.sector == row.sectors[i] && !FlatForm::Decides(form.sectors, listed)) points = listed.points;
    }
    sum += points;
  }
  return sum;
}

// The most that columns give by the sketch; nothing when it knows that one refuses.
std::optional<int64_t> MostOf(const SketchProbe& probe, const InvestorSketch& sketch) {
  const int32_t near = probe.NearLoss(sketch.near), far = probe.FarLoss(sketch.far, sketch.near.shift);
  if (near == SketchProbe::kImpossible || far == SketchProbe::kImpossible) return std::nullopt;
  return int64_t{sketch.near.best} - near - far;
}

TEST(InvestorSketch, IsExactForFewCodesOfSmallPoints) {
  InvestorForm form;
  form.bias = 7;
  form.columns[kStageColumn] = {kRefused, {{1, 100}, {2, 40}}};
  form.columns[kCountryColumn] = {-20, {{3, 6}}};
  const InvestorSketch sketch(form);
  ProjectRow row;
  row.codes[kStageColumn] = 2;
  EXPECT_EQ(MostOf(SketchProbe(row), sketch), 7 + 40 - 20);
  row.codes[kCountryColumn] = 3;
  EXPECT_EQ(MostOf(SketchProbe(row), sketch), 7 + 40 + 6);
  row.codes[kStageColumn] = 3;
  EXPECT_EQ(MostOf(SketchProbe(row), sketch), std::nullopt);
}

TEST(InvestorSketch, TellsWhatOtherSectorsAddAtMost) {
  InvestorForm form;
  form.sectors.required = true;
  form.sectors.otherwise = -10;
  form.sectors.listed = {{1, 500, true, false}, {2, 30, false, false}};
  const InvestorSketch sketch(form);
  EXPECT_EQ(sketch.near.sector_most, 30);
  ProjectRow row;
  row.sector_count = 2;
  row.sectors = {1, 2};
  EXPECT_EQ(SketchProbe(row).SectorGain(sketch.far, sketch.near.shift), 40);
  row.sectors = {1, 3};
  EXPECT_EQ(SketchProbe(row).SectorGain(sketch.far, sketch.near.shift), 0);
}

TEST(InvestorSketch, IsNeverBelowWhatAPairHas) {
  Random random(3);
  size_t known_refused = 0;
  for (int market = 0; market < 300; ++market) {
    const MarketShape shape = RandomShape(random);
    for (int i = 0; i < 60; ++i) {
      const ProjectRow row = RandomRow(random, shape);
      InvestorForm form = RandomForm(random, shape);
      // The widest points there are, now and then.
      if (random.Chance(10)) form.columns[kTrlColumn] = {-32767, {{3, 32767}}};
      const InvestorSketch sketch(form);
      const SketchProbe probe(row);
      const std::optional<int32_t> sum = ColumnSum(row, form);
      const std::optional<int64_t> most = MostOf(probe, sketch);
      known_refused += most.has_value() ? 0 : 1;
      ASSERT_TRUE(!sum.has_value() || (most.has_value() && *most >= *sum)) << "market " << market << ", pair " << i;
      const int32_t sectors =
          row.sector_count * form.sectors.otherwise + probe.SectorGain(sketch.far, sketch.near.shift);
      ASSERT_GE(sectors, OtherSectors(row, form)) << "market " << market << ", pair " << i;
    }
  }
  EXPECT_GT(known_refused, 1000u);
}

}  // namespace
}  // namespace tandem::pairing::matching
