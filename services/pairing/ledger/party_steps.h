// What befalls a party's record and does something to its pairings, and how requests and mutual pairings end: pure.
// Parts of decision.h, for its own use.
#ifndef TANDEM_SERVICES_PAIRING_LEDGER_PARTY_STEPS_H_
#define TANDEM_SERVICES_PAIRING_LEDGER_PARTY_STEPS_H_

#include "absl/time/time.h"

#include "services/pairing/ledger/decision.h"

namespace tandem::pairing::ledger {

// Closes the pairing for both sides; false when it is closed already, or blocked, which it stays. Who left takes its
// interest back, so that nothing is mutual again before it says so; what the other side said stays said.
bool LeaveEdition(const Command& command, absl::Time now, PairState* pair);

// Notes in the open request which must-haves were broken since it was sent or confirmed; false when that is known.
bool JudgeRequest(const Command& command, absl::Time now, PairState* pair);

// The investor has said that it wants the meeting all the same.
void ConfirmRules(v1::Request* request);

// Ends the open request, or the mutual pairing, and gives back what it counted.
void EndRequest(v1::Pairing::State state, absl::Time now, PairState* pair);
void EndMutual(v1::Pairing::State state, PairState* pair);

// `set_stance`, as errors name the step.
absl::string_view NameOf(Command::Step step);

// Says what made this version.
void SetChange(v1::Change::Cause cause, const Command& command, absl::Time now, v1::Pairing* pairing);

}  // namespace tandem::pairing::ledger

#endif  // TANDEM_SERVICES_PAIRING_LEDGER_PARTY_STEPS_H_
