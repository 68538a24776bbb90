#include "tests/integration/pairing/zone_client.h"

#include "absl/strings/str_cat.h"

namespace tandem {
namespace {

constexpr int kBatch = 500;

// Sends what `batch` holds, once it is full or `last`; the results' names go to `names` when it is not null.
template <typename Stub, typename Request, typename Response, typename Items>
absl::Status Send(const ZoneClient& client, Stub* stub,
                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), Items* held,
                  Request* batch, bool last, LoadedEdition* loaded, std::vector<std::string>* names) {
  if (held->empty() || (held->size() < kBatch && !last)) return absl::OkStatus();
  batch->set_parent(loaded->name);
  batch->set_consistency_token(loaded->tokens.front());  // the edition's
  TANDEM_ASSIGN_OR_RETURN(const Response response, client.Call(stub, method, *batch));
  for (const auto& result : response.results()) {
    if (result.status().code() != 0) return rpc::FromProto(result.status());
    if (names != nullptr) names->push_back(result.name());
  }
  loaded->tokens.push_back(response.consistency_token());
  held->Clear();
  return absl::OkStatus();
}

template <typename Request>
Request Named(const std::string& name) {
  Request request;
  request.set_name(name);
  return request;
}

}  // namespace

ZoneClient::ZoneClient(const Channels& channels)
    : projects_(projects::v1::ProjectService::NewStub(channels.projects)),
      investors_(investors::v1::InvestorService::NewStub(channels.investors)),
      editions_(pairing::v1::EditionService::NewStub(channels.pairing)),
      pairing_(pairing::v1::PairingService::NewStub(channels.pairing)),
      demo_data_(pairing::v1::DemoDataService::NewStub(channels.pairing)) {}

absl::StatusOr<LoadedEdition> ZoneClient::LoadDemo(const std::string& edition_id, int project_count,
                                                   int investor_count) {
  using investors::v1::InvestorService;
  using pairing::v1::EditionService;
  using projects::v1::ProjectService;
  pairing::v1::GenerateDemoDataRequest request;
  request.set_seed(1);
  request.set_edition_id(edition_id);
  request.set_project_count(project_count);
  request.set_investor_count(investor_count);
  grpc::ClientContext context;
  rpc::SetDeadline(&context, absl::Seconds(120));
  const auto stream = demo_data_->GenerateDemoData(&context, request);

  LoadedEdition loaded;
  projects::v1::BatchUpsertProjectsRequest projects;
  investors::v1::BatchUpsertInvestorsRequest investors;
  investors::v1::BatchUpsertDealsRequest deals;
  projects.set_publish(true);
  investors.set_verify(true);
  // Kinds come one after the other, so what is left of one kind is sent before the next begins.
  const auto flush = [&](bool last_investors, bool last_deals, bool last_projects) -> absl::Status {
    TANDEM_RETURN_IF_ERROR(Send(*this, investors_.get(), &InvestorService::Stub::BatchUpsertInvestors,
                                investors.mutable_investors(), &investors, last_investors, &loaded, &loaded.investors));
    TANDEM_RETURN_IF_ERROR(Send(*this, investors_.get(), &InvestorService::Stub::BatchUpsertDeals,
                                deals.mutable_deals(), &deals, last_deals, &loaded, nullptr));
    return Send(*this, projects_.get(), &ProjectService::Stub::BatchUpsertProjects, projects.mutable_projects(),
                &projects, last_projects, &loaded, &loaded.projects);
  };
  pairing::v1::GenerateDemoDataResponse record;
  while (stream->Read(&record)) {
    if (record.has_edition()) {
      pairing::v1::CreateEditionRequest create;
      create.set_edition_id(edition_id);
      *create.mutable_edition() = record.edition();
      TANDEM_ASSIGN_OR_RETURN(const auto edition, Call(editions_.get(), &EditionService::Stub::CreateEdition, create));
      loaded.name = edition.name();
      loaded.tokens.push_back(edition.consistency_token());
    } else if (record.has_taxonomy()) {
      pairing::v1::ImportTaxonomyRequest import;
      import.set_parent(loaded.name);
      *import.mutable_taxonomy() = record.taxonomy();
      TANDEM_ASSIGN_OR_RETURN(const auto taxonomy,
                              Call(editions_.get(), &EditionService::Stub::ImportTaxonomy, import));
      loaded.tokens.push_back(taxonomy.consistency_token());
    } else if (record.has_investor()) {
      *investors.add_investors() = std::move(*record.mutable_investor());
      TANDEM_RETURN_IF_ERROR(flush(false, false, false));
    } else if (record.has_deal()) {
      *deals.add_deals() = std::move(*record.mutable_deal());
      TANDEM_RETURN_IF_ERROR(flush(true, false, false));
    } else if (record.has_project()) {
      *projects.add_projects() = std::move(*record.mutable_project());
      TANDEM_RETURN_IF_ERROR(flush(true, true, false));
    }
  }
  TANDEM_RETURN_IF_ERROR(flush(true, true, true));
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return rpc::FromGrpc(status);
  return loaded;
}

