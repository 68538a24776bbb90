#include "tests/bench/ready/fill.h"

#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/catalog.h"
#include "services/investors/deal_rules.h"
#include "services/investors/investor_rules.h"
#include "services/pairing/demo_data/generate.h"
#include "services/projects/project_rules.h"
#include "tandem/investors/v1/investor_service.pb.h"
#include "tandem/projects/v1/project_service.pb.h"

namespace tandem {
namespace {

constexpr int kBatch = 500;
constexpr int64_t kSeed = 1;

using Records = std::function<bool(pairing::v1::GenerateDemoDataResponse)>;

absl::Status Generate(int64_t seed, const std::string& edition_id, int projects, int investors, const Records& visit) {
  pairing::v1::GenerateDemoDataRequest request;
  request.set_seed(seed);
  request.set_edition_id(edition_id);
  request.set_project_count(projects);
  request.set_investor_count(investors);
  const absl::Status status = pairing::GenerateDemoData(request, visit);
  return absl::IsCancelled(status) ? absl::OkStatus() : status;  // it had enough
}

// One collection's import, batch by batch.
template <typename Request, typename Response, typename Record>
class Importer {
 public:
  using Add = Record* (Request::*)();
  Importer(catalog::Collection collection, const char* source, RecordStore* store, const KeyRing* keys, Request request,
           Add add)
      : prototype_(std::move(request)), batch_(prototype_), add_(add) {
    catalog::Catalog::Options options;
    options.collection = std::move(collection);
    options.store = store;
    options.keys = keys;
    options.source = source;
    auto opened = catalog::Catalog::Open(std::move(options));
    status_ = opened.status();
    if (opened.ok()) catalog_ = *std::move(opened);
  }

  bool Put(Record* record) {
    *(batch_.*add_)() = std::move(*record);
    ++sent_;
    if (++held_ == kBatch) Send();
    return status_.ok();
  }

  absl::Status Finish() {
    if (held_ > 0) Send();
    return status_;
  }
  const absl::Status& status() const { return status_; }
  int sent() const { return sent_; }

 private:
  void Send() {
    held_ = 0;
    if (!status_.ok()) return;
    Response response;
    status_ = catalog_->BatchUpsert(Caller{}, catalog::Deadline::max(), true, batch_, &response);
    for (const auto& result : response.results()) {
      if (status_.ok() && result.status().code() != 0) status_ = absl::InternalError(result.status().message());
    }
    batch_ = prototype_;
  }

  const Request prototype_;
  Request batch_;
  const Add add_;
  std::unique_ptr<catalog::Catalog> catalog_;
  absl::Status status_;
  int held_ = 0, sent_ = 0;
};

absl::Status FillProjects(RecordStore* store, const KeyRing& keys, const std::string& edition_id,
                          const EditionSize& size) {
  projects::v1::BatchUpsertProjectsRequest request;
  request.set_parent(absl::StrCat("editions/", edition_id));
  request.set_publish(true);
  Importer<projects::v1::BatchUpsertProjectsRequest, projects::v1::BatchUpsertProjectsResponse, projects::v1::Project>
      importer(projects::ProjectCollection(), projects::kSource, store, &keys, std::move(request),
               &projects::v1::BatchUpsertProjectsRequest::add_projects);
  TANDEM_RETURN_IF_ERROR(Generate(kSeed, edition_id, size.projects, size.investors, [&](auto record) {
    return !record.has_project() || importer.Put(record.mutable_project());
  }));
  return importer.Finish();
}

absl::Status FillInvestors(RecordStore* store, const KeyRing& keys, const std::string& edition_id,
                           const EditionSize& size, FilledEdition* filled) {
  investors::v1::BatchUpsertInvestorsRequest investors;
  investors.set_parent(absl::StrCat("editions/", edition_id));
  investors.set_verify(true);
  Importer<investors::v1::BatchUpsertInvestorsRequest, investors::v1::BatchUpsertInvestorsResponse,
           investors::v1::Investor>
      to_investors(investors::InvestorCollection(), investors::kSource, store, &keys, investors,
                   &investors::v1::BatchUpsertInvestorsRequest::add_investors);
  investors::v1::BatchUpsertDealsRequest deals;
  deals.set_parent(investors.parent());
  Importer<investors::v1::BatchUpsertDealsRequest, investors::v1::BatchUpsertDealsResponse, investors::v1::Deal>
      to_deals(investors::DealCollection(), investors::kSource, store, &keys, deals,
               &investors::v1::BatchUpsertDealsRequest::add_deals);
  for (int64_t seed = kSeed; to_deals.sent() < size.deals; ++seed) {
    const bool first = seed == kSeed;
    const int before = to_deals.sent();
    absl::Status status;
    TANDEM_RETURN_IF_ERROR(Generate(seed, edition_id, 0, size.investors, [&](auto record) {
      if (record.has_edition() && first) filled->edition = record.edition();
      if (record.has_taxonomy() && first) filled->taxonomy = record.taxonomy();
      if (record.has_investor() && first) return to_investors.Put(record.mutable_investor());
      if (!record.has_deal()) return true;
      // Deals name their investors, which must be there.
      status = to_investors.Finish();
      investors::v1::Deal* const deal = record.mutable_deal();
      if (!first) {
        deal->set_external_id(absl::StrCat(deal->external_id(), "-", seed));
        deal->mutable_company()->set_external_id(absl::StrCat(deal->company().external_id(), "-", seed));
      }
      return status.ok() && to_deals.Put(deal) && to_deals.sent() < size.deals;
    }));
    TANDEM_RETURN_IF_ERROR(status);
    TANDEM_RETURN_IF_ERROR(to_deals.status());
    if (to_deals.sent() == before) return absl::InvalidArgumentError("so few investors make no deals");
  }
  return to_deals.Finish();
}

}  // namespace

absl::StatusOr<FilledEdition> FillStores(const DataFolder& folder, const std::string& edition_id,
                                         const EditionSize& size) {
  TANDEM_ASSIGN_OR_RETURN(const KeyRing keys, folder.LoadKeys());
  TANDEM_ASSIGN_OR_RETURN(const auto projects, folder.OpenStore(projects::kSource));
  TANDEM_ASSIGN_OR_RETURN(const auto investors, folder.OpenStore(investors::kSource));
  FilledEdition filled;
  absl::Status of_projects, of_investors;
  std::thread other([&] { of_projects = FillProjects(projects.get(), keys, edition_id, size); });
  of_investors = FillInvestors(investors.get(), keys, edition_id, size, &filled);
  other.join();
  projects->Shutdown();
  investors->Shutdown();
  TANDEM_RETURN_IF_ERROR(of_projects);
  TANDEM_RETURN_IF_ERROR(of_investors);
  return filled;
}

}  // namespace tandem
