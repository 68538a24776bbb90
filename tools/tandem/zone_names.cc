#include "tools/tandem/zone_names.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "common/base/status.h"
#include "tools/tandem/resource_commands.h"
#include "tools/tandem/resource_traits.h"

namespace tandem::cli {
namespace {

using pairing::v1::Pairing;

absl::StatusOr<Pairing> FindPairing(Session* session, const std::string& pair) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(pair, absl::MaxSplits(',', 1));
  TANDEM_ASSIGN_OR_RETURN(const std::string project, ResolveName<ProjectTraits>(session, parts.first));
  TANDEM_ASSIGN_OR_RETURN(const std::string investor, ResolveName<InvestorTraits>(session, parts.second));
  pairing::v1::ListPairingsRequest request;
  request.set_parent(EditionOf(project));
  // A caller of a side lists its own only.
  request.set_party(session->options().side == "investor" ? investor : project);
  request.set_page_size(500);
  do {
    TANDEM_ASSIGN_OR_RETURN(
        const auto page,
        session->Call(session->ledger(), &pairing::v1::LedgerService::StubInterface::ListPairings, request));
    for (const Pairing& pairing : page.pairings()) {
      if (pairing.project() == project && pairing.investor() == investor) return pairing;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::NotFoundError(
      absl::StrCat(project, " and ", investor, " have no pairing: neither has said anything of the other."));
}

absl::StatusOr<std::string> NameIn(const Session& session, absl::string_view collection, const std::string& text) {
  if (absl::StartsWith(text, "editions/")) return text;
  TANDEM_ASSIGN_OR_RETURN(const std::string edition, session.EditionName());
  return absl::StrCat(edition, "/", collection, "/", text);
}

}  // namespace

std::string EditionOf(absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  return parts.size() < 2 ? std::string(name) : absl::StrCat(parts[0], "/", parts[1]);
}

absl::StatusOr<std::string> ResolveAttendee(Session* session, const std::string& text) {
  if (absl::StartsWith(text, "editions/")) return text;
  const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits('/', 1));
  if (parts.first == ProjectTraits::kCollection) return ResolveName<ProjectTraits>(session, parts.second);
  if (parts.first == InvestorTraits::kCollection) return ResolveName<InvestorTraits>(session, parts.second);
  if (parts.first == RepresentativeTraits::kCollection) return ResolveName<RepresentativeTraits>(session, parts.second);
  return UsageError(absl::StrCat("'", text,
                                 "' does not say whose it is: give projects/ID, investors/ID, representatives/ID or a "
                                 "full name."));
}

absl::StatusOr<std::string> ResolvePairing(Session* session, const std::string& text) {
  if (!absl::StrContains(text, ',')) return NameIn(*session, "pairings", text);
  TANDEM_ASSIGN_OR_RETURN(const Pairing pairing, FindPairing(session, text));
  return pairing.name();
}

absl::StatusOr<std::string> ResolveMeeting(Session* session, const std::string& text) {
  if (!absl::StrContains(text, ',')) return NameIn(*session, "meetings", text);
  TANDEM_ASSIGN_OR_RETURN(const Pairing pairing, FindPairing(session, text));
  if (pairing.meeting().empty()) return absl::NotFoundError(absl::StrCat(pairing.name(), " has no meeting."));
  return pairing.meeting();
}

}  // namespace tandem::cli
