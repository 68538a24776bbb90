#include "tests/bench/engine/generator.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace tandem::bench {
namespace {

using namespace pairing::matching;  // NOLINT: the values of the generated market

constexpr uint16_t kSectors = 500, kTopSectors = 10, kMiddlePerTop = 7;
constexpr uint16_t kStages = 5, kRounds = 8, kCountries = 200, kRegions = 800, kCities = 3000, kTrl = 9, kSets = 40;
constexpr uint16_t kLanguageSets = 24;
constexpr size_t kVocabulary = 40'000, kProjectTerms = 48, kInvestorTerms = 32;
// Logarithm of the middle ask in minor units, and of the width of a code of asks.
constexpr double kMiddleAsk = 19.1, kAskSpread = 1.3, kAskStep = 0.25, kLeastAsk = 12;
constexpr double kRareTerms = 200;  // what is more common than this rank is a stop word

// Small, fast and the same everywhere; the distributions of the standard library are not.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 0x2545f4914f6cdd1du) {}
  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }
  bool Chance(double p) { return Unit() < p; }
  // From `least` to `most`, both included.
  int Between(int least, int most) {
    return least + static_cast<int>(Next() % static_cast<uint64_t>(most - least + 1));
  }
  double Normal() {
    double sum = 0;
    for (int i = 0; i < 12; ++i) sum += Unit();
    return sum - 6;
  }

 private:
  uint64_t state_;
};

// Ranks 0 to n-1 with probability 1 / (rank + shift)^exponent.
class Zipf {
 public:
  Zipf(size_t n, double exponent, double shift = 1) {
    double sum = 0;
    for (size_t i = 0; i < n; ++i) {
      sum += std::pow(static_cast<double>(i) + shift, -exponent);
      sums_.push_back(sum);
    }
  }
  uint16_t operator()(Random& random) const {
    const double u = random.Unit() * sums_.back();
    const auto it = std::upper_bound(sums_.begin(), sums_.end(), u);
    return static_cast<uint16_t>(std::min(it - sums_.begin(), static_cast<ptrdiff_t>(sums_.size()) - 1));
  }

 private:
  std::vector<double> sums_;
};

// 10 sectors with 7 below each, and the rest of 500 below those: three levels, numbered from the top.
constexpr uint16_t kMiddleSectors = kTopSectors * kMiddlePerTop;
uint16_t ParentOf(uint16_t sector) {
  if (sector < kTopSectors) return sector;
  if (sector < kTopSectors + kMiddleSectors) return static_cast<uint16_t>((sector - kTopSectors) / kMiddlePerTop);
  return static_cast<uint16_t>(kTopSectors + (sector - kTopSectors - kMiddleSectors) % kMiddleSectors);
}
uint16_t TopOf(uint16_t sector) { return ParentOf(ParentOf(sector)); }

class Generator {
 public:
  explicit Generator(const GeneratorOptions& options)
      : options_(options),
        sector_(kSectors, 0.9),
        country_(kCountries, 1.1),
        set_(kSets - 1, 1.0),
        language_(kLanguageSets - 1, 1.2),
        term_(kVocabulary, 1.0, kRareTerms) {
    // Which sectors are popular has nothing to do with their level.
    Random random(options.seed);
    for (uint16_t s = 0; s < kSectors; ++s) by_rank_[s] = s;
    for (uint16_t s = kSectors - 1; s > 0; --s) {
      std::swap(by_rank_[s], by_rank_[static_cast<size_t>(random.Between(0, s))]);
    }
  }

