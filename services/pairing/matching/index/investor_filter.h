// A few bytes that tell most impossible pairs apart before anything else of either side is read.
//
// The filter never refuses a pair that LinearScore allows; what it lets through still needs every gate.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_FILTER_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_FILTER_H_

#include <cstdint>

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

struct PairFilter {
  uint16_t ask_least = 0, ask_most = 0;  // of an investor: the ticket; both in steps of 1024 micro-nats
  uint32_t mask = 0;                     // of an investor: the codes it may accept; of a project: its own

  bool MayMeet(const PairFilter& project) const {
    return (mask & project.mask) == project.mask && ask_least <= project.ask_most && project.ask_least <= ask_most;
  }
};

PairFilter FilterOf(const InvestorForm& form);
PairFilter FilterOf(const ProjectRow& row);

// One entry of an investor in the list of a sector (or in a list of those that no sector decides about).
struct SectorPosting {
  enum : uint16_t { kAccepted = 1, kRefusesSector = 2 };

  uint32_t investor = 0;
  int16_t points = 0;
  uint16_t flags = 0;
  PairFilter filter;
};
static_assert(sizeof(SectorPosting) == 16);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_FILTER_H_
