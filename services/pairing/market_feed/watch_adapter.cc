#include "services/pairing/market_feed/watch_adapter.h"

#include <utility>

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

template <typename Request, typename Response, typename Call>
std::unique_ptr<feed::Source> NewSource(const char* name, Request request, Call call) {
  typename rpc::GrpcSource<Request, Response>::Options options;
  options.name = name;
  options.request = std::move(request);
  options.caller = Self();
  options.call = std::move(call);
  options.convert = [](Response response) -> absl::StatusOr<std::vector<feed::Item>> {
    return ToItems(std::move(response));
  };
  return std::make_unique<rpc::GrpcSource<Request, Response>>(std::move(options));
}

}  // namespace

std::vector<std::unique_ptr<feed::Source>> WatchSources(const SourceChannels& channels) {
  std::vector<std::unique_ptr<feed::Source>> sources;

  std::shared_ptr projects = projects::v1::ProjectService::NewStub(channels.projects);
  projects::v1::WatchProjectsRequest watch_projects;
  watch_projects.set_parent(kAllEditions);
  sources.push_back(NewSource<projects::v1::WatchProjectsRequest, projects::v1::WatchProjectsResponse>(
      kProjectsSource, std::move(watch_projects), [projects](grpc::ClientContext* context, const auto& request) {
        return projects->WatchProjects(context, request);
      }));

  std::shared_ptr investors = investors::v1::InvestorService::NewStub(channels.investors);
  investors::v1::WatchInvestorsRequest watch_investors;
  watch_investors.set_parent(kAllEditions);
  sources.push_back(NewSource<investors::v1::WatchInvestorsRequest, investors::v1::WatchInvestorsResponse>(
      kInvestorsSource, std::move(watch_investors), [investors](grpc::ClientContext* context, const auto& request) {
        return investors->WatchInvestors(context, request);
      }));

  std::shared_ptr editions = v1::EditionService::NewStub(channels.editions);
  sources.push_back(NewSource<v1::WatchEditionsRequest, v1::WatchEditionsResponse>(
      kEditionsSource, {}, [editions](grpc::ClientContext* context, const auto& request) {
        return editions->WatchEditions(context, request);
      }));
  return sources;
}

}  // namespace tandem::pairing
