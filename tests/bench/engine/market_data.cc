#include "tests/bench/engine/market_data.h"

#include <algorithm>
#include <numeric>

namespace tandem::bench {

NameOrder::NameOrder(const std::vector<std::string>& names) : places_(names.size()), slots_(names.size()) {
  std::iota(slots_.begin(), slots_.end(), 0u);
  std::sort(slots_.begin(), slots_.end(), [&](uint32_t a, uint32_t b) { return names[a] < names[b]; });
  for (uint32_t place = 0; place < slots_.size(); ++place) places_[slots_[place]] = place;
}

}  // namespace tandem::bench
