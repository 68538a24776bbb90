#include "services/pairing/editions/editions_service.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "common/base/status.h"
#include "common/catalog/store_status.h"
#include "common/edition/edition_directory.h"
#include "common/rpc/serve.h"
#include "common/rpc/watch.h"
#include "common/rpc/worker_service.h"
#include "services/pairing/editions/edition_rules.h"
#include "services/pairing/editions/profile_log.h"
#include "services/pairing/editions/statistics_log.h"
#include "services/pairing/editions/taxonomy_rules.h"

namespace tandem::pairing {
namespace {

constexpr char kPairings[] = "pairings";  // the collection of ledger/

using catalog::Catalog;
using ServerContext = grpc::ServerContextBase;
using grpc::Status;
using v1::Edition;
using v1::Statistics;
using v1::Taxonomy;

absl::Status Denied(absl::string_view method, absl::string_view message, absl::string_view cause) {
  return MakeError(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED", message,
                   {{"method", std::string(method)}, {"cause", std::string(cause)}});
}

class EditionsService final : public rpc::WorkerService<v1::EditionService> {
 public:
  EditionsService(std::unique_ptr<EditionRules> rules, std::unique_ptr<Catalog> editions,
                  std::unique_ptr<Catalog> taxonomies, EditionsOptions options)
      : WorkerService(rpc::WorkersFor(options.watches)),
        rules_(std::move(rules)),
        editions_(std::move(editions)),
        taxonomies_(std::move(taxonomies)),
        options_(std::move(options)),
        statistics_(options_.store, options_.clock) {
    On("CreateEdition", &EditionsService::CreateEdition);
    On("GetEdition", &EditionsService::GetEdition);
    On("ListEditions", &EditionsService::ListEditions);
    On("UpdateEdition", &EditionsService::UpdateEdition);
    On("ImportTaxonomy", &EditionsService::ImportTaxonomy, Pool::kWaiting);
    On("GetTaxonomy", &EditionsService::GetTaxonomy);
    On("ListTaxonomies", &EditionsService::ListTaxonomies);
    On("FreezeStatistics", &EditionsService::FreezeStatistics, Pool::kWaiting);
    On("WatchEditions", &EditionsService::WatchEditions, Pool::kWatches);
  }

