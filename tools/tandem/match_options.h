// The options of a query on the command line: the same for every command that asks for matches.
#ifndef TANDEM_TOOLS_TANDEM_MATCH_OPTIONS_H_
#define TANDEM_TOOLS_TANDEM_MATCH_OPTIONS_H_

#include "tandem/pairing/v1/pairing_service.pb.h"

namespace CLI {
class App;
}

namespace tandem::cli {

// Adds `--most-per-owner` and `--spare-spent-capacity` to `app`. `options` outlives it.
void AddMatchOptions(CLI::App* app, pairing::v1::MatchOptions* options);

// Whether any is on.
bool AnyMatchOption(const pairing::v1::MatchOptions& options);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_MATCH_OPTIONS_H_
