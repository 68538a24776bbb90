// Gate list: every gate of a pair, with both sides' values and the way out. For explanations; ranking uses gates.h.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_GATE_LIST_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_GATE_LIST_H_

#include <vector>

#include "absl/strings/string_view.h"

#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/stances.h"
#include "tandem/pairing/v1/match.pb.h"

namespace tandem::pairing::matching {

// Of what was said a gate for each who said something. Failed gates first, then unknown ones, then those that pass; in
// the order of the records otherwise.
std::vector<v1::Gate> ListGates(const MarketContext& context, const ProjectFacts& project,
                                const InvestorFacts& investor, absl::string_view language, SaidInPair said = {});

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_GATE_LIST_H_
