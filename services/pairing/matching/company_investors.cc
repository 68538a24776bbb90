#include "services/pairing/matching/company_investors.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace tandem::pairing::matching {

void CompanyInvestors::Change(uint32_t investor, const TrackRecord* before, const TrackRecord* now) {
  if (before == now) return;
  static const TrackRecord kNothing;
  const auto& old_ones = (before == nullptr ? kNothing : *before).companies;
  const auto& new_ones = (now == nullptr ? kNothing : *now).companies;
  const auto set = [&](uint32_t company, bool there) {
    const std::vector<uint32_t>* known = slots_.Peek(company);
    std::vector<uint32_t> slots = known == nullptr ? std::vector<uint32_t>() : *known;
    const auto place = std::lower_bound(slots.begin(), slots.end(), investor);
    const bool found = place != slots.end() && *place == investor;
    if (found == there) return;
    if (there) {
      slots.insert(place, investor);
    } else {
      slots.erase(place);
    }
    slots_.Set(company, slots.empty() ? nullptr : std::make_shared<const std::vector<uint32_t>>(std::move(slots)));
  };
  // Both are sorted by company.
  auto a = old_ones.begin();
  auto b = new_ones.begin();
  while (a != old_ones.end() || b != new_ones.end()) {
    if (b == new_ones.end() || (a != old_ones.end() && a->company < b->company)) {
      set((a++)->company, false);
    } else if (a == old_ones.end() || b->company < a->company) {
      set((b++)->company, true);
    } else {
      ++a;
      ++b;
    }
  }
}

}  // namespace tandem::pairing::matching
