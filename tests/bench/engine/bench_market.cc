#include "tests/bench/engine/bench_market.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace tandem::pairing::matching {
namespace {

constexpr uint32_t kSectors = 500;  // 10 of the first level, 90 of the second, 400 of the third
constexpr uint32_t kCountries = 200;
constexpr int32_t kAskStepOfBench = 400'000;
constexpr int32_t kLeastAsk = 14'000'000, kMostAsk = 26'000'000;

uint16_t AskCode(int32_t ln) { return static_cast<uint16_t>(1 + (ln - kLeastAsk) / kAskStepOfBench); }

int32_t ParentOf(int32_t sector) {
  return sector < 10 ? -1 : sector < 100 ? (sector - 10) % 10 : 10 + (sector - 100) % 90;
}

// Points that fall off with the distance from a peak, for codes 1 to `codes`.
void AddKernel(ColumnPoints* column, int32_t codes, int32_t peak, int32_t height, int32_t slope) {
  for (int32_t code = 1; code <= codes; ++code) {
    const int32_t points = std::max(-600, height - slope * std::abs(code - peak));
    column->listed.push_back({static_cast<uint16_t>(code), static_cast<int16_t>(points)});
  }
}

}  // namespace

BenchMarket::Zipf::Zipf(uint32_t count, double exponent) {
  double sum = 0;
  std::vector<double> partial;
  for (uint32_t i = 1; i <= count; ++i) partial.push_back(sum += std::pow(i, -exponent));
  for (const double p : partial) cumulative.push_back(static_cast<uint32_t>(p / sum * 4e9));
}

