// What is particular to a representative: whom the person meets for, and ranges of time in order.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_REPRESENTATIVE_RULES_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_REPRESENTATIVE_RULES_H_

#include "common/catalog/collection.h"

namespace tandem::pairing::meetings {

// Collection of their records.
inline constexpr char kRepresentatives[] = "representatives";

catalog::Collection RepresentativeCollection();

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_REPRESENTATIVE_RULES_H_
