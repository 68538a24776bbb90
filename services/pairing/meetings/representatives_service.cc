#include "services/pairing/meetings/representatives_service.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/catalog.h"
#include "common/catalog/store_status.h"
#include "common/edition/edition_directory.h"
#include "common/rpc/serve.h"
#include "common/rpc/worker_service.h"
#include "services/pairing/meetings/representative_rules.h"

namespace tandem::pairing {
namespace {

using catalog::Catalog;
using ServerContext = grpc::ServerContextBase;
using grpc::Status;
using v1::Representative;

class RepresentativesService final : public rpc::WorkerService<v1::RepresentativeService> {
 public:
  RepresentativesService(std::unique_ptr<Catalog> catalog, const RepresentativesOptions& options)
      : WorkerService(rpc::WorkersFor(options.watches)), catalog_(std::move(catalog)) {
    On("CreateRepresentative", &RepresentativesService::CreateRepresentative);
    On("GetRepresentative", &RepresentativesService::GetRepresentative);
    On("ListRepresentatives", &RepresentativesService::ListRepresentatives);
    On("UpdateRepresentative", &RepresentativesService::UpdateRepresentative);
    On("BatchUpsertRepresentatives", &RepresentativesService::BatchUpsertRepresentatives);
  }

  Status CreateRepresentative(ServerContext* context, const v1::CreateRepresentativeRequest* request,
                              Representative* response) {
    return Serve(context, request, response, [&](const Caller& caller) {
      return catalog_->Create(caller, rpc::DeadlineOf(*context), *request, response);
    });
  }
  Status GetRepresentative(ServerContext* context, const v1::GetRepresentativeRequest* request,
                           Representative* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return catalog_->Get(caller, *request, response); });
  }
  Status ListRepresentatives(ServerContext* context, const v1::ListRepresentativesRequest* request,
                             v1::ListRepresentativesResponse* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return catalog_->List(caller, *request, response); });
  }
  Status UpdateRepresentative(ServerContext* context, const v1::UpdateRepresentativeRequest* request,
                              Representative* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return catalog_->Update(caller, *request, response); });
  }
  Status BatchUpsertRepresentatives(ServerContext* context, const v1::BatchUpsertRepresentativesRequest* request,
                                    v1::BatchUpsertRepresentativesResponse* response) {
    return Serve(context, request, response, [&](const Caller& caller) {
      return catalog_->BatchUpsert(caller, rpc::DeadlineOf(*context), /*promote=*/false, *request, response);
    });
  }

 private:
  // The catalog reports what breaks the contract's rules together with what breaks its own, so it validates.
  template <typename Request, typename Response, typename Work>
  static Status Serve(ServerContext* context, const Request* request, Response* response, const Work& work) {
    rpc::ServeOptions options;
    options.validated_by_work = true;
    return rpc::Serve(
        context, *request, response, [&](const Caller& caller, const Request&) { return work(caller); }, options);
  }

  const std::unique_ptr<Catalog> catalog_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<v1::RepresentativeService::Service>> NewRepresentativesService(
    RepresentativesOptions options) {
  Catalog::Options of_catalog;
  of_catalog.collection = meetings::RepresentativeCollection();
  of_catalog.store = options.store;
  of_catalog.keys = options.keys;
  of_catalog.clock = options.clock;
  of_catalog.source = kEditionSource;
  // The editions are in this very store: no token needs waiting for.
  of_catalog.edition_check = [store = options.store](absl::string_view edition, absl::string_view,
                                                     catalog::Deadline) -> absl::Status {
    const auto record = store->Get(catalog::RecordKey("editions", {std::string(edition)}));
    if (!record.ok()) return catalog::FromStore(record.status());
    if (record->has_value()) return absl::OkStatus();
    const std::string name = absl::StrCat("editions/", edition);
    return MakeError(absl::StatusCode::kNotFound, "EDITION_NOT_FOUND",
                     absl::StrCat("there is no ", name, ": create it first"), {{"edition", name}});
  };
  of_catalog.status_to_proto = [](const absl::Status& status) { return rpc::ToProto(status); };
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Catalog> opened, Catalog::Open(std::move(of_catalog)));
  return std::unique_ptr<v1::RepresentativeService::Service>(
      std::make_unique<RepresentativesService>(std::move(opened), options));
}

}  // namespace tandem::pairing
