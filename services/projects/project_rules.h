// What is particular to a project: its place in the catalog, its states, and the rules that the contract's options
// cannot say.
#ifndef TANDEM_SERVICES_PROJECTS_PROJECT_RULES_H_
#define TANDEM_SERVICES_PROJECTS_PROJECT_RULES_H_

#include "common/catalog/collection.h"

namespace tandem::projects {

// Name of this service's store in consistency tokens.
inline constexpr char kSource[] = "projects";

catalog::Collection ProjectCollection();

}  // namespace tandem::projects

#endif  // TANDEM_SERVICES_PROJECTS_PROJECT_RULES_H_
