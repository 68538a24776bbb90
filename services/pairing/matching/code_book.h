// Code book: the small numbers that the values of one edition have in the columns of a ProjectRow.
//
// Numbers, ranks and sets of a few members are their own codes; countries, regions, cities, sets of languages and
// sectors are numbered as they first appear. Codes mean nothing outside of their edition, and never change.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_CODE_BOOK_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_CODE_BOOK_H_

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// Width of a code of kAskColumn, a tenth of a power of ten, in micro-nats; powers of ten lie in the middle of theirs.
inline constexpr int64_t kAskStep = 230'259;

// Code of an amount by the logarithm (micro-nats) of its base-currency minor units, from 1. REQUIRES: ln >= 0.
inline uint16_t AskCode(int64_t ln) { return static_cast<uint16_t>(1 + (ln + kAskStep / 2) / kAskStep); }
inline int64_t AskMiddle(uint16_t code) { return (code - 1) * kAskStep; }

// Codes of kHistoryColumn.
inline constexpr uint16_t kFirstRound = 1;  // no earlier investor is known
inline constexpr uint16_t kLaterRound = 2;

// Sets as codes: the bits of the vocabulary's numbers, bit 0 being "unspecified" and left out.
inline uint16_t SetCode(uint32_t bits) { return static_cast<uint16_t>(bits >> 1); }
inline uint32_t SetBits(uint16_t code) { return uint32_t{code} << 1; }

// Not thread-safe: one writer, and readers of what they were given only.
class CodeBook {
 public:
  // Codes beyond this are not given out: the value then counts as not stated, but for gates, which see all.
  static constexpr size_t kMostCodes = 60'000;
  static constexpr size_t kMostRegions = 30'000;
  static constexpr size_t kMostCountries = 1'000;
  static constexpr size_t kMostLanguageSets = 2'000;

  // 0 for a value that is not stated. Countries and regions have two codes each, the odd one when the next smaller part
  // is stated too: what is known of somebody's regions then says something of each region that is not among them.
  uint16_t Country(uint32_t country, bool has_region);
  uint16_t Region(uint32_t country, uint32_t region, bool has_city);
  uint16_t City(uint16_t region_code, uint32_t city);
  uint16_t RegionRound(uint16_t region_code, int round);
  uint16_t Languages(std::vector<uint32_t> languages);
  uint16_t Sector(uint32_t sector);

  // The code if there is one (of countries and regions the even one); else 0.
  uint16_t FindCountry(uint32_t country) const { return Find(countries_, country); }
  uint16_t FindRegion(uint32_t region) const { return Find(regions_, region); }
  uint16_t FindSector(uint32_t sector) const { return Find(sectors_, sector); }

  // What a code stands for. REQUIRES: the code was given out and is not 0.
  uint32_t CountryOf(uint16_t code) const { return country_ids_[code / 2 - 1u]; }
  uint32_t RegionOf(uint16_t code) const { return region_ids_[code / 2 - 1u]; }
  uint16_t CountryCodeOfRegion(uint16_t code) const { return region_countries_[code / 2 - 1u]; }
  uint32_t CityOf(uint16_t code) const { return city_ids_[code - 1u]; }
  uint16_t RegionCodeOfCity(uint16_t code) const { return city_regions_[code - 1u]; }
  const std::vector<uint32_t>& LanguagesOf(uint16_t code) const { return language_sets_[code - 1u]; }
  uint32_t SectorOf(uint16_t code) const { return sector_ids_[code - 1u]; }
  size_t sector_count() const { return sector_ids_.size(); }

  // What places are counted by, as interned features: of what states a country at all, a region of one, a city of one.
  uint32_t stated_countries() const { return stated_countries_; }
  uint32_t StatedRegions(uint16_t country_code) const { return country_stated_[country_code / 2 - 1u]; }
  uint32_t StatedCities(uint16_t region_code) const { return region_stated_[region_code / 2 - 1u]; }
  uint32_t stated_sectors() const { return stated_sectors_; }
  // Groups of countries that hold the country.
  const std::vector<uint32_t>& GroupsOf(uint16_t country_code) const { return country_groups_[country_code / 2 - 1u]; }

  void Describe(uint32_t stated_countries, uint32_t stated_sectors) {
    stated_countries_ = stated_countries;
    stated_sectors_ = stated_sectors;
  }
  void DescribeCountry(uint16_t code, std::vector<uint32_t> groups, uint32_t stated_regions) {
    country_groups_[code / 2 - 1u] = std::move(groups);
    country_stated_[code / 2 - 1u] = stated_regions;
  }
  void DescribeRegion(uint16_t code, uint32_t stated_cities) { region_stated_[code / 2 - 1u] = stated_cities; }
  size_t country_count() const { return country_ids_.size(); }
  size_t region_count() const { return region_ids_.size(); }

  // Notes that a project has `code`, for the columns of which a form lists every code in use.
  void Use(Column column, uint16_t code);
  // Says that forms made before may miss something.
  void Grow() { ++generation_; }
  // The codes of `column` in use, ascending; for those columns only.
  const std::vector<uint16_t>& InUse(Column column) const { return in_use_[column]; }
  // Codes that were given out.
  size_t size() const {
    return country_ids_.size() + region_ids_.size() + city_ids_.size() + region_rounds_.size() + sector_ids_.size() +
           language_sets_.size() + uses_;
  }
  // Grows whenever a code came into use: forms made before do not know it.
  uint64_t generation() const { return generation_; }

  // Whether forms list every code of `column` that is in use, rather than those that an investor knows.
  static bool ListsAll(Column column) {
    return column != kRegionColumn && column != kCityColumn && column != kRegionRoundColumn;
  }

 private:
  using Codes = absl::flat_hash_map<uint32_t, uint16_t>;
  static uint16_t Find(const Codes& codes, uint32_t id) {
    const auto it = codes.find(id);
    return it == codes.end() ? 0 : it->second;
  }

  Codes countries_, regions_, cities_, region_rounds_, sectors_;
  std::vector<uint32_t> country_ids_, region_ids_, city_ids_, sector_ids_;
  std::vector<std::vector<uint32_t>> country_groups_;
  std::vector<uint32_t> country_stated_, region_stated_;
  uint32_t stated_countries_ = 0, stated_sectors_ = 0;
  std::vector<uint16_t> region_countries_, city_regions_;  // even codes
  std::map<std::vector<uint32_t>, uint16_t> language_codes_;
  std::vector<std::vector<uint32_t>> language_sets_;
  std::array<std::vector<uint16_t>, kColumnCount> in_use_;
  uint64_t generation_ = 1;
  size_t uses_ = 0;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_CODE_BOOK_H_
