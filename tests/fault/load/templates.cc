#include "tests/fault/load/templates.h"

#include "common/base/status.h"
#include "services/pairing/demo_data/generate.h"

namespace tandem::check {

absl::StatusOr<Templates> MakeTemplates(uint64_t seed, const std::string& edition_id, int projects, int investors) {
  pairing::v1::GenerateDemoDataRequest request;
  request.set_seed(static_cast<int64_t>(seed));
  request.set_edition_id(edition_id);
  request.set_project_count(projects);
  request.set_investor_count(investors);
  Templates made;
  TANDEM_RETURN_IF_ERROR(pairing::GenerateDemoData(request, [&](const pairing::v1::GenerateDemoDataResponse& response) {
    if (response.has_edition()) made.edition = response.edition();
    if (response.has_taxonomy()) made.taxonomy = response.taxonomy();
    if (response.has_investor()) made.investors.push_back(response.investor());
    if (response.has_deal()) made.deals.push_back(response.deal());
    if (response.has_project()) made.projects.push_back(response.project());
    return true;
  }));
  if (made.investors.empty() || made.deals.empty() || made.projects.empty()) {
    return absl::InvalidArgumentError("a load needs at least one project, one investor and one deal");
  }
  return made;
}

}  // namespace tandem::check
