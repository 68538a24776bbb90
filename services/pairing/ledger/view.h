// What a side may see of a pairing.
//
// That the other side skipped or blocked cannot be told from what is shown, nor from the change of it: a version that
// only something private made looks like the one before. So a side sees no `change`, and its times are those of what it
// sees.
#ifndef TANDEM_SERVICES_PAIRING_LEDGER_VIEW_H_
#define TANDEM_SERVICES_PAIRING_LEDGER_VIEW_H_

#include "tandem/pairing/v1/pairing.pb.h"

namespace tandem::pairing::ledger {

// Whether `side` knows that there is a pairing: it said something itself, was asked or asked, or the other side is
// interested. SIDE_UNSPECIFIED, the organiser, knows all.
bool IsKnownTo(const v1::Pairing& pairing, v1::Side side);

// The pairing as `side` sees it; all of it for SIDE_UNSPECIFIED.
v1::Pairing ViewFor(v1::Pairing pairing, v1::Side side);

// Its state in that view: whom the other side blocks reads CLOSED.
v1::Pairing::State VisibleState(const v1::Pairing& pairing, v1::Side side);

}  // namespace tandem::pairing::ledger

#endif  // TANDEM_SERVICES_PAIRING_LEDGER_VIEW_H_
