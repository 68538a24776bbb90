// A few bytes that tell most impossible pairs apart before anything else of either side is read.
//
// The filter never refuses a pair that LinearScore allows; what it lets through still needs every gate.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_FILTER_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_FILTER_H_

#include <cstdint>

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// Of an investor: the codes it refuses (32 bits), and its ticket in two fields of 15 bits below a free bit each, as
// what an ask must not fall short of. Of a project: its codes, and the ask with the free bits set. One subtraction
// compares both ends of the range: a free bit that is borrowed from says that they do not meet.
struct InvestorFilter {
  uint64_t bits = 0;
};
struct ProjectFilter {
  static constexpr uint64_t kFreeBits = uint64_t{0x80008000} << 32;
  static constexpr uint64_t kRange = uint64_t{0x7fff7fff} << 32;

  // The first bits of the codes are the stage's, of which one is set.
  static constexpr uint32_t kStageBits = 11;

  uint64_t codes = 0;
  uint64_t range = kFreeBits;

  // No branches: what passes has no pattern that a processor could learn.
  bool MayMeet(InvestorFilter investor) const {
    return ((~(range - (investor.bits & kRange)) & kFreeBits) | (investor.bits & codes)) == 0;
  }
};

InvestorFilter FilterOf(const InvestorForm& form);
ProjectFilter FilterOf(const ProjectRow& row);

// An investor in the list of a sector that decides whether it is found (FlatForm::Decides), or of those that are
// always.
struct SectorPosting {
  uint32_t investor = 0;
  int16_t points = 0;
  bool refused = false;  // a project of the sector is
  InvestorFilter filter;
};
static_assert(sizeof(SectorPosting) == 16);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_FILTER_H_
