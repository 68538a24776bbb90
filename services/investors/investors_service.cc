#include "services/investors/investors_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/rpc/serve.h"
#include "common/rpc/watch.h"
#include "common/rpc/worker_service.h"
#include "services/investors/deal_rules.h"
#include "services/investors/investor_rules.h"

namespace tandem::investors {
namespace {

using catalog::Catalog;
using ServerContext = grpc::ServerContextBase;
using grpc::Status;
using v1::Investor;

class InvestorsService final : public rpc::WorkerService<v1::InvestorService> {
 public:
  InvestorsService(std::unique_ptr<Catalog> investors, std::unique_ptr<Catalog> deals, const Options& options)
      : WorkerService(rpc::WorkersFor(options.watches)),
        investors_(std::move(investors)),
        deals_(std::move(deals)),
        options_(options) {
    On("CreateInvestor", &InvestorsService::CreateInvestor, Pool::kWaiting);
    On("GetInvestor", &InvestorsService::GetInvestor);
    On("BatchGetInvestors", &InvestorsService::BatchGetInvestors);
    On("ListInvestors", &InvestorsService::ListInvestors);
    On("UpdateInvestor", &InvestorsService::UpdateInvestor);
    On("DeleteInvestor", &InvestorsService::DeleteInvestor);
    On("UndeleteInvestor", &InvestorsService::UndeleteInvestor);
    On("SubmitInvestor", &InvestorsService::SubmitInvestor);
    On("VerifyInvestor", &InvestorsService::VerifyInvestor);
    On("PauseInvestor", &InvestorsService::PauseInvestor);
    On("ResumeInvestor", &InvestorsService::ResumeInvestor);
    On("WithdrawInvestor", &InvestorsService::WithdrawInvestor);
    On("BatchUpsertInvestors", &InvestorsService::BatchUpsertInvestors, Pool::kWaiting);
    On("BatchUpsertDeals", &InvestorsService::BatchUpsertDeals, Pool::kWaiting);
    On("ListDeals", &InvestorsService::ListDeals);
    On("DeleteDeal", &InvestorsService::DeleteDeal);
    On("WatchInvestors", &InvestorsService::WatchInvestors, Pool::kWatches);
  }

