// What is particular to an edition.
#ifndef TANDEM_SERVICES_PAIRING_EDITIONS_EDITION_RULES_H_
#define TANDEM_SERVICES_PAIRING_EDITIONS_EDITION_RULES_H_

#include "common/catalog/collection.h"

namespace tandem::pairing {

catalog::Collection EditionCollection();

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_EDITIONS_EDITION_RULES_H_
