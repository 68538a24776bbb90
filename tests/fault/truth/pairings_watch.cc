#include "tests/fault/truth/pairings_watch.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/rpc/watch.h"
#include "services/pairing/market_feed/market_followers.h"
#include "tandem/pairing/v1/ledger_service.grpc.pb.h"

namespace tandem::check {
namespace {

using pairing::v1::PairingChange;
using pairing::v1::WatchPairingsRequest;
using pairing::v1::WatchPairingsResponse;

std::vector<feed::Item> ItemsOf(const std::shared_ptr<const WatchPairingsResponse>& response) {
  std::vector<feed::Item> items;
  const auto add = [&](const auto& record, Revision revision) {
    using Record = std::decay_t<decltype(record)>;
    items.push_back({record.name(), std::shared_ptr<const Record>(response, &record), revision});
  };
  for (const PairingChange& change : response->changes()) {
    if (change.has_pairing()) add(change.pairing(), change.revision());
    if (change.has_meeting()) add(change.meeting(), change.revision());
  }
  return items;
}

}  // namespace

std::unique_ptr<feed::Source> PairingsWatch(std::shared_ptr<grpc::Channel> channel, const std::string& parent) {
  using Watch = rpc::GrpcSource<WatchPairingsRequest, WatchPairingsResponse>;
  Watch::Options options;
  options.name = pairing::kEditionsSource;
  options.request.set_parent(parent);
  options.channel = std::move(channel);
  options.method = absl::StrCat("/", pairing::v1::LedgerService::service_full_name(), "/WatchPairings");
  options.convert = [](std::shared_ptr<WatchPairingsResponse> response) -> absl::StatusOr<std::vector<feed::Item>> {
    return ItemsOf(response);
  };
  return std::make_unique<Watch>(std::move(options));
}

}  // namespace tandem::check
