// Parties: the projects and investors of an edition, by their resource names.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_PARTY_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_PARTY_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tandem::pairing::meetings {

// What the name of a party says; views into it.
struct Party {
  absl::string_view edition, id;
  bool is_project = false;
  bool ok = false;  // whether it is the name of a party at all
};

// Takes `editions/{edition}/projects/{project}` or `editions/{edition}/investors/{investor}` apart.
Party ParseParty(absl::string_view name);

// Why `name` cannot be a party of `edition` (an id; empty: of any); empty when it can.
std::string PartyProblem(absl::string_view name, absl::string_view edition);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_PARTY_H_
