#include "services/pairing/matching/index/investor_losses.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "gtest/gtest.h"

#include "services/pairing/matching/index/project_terms.h"
#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

// What an investor gives a project at the most by these bytes, in points above its floor; nothing when they refuse it.
std::optional<int64_t> Reach(const InvestorLosses& investor, const LossProbe& probe, int64_t floor) {
  const auto byte = [&](size_t number) { return int64_t{investor.bytes[number]}; };
  const auto points = [&](size_t number) { return int64_t{static_cast<int8_t>(investor.bytes[number])}; };
  if (byte(InvestorLosses::kTicketLeast) > probe.ask_most || byte(InvestorLosses::kTicketMost) < probe.ask_least) {
    return std::nullopt;
  }
  int64_t reach = InvestorLosses::Slack(investor.best, floor) + probe.points;
  for (const uint16_t number : probe.losses) {
    if (byte(number) == InvestorLosses::kRefusedLoss) return std::nullopt;
    reach -= byte(number);
  }
  int64_t sectors = points(InvestorLosses::kOwn);
  for (size_t s = 0; s < probe.gain_count; ++s) {
    sectors += std::min(points(probe.gains[s][0]), points(probe.gains[s][1]));
  }
  reach += (sectors * 8 * probe.norm) >> 16;
  reach += byte(InvestorLosses::kText) * probe.text_factor >> 4;
  if (probe.extra) reach += byte(InvestorLosses::kExtra);
  return reach * InvestorLosses::kStep;
}

TEST(InvestorLosses, TellWhatCodesLose) {
  InvestorForm form;
  form.bias = 8;
  form.columns[kStageColumn] = {kRefused, {{1, 160}, {2, 40}}};
  form.columns[kCountryColumn] = {-32, {{3, 16}}};
  const InvestorLosses investor(form);
  EXPECT_EQ(investor.best, 8 + 160 + 16);
  ProjectRow row;
  row.codes[kStageColumn] = 2;
  const auto loss = [&](Column column) { return investor.bytes[LossProbe(row, 0, false).losses[column]]; };
  EXPECT_EQ(loss(kStageColumn), (160 - 40) / InvestorLosses::kStep);
  EXPECT_EQ(loss(kCountryColumn), (16 + 32) / InvestorLosses::kStep);
  EXPECT_EQ(loss(kTrlColumn), 0);
  row.codes[kCountryColumn] = 3;
  row.codes[kStageColumn] = 3;
  EXPECT_EQ(loss(kStageColumn), InvestorLosses::kRefusedLoss);
  EXPECT_EQ(loss(kCountryColumn), 0);
}

TEST(InvestorLosses, OfASectorsListDoNotCountThatSectorTwice) {
  InvestorForm form;
  form.sectors.required = true;
  form.sectors.otherwise = -64;
  form.sectors.listed = {{1, 640, true, false}, {2, 320, false, false}};
  InvestorLosses investor(form);
  investor.SetOwn(form, 1);
  EXPECT_EQ(investor.bytes[InvestorLosses::kOwn], 640 / InvestorLosses::kSectorStep);
  ProjectRow row;
  row.sector_count = 3;
  row.sectors = {1, 2, 3};
  const LossProbe probe = LossProbe(row, 0, false).Without(0);
  EXPECT_EQ(probe.gain_count, 2);
  // Of the two others, 320 - 64.
  EXPECT_EQ(Reach(investor, probe, 0), 640 + 320 - 64 + InvestorLosses::kStep);
}

TEST(InvestorLosses, SlackIsKnownUpToALimit) {
  EXPECT_EQ(InvestorLosses::Slack(160, 0), 160 / InvestorLosses::kStep);
  EXPECT_EQ(InvestorLosses::Slack(161, 0), 160 / InvestorLosses::kStep + 1);
  EXPECT_EQ(InvestorLosses::Slack(0, 161), -160 / InvestorLosses::kStep);
  EXPECT_EQ(InvestorLosses::Slack(0, std::numeric_limits<int32_t>::min()), InvestorLosses::kAlways);
  EXPECT_EQ(InvestorLosses::Slack(0, std::numeric_limits<int32_t>::max()), InvestorLosses::kLeastSlack);
}

TEST(InvestorLosses, NeverKeepAwayWhatReachesTheFloor) {
  Random random(3);
  size_t refused = 0, pairs = 0;
  for (int market = 0; market < 300; ++market) {
    const MarketShape shape = RandomShape(random);
    for (int i = 0; i < 60; ++i) {
      const ProjectRow row = RandomRow(random, shape);
      InvestorForm form = RandomForm(random, shape);
      // The widest points there are, now and then.
      if (random.Chance(10)) form.columns[kTrlColumn] = {-32767, {{3, 32767}}};
      if (random.Chance(10)) form.sectors.otherwise = static_cast<int16_t>(random.Between(-32767, 32767));
      if (random.Chance(10)) {
        for (auto& listed : form.sectors.listed) listed.points = static_cast<int16_t>(random.Between(-32767, 32767));
      }
      if (random.Chance(5)) form.bias = random.Between(-3'000'000, 3'000'000);
      InvestorLosses investor(form);
      LossProbe probe(row, row.text == nullptr ? 0 : LengthOf(*row.text), false);
      if (row.sector_count > 0 && random.Chance(50)) {
        const size_t own = random.Below(row.sector_count);
        investor.SetOwn(form, row.sectors[own]);
        bool listed = false;
        for (const auto& sector : form.sectors.listed) listed |= sector.sector == row.sectors[own] && !sector.refused;
        if (!listed) continue;  // has no such list
        probe = probe.Without(own);
      }
      const std::optional<int32_t> score = LinearScore(row, form);
      ++pairs;
      const std::optional<int64_t> reach = Reach(investor, probe, score.value_or(0));
      refused += reach.has_value() ? 0 : 1;
      ASSERT_TRUE(!score.has_value() || (reach.has_value() && *reach >= 0)) << "market " << market << ", pair " << i;
    }
  }
  EXPECT_GT(refused, 1000u);
  EXPECT_GT(pairs, 10000u);
}

}  // namespace
}  // namespace tandem::pairing::matching
