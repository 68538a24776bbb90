#include "services/pairing/matching/selection.h"

#include <algorithm>
#include <limits>

#include "absl/container/flat_hash_map.h"

namespace tandem::pairing::matching {
namespace {

// What is fetched beyond what is wanted at first: enough for most lists to need no second fetch.
constexpr size_t kSpare = 32;

// Best first.
bool Before(int64_t score_a, absl::string_view name_a, int64_t score_b, absl::string_view name_b) {
  return score_a != score_b ? score_a > score_b : name_a < name_b;
}

// What of `plain` no unfetched candidate can come before, in the order with discounts. A discount only lowers a score:
// an unfetched candidate stays behind the place of the last fetched one in the plain list.
std::vector<Selected> SettledOrder(const std::vector<Candidate>& plain, bool whole, bool discount) {
  std::vector<Selected> order;
  order.reserve(plain.size());
  for (size_t i = 0; i < plain.size(); ++i) {
    Selected place;
    place.plain_index = i;
    place.spent_capacity = discount ? SpentCapacityPoints(plain[i].capacity_left) : 0;
    place.score = plain[i].score + place.spent_capacity;
    const Candidate& last = plain.back();
    if (whole || !Before(last.score, last.name, place.score, plain[i].name)) order.push_back(place);
  }
  if (discount) {
    std::sort(order.begin(), order.end(), [&](const Selected& a, const Selected& b) {
      return Before(a.score, plain[a.plain_index].name, b.score, plain[b.plain_index].name);
    });
  }
  return order;
}

// Takes from `order` until `wanted` are selected and the next one is found.
Selection Take(const std::vector<Candidate>& plain, const std::vector<Selected>& order, size_t most_per_owner,
               size_t wanted) {
  Selection selection;
  absl::flat_hash_map<absl::string_view, size_t> taken;
  for (const Selected& place : order) {
    const absl::string_view owner = plain[place.plain_index].owner;
    if (most_per_owner > 0 && !owner.empty() && ++taken[owner] > most_per_owner) {
      ++selection.passed_over;
      continue;
    }
    if (selection.selected.size() == wanted) {
      selection.more = true;
      break;
    }
    selection.selected.push_back(place);
    selection.selected.back().passed_over = selection.passed_over;
  }
  return selection;
}

}  // namespace

int64_t SpentCapacityPoints(int32_t capacity_left) {
  if (capacity_left <= 0) return 0;
  return -kPerSpentPlace * std::max(0, kSparedCapacity - capacity_left);
}

bool AsksForSelection(const v1::MatchOptions& options) {
  return options.most_per_owner() > 0 || options.spare_spent_capacity();
}

Selection Select(const FetchBest& fetch, const v1::MatchOptions& options, size_t wanted) {
  constexpr size_t kAll = std::numeric_limits<size_t>::max();
  const auto most_per_owner = static_cast<size_t>(std::max(0, options.most_per_owner()));
  for (size_t k = wanted > kAll - kSpare ? kAll : wanted + kSpare;; k = k > kAll / 2 ? kAll : 2 * k) {
    const std::vector<Candidate> plain = fetch(k);
    const bool whole = plain.size() < k;
    Selection selection =
        Take(plain, SettledOrder(plain, whole, options.spare_spent_capacity()), most_per_owner, wanted);
    if (whole || selection.more) return selection;
  }
}

}  // namespace tandem::pairing::matching
