// Whether a history of pairings is one that can have happened.
#ifndef TANDEM_TESTS_UNIT_SERVICES_PAIRING_LEDGER_LEDGER_HISTORY_H_
#define TANDEM_TESTS_UNIT_SERVICES_PAIRING_LEDGER_LEDGER_HISTORY_H_

#include <map>
#include <string>
#include <vector>

#include "services/pairing/ledger/party_counts.h"
#include "services/pairing/ledger/rules.h"
#include "tandem/pairing/v1/pairing.pb.h"

namespace tandem::pairing::ledger {

// Replays every version: each must follow from the one before by its cause, no quota of `rules` may be passed on the
// way, each request ends once and in time. What is wrong is said in `problems`. The counts of the parties at the end,
// by name, as they follow from the versions alone.
std::map<std::string, PartyCounts> Replay(const std::vector<v1::Pairing>& versions, const Rules& rules,
                                          std::vector<std::string>* problems);

}  // namespace tandem::pairing::ledger

#endif  // TANDEM_TESTS_UNIT_SERVICES_PAIRING_LEDGER_LEDGER_HISTORY_H_
