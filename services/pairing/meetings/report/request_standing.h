// What became of the last request of a pairing.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_REPORT_REQUEST_STANDING_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_REPORT_REQUEST_STANDING_H_

#include "tandem/pairing/v1/pairing.pb.h"

namespace tandem::pairing::meetings {

enum class RequestStanding { kNotAsked, kPending, kAccepted, kDeclined, kWithdrawn, kExpired, kEnded };

// kNotAsked: nobody has asked. What happened to the pairing after its request was closed does not count: an accepted
// request stays accepted when a side leaves. Pure.
RequestStanding StandingOf(const v1::Pairing& pairing);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_REPORT_REQUEST_STANDING_H_
