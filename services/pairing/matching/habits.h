// Habits: what an investor's deals before a day show, value by value, older deals counting less.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_HABITS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_HABITS_H_

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// Weights in millionths of a deal, by code. Sorted by code, each once.
class Tally {
 public:
  using Entry = std::pair<uint16_t, int64_t>;

  void Add(uint16_t code, int64_t weight) {
    if (weight > 0) entries_.emplace_back(code, weight);
  }
  // REQUIRES: called once, after the last Add and before anything is read.
  void Close();

  int64_t total() const { return total_; }
  int64_t Of(uint16_t code) const;
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
  int64_t total_ = 0;
};

// Half-lives are named; only the first deal in a company counts where "new" is said.
struct Habits {
  Habits(const MarketContext& context, const TrackRecord& track, int32_t day);

  std::array<Tally, kColumnCount> all;      // three years; of countries and regions the even codes
  Tally region_by_country;                  // three years; deals with a region, by the even code of their country
  Tally city_by_region;                     // the same of cities
  Tally round_recent, region_round_recent;  // one year, new deals
  Tally sectors;                            // three years; a deal is spread over its sectors
  // The ask: deviations from the market's mean in thousandths of a nat; squares are weighed in thousandths of a deal,
  // which leaves room for any number of deals.
  int64_t ask_weight = 0, ask_sum = 0, ask_square_sum = 0;
  std::vector<int64_t> ask_density;                                         // by code
  int64_t activity_quarter = 0, activity_half_year = 0, activity_year = 0;  // new deals
  int64_t deals = 0;                                                        // undecayed count
  int32_t last_day = 0;                                                     // of the last deal, when there is one
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_HABITS_H_
