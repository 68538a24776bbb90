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

constexpr Bits kExact[] = {{kStageColumn, 0, ProjectFilter::kStageBits}, {kRoundColumn, 11, 11}};
constexpr HashedBits kHashed[] = {{kCountryColumn, 22, 10}};

// Steps of 2048 micro-nats; what lies beyond the steps falls on the last one on either side.
constexpr int32_t kMostSteps = 0x7fff;
uint64_t Steps(int32_t ln) { return static_cast<uint64_t>(std::clamp(ln >> 11, 0, kMostSteps)); }

uint64_t Range(uint64_t first, uint64_t second) { return (first << 48) | (second << 32); }

uint64_t MaskOf(const InvestorForm& form) {
  uint64_t accepted = 0;
  for (const Bits& bits : kExact) {
    const ColumnPoints& column = form.columns[bits.column];
    if (column.otherwise != kRefused) {
      for (uint32_t code = 0; code < bits.width; ++code) accepted |= bits.Of(static_cast<uint16_t>(code));
    }
    for (const ColumnPoints::Listed& listed : column.listed) {
      if (listed.points != kRefused) {
        accepted |= bits.Of(listed.code);
      } else if (listed.code < bits.width - 1) {
        accepted &= ~uint64_t{bits.Of(listed.code)};
      }
    }
  }
  for (const HashedBits& bits : kHashed) {
    const ColumnPoints& column = form.columns[bits.column];
    for (uint32_t bit = 0; bit < bits.width && column.otherwise != kRefused; ++bit) {
      accepted |= uint64_t{1} << (bits.first + bit);
    }
    for (const ColumnPoints::Listed& listed : column.listed) {
      if (listed.points != kRefused) accepted |= bits.Of(listed.code);
    }
  }
  return ~accepted & 0xffffffff;
}

}  // namespace

InvestorFilter FilterOf(const InvestorForm& form) {
  // The ask's upper end must reach the ticket's lower one; the other way round, both are counted from the last step
  // down.
  return {MaskOf(form) | Range(Steps(form.ticket_least), static_cast<uint64_t>(kMostSteps) - Steps(form.ticket_most))};
}

ProjectFilter FilterOf(const ProjectRow& row) {
  ProjectFilter filter;
  for (const Bits& bits : kExact) filter.codes |= bits.Of(row.codes[bits.column]);
  for (const HashedBits& bits : kHashed) filter.codes |= bits.Of(row.codes[bits.column]);
  // An ask that is not stated meets every ticket.
  const bool stated = row.codes[kAskColumn] != 0;
  const auto most = static_cast<uint64_t>(kMostSteps);
  filter.range |= stated ? Range(Steps(row.ask_most), most - Steps(row.ask_least)) : Range(most, most);
  return filter;
}

}  // namespace tandem::pairing::matching
