#include "services/pairing/matching/code_book.h"

#include <algorithm>
#include <utility>

namespace tandem::pairing::matching {

uint16_t CodeBook::Country(uint32_t country, bool has_region) {
  if (country == 0) return 0;
  const auto it = countries_.find(country);
  uint16_t code = 0;
  if (it != countries_.end()) {
    code = it->second;
  } else {
    if (country_ids_.size() == kMostCountries) return 0;
    country_ids_.push_back(country);
    country_groups_.emplace_back();
    country_stated_.push_back(0);
    code = static_cast<uint16_t>(country_ids_.size() * 2);
    countries_[country] = code;
  }
  return static_cast<uint16_t>(code + (has_region ? 1 : 0));
}

uint16_t CodeBook::Region(uint32_t country, uint32_t region, bool has_city) {
  const uint16_t country_code = Country(country, false);
  if (region == 0 || country_code == 0) return 0;
  const auto it = regions_.find(region);
  uint16_t code = 0;
  if (it != regions_.end()) {
    code = it->second;
  } else {
    if (region_ids_.size() == kMostRegions) return 0;
    region_ids_.push_back(region);
    region_stated_.push_back(0);
    region_countries_.push_back(country_code);
    code = static_cast<uint16_t>(region_ids_.size() * 2);
    regions_[region] = code;
  }
  return static_cast<uint16_t>(code + (has_city ? 1 : 0));
}

uint16_t CodeBook::City(uint16_t region_code, uint32_t city) {
  if (city == 0 || region_code == 0) return 0;
  const auto it = cities_.find(city);
  if (it != cities_.end()) return it->second;
  if (city_ids_.size() == kMostCodes) return 0;
  city_ids_.push_back(city);
  city_regions_.push_back(static_cast<uint16_t>(region_code & ~1u));
  return cities_[city] = static_cast<uint16_t>(city_ids_.size());
}

uint16_t CodeBook::RegionRound(uint16_t region_code, int round) {
  if (region_code == 0) return 0;
  const uint32_t key = (uint32_t{region_code} & ~1u) * 32 + static_cast<uint32_t>(round & 31);
  const auto it = region_rounds_.find(key);
  if (it != region_rounds_.end()) return it->second;
  if (region_rounds_.size() == kMostCodes) return 0;
  const auto code = static_cast<uint16_t>(region_rounds_.size() + 1);
  return region_rounds_[key] = code;
}

uint16_t CodeBook::Sector(uint32_t sector) {
  if (sector == 0) return 0;
  const auto it = sectors_.find(sector);
  if (it != sectors_.end()) return it->second;
  if (sector_ids_.size() == kMostCodes) return 0;
  sector_ids_.push_back(sector);
  return sectors_[sector] = static_cast<uint16_t>(sector_ids_.size());
}

uint16_t CodeBook::Languages(std::vector<uint32_t> languages) {
  if (languages.empty()) return 0;
  std::sort(languages.begin(), languages.end());
  const auto it = language_codes_.find(languages);
  if (it != language_codes_.end()) return it->second;
  if (language_sets_.size() == kMostLanguageSets) return 0;
  language_sets_.push_back(languages);
  return language_codes_[std::move(languages)] = static_cast<uint16_t>(language_sets_.size());
}

void CodeBook::Use(Column column, uint16_t code) {
  if (!ListsAll(column)) return;
  std::vector<uint16_t>& codes = in_use_[column];
  const auto it = std::lower_bound(codes.begin(), codes.end(), code);
  if (it != codes.end() && *it == code) return;
  codes.insert(it, code);
  ++uses_;
  ++generation_;
}

}  // namespace tandem::pairing::matching
