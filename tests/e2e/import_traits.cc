#include "tests/e2e/import_traits.h"

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "tests/e2e/records.h"

namespace tandem::e2e {
namespace {

namespace iv = investors::v1;
namespace pj = projects::v1;

// All pages of a list; `items` takes the records of a page.
template <typename Record, typename Stub, typename Request, typename Response, typename Items>
absl::StatusOr<std::vector<Record>> ListAll(Stub* stub,
                                            grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                                         Response*),
                                            Request request, Items items) {
  std::vector<Record> all;
  do {
    request.set_page_size(500);
    TANDEM_ASSIGN_OR_RETURN(Response page, Call(stub, method, request));
    for (Record& record : *items(&page)) all.push_back(std::move(record));
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

}  // namespace

pj::Project ProjectTraits::New(const std::string& external_id, int version, const std::string& /*parent*/) {
  return NewProject(external_id, version);
}

absl::StatusOr<pj::BatchUpsertProjectsResponse> ProjectTraits::Upsert(Clients* clients, const UpsertRequest& request) {
  return Call(clients->projects.get(), &ProjectStub::BatchUpsertProjects, request);
}

absl::StatusOr<pj::Project> ProjectTraits::Create(Clients* clients, const std::string& edition,
                                                  const pj::Project& record, const std::string& request_id) {
  pj::CreateProjectRequest request;
  request.set_parent(edition);
  *request.mutable_project() = record;
  request.set_request_id(request_id);
  return Call(clients->projects.get(), &ProjectStub::CreateProject, request);
}

absl::StatusOr<pj::Project> ProjectTraits::Update(Clients* clients, const pj::Project& record,
                                                  const std::string& request_id) {
  pj::UpdateProjectRequest request;
  *request.mutable_project() = record;
  for (const char* path : {"texts", "organisation", "sectors", "keywords", "trl", "ask"}) {
    request.mutable_update_mask()->add_paths(path);
  }
  request.set_request_id(request_id);
  return Call(clients->projects.get(), &ProjectStub::UpdateProject, request);
}

absl::StatusOr<std::vector<pj::Project>> ProjectTraits::List(Clients* clients, const std::string& edition) {
  pj::ListProjectsRequest request;
  request.set_parent(edition);
  request.set_show_deleted(true);
  return ListAll<Record>(clients->projects.get(), &ProjectStub::ListProjects, request,
                         [](auto* page) { return page->mutable_projects(); });
}

iv::Investor InvestorTraits::New(const std::string& external_id, int version, const std::string& /*parent*/) {
  return NewInvestor(external_id, version);
}

absl::StatusOr<iv::BatchUpsertInvestorsResponse> InvestorTraits::Upsert(Clients* clients,
                                                                        const UpsertRequest& request) {
  return Call(clients->investors.get(), &InvestorStub::BatchUpsertInvestors, request);
}

absl::StatusOr<iv::Investor> InvestorTraits::Create(Clients* clients, const std::string& edition,
                                                    const iv::Investor& record, const std::string& request_id) {
  iv::CreateInvestorRequest request;
  request.set_parent(edition);
  *request.mutable_investor() = record;
  request.set_request_id(request_id);
  return Call(clients->investors.get(), &InvestorStub::CreateInvestor, request);
}

absl::StatusOr<iv::Investor> InvestorTraits::Update(Clients* clients, const iv::Investor& record,
                                                    const std::string& request_id) {
  iv::UpdateInvestorRequest request;
  *request.mutable_investor() = record;
  for (const char* path : {"texts", "capacity", "mandate"}) request.mutable_update_mask()->add_paths(path);
  request.set_request_id(request_id);
  return Call(clients->investors.get(), &InvestorStub::UpdateInvestor, request);
}

absl::StatusOr<std::vector<iv::Investor>> InvestorTraits::List(Clients* clients, const std::string& edition) {
  iv::ListInvestorsRequest request;
  request.set_parent(edition);
  request.set_show_deleted(true);
  return ListAll<Record>(clients->investors.get(), &InvestorStub::ListInvestors, request,
                         [](auto* page) { return page->mutable_investors(); });
}

iv::Deal DealTraits::New(const std::string& external_id, int version, const std::string& parent) {
  return NewDeal(external_id, parent, version);
}

absl::StatusOr<iv::BatchUpsertDealsResponse> DealTraits::Upsert(Clients* clients, const UpsertRequest& request) {
  return Call(clients->investors.get(), &InvestorStub::BatchUpsertDeals, request);
}

absl::StatusOr<std::vector<iv::Deal>> DealTraits::List(Clients* clients, const std::string& edition) {
  iv::ListDealsRequest request;
  request.set_parent(absl::StrCat(edition, "/investors/-"));
  return ListAll<Record>(clients->investors.get(), &InvestorStub::ListDeals, request,
                         [](auto* page) { return page->mutable_deals(); });
}

}  // namespace tandem::e2e
