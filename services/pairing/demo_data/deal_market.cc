#include "services/pairing/demo_data/deal_market.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace tandem::pairing {
namespace {

using namespace type::v1;

constexpr size_t kQuarters = 40;
constexpr int kDaysOfQuarter = 91;
constexpr int kHeardOf = 48;       // investors that a company comes across in a round
constexpr size_t kRemembered = 8;  // partners, and followers, of an investor
constexpr int kStaysPercent = 15;  // of those in a company, who are in its next round as well
constexpr int kOddPercent = 12;    // deals that nothing explains

// In percent, by how far something is from what is liked.
using Falloff = std::array<uint8_t, 6>;

uint64_t At(const Falloff& falloff, int distance) { return falloff[static_cast<size_t>(std::min(distance, 5))]; }

uint64_t OfSector(const Taste& taste, const DemoCompany& company) {
  // The favourite, another one that is liked, the same sector, anything.
  static constexpr Falloff kFalloffs[] = {{100, 85, 50, 25}, {100, 75, 25, 8}, {100, 60, 12, 3}};
  const auto distance = [&](uint16_t subsector) {
    if (subsector == taste.subsectors[0]) return 0;
    int near = 3;
    for (const uint16_t liked : taste.subsectors) {
      if (liked == subsector) return 1;
      if (liked / 6 == subsector / 6) near = 2;
    }
    return near;
  };
  return At(kFalloffs[static_cast<size_t>(taste.sector_focus)],
            std::min(distance(company.subsector), distance(company.second_subsector)));
}

uint64_t OfRung(const Taste& taste, int rung) {
  static constexpr Falloff kFalloffs[] = {{100, 85, 65, 45, 30, 20}, {100, 65, 30, 10, 4, 2}, {100, 40, 8, 2, 1, 1}};
  return At(kFalloffs[static_cast<size_t>(taste.rung_focus)], std::abs(rung - taste.rung) * 2 / (taste.spread + 1));
}

uint64_t OfSize(const Taste& taste, int64_t size_yuan) {
  static constexpr Falloff kFalloffs[] = {
      {100, 95, 85, 70, 60, 50}, {100, 90, 60, 35, 20, 10}, {100, 80, 35, 12, 4, 1}};
  const int64_t larger = std::max(size_yuan, taste.usual_round_yuan);
  const int64_t smaller = std::max<int64_t>(1, std::min(size_yuan, taste.usual_round_yuan));
  const auto doublings = static_cast<int>(std::bit_width(static_cast<uint64_t>(larger / smaller))) - 1;
  return At(kFalloffs[static_cast<size_t>(taste.size_focus)], doublings);
}

uint64_t OfPlace(const Taste& taste, const Spot& spot) {
  if (spot.country != taste.home.country) {
    if (spot.country == taste.second_country) return 50;
    return static_cast<uint64_t>(std::max(1, (100 - taste.home_percent) / 4));
  }
  // The same city, the same region, the same country.
  static constexpr Falloff kFalloffs[] = {{100, 85, 60}, {100, 60, 20}, {100, 45, 4}};
  const bool same_region = absl::string_view(spot.city->region) == taste.home.city->region;
  return At(kFalloffs[static_cast<size_t>(taste.region_focus)], spot.city == taste.home.city ? 0 : same_region ? 1 : 2);
}

uint64_t OfTrl(const Taste& taste, int trl) {
  static constexpr Falloff kFalloffs[] = {{100, 95, 85, 75, 65, 60}, {100, 80, 50, 30, 20, 10}, {100, 60, 20, 6, 2, 1}};
  return At(kFalloffs[static_cast<size_t>(taste.trl_focus)], std::abs(trl - taste.usual_trl));
}

// How a round is paid, and what is agreed on besides.
uint64_t OfForm(const Taste& taste, const DealRound& round) {
  uint64_t likes = 100;
  if (round.instrument == INSTRUMENT_DEBT) likes = taste.lends ? 300 : 25;
  if (round.instrument == INSTRUMENT_CONVERTIBLE) likes = taste.takes_convertible ? 150 : 40;
  if (round.instrument == INSTRUMENT_EQUITY && taste.type == INVESTOR_TYPE_BANK) likes = 20;
  if (round.cooperation == COOPERATION_TYPE_UNSPECIFIED || taste.cooperation == COOPERATION_TYPE_UNSPECIFIED)
    return likes;
  return round.cooperation == taste.cooperation ? likes * 3 : likes;
}

// What nobody can know of an investor and a company: from 1 to 32 times.
uint64_t OfChance(int64_t seed, uint32_t investor, uint32_t company) {
  static constexpr uint8_t kFactors[] = {1, 1, 2, 2, 4, 4, 8, 16, 32};
  return Prng(seed, Prng::kChance, uint64_t{investor} << 32 | company).Pick(kFactors);
}

// Investors to draw from by their appetite.
struct Crowd {
  std::vector<uint32_t> members;
  std::vector<uint32_t> sums;

