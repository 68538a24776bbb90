// From the watch responses of the contracts to stretches of a feed.
#ifndef TANDEM_SERVICES_PAIRING_MARKET_FEED_STRETCHES_H_
#define TANDEM_SERVICES_PAIRING_MARKET_FEED_STRETCHES_H_

#include "common/feed/feed.h"
#include "tandem/investors/v1/investor_service.pb.h"
#include "tandem/pairing/v1/edition_service.pb.h"
#include "tandem/projects/v1/project_service.pb.h"

namespace tandem::pairing {

// Each takes the records out of `response`. A record of a kind that this build does not know is left out; a phase that
// it does not know gives INTERNAL, which makes the follower open the watch again rather than misread it.
absl::StatusOr<feed::Stretch> ToStretch(projects::v1::WatchProjectsResponse response);
absl::StatusOr<feed::Stretch> ToStretch(investors::v1::WatchInvestorsResponse response);
absl::StatusOr<feed::Stretch> ToStretch(v1::WatchEditionsResponse response);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MARKET_FEED_STRETCHES_H_
