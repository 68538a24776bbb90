// The editions as a feed over gRPC.
#ifndef TANDEM_COMMON_EDITION_EDITION_SOURCE_H_
#define TANDEM_COMMON_EDITION_EDITION_SOURCE_H_

#include <grpcpp/channel.h>
#include <memory>

#include "common/base/caller.h"
#include "common/feed/feed.h"

namespace tandem {

// Watches the editions through `channel`; taxonomies and statistics are left out. `caller` must be bound to no edition.
std::unique_ptr<feed::Source> NewEditionSource(std::shared_ptr<grpc::Channel> channel, Caller caller);

}  // namespace tandem

#endif  // TANDEM_COMMON_EDITION_EDITION_SOURCE_H_