  void Add(uint32_t investor, int appetite) {
    if (appetite == 0) return;
    members.push_back(investor);
    sums.push_back((sums.empty() ? 0 : sums.back()) + static_cast<uint32_t>(appetite));
  }
  uint32_t Draw(Prng* prng) const {
    const uint32_t at = prng->Below(sums.back());
    return members[static_cast<size_t>(std::upper_bound(sums.begin(), sums.end(), at) - sums.begin())];
  }
};

// The last few of somebody's acquaintances; who is met often is there often.
class Acquaintances {
 public:
  void Add(uint32_t investor) {
    list_[next_ % kRemembered] = investor;
    ++next_;
  }
  const uint32_t* begin() const { return list_.data(); }
  const uint32_t* end() const { return list_.data() + std::min<size_t>(next_, kRemembered); }

 private:
  std::array<uint32_t, kRemembered> list_ = {};
  uint32_t next_ = 0;
};

class DealMarket {
 public:
  explicit DealMarket(const Investors& investors)
      : investors_(investors),
        by_subsector_(Subsectors().size()),
        by_country_(Countries().size()),
        paces_(investors.tastes.size()),
        partners_(investors.tastes.size()),
        followers_(investors.tastes.size()) {
    for (uint32_t i = 0; i < investors.tastes.size(); ++i) {
      const Taste& taste = investors.tastes[i];
      all_.Add(i, taste.appetite);
      by_country_[CountryOf(taste.home)].Add(i, taste.appetite);
      by_region_[RegionOf(taste.home)].Add(i, taste.appetite);
      for (const uint16_t subsector : taste.subsectors) by_subsector_[subsector].Add(i, taste.appetite);
      PickPaces(i);
    }
  }

  bool Run(const std::function<bool(const DealRound&)>& visit) {
    if (all_.members.empty()) return true;
    for (const PlannedRound& planned : PlanRounds(investors_)) {
      if (planned.company >= inside_.size()) inside_.resize(planned.company + size_t{1});
      const DealRound round = Raise(planned);
      Remember(round);
      if (!round.investors.empty() && !visit(round)) return false;
    }
    return true;
  }

 private:
  struct Candidate {
    uint32_t investor = 0;
    uint64_t likes = 0;  // without ties
    int ties = 0;        // to those in the company
  };

  static size_t CountryOf(const Spot& spot) { return static_cast<size_t>(spot.country - Countries().data()); }

  static std::string RegionOf(const Spot& spot) { return absl::StrCat(spot.country->code, "/", spot.city->region); }

  // How busy an investor is, quarter by quarter: quiet, as usual, spending; each lasts for two years or so, as funds
  // do. Some come late, some stop.
  void PickPaces(uint32_t investor) {
    static constexpr uint8_t kPaces[] = {1, 4, 12};
    constexpr int kWeights[] = {40, 40, 20};
    Prng prng(investors_.seed, Prng::kTrack, investor);
    const size_t begin = prng.Percent(45) ? prng.Below(kQuarters - 4) : 0;
    const size_t end = prng.Percent(20) ? begin + prng.Below(kQuarters - begin) : kQuarters;
    size_t pace = prng.PickWeighted(kWeights);
    for (size_t quarter = 0; quarter < kQuarters; ++quarter) {
      if (prng.Percent(12)) pace = prng.PickWeighted(kWeights);
      paces_[investor][quarter] = quarter >= begin && quarter <= end ? kPaces[pace] : 0;
    }
  }

  uint64_t PaceOf(uint32_t investor, int days_ago) const {
    const auto quarters_ago = static_cast<size_t>(days_ago / kDaysOfQuarter);
    return paces_[investor][kQuarters - 1 - std::min(quarters_ago, kQuarters - 1)];
  }

  uint64_t Likes(const DealRound& round, uint32_t investor) const {
    const Taste& taste = investors_.tastes[investor];
    const auto history =
        static_cast<uint64_t>(round.ordinal == 0 ? taste.first_round_percent : taste.later_round_percent);
    return PaceOf(investor, round.days_ago) * OfSector(taste, round.company) * OfRung(taste, round.rung) *
           OfSize(taste, round.size_yuan) * OfPlace(taste, round.company.spot) * OfTrl(taste, round.trl) *
           OfForm(taste, round) * history * OfChance(investors_.seed, investor, round.company.number);
  }

