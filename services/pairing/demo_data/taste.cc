#include "services/pairing/demo_data/taste.h"

#include <algorithm>

#include "absl/strings/str_format.h"

#include "services/pairing/demo_data/words.h"

namespace tandem::pairing {
namespace {

using namespace type::v1;

// A kind of investor: how common it is, where on the ladder it stands, and how far from home it goes.
struct Kind {
  InvestorType type;
  int weight;
  int min_rung;
  int max_rung;
  int spread;
  int home_percent;
};

constexpr Kind kKinds[] = {
    {INVESTOR_TYPE_VENTURE_CAPITAL, 300, 2, 6, 1, 55},
    {INVESTOR_TYPE_CORPORATE, 130, 3, 8, 2, 45},
    {INVESTOR_TYPE_ANGEL, 110, 0, 2, 1, 75},
    {INVESTOR_TYPE_GOVERNMENT_FUND, 80, 2, 7, 2, 90},
    {INVESTOR_TYPE_PRIVATE_EQUITY, 60, 6, 9, 1, 55},
    {INVESTOR_TYPE_INDUSTRIAL_PARK, 55, 1, 5, 2, 60},
    {INVESTOR_TYPE_ACCELERATOR, 45, 0, 2, 1, 50},
    {INVESTOR_TYPE_INCUBATOR, 40, 0, 2, 1, 70},
    {INVESTOR_TYPE_STATE_OWNED, 40, 4, 9, 1, 90},
    {INVESTOR_TYPE_FAMILY_OFFICE, 35, 1, 6, 2, 50},
    {INVESTOR_TYPE_STRATEGIC_PARTNER, 35, 2, 7, 2, 40},
    {INVESTOR_TYPE_ANGEL_GROUP, 30, 0, 3, 1, 70},
    {INVESTOR_TYPE_UNIVERSITY, 20, 0, 3, 1, 60},
    {INVESTOR_TYPE_BANK, 15, 4, 9, 2, 85},
    {INVESTOR_TYPE_FUND_OF_FUNDS, 10, 4, 8, 1, 60},
    {INVESTOR_TYPE_OTHER, 5, 1, 6, 2, 50},
};

Focus PickFocus(Prng* prng) {
  constexpr int kWeights[] = {30, 40, 30};
  return static_cast<Focus>(prng->PickWeighted(kWeights));
}

// Doubled again and again, each time with the same chance: a tail as heavy as in real markets.
int PickAppetite(Prng* prng) {
  constexpr int kMostDoublings = 5;
  if (prng->Percent(20)) return 0;
  int appetite = prng->Between(4, 8);
  for (int i = 0; i < kMostDoublings && prng->Percent(45); ++i) appetite *= 2;
  return appetite;
}

void PickHabits(Prng* prng, Taste* taste) {
  taste->appetite = PickAppetite(prng);
  taste->sector_focus = PickFocus(prng);
  taste->rung_focus = PickFocus(prng);
  taste->size_focus = PickFocus(prng);
  taste->region_focus = PickFocus(prng);
  const Rung& rung = Ladder()[static_cast<size_t>(taste->rung)];
  taste->usual_round_yuan = PickYuan(rung.min_yuan, rung.max_yuan, prng);
  taste->trl_focus = PickFocus(prng);
  taste->usual_trl = PickTrl(rung, prng);
  taste->takes_convertible = prng->Percent(40);
  taste->lends = taste->type == INVESTOR_TYPE_BANK || prng->Percent(10);
  if (prng->Percent(35)) taste->cooperation = PickCooperation(prng);
  if (prng->Percent(40)) taste->second_country = PickSpot(prng).country;
  const int turn = prng->Between(0, 99);
  if (turn < 30) taste->later_round_percent = 35;
  if (turn >= 75) taste->first_round_percent = 35;
}

}  // namespace

const std::array<Rung, 10>& Ladder() {
  static constexpr std::array<Rung, 10> kLadder = {{
      {FUNDING_ROUND_PRE_SEED, 300'000, 1'500'000, 1, 4},
      {FUNDING_ROUND_ANGEL, 1'000'000, 5'000'000, 2, 5},
      {FUNDING_ROUND_SEED, 2'000'000, 10'000'000, 3, 6},
      {FUNDING_ROUND_PRE_A, 8'000'000, 25'000'000, 4, 7},
      {FUNDING_ROUND_SERIES_A, 15'000'000, 80'000'000, 5, 8},
      {FUNDING_ROUND_SERIES_B, 50'000'000, 250'000'000, 6, 9},
      {FUNDING_ROUND_SERIES_C, 150'000'000, 600'000'000, 7, 9},
      {FUNDING_ROUND_SERIES_D, 300'000'000, 1'200'000'000, 8, 9},
      {FUNDING_ROUND_SERIES_E_PLUS, 600'000'000, 2'500'000'000, 8, 9},
      {FUNDING_ROUND_PRE_IPO, 500'000'000, 2'000'000'000, 9, 9},
  }};
  return kLadder;
}

CooperationType PickCooperation(Prng* prng) { return static_cast<CooperationType>(prng->Between(2, 8)); }

int PickTrl(const Rung& rung, Prng* prng) { return prng->Between(rung.min_trl, rung.max_trl); }

StageOfDevelopment StageOfTrl(int trl) {
  if (trl <= 2) return STAGE_OF_DEVELOPMENT_CONCEPT;
  if (trl <= 3) return STAGE_OF_DEVELOPMENT_UNDER_DEVELOPMENT;
  if (trl <= 5) return STAGE_OF_DEVELOPMENT_LAB_TESTED;
  if (trl <= 7) return STAGE_OF_DEVELOPMENT_AVAILABLE_FOR_DEMONSTRATION;
  return STAGE_OF_DEVELOPMENT_ON_THE_MARKET;
}

int64_t PickYuan(int64_t min_yuan, int64_t max_yuan, Prng* prng) {
  constexpr int64_t kTenths[] = {10, 12, 15, 20, 25, 30, 40, 50, 60, 80};
  std::array<int64_t, 128> choices{};
  size_t count = 0;
  for (int64_t power = 1; power <= max_yuan; power *= 10) {
    for (const int64_t tenths : kTenths) {
      const int64_t yuan = tenths * power / 10;
      if (yuan >= min_yuan && yuan <= max_yuan && count < choices.size()) choices[count++] = yuan;
    }
  }
  return count == 0 ? min_yuan : choices[prng->Below(count)];
}

Taste MakeTaste(int64_t seed, uint32_t index) {
  Prng prng(seed, Prng::kInvestor, index);
  std::vector<int> weights;
  for (const Kind& kind : kKinds) weights.push_back(kind.weight);
  const Kind& kind = kKinds[prng.PickWeighted(weights)];

  Taste taste;
  taste.type = kind.type;
  taste.home = PickSpot(&prng);
  const bool only_in_china = kind.type == INVESTOR_TYPE_GOVERNMENT_FUND || kind.type == INVESTOR_TYPE_STATE_OWNED ||
                             kind.type == INVESTOR_TYPE_INDUSTRIAL_PARK;
  if (only_in_china && prng.Percent(90)) taste.home = {&Countries()[0], PickCity(Countries()[0], &prng)};
  taste.writes_chinese = prng.Percent(taste.home.country->chinese_percent);
  taste.rung = prng.Between(kind.min_rung, kind.max_rung);
  taste.spread = kind.spread;
  taste.home_percent = std::min(100, kind.home_percent + prng.Between(-15, 15));

  // A favourite, its neighbours in the same sector, and now and then something else.
  const auto& subsectors = Subsectors();
  const auto favourite = static_cast<uint16_t>(prng.Below(subsectors.size()));
  taste.subsectors.push_back(favourite);
  const uint16_t sector_start = static_cast<uint16_t>(favourite / 6 * 6);
  const int others = prng.Between(0, 4);
  for (int i = 0; i < others; ++i) {
    const auto other = prng.Percent(70) ? static_cast<uint16_t>(sector_start + prng.Below(6))
                                        : static_cast<uint16_t>(prng.Below(subsectors.size()));
    if (std::find(taste.subsectors.begin(), taste.subsectors.end(), other) == taste.subsectors.end()) {
      taste.subsectors.push_back(other);
    }
  }

  const Rung& low = Ladder()[static_cast<size_t>(std::max(0, taste.rung - taste.spread))];
  const Rung& high = Ladder()[static_cast<size_t>(std::min(9, taste.rung + taste.spread))];
  taste.min_ticket_yuan = PickYuan(low.min_yuan / 5, low.min_yuan, &prng);
  taste.max_ticket_yuan = std::max(taste.min_ticket_yuan, PickYuan(high.min_yuan / 2, high.max_yuan / 2, &prng));
  PickHabits(&prng, &taste);
  return taste;
}

Investors MakeInvestors(int64_t seed, uint32_t count) {
  Investors investors;
  investors.seed = seed;
  investors.by_subsector.resize(Subsectors().size());
  investors.tastes.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    investors.tastes.push_back(MakeTaste(seed, i));
    for (const uint16_t subsector : investors.tastes.back().subsectors) investors.by_subsector[subsector].push_back(i);
  }
  return investors;
}

std::string InvestorId(uint64_t index) { return absl::StrFormat("i-%04d", index + 1); }
std::string ProjectId(uint64_t index) { return absl::StrFormat("p-%06d", index + 1); }
std::string DealId(uint64_t index) { return absl::StrFormat("d-%06d", index + 1); }

}  // namespace tandem::pairing