  Status CreateInvestor(ServerContext* context, const v1::CreateInvestorRequest* request, Investor* response) {
    return Serve(context, request, response, [&](const Caller& caller) {
      return investors_->Create(caller, rpc::DeadlineOf(*context), *request, response);
    });
  }
  Status GetInvestor(ServerContext* context, const v1::GetInvestorRequest* request, Investor* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return investors_->Get(caller, *request, response); });
  }
  Status BatchGetInvestors(ServerContext* context, const v1::BatchGetInvestorsRequest* request,
                           v1::BatchGetInvestorsResponse* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return investors_->BatchGet(caller, *request, response); });
  }
  Status ListInvestors(ServerContext* context, const v1::ListInvestorsRequest* request,
                       v1::ListInvestorsResponse* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return investors_->List(caller, *request, response); });
  }
  Status UpdateInvestor(ServerContext* context, const v1::UpdateInvestorRequest* request, Investor* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return investors_->Update(caller, *request, response); });
  }
  Status DeleteInvestor(ServerContext* context, const v1::DeleteInvestorRequest* request, Investor* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return investors_->Delete(caller, *request, response); });
  }
  Status UndeleteInvestor(ServerContext* context, const v1::UndeleteInvestorRequest* request, Investor* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return investors_->Undelete(caller, *request, response); });
  }
  Status SubmitInvestor(ServerContext* context, const v1::SubmitInvestorRequest* request, Investor* response) {
    return Step(context, "submit", request, response);
  }
  Status VerifyInvestor(ServerContext* context, const v1::VerifyInvestorRequest* request, Investor* response) {
    return Serve(context, request, response, [&](const Caller& caller) {
      const bool reject = request->decision() == v1::VerifyInvestorRequest::DECISION_REJECT;
      std::vector<FieldViolation> violations;
      if (reject && request->reason().empty())
        violations.push_back({"reason", "is required to reject: the owner reads it"});
      return investors_->TakeStep(caller, reject ? "reject" : "verify", *request, response, request->reason(),
                                  std::move(violations));
    });
  }
  Status PauseInvestor(ServerContext* context, const v1::PauseInvestorRequest* request, Investor* response) {
    return Step(context, "pause", request, response);
  }
  Status ResumeInvestor(ServerContext* context, const v1::ResumeInvestorRequest* request, Investor* response) {
    return Step(context, "resume", request, response);
  }
  Status WithdrawInvestor(ServerContext* context, const v1::WithdrawInvestorRequest* request, Investor* response) {
    return Step(context, "withdraw", request, response);
  }
  Status BatchUpsertInvestors(ServerContext* context, const v1::BatchUpsertInvestorsRequest* request,
                              v1::BatchUpsertInvestorsResponse* response) {
    return Serve(context, request, response, [&](const Caller& caller) {
      return investors_->BatchUpsert(caller, rpc::DeadlineOf(*context), request->verify(), *request, response);
    });
  }

  Status BatchUpsertDeals(ServerContext* context, const v1::BatchUpsertDealsRequest* request,
                          v1::BatchUpsertDealsResponse* response) {
    return Serve(context, request, response, [&](const Caller& caller) {
      return deals_->BatchUpsert(caller, rpc::DeadlineOf(*context), false, *request, response);
    });
  }
  Status ListDeals(ServerContext* context, const v1::ListDealsRequest* request, v1::ListDealsResponse* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return deals_->List(caller, *request, response); });
  }
  Status DeleteDeal(ServerContext* context, const v1::DeleteDealRequest* request, v1::DeleteDealResponse* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return deals_->Delete(caller, *request, response); });
  }

  Status WatchInvestors(ServerContext* context, const v1::WatchInvestorsRequest* request,
                        rpc::StreamWriter<v1::WatchInvestorsResponse>* writer) {
    const auto caller = rpc::Admit(*context, *request);
    if (!caller.ok()) return rpc::ToGrpc(caller.status());
    const auto investors = investors_->WatchPrefix(*caller, *request);
    if (!investors.ok()) return rpc::ToGrpc(investors.status());
    const auto deals = deals_->WatchPrefix(*caller, *request);
    if (!deals.ok()) return rpc::ToGrpc(deals.status());
    feed::WatchCursor::Options watch;
    watch.store = options_.store;
    watch.source = kSource;
    watch.keys = options_.keys;
    watch.prefixes = {*investors, *deals};
    watch.resume_token = request->resume_token();
    feed::WatchCursor cursor(std::move(watch));
    return rpc::ServeWatch(context, writer, &cursor, options_.watches,
                           [this](std::vector<feed::RawItem> items, v1::WatchInvestorsResponse* response) {
                             return Convert(std::move(items), response);
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

  template <typename Request>
  Status Step(ServerContext* context, absl::string_view step, const Request* request, Investor* response) {
    return Serve(context, request, response,
                 [&](const Caller& caller) { return investors_->TakeStep(caller, step, *request, response); });
  }

  absl::Status Convert(std::vector<feed::RawItem> items, v1::WatchInvestorsResponse* response) const {
    for (feed::RawItem& item : items) {
      const std::string deal = deals_->NameOf(item.key);
      if (!item.value.has_value() && deal.empty()) continue;  // investors are never removed
      auto* change = response->add_changes();
      change->set_revision(item.revision);
      if (!item.value.has_value()) {
        change->set_deleted_deal(deal);
        continue;
      }
      Record record{std::move(item.key), *std::move(item.value), item.revision, 0};
      const Catalog& catalog = deal.empty() ? *investors_ : *deals_;
      TANDEM_ASSIGN_OR_RETURN(std::string encoded, catalog.ReadEncoded(std::move(record)));
      catalog::AddEncoded(
          deal.empty() ? v1::InvestorChange::kInvestorFieldNumber : v1::InvestorChange::kDealFieldNumber,
          std::move(encoded), change);
    }
    return absl::OkStatus();
  }

  const std::unique_ptr<Catalog> investors_;
  const std::unique_ptr<Catalog> deals_;
  const Options options_;
};

absl::StatusOr<std::unique_ptr<Catalog>> OpenCatalog(catalog::Collection collection, const Options& options) {
  Catalog::Options of_catalog;
  of_catalog.collection = std::move(collection);
  of_catalog.store = options.store;
  of_catalog.keys = options.keys;
  of_catalog.clock = options.clock;
  of_catalog.source = kSource;
  of_catalog.edition_check = options.edition_check;
  of_catalog.status_to_proto = [](const absl::Status& status) { return rpc::ToProto(status); };
  return Catalog::Open(std::move(of_catalog));
}

}  // namespace

absl::StatusOr<std::unique_ptr<v1::InvestorService::Service>> NewInvestorsService(Options options) {
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Catalog> investors, OpenCatalog(InvestorCollection(), options));
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Catalog> deals, OpenCatalog(DealCollection(), options));
  return std::unique_ptr<v1::InvestorService::Service>(
      std::make_unique<InvestorsService>(std::move(investors), std::move(deals), options));
}

}  // namespace tandem::investors
