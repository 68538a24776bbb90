// The places of a Lens: a country, a region within it, a city within that.
#include <algorithm>

#include "common/base/fixed_point.h"
#include "services/pairing/matching/integers.h"
#include "services/pairing/matching/lens.h"

namespace tandem::pairing::matching {
namespace {

using investors::v1::Criterion;

constexpr int64_t kBelief = 2 * kMicro;
// Countries and parts of a country that are believed to exist before anything was counted.
constexpr int64_t kCountries = 60;
constexpr int64_t kRegions = 20;
constexpr int64_t kCities = 20;

bool NamesPlaces(const Criterion& criterion) {
  return criterion.wants_case() == Criterion::kPlaces && criterion.strength() != type::v1::STRENGTH_MUST_NOT;
}

}  // namespace

int64_t Lens::CountryShare(uint32_t country) const {
  return context_.statistics.Share(country, context_.statistics.Count(codes_.stated_countries()), kCountries);
}

int64_t Lens::RegionShare(uint16_t region_code) const {
  return context_.statistics.Share(
      codes_.RegionOf(region_code),
      context_.statistics.Count(codes_.StatedRegions(codes_.CountryCodeOfRegion(region_code))), kRegions);
}

int64_t Lens::CityShare(uint16_t city_code) const {
  return context_.statistics.Share(codes_.CityOf(city_code),
                                   context_.statistics.Count(codes_.StatedCities(codes_.RegionCodeOfCity(city_code))),
                                   kCities);
}

int64_t Lens::PriorOfCountry(uint16_t code) const {
  const uint32_t country = codes_.CountryOf(code);
  int64_t prior = kMicro;
  for (int i = 0; i < investor_.record.mandate().criteria_size(); ++i) {
    const Criterion& criterion = investor_.record.mandate().criteria(i);
    if (!NamesPlaces(criterion)) continue;
    int64_t all = 0, wanted = 0;
    for (const WeightedId& item : investor_.criteria[static_cast<size_t>(i)]) {
      all += item.weight;
      const uint16_t region = codes_.FindRegion(item.id);
      const std::vector<uint32_t>& groups = codes_.GroupsOf(code);
      const bool holds = item.id == country || (region != 0 && codes_.CountryCodeOfRegion(region) == (code & ~1u)) ||
                         std::find(groups.begin(), groups.end(), item.id) != groups.end();
      if (!holds) continue;
      const uint32_t counted = region != 0 ? country : item.id;
      wanted += item.weight * kMicro / std::max<int64_t>(1'000, CountryShare(counted));
    }
    if (all == 0) continue;
    const int64_t open = OpenPart(criterion);
    prior =
        Times(prior, Times(kMicro - open, static_cast<int64_t>(static_cast<__int128>(wanted) * kMicro / all)) + open);
  }
  return prior;
}

bool Lens::MandatesRegionsOf(uint16_t country_code) const {
  for (int i = 0; i < investor_.record.mandate().criteria_size(); ++i) {
    if (!NamesPlaces(investor_.record.mandate().criteria(i))) continue;
    for (const WeightedId& item : investor_.criteria[static_cast<size_t>(i)]) {
      const uint16_t region = codes_.FindRegion(item.id);
      if (region != 0 && codes_.CountryCodeOfRegion(region) == (country_code & ~1u)) return true;
    }
  }
  return false;
}

bool Lens::NamesRegion(uint16_t code) const {
  const uint32_t region = codes_.RegionOf(code);
  for (int i = 0; i < investor_.record.mandate().criteria_size(); ++i) {
    if (!NamesPlaces(investor_.record.mandate().criteria(i))) continue;
    for (const WeightedId& item : investor_.criteria[static_cast<size_t>(i)]) {
      if (item.id == region) return true;
    }
  }
  return false;
}

int64_t Lens::PriorOfRegion(uint16_t code, int64_t share) const {
  const uint16_t country_code = codes_.CountryCodeOfRegion(code);
  int64_t prior = kMicro;
  for (int i = 0; i < investor_.record.mandate().criteria_size(); ++i) {
    const Criterion& criterion = investor_.record.mandate().criteria(i);
    if (!NamesPlaces(criterion)) continue;
    int64_t all = 0, wanted = 0;
    for (const WeightedId& item : investor_.criteria[static_cast<size_t>(i)]) {
      const uint16_t region = codes_.FindRegion(item.id);
      if (region == 0 || codes_.CountryCodeOfRegion(region) != country_code) continue;
      all += item.weight;
      if (region == (code & ~1u)) wanted += item.weight;
    }
    if (all == 0) continue;
    const int64_t open = OpenPart(criterion);
    prior = TimesPrior(prior, Times(kMicro - open, wanted * kMicro / all * kMicro / share) + open);
  }
  return prior;
}

int32_t Lens::UnknownRegion(uint16_t country_code) const {
  const int64_t stated = habits_.region_by_country.Of(static_cast<uint16_t>(country_code & ~1u));
  int64_t prior = kMicro;
  if (MandatesRegionsOf(country_code)) prior = context_.profile.open_part_should;
  if (stated == 0 && prior == kMicro) return 0;
  return Points(kRegion, Ln(Times(kBelief, prior), stated + kBelief));
}

int32_t Lens::UnknownCity(uint16_t region_code) const {
  const int64_t stated = habits_.city_by_region.Of(static_cast<uint16_t>(region_code & ~1u));
  return stated == 0 ? 0 : Points(kCity, Ln(kBelief, stated + kBelief));
}

void Lens::AddCountry(uint16_t code, Terms* terms) const {
  if (code == 0) return;
  const int64_t share = CountryShare(codes_.CountryOf(code));
  const Tally& tally = habits_.all[kCountryColumn];
  AddRatio(kCountry, tally.Of(static_cast<uint16_t>(code & ~1u)), tally.total(), PriorOfCountry(code), share, kBelief,
           terms);
  if ((code & 1u) != 0) terms->Add(kRegion, 0, UnknownRegion(code));
}

void Lens::AddRegion(uint16_t code, Terms* terms) const {
  if (code == 0) return;
  const auto even = static_cast<uint16_t>(code & ~1u);
  const uint16_t country = codes_.CountryCodeOfRegion(code);
  const int64_t alike = habits_.all[kRegionColumn].Of(even);
  const bool named = NamesRegion(code);
  if (alike > 0 || named) {
    const int64_t share = RegionShare(code);
    const int64_t prior = PriorOfRegion(code, share);
    const int64_t stated = habits_.region_by_country.Of(country);
    const int32_t value = Ln(alike + Times(kBelief, Times(prior, share)), Times(stated + kBelief, share));
    const int32_t before = named ? Points(kRegion, Ln(Times(prior, share), share)) : 0;
    // The country's code has given what an unknown region gets.
    const int32_t points = Points(kRegion, value) - UnknownRegion(country);
    terms->Add(kRegion, before, points);
  }
  if ((code & 1u) != 0) terms->Add(kCity, 0, UnknownCity(code));
}

void Lens::AddCity(uint16_t code, Terms* terms) const {
  if (code == 0) return;
  const int64_t alike = habits_.all[kCityColumn].Of(code);
  if (alike == 0) return;
  const uint16_t region = codes_.RegionCodeOfCity(code);
  const int64_t share = CityShare(code);
  const int64_t stated = habits_.city_by_region.Of(region);
  const int32_t value = Ln(alike + Times(kBelief, share), Times(stated + kBelief, share));
  terms->Add(kCity, 0, Points(kCity, value) - UnknownCity(region));
}

std::vector<uint16_t> Lens::KnownCodes(Column column) const {
  std::vector<uint16_t> known;
  for (const auto& [code, weight] : habits_.all[column].entries()) known.push_back(code);
  if (column == kRegionColumn) {
    for (int i = 0; i < investor_.record.mandate().criteria_size(); ++i) {
      if (!NamesPlaces(investor_.record.mandate().criteria(i))) continue;
      for (const WeightedId& item : investor_.criteria[static_cast<size_t>(i)]) {
        const uint16_t region = codes_.FindRegion(item.id);
        if (region != 0) known.push_back(region);
      }
    }
    // Both codes of each.
    for (size_t i = 0, n = known.size(); i < n; ++i) known.push_back(static_cast<uint16_t>(known[i] | 1u));
  }
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  return known;
}

}  // namespace tandem::pairing::matching
