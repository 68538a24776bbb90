// Imports: many records in one call, each standing alone.
#ifndef TANDEM_TESTS_FAULT_LOAD_IMPORT_H_
#define TANDEM_TESTS_FAULT_LOAD_IMPORT_H_

#include <vector>

#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/projects/v1/project.pb.h"
#include "tests/fault/load/write_session.h"

namespace tandem::check {

// Each sends `items`, at most 500 of them with external ids of their own, and publishes or verifies what is new. False
// unless the call was acknowledged; items may be refused one by one all the same.
bool ImportProjects(WriteSession* session, const std::vector<projects::v1::Project>& items);
bool ImportInvestors(WriteSession* session, const std::vector<investors::v1::Investor>& items);
bool ImportDeals(WriteSession* session, const std::vector<investors::v1::Deal>& items);

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_IMPORT_H_