absl::Status ZoneClient::AwaitApplied(const LoadedEdition& edition) {
  for (const std::string& token : edition.tokens) {
    const auto found = Find(edition.projects.front(), token);
    // Until the projects are there the subject is unknown; that the token is applied is what counts.
    if (!found.ok() && ReasonOf(found.status()) != "RESOURCE_NOT_FOUND") return found.status();
  }
  return Find(edition.projects.front()).status();
}

absl::StatusOr<pairing::v1::FindMatchesResponse> ZoneClient::Find(const std::string& subject, const std::string& token,
                                                                  int page_size, const std::string& page_token,
                                                                  absl::Duration timeout) {
  pairing::v1::FindMatchesRequest request;
  request.set_subject(subject);
  request.set_page_size(page_size);
  request.set_page_token(page_token);
  if (!token.empty()) request.mutable_consistency()->set_at_least_as_fresh(token);
  return Call(pairing_.get(), &pairing::v1::PairingService::Stub::FindMatches, request, timeout);
}

absl::StatusOr<pairing::v1::MatchExplanation> ZoneClient::Explain(const std::string& project,
                                                                  const std::string& investor,
                                                                  const std::string& token) {
  pairing::v1::ExplainMatchRequest request;
  request.set_project(project);
  request.set_investor(investor);
  if (!token.empty()) request.mutable_consistency()->set_at_least_as_fresh(token);
  return Call(pairing_.get(), &pairing::v1::PairingService::Stub::ExplainMatch, request);
}

absl::StatusOr<projects::v1::Project> ZoneClient::Pause(const std::string& project) {
  return Call(projects_.get(), &projects::v1::ProjectService::Stub::PauseProject,
              Named<projects::v1::PauseProjectRequest>(project));
}

absl::StatusOr<projects::v1::Project> ZoneClient::Resume(const std::string& project) {
  return Call(projects_.get(), &projects::v1::ProjectService::Stub::ResumeProject,
              Named<projects::v1::ResumeProjectRequest>(project));
}

absl::StatusOr<projects::v1::Project> ZoneClient::Withdraw(const std::string& project) {
  return Call(projects_.get(), &projects::v1::ProjectService::Stub::WithdrawProject,
              Named<projects::v1::WithdrawProjectRequest>(project));
}

absl::StatusOr<projects::v1::Project> ZoneClient::SetTrl(const std::string& project, int trl) {
  projects::v1::UpdateProjectRequest request;
  request.mutable_project()->set_name(project);
  request.mutable_project()->set_trl(trl);
  request.mutable_update_mask()->add_paths("trl");
  return Call(projects_.get(), &projects::v1::ProjectService::Stub::UpdateProject, request);
}

}  // namespace tandem
