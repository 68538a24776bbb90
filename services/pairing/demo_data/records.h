// Makes up single records. All depend on (seed, index), the tastes and, for deals, the round alone.
#ifndef TANDEM_SERVICES_PAIRING_DEMO_DATA_RECORDS_H_
#define TANDEM_SERVICES_PAIRING_DEMO_DATA_RECORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/pairing/demo_data/deal_market.h"
#include "services/pairing/demo_data/taste.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::pairing {

v1::Edition MakeEdition(const std::string& edition_id);
v1::Taxonomy MakeTaxonomy();
type::v1::SectorCode ToSectorCode(const char* code);

investors::v1::Investor MakeInvestor(const Investors& investors, uint32_t index);

// The deals of all investors of a round: one each, alike in everything that is the round's. Their external ids count on
// from `deal_index`.
std::vector<investors::v1::Deal> MakeDeals(const Investors& investors, const DealRound& round, uint64_t deal_index);

projects::v1::Project MakeProject(const Investors& investors, uint64_t index);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_DEMO_DATA_RECORDS_H_