  Status CreateEdition(ServerContext* context, const v1::CreateEditionRequest* request, Edition* response) {
    return Serve(context, request, response, [&](const Caller& caller) {
      return editions_->Create(caller, rpc::DeadlineOf(*context), *request, response);
    });
  }
  Status GetEdition(ServerContext* context, const v1::GetEditionRequest* request, Edition* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return editions_->Get(caller, *request, response); });
  }
  Status ListEditions(ServerContext* context, const v1::ListEditionsRequest* request,
                      v1::ListEditionsResponse* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return editions_->List(caller, *request, response); });
  }
  Status UpdateEdition(ServerContext* context, const v1::UpdateEditionRequest* request, Edition* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return editions_->Update(caller, *request, response); });
  }
  Status ImportTaxonomy(ServerContext* context, const v1::ImportTaxonomyRequest* request, Taxonomy* response) {
    return Serve(context, request, response, [&](const Caller& caller) {
      const std::string id = TaxonomyId(request->taxonomy().scheme(), request->taxonomy().version());
      return taxonomies_->Replace(caller, rpc::DeadlineOf(*context), id, *request, response);
    });
  }
  Status GetTaxonomy(ServerContext* context, const v1::GetTaxonomyRequest* request, Taxonomy* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return taxonomies_->Get(caller, *request, response); });
  }
  Status ListTaxonomies(ServerContext* context, const v1::ListTaxonomiesRequest* request,
                        v1::ListTaxonomiesResponse* response) {
    return Serve(context, request, response, [&](const Caller& caller) {
      const absl::Status listed = taxonomies_->List(caller, *request, response);
      for (Taxonomy& taxonomy : *response->mutable_taxonomies()) taxonomy.clear_sectors();
      return listed;
    });
  }

  Status FreezeStatistics(ServerContext* context, const v1::FreezeStatisticsRequest* request, Statistics* response) {
    return rpc::Serve(
        context, *request, response,
        [&](const Caller& caller, const v1::FreezeStatisticsRequest& valid) -> absl::StatusOr<Statistics> {
          if (!caller.IsOrganiser())
            return Denied("FreezeStatistics", "freezing statistics is the organiser's decision", "side");
          const std::string edition(absl::StripPrefix(valid.parent(), "editions/"));
          const auto record = options_.store->Get(catalog::RecordKey("editions", {edition}));
          if (!record.ok()) return catalog::FromStore(record.status());
          if (!record->has_value()) return NoEdition(edition);
          if (!options_.count)
            return MakeError(absl::StatusCode::kUnimplemented, "UNIMPLEMENTED", "this server does not count",
                             {{"method", "FreezeStatistics"}});
          const StatisticsLog::Request id = {caller.actor, valid.request_id(), catalog::RequestLog::Hash(valid)};
          TANDEM_ASSIGN_OR_RETURN(std::optional<StatisticsLog::Kept> kept, statistics_.Find(edition, id));
          if (!kept.has_value()) {
            TANDEM_ASSIGN_OR_RETURN(Statistics counted, options_.count(valid.parent(), valid.consistency_token(),
                                                                       rpc::DeadlineOf(*context)));
            TANDEM_ASSIGN_OR_RETURN(kept, statistics_.Freeze(edition, std::move(counted), id));
          }
          kept->statistics.set_consistency_token(editions_->TokenOf(kept->revision));
          return std::move(kept->statistics);
        });
  }

  Status WatchEditions(ServerContext* context, const v1::WatchEditionsRequest* request,
                       rpc::StreamWriter<v1::WatchEditionsResponse>* writer) {
    const auto caller = rpc::Admit(*context, *request);
    if (!caller.ok()) return rpc::ToGrpc(caller.status());
    if (!caller->edition.empty()) {
      return rpc::ToGrpc(Denied(
          "WatchEditions", absl::StrCat("the caller belongs to ", caller->edition, "; this watch is of all editions"),
          "edition"));
    }
    if (request->include_pairings() && caller->side != CallerSide::kOperator) {
      return rpc::ToGrpc(Denied("WatchEditions",
                                "include_pairings: pairings show what sides keep to themselves, so that operators and "
                                "services only can watch all of them; ask LedgerService.WatchPairings",
                                "side"));
    }
    feed::WatchCursor::Options watch;
    watch.store = options_.store;
    watch.source = kEditionSource;
    watch.keys = options_.keys;
    watch.prefixes = {catalog::RecordPrefix("editions"), catalog::RecordPrefix("taxonomies"), kStatisticsPrefix,
                      catalog::RecordPrefix(kProfiles)};
    if (request->include_pairings()) watch.prefixes.push_back(catalog::RecordPrefix(kPairings));
    watch.resume_token = request->resume_token();
    feed::WatchCursor cursor(std::move(watch));
    return rpc::ServeWatch(context, writer, &cursor, options_.watches,
                           [this](std::vector<feed::RawItem> items, v1::WatchEditionsResponse* response) {
                             return Convert(std::move(items), response);
                           });
  }

  static absl::Status NoEdition(absl::string_view edition) {
    const std::string name = absl::StrCat("editions/", edition);
    return MakeError(absl::StatusCode::kNotFound, "EDITION_NOT_FOUND",
                     absl::StrCat("there is no ", name, ": create it first"), {{"edition", name}});
  }

 private:
  // The catalogs report what breaks the contract's rules together with what breaks their own, so they validate.
  template <typename Request, typename Response, typename Work>
  static Status Serve(ServerContext* context, const Request* request, Response* response, const Work& work) {
    rpc::ServeOptions options;
    options.validated_by_work = true;
    return rpc::Serve(
        context, *request, response, [&](const Caller& caller, const Request&) { return work(caller); }, options);
  }

  // A record that no catalog keeps.
  template <typename Resource>
  absl::Status Read(const feed::RawItem& item, Resource* resource) const {
    if (!resource->ParseFromString(*item.value)) {
      return MakeError(absl::StatusCode::kInternal, "INTERNAL",
                       absl::StrCat("the record ", item.key, " cannot be read"));
    }
    resource->set_consistency_token(editions_->TokenOf(item.revision));
    return absl::OkStatus();
  }

  absl::Status Convert(std::vector<feed::RawItem> items, v1::WatchEditionsResponse* response) const {
    for (feed::RawItem& item : items) {
      if (!item.value.has_value()) continue;  // nothing here is ever removed
      auto* change = response->add_changes();
      change->set_revision(item.revision);
      if (absl::StartsWith(item.key, kStatisticsPrefix)) {
        TANDEM_RETURN_IF_ERROR(Read(item, change->mutable_statistics()));
        continue;
      }
      if (absl::StartsWith(item.key, catalog::RecordPrefix(kProfiles))) {
        TANDEM_RETURN_IF_ERROR(Read(item, change->mutable_profile()));
        continue;
      }
      if (absl::StartsWith(item.key, catalog::RecordPrefix(kPairings))) {
        TANDEM_RETURN_IF_ERROR(Read(item, change->mutable_pairing()));
        continue;
      }
      const Record record{std::move(item.key), *std::move(item.value), item.revision, 0};
      TANDEM_RETURN_IF_ERROR(taxonomies_->NameOf(record.key).empty()
                                 ? editions_->ReadInto(record, change->mutable_edition())
                                 : taxonomies_->ReadInto(record, change->mutable_taxonomy()));
    }
    return absl::OkStatus();
  }

  const std::unique_ptr<EditionRules> rules_;
  const std::unique_ptr<Catalog> editions_;
  const std::unique_ptr<Catalog> taxonomies_;
  const EditionsOptions options_;
  StatisticsLog statistics_;
};

