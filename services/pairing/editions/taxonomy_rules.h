// What is particular to a taxonomy: it is a forest whose sectors stand parents first.
#ifndef TANDEM_SERVICES_PAIRING_EDITIONS_TAXONOMY_RULES_H_
#define TANDEM_SERVICES_PAIRING_EDITIONS_TAXONOMY_RULES_H_

#include <string>

#include "absl/strings/string_view.h"

#include "common/catalog/collection.h"

namespace tandem::pairing {

catalog::Collection TaxonomyCollection();

// The id of the taxonomy of `scheme` and `version`: `nace` and `2.1` give `nace-2-1`. Different pairs have different
// ids; where the readable form would lose something, a hash follows it.
std::string TaxonomyId(absl::string_view scheme, absl::string_view version);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_EDITIONS_TAXONOMY_RULES_H_
