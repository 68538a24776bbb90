#include "services/pairing/matching/index/investor_filter.h"

#include <algorithm>

namespace tandem::pairing::matching {
namespace {

// Bits of the mask that belong to one column: codes below `width - 1` have a bit each, all others share the last one.
struct Bits {
  Column column;
  uint32_t first;
  uint32_t width;

  uint32_t Of(uint16_t code) const { return uint32_t{1} << (first + std::min<uint32_t>(code, width - 1)); }
};
// The same for columns of many codes: a code's bit is its remainder.
struct HashedBits {
  Column column;
  uint32_t first;
  uint32_t width;

  uint32_t Of(uint16_t code) const { return uint32_t{1} << (first + code % width); }
};

constexpr Bits kExact[] = {{kStageColumn, 0, 11}, {kRoundColumn, 11, 11}};
constexpr HashedBits kHashed[] = {{kCountryColumn, 22, 10}};

uint16_t Quantised(int32_t ln) { return static_cast<uint16_t>(std::clamp(ln >> 10, 0, 65535)); }

}  // namespace

PairFilter FilterOf(const InvestorForm& form) {
  PairFilter filter;
  filter.ask_least = Quantised(form.ticket_least);
  filter.ask_most = Quantised(form.ticket_most);
  for (const Bits& bits : kExact) {
    const ColumnPoints& column = form.columns[bits.column];
    if (column.otherwise != kRefused) {
      for (uint32_t code = 0; code < bits.width; ++code) filter.mask |= bits.Of(static_cast<uint16_t>(code));
    }
    for (const ColumnPoints::Listed& listed : column.listed) {
      if (listed.points != kRefused) {
        filter.mask |= bits.Of(listed.code);
      } else if (listed.code < bits.width - 1) {
        filter.mask &= ~bits.Of(listed.code);
      }
    }
  }
  for (const HashedBits& bits : kHashed) {
    const ColumnPoints& column = form.columns[bits.column];
    for (uint32_t bit = 0; bit < bits.width && column.otherwise != kRefused; ++bit) {
      filter.mask |= uint32_t{1} << (bits.first + bit);
    }
    for (const ColumnPoints::Listed& listed : column.listed) {
      if (listed.points != kRefused) filter.mask |= bits.Of(listed.code);
    }
  }
  return filter;
}

PairFilter FilterOf(const ProjectRow& row) {
  PairFilter filter;
  for (const Bits& bits : kExact) filter.mask |= bits.Of(row.codes[bits.column]);
  for (const HashedBits& bits : kHashed) filter.mask |= bits.Of(row.codes[bits.column]);
  // An ask that is not stated meets every ticket.
  const bool stated = row.codes[kAskColumn] != 0;
  filter.ask_least = stated ? Quantised(row.ask_least) : 0;
  filter.ask_most = stated ? Quantised(row.ask_most) : 65535;
  return filter;
}

}  // namespace tandem::pairing::matching
