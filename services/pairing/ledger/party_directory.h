// PartyDirectory: whether projects and investors take part, as their services say now.
#ifndef TANDEM_SERVICES_PAIRING_LEDGER_PARTY_DIRECTORY_H_
#define TANDEM_SERVICES_PAIRING_LEDGER_PARTY_DIRECTORY_H_

#include <chrono>
#include <string>

#include "absl/status/statusor.h"

#include "services/pairing/ledger/decision.h"

namespace tandem::pairing::ledger {

using Deadline = std::chrono::steady_clock::time_point;

struct PartyStates {
  PartyState project = PartyState::kOpen, investor = PartyState::kOpen;
};

// Thread-safe.
class PartyDirectory {
 public:
  virtual ~PartyDirectory() = default;

  // The newest state of both: nothing that was acknowledged to anybody before this call is missed. UNAVAILABLE with a
  // reason when that cannot be learned by `deadline`, or soon.
  virtual absl::StatusOr<PartyStates> Look(const std::string& project, const std::string& investor,
                                           Deadline deadline) = 0;
};

}  // namespace tandem::pairing::ledger

#endif  // TANDEM_SERVICES_PAIRING_LEDGER_PARTY_DIRECTORY_H_