  DealRound Raise(const PlannedRound& planned) {
    Prng prng(investors_.seed, Prng::kRound, planned.company * uint64_t{16} + planned.ordinal);
    DealRound round;
    round.company = MakeCompany(investors_, planned.company);
    round.ordinal = planned.ordinal;
    round.rung = planned.rung;
    round.days_ago = planned.days_ago;
    const Rung& rung = Ladder()[planned.rung];
    round.size_yuan = PickYuan(rung.min_yuan, rung.max_yuan, &prng);
    round.trl = PickTrl(rung, &prng);
    if (prng.Percent(30)) round.cooperation = PickCooperation(&prng);
    if (planned.rung >= 5 && prng.Percent(10)) round.instrument = INSTRUMENT_DEBT;
    if (planned.rung <= 2 && prng.Percent(20)) round.instrument = INSTRUMENT_CONVERTIBLE;

    const std::vector<uint32_t>& before = inside_[planned.company];
    for (const uint32_t investor : before) {
      if (prng.Percent(kStaysPercent) && PaceOf(investor, round.days_ago) > 0) round.investors.push_back(investor);
    }
    std::vector<Candidate> candidates = HeardOf(round, &prng);
    const int others = prng.Between(0, round.company.pull);
    for (int i = 0; i <= others; ++i) {
      // The first is of the edition; of the others, some.
      if (i > 0 && prng.Percent(40)) {
        ++round.outsiders;
      } else {
        AddOne(&candidates, &prng, &round);
      }
    }
    return round;
  }

  // Everywhere, in the sector, nearby, and through those who are in the company. Not who is in it already.
  std::vector<Candidate> HeardOf(const DealRound& round, Prng* prng) {
    std::vector<Candidate> candidates;
    const std::vector<uint32_t>& before = inside_[round.company.number];
    const auto add = [&](uint32_t investor) -> Candidate* {
      for (Candidate& candidate : candidates) {
        if (candidate.investor == investor) return &candidate;
      }
      if (std::find(before.begin(), before.end(), investor) != before.end()) return nullptr;
      const uint64_t likes = Likes(round, investor);
      if (likes == 0) return nullptr;
      candidates.push_back({investor, likes, 0});
      return &candidates.back();
    };
    const Crowd& sector = by_subsector_[round.company.subsector];
    const Crowd& second_sector = by_subsector_[round.company.second_subsector];
    const Crowd& country = by_country_[CountryOf(round.company.spot)];
    const Crowd& region = by_region_[RegionOf(round.company.spot)];
    for (int i = 0; i < kHeardOf; ++i) {
      const Crowd* const ways[] = {&all_, &region, &sector, &all_, &country, &second_sector};
      const Crowd& crowd = *ways[i % 6];
      add((crowd.members.empty() ? all_ : crowd).Draw(prng));
    }
    for (const uint32_t known : before) {
      for (const Acquaintances* acquaintances : {&partners_[known], &followers_[known]}) {
        for (const uint32_t investor : *acquaintances) {
          Candidate* candidate = add(investor);
          if (candidate != nullptr) ++candidate->ties;
        }
      }
    }
    return candidates;
  }

  void AddOne(std::vector<Candidate>* candidates, Prng* prng, DealRound* round) {
    if (candidates->empty()) return;
    static constexpr std::array<uint64_t, 4> kTies = {2, 6, 10, 14};
    const bool odd = prng->Percent(kOddPercent);
    std::vector<uint64_t> weights;
    uint64_t most = 0;
    for (const Candidate& candidate : *candidates) {
      const auto ties = static_cast<size_t>(std::min(candidate.ties, 3));
      weights.push_back(odd ? 1 : candidate.likes * kTies[ties]);
      most = std::max(most, weights.back());
    }
    // Room for the sum in what can be drawn from.
    const int shift = std::max(0, static_cast<int>(std::bit_width(most)) - 22);
    for (uint64_t& weight : weights) weight >>= shift;
    const size_t at = prng->PickWeighted(weights);
    const uint32_t chosen = (*candidates)[at].investor;
    candidates->erase(candidates->begin() + static_cast<std::ptrdiff_t>(at));
    round->investors.push_back(chosen);
    for (const uint32_t partner : partners_[chosen]) {
      for (Candidate& candidate : *candidates) candidate.ties += candidate.investor == partner;
    }
  }

  void Remember(const DealRound& round) {
    std::vector<uint32_t>& inside = inside_[round.company.number];
    for (const uint32_t investor : round.investors) {
      for (const uint32_t other : round.investors) {
        if (other != investor) partners_[investor].Add(other);
      }
    }
    const size_t before = inside.size();
    for (const uint32_t investor : round.investors) {
      const auto end = inside.begin() + static_cast<std::ptrdiff_t>(before);
      if (std::find(inside.begin(), end, investor) != end) continue;
      for (size_t i = 0; i < before; ++i) followers_[inside[i]].Add(investor);
      inside.push_back(investor);
    }
  }

  const Investors& investors_;
  Crowd all_;
  std::vector<Crowd> by_subsector_, by_country_;
  absl::flat_hash_map<std::string, Crowd> by_region_;
  std::vector<std::array<uint8_t, kQuarters>> paces_;
  std::vector<Acquaintances> partners_, followers_;
  std::vector<std::vector<uint32_t>> inside_;  // who is in a company
};

}  // namespace

bool ForEachRound(const Investors& investors, const std::function<bool(const DealRound&)>& visit) {
  return DealMarket(investors).Run(visit);
}

}  // namespace tandem::pairing