  ProjectRow Row(uint64_t number) const {
    Random random(options_.seed * 0x1000003u + 2 * number);
    ProjectRow row;
    row.codes[kStageColumn] = Stated(random, 0.95, random.Between(1, kStages));
    row.codes[kRoundColumn] = Stated(random, 0.7, random.Between(1, kRounds));
    row.codes[kHistoryColumn] = Stated(random, 0.8, random.Between(1, 2));
    row.codes[kTrlColumn] = Stated(random, 0.8, random.Between(1, kTrl));
    const int country = 1 + country_(random);
    row.codes[kCountryColumn] = Stated(random, 0.97, country);
    row.codes[kRegionColumn] = Stated(random, 0.8, 1 + (country * 37 + random.Between(0, 11)) % kRegions);
    row.codes[kCityColumn] = Stated(random, 0.7, 1 + (country * 149 + random.Between(0, 39)) % kCities);
    // Region and round together, both stated.
    const int region = row.codes[kRegionColumn], round = row.codes[kRoundColumn];
    row.codes[kRegionRoundColumn] = region != 0 && round != 0 ? static_cast<uint16_t>(region * kRounds + round) : 0;
    row.codes[kInstrumentColumn] = Stated(random, 0.8, 1 + set_(random));
    row.codes[kCooperationColumn] = Stated(random, 0.8, 1 + set_(random));
    row.codes[kLanguageColumn] = Stated(random, 0.98, 1 + language_(random));
    row.points = static_cast<int16_t>(random.Normal() * 300);
    if (random.Chance(0.9)) AddAsk(random, &row);
    if (random.Chance(0.98)) AddSectors(random, &row);
    if (options_.text) {
      row.text = std::make_shared<const TextWeights>(
          Text(random, kProjectTerms, 255, row.sector_count == 0 ? 0 : TopOf(row.sectors[0])));
    }
    return row;
  }

  std::shared_ptr<const InvestorForm> Form(uint64_t number) const {
    Random random(options_.seed * 0x1000003u + 2 * number + 1);
    auto form = std::make_shared<InvestorForm>();
    form->bias = static_cast<int32_t>(random.Normal() * 500);
    // How much of the market the investor looks at: most are narrow, a few broad.
    const double breadth = std::pow(random.Unit(), 2);
    ListCodes(random, kStages, kStages, 0, &form->columns[kStageColumn]);
    ListCodes(random, kRounds, random.Between(2, 6), -200, &form->columns[kRoundColumn]);
    ListCodes(random, 2, 2, 0, &form->columns[kHistoryColumn]);
    ListCodes(random, kCountries, random.Between(2, 6), -600, &form->columns[kCountryColumn], &country_);
    ListCodes(random, kRegions, random.Between(0, 3), -50, &form->columns[kRegionColumn]);
    ListCodes(random, kCities, random.Between(0, 3), -50, &form->columns[kCityColumn]);
    ListCodes(random, kRegions * kRounds, random.Between(0, 4), 0, &form->columns[kRegionRoundColumn]);
    ListCodes(random, kTrl, random.Between(0, 6), 0, &form->columns[kTrlColumn]);
    ListCodes(random, kSets, random.Between(0, 4), 0, &form->columns[kInstrumentColumn], &set_);
    ListCodes(random, kSets, random.Between(0, 4), 0, &form->columns[kCooperationColumn], &set_);
    ListCodes(random, kLanguageSets, random.Between(1, 4), 0, &form->columns[kLanguageColumn], &language_);
    AddTicket(random, breadth, form.get());
    AddWantedSectors(random, breadth, form.get());
    if (options_.gates) AddGates(random, breadth, form.get());
    if (options_.text) form->text = Text(random, kInvestorTerms, 2000, TopOf(form->sectors.listed[0].sector));
    return form;
  }

 private:
  static uint16_t Stated(Random& random, double chance, int code) {
    return random.Chance(chance) ? static_cast<uint16_t>(code) : 0;
  }
  static uint16_t AskCode(double ask) {
    return static_cast<uint16_t>(std::clamp(static_cast<int>((ask - kLeastAsk) / kAskStep), 0, 62) + 1);
  }
  // A ratio of odds as learned: mostly small, from -4 to +3 nats.
  static int16_t LearnedPoints(Random& random) {
    return static_cast<int16_t>(std::clamp(random.Normal() * 1100, -4000.0, 3000.0));
  }

