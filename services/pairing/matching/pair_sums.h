// Pair sums: what many pairs of one investor come to, without the terms.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_PAIR_SUMS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_PAIR_SUMS_H_

#include <cstdint>

#include "absl/container/flat_hash_map.h"

#include "services/pairing/matching/co_investors.h"
#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/lens.h"

namespace tandem::pairing::matching {

// Of one investor as of one day. What a code or a sector is worth to it is worked out once: projects share most of
// them. The references must outlive it. Not thread-safe.
class PairSums {
 public:
  PairSums(const MarketContext& context, const CodeBook& codes, const InvestorFacts& investor, int32_t day);

  // ScorePair(...).Sum(). `shared` counts only for projects that name prior investors.
  int32_t Of(const ProjectFacts& project, const SharedStrength& shared);

 private:
  int32_t OfCode(Column column, uint16_t code);
  int32_t OfSector(uint16_t sector);

  const MarketContext& context_;
  const InvestorFacts& investor_;
  const Lens lens_;
  int32_t bias_ = 0;
  absl::flat_hash_map<uint32_t, int32_t> codes_;  // by column and code
  absl::flat_hash_map<uint16_t, int32_t> sectors_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_PAIR_SUMS_H_
