// The watches of the three sources, over gRPC.
#ifndef TANDEM_SERVICES_PAIRING_MARKET_FEED_WATCH_ADAPTER_H_
#define TANDEM_SERVICES_PAIRING_MARKET_FEED_WATCH_ADAPTER_H_

#include <memory>
#include <vector>

#include "grpcpp/channel.h"

#include "common/feed/feed.h"

namespace tandem::pairing {

// Where the sources are served. Two of them may be the same channel.
struct SourceChannels {
  std::shared_ptr<grpc::Channel> projects;
  std::shared_ptr<grpc::Channel> investors;
  std::shared_ptr<grpc::Channel> editions;
};

// Sources for MarketFollowers, each watching all editions.
std::vector<std::unique_ptr<feed::Source>> WatchSources(const SourceChannels& channels);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MARKET_FEED_WATCH_ADAPTER_H_
