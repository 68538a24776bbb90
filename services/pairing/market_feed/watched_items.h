// From the watch responses of the contracts to the items of a feed.
#ifndef TANDEM_SERVICES_PAIRING_MARKET_FEED_WATCHED_ITEMS_H_
#define TANDEM_SERVICES_PAIRING_MARKET_FEED_WATCHED_ITEMS_H_

#include <memory>
#include <vector>

#include "common/feed/feed.h"
#include "tandem/investors/v1/investor_service.pb.h"
#include "tandem/pairing/v1/edition_service.pb.h"
#include "tandem/projects/v1/project_service.pb.h"

namespace tandem::pairing {

// The records in `response`, in their order; they share it, so it goes with the last of them. A record of a kind that
// this build does not know is left out.
std::vector<feed::Item> ToItems(const std::shared_ptr<const projects::v1::WatchProjectsResponse>& response);
std::vector<feed::Item> ToItems(const std::shared_ptr<const investors::v1::WatchInvestorsResponse>& response);
std::vector<feed::Item> ToItems(const std::shared_ptr<const v1::WatchEditionsResponse>& response);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MARKET_FEED_WATCHED_ITEMS_H_
