#include "services/pairing/meetings/party.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "common/catalog/names.h"

namespace tandem::pairing::meetings {

Party ParseParty(absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  Party party;
  if (parts.size() != 4 || parts[0] != "editions" || (parts[2] != "projects" && parts[2] != "investors")) return party;
  party.edition = parts[1];
  party.id = parts[3];
  party.is_project = parts[2] == "projects";
  party.ok = catalog::IsResourceId(party.edition) && catalog::IsResourceId(party.id);
  return party;
}

std::string PartyProblem(absl::string_view name, absl::string_view edition) {
  const Party party = ParseParty(name);
  if (!party.ok) {
    return absl::StrCat("must be the name of a project or an investor, such as editions/",
                        edition.empty() ? "shenzhen-2026" : edition, "/projects/p1; \"", name.substr(0, 200),
                        "\" is none");
  }
  if (!edition.empty() && party.edition != edition)
    return absl::StrCat("must be of editions/", edition, ": nothing crosses editions");
  return "";
}

}  // namespace tandem::pairing::meetings
