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

absl::StatusOr<std::vector<feed::Item>> Editions(pb::WatchEditionsResponse response) {
  std::vector<feed::Item> items;
  for (pb::EditionChange& change : *response.mutable_changes()) {
    if (!change.has_edition()) continue;
    std::string name = change.edition().name();
    items.push_back(
        {std::move(name), std::make_shared<pb::Edition>(std::move(*change.mutable_edition())), change.revision()});
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
