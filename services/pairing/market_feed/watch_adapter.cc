#include "services/pairing/market_feed/watch_adapter.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "common/rpc/watch.h"
#include "services/pairing/market_feed/market_followers.h"
#include "services/pairing/market_feed/watched_items.h"
#include "tandem/investors/v1/investor_service.grpc.pb.h"
#include "tandem/pairing/v1/edition_service.grpc.pb.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"

namespace tandem::pairing {
namespace {

constexpr char kAllEditions[] = "editions/-";

// How this service names itself to the others.
Caller Self() {
  Caller caller;
  caller.actor = "tandem-pairing";
  return caller;
}

template <typename Response, typename Request>
std::unique_ptr<feed::Source> NewSource(const char* name, std::shared_ptr<grpc::Channel> channel,
                                        const std::string& service, absl::string_view method, Request request) {
  typename rpc::GrpcSource<Request, Response>::Options options;
  options.name = name;
  options.request = std::move(request);
  options.caller = Self();
  options.channel = std::move(channel);
  options.method = absl::StrCat("/", service, "/", method);
  options.convert = [](std::shared_ptr<Response> response) -> absl::StatusOr<std::vector<feed::Item>> {
    return ToItems(std::move(response));
  };
  return std::make_unique<rpc::GrpcSource<Request, Response>>(std::move(options));
}

}  // namespace

std::vector<std::unique_ptr<feed::Source>> WatchSources(const SourceChannels& channels) {
  std::vector<std::unique_ptr<feed::Source>> sources;

  projects::v1::WatchProjectsRequest watch_projects;
  watch_projects.set_parent(kAllEditions);
  sources.push_back(NewSource<projects::v1::WatchProjectsResponse>(kProjectsSource, channels.projects,
                                                                   projects::v1::ProjectService::service_full_name(),
                                                                   "WatchProjects", std::move(watch_projects)));

  investors::v1::WatchInvestorsRequest watch_investors;
  watch_investors.set_parent(kAllEditions);
  sources.push_back(NewSource<investors::v1::WatchInvestorsResponse>(
      kInvestorsSource, channels.investors, investors::v1::InvestorService::service_full_name(), "WatchInvestors",
      std::move(watch_investors)));

  v1::WatchEditionsRequest watch_editions;
  watch_editions.set_include_pairings(true);
  sources.push_back(NewSource<v1::WatchEditionsResponse>(kEditionsSource, channels.editions,
                                                         v1::EditionService::service_full_name(), "WatchEditions",
                                                         std::move(watch_editions)));
  return sources;
}

}  // namespace tandem::pairing
