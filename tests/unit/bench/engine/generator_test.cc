#include "tests/bench/engine/generator.h"

#include <set>

#include "gtest/gtest.h"

#include "services/pairing/matching/linear_form.h"
#include "tests/bench/engine/statistics.h"

namespace tandem::bench {
namespace {

using pairing::matching::LinearScore;

// Percents of the projects that investors let through.
std::vector<double> Shares(const MarketData& market) {
  std::vector<double> shares;
  for (const auto& form : market.forms) {
    size_t passed = 0;
    for (const auto& row : market.rows) passed += LinearScore(row, *form).has_value() ? 1 : 0;
    shares.push_back(100.0 * static_cast<double>(passed) / static_cast<double>(market.rows.size()));
  }
  return shares;
}

TEST(Generator, GatesLetAboutOnePercentThrough) {
  for (const uint64_t seed : {1, 2, 3}) {
    const std::vector<double> shares = Shares(GenerateMarket({.projects = 4000, .investors = 500, .seed = seed}));
    EXPECT_GT(Mean(shares), 0.8) << "seed " << seed;
    EXPECT_LT(Mean(shares), 1.7) << "seed " << seed;
    EXPECT_GT(Percentile(shares, 99), 5) << "seed " << seed;
    EXPECT_LT(Percentile(shares, 99), 11) << "seed " << seed;
  }
}

TEST(Generator, WithoutGatesEverythingPasses) {
  for (const double share : Shares(GenerateMarket({.projects = 500, .investors = 50, .gates = false})))
    EXPECT_EQ(share, 100);
}

TEST(Generator, GivesTheSameMarketForASeed) {
  const GeneratorOptions options = {.projects = 300, .investors = 30, .spare_projects = 10, .text = true, .seed = 5};
  const MarketData a = GenerateMarket(options), b = GenerateMarket(options);
  GeneratorOptions other_options = options;
  other_options.seed = 6;
  const MarketData other = GenerateMarket(other_options);
  ASSERT_EQ(a.rows.size(), 310u);
  EXPECT_EQ(a.live_projects, 300u);
  EXPECT_EQ(a.project_names, b.project_names);
  size_t different = 0;
  for (size_t i = 0; i < a.rows.size(); ++i) {
    EXPECT_EQ(a.rows[i].codes, b.rows[i].codes);
    different += a.rows[i].codes != other.rows[i].codes ? 1 : 0;
    for (const auto& form : a.forms) {
      EXPECT_EQ(LinearScore(a.rows[i], *form),
                LinearScore(b.rows[i], *b.forms[static_cast<size_t>(&form - a.forms.data())]));
    }
  }
  EXPECT_GT(different, 250u);
}

TEST(Generator, KeepsTheRulesOfRowsAndForms) {
  const MarketData market = GenerateMarket({.projects = 500, .investors = 100, .text = true});
  EXPECT_EQ(std::set<std::string>(market.project_names.begin(), market.project_names.end()).size(), 500u);
  for (const auto& row : market.rows) {
    EXPECT_EQ(std::set<uint16_t>(row.sectors.begin(), row.sectors.begin() + row.sector_count).size(), row.sector_count);
    EXPECT_LE(row.ask_least, row.ask_most);
    ASSERT_NE(row.text, nullptr);
    for (const auto& term : *row.text) EXPECT_TRUE(term.weight > 0 && term.weight <= 255) << term.weight;
  }
  std::vector<double> listed_points;
  for (const auto& form : market.forms) {
    size_t listed = form->sectors.listed.size();
    for (const auto& column : form->columns) {
      listed += column.listed.size();
      for (size_t i = 1; i < column.listed.size(); ++i) EXPECT_LT(column.listed[i - 1].code, column.listed[i].code);
    }
    listed_points.push_back(static_cast<double>(listed));
    for (size_t i = 1; i < form->sectors.listed.size(); ++i) {
      EXPECT_LT(form->sectors.listed[i - 1].sector, form->sectors.listed[i].sector);
    }
  }
  EXPECT_GE(Percentile(listed_points, 5), 25);
  EXPECT_LE(Percentile(listed_points, 95), 70);
}

}  // namespace
}  // namespace tandem::bench