  static void AddAsk(Random& random, ProjectRow* row) {
    const double middle = kMiddleAsk + kAskSpread * random.Normal();
    const double half = random.Chance(0.6) ? 0 : 0.4 * random.Unit();
    row->codes[kAskColumn] = AskCode(middle);
    row->ask_least = static_cast<int32_t>((middle - half) * 1e6);
    row->ask_most = static_cast<int32_t>((middle + half) * 1e6);
  }

  void AddSectors(Random& random, ProjectRow* row) const {
    const int count = random.Between(1, 5);
    std::set<uint16_t> sectors = {by_rank_[sector_(random)]};
    const uint16_t top = TopOf(*sectors.begin());
    for (int i = 1; i < count; ++i) {
      uint16_t sector = by_rank_[sector_(random)];
      // What a project does is mostly in one field.
      for (int tries = 0; tries < 8 && TopOf(sector) != top && random.Chance(0.8); ++tries)
        sector = by_rank_[sector_(random)];
      sectors.insert(sector);
    }
    for (const uint16_t sector : sectors) row->sectors[row->sector_count++] = sector;
    row->sector_norm = static_cast<uint16_t>(1024 / std::sqrt(static_cast<double>(row->sector_count)));
  }

  static void ListCodes(Random& random, int codes, int count, int16_t otherwise, ColumnPoints* column,
                        const Zipf* popularity = nullptr) {
    std::map<uint16_t, int16_t> listed;
    for (int i = 0; i < count; ++i) {
      const int code = count == codes ? i + 1 : 1 + (popularity ? (*popularity)(random) : random.Between(0, codes - 1));
      listed[static_cast<uint16_t>(code)] = LearnedPoints(random);
    }
    column->otherwise = otherwise;
    for (const auto& [code, points] : listed) column->listed.push_back({code, points});
  }

  void AddTicket(Random& random, double breadth, InvestorForm* form) const {
    const double middle = kMiddleAsk + kAskSpread * random.Normal();
    const double half = 0.3 + 0.6 * breadth;
    ColumnPoints& column = form->columns[kAskColumn];
    column.otherwise = -700;
    column.listed.push_back({0, -300});
    const int best = AskCode(middle);
    for (int code = std::max(1, best - 4); code <= std::min(63, best + 4); ++code) {
      column.listed.push_back({static_cast<uint16_t>(code), static_cast<int16_t>(1500 - 350 * std::abs(code - best))});
    }
    if (!options_.gates) return;
    form->ticket_least = static_cast<int32_t>((middle - half) * 1e6);
    form->ticket_most = static_cast<int32_t>((middle + half) * 1e6);
  }

  void AddWantedSectors(Random& random, double breadth, InvestorForm* form) const {
    const int count = 1 + static_cast<int>(11.99 * breadth);
    std::map<uint16_t, SectorPoints::Listed> listed;
    const uint16_t first = by_rank_[sector_(random)];
    for (int i = 0; i < count; ++i) {
      uint16_t sector = i == 0 ? first : by_rank_[sector_(random)];
      for (int tries = 0; tries < 4 && TopOf(sector) != TopOf(first); ++tries) sector = by_rank_[sector_(random)];
      listed[sector] = {sector, static_cast<int16_t>(std::clamp(1200 + 700 * random.Normal(), -200.0, 3000.0)), true,
                        false};
    }
    // What the record shows of sectors that the mandate does not name.
    for (int i = random.Between(0, 10); i > 0; --i) {
      const uint16_t sector = by_rank_[sector_(random)];
      listed.insert({sector, {sector, LearnedPoints(random), false, false}});
    }
    if (options_.gates && random.Chance(0.1)) {
      const uint16_t sector = by_rank_[sector_(random)];
      listed.insert({sector, {sector, 0, false, true}});
    }
    form->sectors.otherwise = -400;
    form->sectors.required = options_.gates;
    form->sectors.refuse_unstated = options_.gates && random.Chance(0.8);
    for (const auto& [sector, points] : listed) form->sectors.listed.push_back(points);
  }

