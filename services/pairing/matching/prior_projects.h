// Which projects name an investor as a prior one: their pairs depend on what that investor did.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_PRIOR_PROJECTS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_PRIOR_PROJECTS_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

#include "tandem/projects/v1/project.pb.h"

namespace tandem::pairing::matching {

// Not thread-safe. A few dozen bytes for each prior investor that a project names.
class PriorProjects {
 public:
  void Add(uint32_t slot, const projects::v1::Project& project);
  // REQUIRES: `project` is as it was added.
  void Remove(uint32_t slot, const projects::v1::Project& project);

  // Adds the slots of those that name an investor by `name`, or by `external_id` where it is not empty.
  void FindByName(absl::string_view name, absl::flat_hash_set<uint32_t>* slots) const;
  void FindByExternalId(absl::string_view external_id, absl::flat_hash_set<uint32_t>* slots) const;

 private:
  using Naming = absl::flat_hash_map<std::string, absl::flat_hash_set<uint32_t>>;
  Naming by_name_, by_external_id_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_PRIOR_PROJECTS_H_
