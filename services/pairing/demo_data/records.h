// Makes up single records. All depend on (seed, index) and the tastes alone.
#ifndef TANDEM_SERVICES_PAIRING_DEMO_DATA_RECORDS_H_
#define TANDEM_SERVICES_PAIRING_DEMO_DATA_RECORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/pairing/demo_data/taste.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::pairing {

// All investors' tastes, and who cares for which subsector.
struct Investors {
  int64_t seed = 0;
  std::vector<Taste> tastes;
  std::vector<std::vector<uint32_t>> by_subsector;
};
Investors MakeInvestors(int64_t seed, uint32_t count);

v1::Edition MakeEdition(const std::string& edition_id);
v1::Taxonomy MakeTaxonomy();
type::v1::SectorCode ToSectorCode(const char* code);

investors::v1::Investor MakeInvestor(const Investors& investors, uint32_t index);

// Number of deals in the investor's track record, 0 to 40; a third have none.
int DealCount(int64_t seed, uint32_t investor);
// Deal `number` (from 0) of an investor, with the external id of `deal_index`.
investors::v1::Deal MakeDeal(const Investors& investors, uint32_t investor, int number, uint64_t deal_index);

projects::v1::Project MakeProject(const Investors& investors, uint64_t index);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_DEMO_DATA_RECORDS_H_