  void AddGates(Random& random, double breadth, InvestorForm* form) const {
    ColumnPoints& stage = form->columns[kStageColumn];
    stage.otherwise = random.Chance(0.7) ? kRefused : int16_t{-200};
    const int accepted = random.Between(1, 1 + static_cast<int>(2.5 * breadth));
    const int from = random.Between(0, kStages - accepted);
    for (int i = 0; i < kStages; ++i) {
      if (i < from || i >= from + accepted) stage.listed[static_cast<size_t>(i)].points = kRefused;
    }
    if (random.Chance(0.3)) RefuseSome(random, random.Between(1, 3), country_, &form->columns[kCountryColumn]);
    // Many investors read some sets of languages only.
    if (random.Chance(0.6)) {
      ColumnPoints& language = form->columns[kLanguageColumn];
      std::set<uint16_t> known = {0, 1};
      for (const ColumnPoints::Listed& listed : language.listed) known.insert(listed.code);
      std::map<uint16_t, int16_t> listed;
      for (const uint16_t code : known) listed[code] = 0;
      for (const ColumnPoints::Listed& old : language.listed) listed[old.code] = old.points;
      language = {kRefused, {}};
      for (const auto& [code, points] : listed) language.listed.push_back({code, points});
    }
  }

  static void RefuseSome(Random& random, int count, const Zipf& popularity, ColumnPoints* column) {
    std::map<uint16_t, int16_t> listed;
    for (const ColumnPoints::Listed& old : column->listed) listed[old.code] = old.points;
    for (int i = 0; i < count; ++i) listed[static_cast<uint16_t>(1 + popularity(random))] = kRefused;
    column->listed.clear();
    for (const auto& [code, points] : listed) column->listed.push_back({code, points});
  }

  // `count` terms with weights of unit length times `length`; a third of them from the words of the field.
  TextWeights Text(Random& random, size_t count, double length, uint16_t field) const {
    std::map<uint32_t, double> weights;
    while (weights.size() < count) {
      const size_t rank = term_(random);
      const size_t term = random.Chance(0.33) ? rank / kTopSectors * kTopSectors + field : rank;
      // Rare terms weigh more, and a term may be said more than once.
      weights[static_cast<uint32_t>(term)] += std::log(1 + static_cast<double>(rank) / kRareTerms) + 0.2;
    }
    double square = 0;
    for (const auto& [term, weight] : weights) square += weight * weight;
    TextWeights text;
    for (const auto& [term, weight] : weights) {
      const auto scaled = static_cast<int16_t>(std::lround(weight * length / std::sqrt(square)));
      if (scaled != 0) text.push_back({term, scaled});
    }
    return text;
  }

  const GeneratorOptions options_;
  const Zipf sector_, country_, set_, language_, term_;
  std::array<uint16_t, kSectors> by_rank_ = {};
};

std::string Name(const char* kind, uint64_t seed, uint64_t number) {
  return absl::StrCat(kind, absl::Hex(Random(seed + number * 0x9e3779b9u).Next(), absl::kZeroPad16), "-", number);
}

}  // namespace

MarketData GenerateMarket(const GeneratorOptions& options) {
  const Generator generator(options);
  MarketData market;
  market.title = absl::StrCat(options.gates ? "gated" : "ungated", options.text ? "+text" : "");
  market.source = absl::StrCat("generated, seed ", options.seed);
  market.live_projects = options.projects;
  for (size_t i = 0; i < options.projects + options.spare_projects; ++i) {
    market.rows.push_back(generator.Row(i));
    market.project_names.push_back(Name("p", options.seed, i));
  }
  for (size_t i = 0; i < options.investors; ++i) {
    market.forms.push_back(generator.Form(i));
    market.investor_names.push_back(Name("i", options.seed, i));
  }
  return market;
}

}  // namespace tandem::bench
