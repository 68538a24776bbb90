// From what people write for parties, pairings and meetings to resource names.
#ifndef TANDEM_TOOLS_TANDEM_ZONE_NAMES_H_
#define TANDEM_TOOLS_TANDEM_ZONE_NAMES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "tools/tandem/session.h"

namespace tandem::cli {

// `editions/{edition}` of a name below it.
std::string EditionOf(absl::string_view name);

// A project, an investor or a representative: its name, or projects/ID, investors/ID, representatives/ID, where ID may
// be an external id.
absl::StatusOr<std::string> ResolveAttendee(Session* session, const std::string& text);

// A pairing: its name, its id, or PROJECT,INVESTOR, each an id, a name or an external id. NOT_FOUND when these two have
// said nothing of each other.
absl::StatusOr<std::string> ResolvePairing(Session* session, const std::string& text);

// A meeting: its name, its id, or PROJECT,INVESTOR, which is the last meeting of these two that was not cancelled.
absl::StatusOr<std::string> ResolveMeeting(Session* session, const std::string& text);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_ZONE_NAMES_H_
