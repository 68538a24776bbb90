// What an edition's agenda says about requests.
#ifndef TANDEM_SERVICES_PAIRING_LEDGER_RULES_H_
#define TANDEM_SERVICES_PAIRING_LEDGER_RULES_H_

#include <cstdint>
#include <functional>

#include "absl/time/time.h"

#include "tandem/pairing/v1/agenda.pb.h"
#include "tandem/pairing/v1/pairing.pb.h"

namespace tandem::pairing::ledger {

// Copies are cheap enough to make per edition, not per call. Thread-safe as long as its functions are.
struct Rules {
  v1::Quotas project_quotas, investor_quotas;
  absl::Duration request_expiry = absl::Hours(3 * 24);
  absl::Duration request_cooldown = absl::Hours(7 * 24);
  int most_attempts = 2;
  // When the last slot of the edition starts; without slots there is no end.
  absl::Time last_slot = absl::InfiniteFuture();
  // Whether a slot in which people can meet starts at exactly this time.
  std::function<bool(absl::Time)> has_slot = [](absl::Time) { return false; };
  // The local date of the edition, in days since 1970-01-01.
  std::function<int32_t(absl::Time)> local_day = [](absl::Time time) {
    return static_cast<int32_t>(absl::ToCivilDay(time, absl::UTCTimeZone()) - absl::CivilDay(1970, 1, 1));
  };

  const v1::Quotas& quotas(v1::Side side) const { return side == v1::SIDE_PROJECT ? project_quotas : investor_quotas; }
};

}  // namespace tandem::pairing::ledger

#endif  // TANDEM_SERVICES_PAIRING_LEDGER_RULES_H_
