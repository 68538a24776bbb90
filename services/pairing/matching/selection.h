// Selection: what the options of a query make of a plain list. Diversity and attention, as a pure function.
//
// The plain list is fetched only as far as needed, so that an index which returns the best k can serve it; the outcome
// is that of the options on the whole list, whatever k was fetched.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_SELECTION_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_SELECTION_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/pairing/matching/facts.h"
#include "tandem/pairing/v1/pairing_service.pb.h"

namespace tandem::pairing::matching {

// One place of a plain list. The texts are not owned.
struct Candidate {
  int64_t score = 0;       // micro-nats
  absl::string_view name;  // decides between equal scores
  absl::string_view owner;
  int32_t capacity_left = 0;  // 0: not stated, or there is none
};

// The best `k` of the plain list, best first, ties by name; fewer only when there are no more. A longer answer begins
// with the shorter one.
using FetchBest = std::function<std::vector<Candidate>(size_t k)>;

// One place of the list with options.
struct Selected {
  size_t plain_index = 0;      // in the plain list, from 0
  int64_t score = 0;           // the plain score and the discount
  int64_t spent_capacity = 0;  // the discount in micro-nats, 0 or less
  size_t passed_over = 0;      // how many the owner limit left out before it
};

struct Selection {
  std::vector<Selected> selected;  // by score, ties by name
  size_t passed_over = 0;          // left out before the next one that would be selected, or in all when there is none
  bool more = false;               // whether there is a next one
};

// What each place that is missing to kSparedCapacity takes off the score, and the most that is taken. Whoever has none
// left is discounted by the score itself (Terms::spent_capacity), with options and without.
inline constexpr int64_t kPerSpentPlace = 200'000;
inline constexpr int64_t kMostSpentCapacity = (kSparedCapacity - 1) * kPerSpentPlace;

// Points of SIGNAL_SPENT_CAPACITY: 0 to -kMostSpentCapacity, a multiple of 1000.
int64_t SpentCapacityPoints(int32_t capacity_left);

// Whether `options` ask for anything.
bool AsksForSelection(const v1::MatchOptions& options);

// The best `wanted` under `options`. The list for a smaller `wanted` is a prefix of that for a greater one.
Selection Select(const FetchBest& fetch, const v1::MatchOptions& options, size_t wanted);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_SELECTION_H_
