// Which investors have a deal in a company: those alone can share one with another investor.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_COMPANY_INVESTORS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_COMPANY_INVESTORS_H_

#include <cstdint>
#include <vector>

#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/facts_table.h"

namespace tandem::pairing::matching {

// Every copy is a version of its own; copies share what did not change. Not thread-safe while it is written.
class CompanyInvestors {
 public:
  // The investor of this slot now has `now` (null: is gone) where it had `before` (null: nothing).
  void Change(uint32_t investor, const TrackRecord* before, const TrackRecord* now);

  // Slots, ascending; null for none. Valid as long as this version.
  const std::vector<uint32_t>* Of(uint32_t company) const { return slots_.Peek(company); }

 private:
  FactsTable<std::vector<uint32_t>> slots_;  // by company
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_COMPANY_INVESTORS_H_
