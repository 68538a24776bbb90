#include "common/edition/edition_source.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/edition/edition_directory.h"
#include "common/rpc/watch.h"
#include "tandem/pairing/v1/edition_service.grpc.pb.h"

namespace tandem {
namespace {

namespace pb = ::tandem::pairing::v1;

absl::StatusOr<std::vector<feed::Item>> Editions(const std::shared_ptr<pb::WatchEditionsResponse>& response) {
  std::vector<feed::Item> items;
  for (const pb::EditionChange& change : response->changes()) {
    if (!change.has_edition()) continue;
    items.push_back({change.edition().name(), std::make_shared<pb::Edition>(change.edition()), change.revision()});
  }
  return items;
}

}  // namespace

std::unique_ptr<feed::Source> NewEditionSource(std::shared_ptr<grpc::Channel> channel, Caller caller) {
  using Source = rpc::GrpcSource<pb::WatchEditionsRequest, pb::WatchEditionsResponse>;
  Source::Options options;
  options.name = kEditionSource;
  options.caller = std::move(caller);
  options.channel = std::move(channel);
  options.method = absl::StrCat("/", pb::EditionService::service_full_name(), "/WatchEditions");
  options.convert = Editions;
  return std::make_unique<Source>(std::move(options));
}

}  // namespace tandem