uint32_t BenchMarket::Zipf::Draw(Random& random) const {
  const uint32_t at = random.Below(4'000'000'000u);
  const auto it = std::lower_bound(cumulative.begin(), cumulative.end(), at);
  return static_cast<uint32_t>(std::min<size_t>(static_cast<size_t>(it - cumulative.begin()), cumulative.size() - 1));
}

BenchMarket::BenchMarket(uint64_t seed, BenchShape shape)
    : random_(seed),
      shape_(shape),
      sectors_(kSectors, 0.9),
      countries_(kCountries, 1.0),
      terms_(40'000, 1.0),
      sets_(30, 1.0) {}

uint32_t BenchMarket::Sector() { return sectors_.Draw(random_) * 211 % kSectors; }

TextWeights BenchMarket::Text(uint32_t terms, int32_t length) {
  std::set<uint32_t> chosen;
  while (chosen.size() < terms) chosen.insert(terms_.Draw(random_));
  TextWeights text;
  double squares = 0;
  std::vector<double> weights;
  for (const uint32_t term : chosen) {
    weights.push_back(std::log(2.0 + term) * (1 + random_.Below(3)));  // rare terms weigh more
    squares += weights.back() * weights.back();
    text.push_back({term, 0});
  }
  for (size_t i = 0; i < text.size(); ++i) {
    text[i].weight = static_cast<int16_t>(std::lround(weights[i] * length / std::sqrt(squares)));
  }
  return text;
}

void BenchMarket::SetAsk(ProjectRow* row) {
  row->ask_least = random_.Between(kLeastAsk, kMostAsk);
  row->ask_most = row->ask_least + (random_.Chance(50) ? 0 : random_.Between(0, 700'000));
  row->codes[kAskColumn] = AskCode(row->ask_least);
}

ProjectRow BenchMarket::Project() {
  ProjectRow row;
  const uint32_t wanted = 1 + random_.Below(5);
  std::set<uint32_t> chosen;
  while (chosen.size() < wanted) chosen.insert(Sector());
  for (const uint32_t sector : chosen) row.sectors[row.sector_count++] = static_cast<uint16_t>(sector);
  row.sector_norm = static_cast<uint16_t>(1024 / std::sqrt(row.sector_count));
  row.codes[kStageColumn] = static_cast<uint16_t>(1 + random_.Below(8));
  row.codes[kRoundColumn] = static_cast<uint16_t>(1 + random_.Below(9));
  row.codes[kHistoryColumn] = static_cast<uint16_t>(random_.Below(3));
  const uint32_t country = countries_.Draw(random_);
  row.codes[kCountryColumn] = static_cast<uint16_t>(1 + country);
  row.codes[kRegionColumn] = static_cast<uint16_t>(1 + country * 8 + random_.Skewed(8));
  row.codes[kCityColumn] = static_cast<uint16_t>(1 + country * 40 + random_.Skewed(40));
  row.codes[kRegionRoundColumn] = static_cast<uint16_t>(row.codes[kRegionColumn] * 10 + row.codes[kRoundColumn]);
  row.codes[kTrlColumn] = static_cast<uint16_t>(random_.Below(10));
  row.codes[kInstrumentColumn] = static_cast<uint16_t>(1 + sets_.Draw(random_));
  row.codes[kCooperationColumn] = static_cast<uint16_t>(1 + sets_.Draw(random_));
  row.codes[kLanguageColumn] = static_cast<uint16_t>(1 + sets_.Draw(random_));
  SetAsk(&row);
  Tick(&row);
  if (shape_.text) row.text = std::make_shared<TextWeights>(Text(48, 255));
  return row;
}

void BenchMarket::Edit(ProjectRow* row) {
  SetAsk(row);
  row->codes[kStageColumn] = static_cast<uint16_t>(1 + random_.Below(8));
}

void BenchMarket::Tick(ProjectRow* row) { row->points = static_cast<int16_t>(random_.Skewed(500)); }

std::shared_ptr<const InvestorForm> BenchMarket::Investor() {
  auto form = std::make_shared<InvestorForm>();
  form->bias = random_.Between(-300, 300);
  // Sectors: those wanted with what is below them, and a little for what is above.
  std::vector<int16_t> points(kSectors, 0);
  std::vector<bool> accepted(kSectors, false);
  for (uint32_t wanted = 1 + random_.Below(12); wanted > 0; --wanted) {
    const auto sector = static_cast<int32_t>(Sector());
    const int32_t height = random_.Between(300, 1800);
    for (int32_t s = 0; s < static_cast<int32_t>(kSectors); ++s) {
      const bool below = s == sector || ParentOf(s) == sector;
      const bool above = s == ParentOf(sector);
      if (!below && !above) continue;
      const int32_t here = s == sector ? height : below ? height * 2 / 3 : height / 3;
      points[static_cast<size_t>(s)] = static_cast<int16_t>(std::max<int32_t>(points[static_cast<size_t>(s)], here));
      if (below && sector >= 10) accepted[static_cast<size_t>(s)] = true;
      if (s == sector) accepted[static_cast<size_t>(s)] = true;
    }
  }
  form->sectors.required = !random_.Chance(shape_.open_percent);
  form->sectors.otherwise = -200;
  for (uint32_t s = 0; s < kSectors; ++s) {
    if (points[s] != 0) form->sectors.listed.push_back({static_cast<uint16_t>(s), points[s], accepted[s], false});
  }
  // A range of stages, others refused; likewise of asks.
  auto& columns = form->columns;
  const int32_t stage = random_.Between(1, 8), width = random_.Between(1, 3);
  AddKernel(&columns[kStageColumn], 8, stage, 500, 250);
  for (auto& listed : columns[kStageColumn].listed) {
    if (std::abs(listed.code - stage) > width) listed.points = kRefused;
  }
  AddKernel(&columns[kRoundColumn], 9, random_.Between(1, 9), 400, 120);
  AddKernel(&columns[kHistoryColumn], 2, random_.Between(1, 2), random_.Between(0, 200), 100);
  const int32_t usual = random_.Between(kLeastAsk, kMostAsk);
  form->ticket_least = usual - random_.Between(700'000, 2'500'000);
  form->ticket_most = usual + random_.Between(700'000, 2'500'000);
  AddKernel(&columns[kAskColumn], AskCode(kMostAsk), AskCode(usual), 600, 90);
  AddKernel(&columns[kTrlColumn], 9, random_.Between(1, 9), 300, random_.Between(40, 110));
  // Places: some countries with regions of theirs; two fifths refuse all others.
  std::set<uint32_t> countries;
  for (uint32_t wanted = 1 + random_.Below(12); wanted > 0; --wanted) countries.insert(countries_.Draw(random_));
  columns[kCountryColumn].otherwise = random_.Chance(40) ? kRefused : int16_t{-150};
  for (const uint32_t country : countries) {
    columns[kCountryColumn].listed.push_back(
        {static_cast<uint16_t>(1 + country), static_cast<int16_t>(random_.Between(0, 700))});
    for (uint32_t region = 0; region < 8; ++region) {
      if (!random_.Chance(20)) continue;
      const auto code = static_cast<uint16_t>(1 + country * 8 + region);
      columns[kRegionColumn].listed.push_back({code, static_cast<int16_t>(random_.Between(0, 400))});
      const auto with_round = static_cast<uint16_t>(code * 10 + 1 + random_.Below(9));
      columns[kRegionRoundColumn].listed.push_back({with_round, static_cast<int16_t>(random_.Between(0, 300))});
    }
    if (random_.Chance(20)) {
      columns[kCityColumn].listed.push_back({static_cast<uint16_t>(1 + country * 40 + random_.Below(40)), 300});
    }
  }
  // Sets: points by how much of a set is wanted.
  for (const Column column : {kInstrumentColumn, kCooperationColumn, kLanguageColumn}) {
    if (random_.Chance(25)) continue;
    const uint32_t pattern = random_.Below(64);
    for (uint32_t code = 1; code <= 30; ++code) {
      const uint32_t shared = static_cast<uint32_t>(__builtin_popcount(pattern & (code * 37 % 64)));
      if (shared > 0)
        columns[column].listed.push_back({static_cast<uint16_t>(code), static_cast<int16_t>(60 * shared)});
    }
  }
  if (shape_.text) form->text = Text(32, 700);
  return form;
}

}  // namespace tandem::pairing::matching
