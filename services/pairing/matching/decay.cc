#include "services/pairing/matching/decay.h"

#include <array>
#include <cstddef>
#include <vector>

#include "common/base/fixed_point.h"

namespace tandem::pairing::matching {
namespace {

constexpr std::array<int32_t, 6> kDays = {91, 183, 365, 1096, 1826, 3652};

using Tables = std::array<std::vector<int32_t>, kDays.size()>;

const Tables& AllTables() {
  static const Tables* const tables = [] {
    auto* made = new Tables;
    for (size_t i = 0; i < kDays.size(); ++i) {
      for (int32_t age = 0;; ++age) {
        const int64_t left = HalfLifeMicro(age, kDays[i]);
        if (left == 0) break;
        (*made)[i].push_back(static_cast<int32_t>(left));
      }
    }
    return made;
  }();
  return *tables;
}

}  // namespace

int64_t DecayLeft(HalfLife half_life, int32_t age_days) {
  const std::vector<int32_t>& table = AllTables()[static_cast<size_t>(half_life)];
  if (age_days < 0) return kMicro;
  return static_cast<size_t>(age_days) < table.size() ? table[static_cast<size_t>(age_days)] : 0;
}

}  // namespace tandem::pairing::matching