absl::StatusOr<std::unique_ptr<Catalog>> OpenCatalog(catalog::Collection collection, catalog::EditionCheck check,
                                                     const EditionsOptions& options) {
  Catalog::Options of_catalog;
  of_catalog.collection = std::move(collection);
  of_catalog.store = options.store;
  of_catalog.keys = options.keys;
  of_catalog.clock = options.clock;
  of_catalog.source = kEditionSource;
  of_catalog.edition_check = std::move(check);
  of_catalog.status_to_proto = [](const absl::Status& status) { return rpc::ToProto(status); };
  return Catalog::Open(std::move(of_catalog));
}

}  // namespace

absl::StatusOr<std::unique_ptr<v1::EditionService::Service>> NewEditionsService(EditionsOptions options) {
  // The editions are in this very store: no token needs waiting for.
  RecordStore* const store = options.store;
  const auto exists = [store](absl::string_view edition, absl::string_view, catalog::Deadline) -> absl::Status {
    const auto record = store->Get(catalog::RecordKey("editions", {std::string(edition)}));
    if (!record.ok()) return catalog::FromStore(record.status());
    return record->has_value() ? absl::OkStatus() : EditionsService::NoEdition(edition);
  };
  auto rules = std::make_unique<EditionRules>(store, options.agenda_change);
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Catalog> editions,
                          OpenCatalog(EditionCollection(rules.get()), nullptr, options));
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Catalog> taxonomies, OpenCatalog(TaxonomyCollection(), exists, options));
  return std::unique_ptr<v1::EditionService::Service>(std::make_unique<EditionsService>(
      std::move(rules), std::move(editions), std::move(taxonomies), std::move(options)));
}

}  // namespace tandem::pairing
