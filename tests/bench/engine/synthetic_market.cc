#include "tests/bench/engine/synthetic_market.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>

namespace tandem::pairing::matching {
namespace {

constexpr uint32_t kSectors = 500, kCountries = 200, kTerms = 40'000, kStages = 8;

void List(ColumnPoints& column, std::map<uint16_t, int16_t> listed) {
  for (const auto& [code, points] : listed) column.listed.push_back({code, points});
}

}  // namespace

SyntheticMarket::SyntheticMarket(uint64_t seed)
    : random_(seed), sectors_(Zipf(kSectors)), countries_(Zipf(kCountries)), terms_(Zipf(kTerms)) {}

std::vector<double> SyntheticMarket::Zipf(uint32_t count) {
  std::vector<double> sums;
  double sum = 0;
  for (uint32_t rank = 1; rank <= count; ++rank) sums.push_back(sum += std::pow(rank, -0.9));
  return sums;
}

uint32_t SyntheticMarket::Draw(const std::vector<double>& sums) {
  return static_cast<uint32_t>(std::upper_bound(sums.begin(), sums.end(), Unit() * sums.back()) - sums.begin());
}

TextWeights SyntheticMarket::Text(uint32_t count, double length) {
  std::set<uint32_t> chosen;
  while (chosen.size() < count) chosen.insert(Draw(terms_));
  std::vector<double> weights;
  double squares = 0;
  for (const uint32_t term : chosen) {
    // Rarer terms weigh more.
    weights.push_back(std::log(2.0 + term) * (0.5 + Unit()));
    squares += weights.back() * weights.back();
  }
  TextWeights text;
  for (const uint32_t term : chosen) {
    const double weight = weights[text.size()] * length / std::sqrt(squares);
    text.push_back({term, static_cast<int16_t>(std::lround(weight))});
  }
  return text;
}

ProjectRow SyntheticMarket::Row(bool text) {
  ProjectRow row;
  // 1.9 sectors on average.
  uint32_t count = 1;
  while (count < 5 && random_.Chance(48)) ++count;
  while (row.sector_count < count) {
    const auto sector = static_cast<uint16_t>(Draw(sectors_));
    const auto end = row.sectors.begin() + row.sector_count;
    if (std::find(row.sectors.begin(), end, sector) == end) row.sectors[row.sector_count++] = sector;
  }
  row.sector_norm = static_cast<uint16_t>(std::lround(1024 / std::sqrt(count)));
  const uint32_t country = Draw(countries_);
  row.codes[kStageColumn] = static_cast<uint16_t>(1 + random_.Below(kStages));
  row.codes[kRoundColumn] = static_cast<uint16_t>(1 + random_.Below(7));
  row.codes[kHistoryColumn] = static_cast<uint16_t>(random_.Below(3));
  row.codes[kCountryColumn] = static_cast<uint16_t>(1 + country);
  row.codes[kRegionColumn] =
      static_cast<uint16_t>(random_.Chance(50) ? 0 : 1 + std::min(country * 3, 240u) + random_.Below(8));
  row.codes[kCityColumn] = static_cast<uint16_t>(random_.Chance(50) ? 0 : 1 + random_.Skewed(300));
  row.codes[kTrlColumn] = static_cast<uint16_t>(random_.Below(10));
  row.codes[kInstrumentColumn] = static_cast<uint16_t>(random_.Skewed(15));
  row.codes[kCooperationColumn] = static_cast<uint16_t>(random_.Skewed(30));
  row.codes[kLanguageColumn] = static_cast<uint16_t>(random_.Skewed(20));
  row.points = static_cast<int16_t>(random_.Between(-300, 300));
  if (random_.Chance(92)) {
    const double ask = 13 + 8 * Unit();  // log of minor units
    row.ask_least = static_cast<int32_t>(ask * 1e6);
    row.ask_most = row.ask_least + (random_.Chance(70) ? 0 : random_.Between(0, 700'000));
    row.codes[kAskColumn] = static_cast<uint16_t>(1 + (row.ask_least - 13'000'000) / 200'000);
  }
  if (text) row.text = std::make_shared<TextWeights>(Text(48, 255));
  return row;
}

InvestorForm SyntheticMarket::Form(bool text) {
  InvestorForm form;
  const auto some = [&](int32_t most) { return static_cast<int16_t>(random_.Between(-most / 3, most)); };
  // Stages, rounds and countries gate; the rest only scores.
  std::map<uint16_t, int16_t> listed;
  const uint32_t first = 1 + random_.Below(kStages);
  for (uint32_t stage = first; stage < std::min(first + 1 + random_.Below(4), kStages + 1); ++stage) {
    listed[static_cast<uint16_t>(stage)] = some(500);
  }
  listed[0] = -200;
  List(form.columns[kStageColumn], listed);
  form.columns[kStageColumn].otherwise = kRefused;
  listed.clear();
  for (uint16_t round = 1; round <= 7; ++round) listed[round] = random_.Chance(60) ? some(400) : kRefused;
  List(form.columns[kRoundColumn], listed);
  if (random_.Chance(50)) {
    listed.clear();
    for (uint32_t i = 2 + random_.Below(20); i > 0; --i)
      listed[static_cast<uint16_t>(1 + Draw(countries_))] = some(500);
    List(form.columns[kCountryColumn], listed);
    form.columns[kCountryColumn].otherwise = kRefused;
  }
  for (const Column column : {kHistoryColumn, kAskColumn, kRegionColumn, kCityColumn, kTrlColumn, kInstrumentColumn,
                              kCooperationColumn, kLanguageColumn}) {
    listed.clear();
    const uint32_t codes = column == kCityColumn ? 300 : column == kRegionColumn ? 240 : column == kAskColumn ? 41 : 10;
    for (uint32_t i = 3 + random_.Below(8); i > 0; --i)
      listed[static_cast<uint16_t>(random_.Skewed(codes))] = some(300);
    List(form.columns[column], listed);
  }
  std::map<uint16_t, int16_t> sectors;
  for (uint32_t i = 1 + random_.Below(12); i > 0; --i) {
    // Half of what is accepted is a general sector with some of its neighbours.
    const uint32_t sector = Draw(sectors_);
    const uint32_t span = random_.Chance(50) ? 1 : 1 + random_.Below(4);
    for (uint32_t s = sector; s < std::min(sector + span, kSectors); ++s)
      sectors[static_cast<uint16_t>(s)] = some(1200);
  }
  form.sectors.required = true;
  for (uint16_t s = 0; s < kSectors; ++s) {
    if (const auto it = sectors.find(s); it != sectors.end()) {
      form.sectors.listed.push_back({s, it->second, true, false});
    } else if (random_.Chance(10)) {
      form.sectors.listed.push_back({s, some(300), false, false});
    }
  }
  const double ticket = 13 + 7 * Unit();
  form.ticket_least = static_cast<int32_t>(ticket * 1e6);
  form.ticket_most = form.ticket_least + random_.Between(500'000, 3'000'000);
  if (text) form.text = Text(32, 1500);
  return form;
}

}  // namespace tandem::pairing::matching
