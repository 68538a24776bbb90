// Templates: plausible records to make new ones of, and to take changed values from.
#ifndef TANDEM_TESTS_FAULT_LOAD_TEMPLATES_H_
#define TANDEM_TESTS_FAULT_LOAD_TEMPLATES_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::check {

// Immutable. None of the lists is empty.
struct Templates {
  pairing::v1::Edition edition;
  pairing::v1::Taxonomy taxonomy;
  std::vector<investors::v1::Investor> investors;
  std::vector<investors::v1::Deal> deals;  // of those investors, by external id
  std::vector<projects::v1::Project> projects;
};

// The same for the same arguments.
absl::StatusOr<Templates> MakeTemplates(uint64_t seed, const std::string& edition_id, int projects, int investors);

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_TEMPLATES_H_
