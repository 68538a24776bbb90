#include "tests/e2e/clients.h"

#include <cstdlib>

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "tests/e2e/records.h"

namespace tandem::e2e {
namespace {

namespace iv = investors::v1;
namespace pj = projects::v1;

// An idle connection of this process reads only now and then, by default every five seconds: it would notice as late
// that its server has gone. Read by gRPC once, before its first use.
void AnswerGoodbyesSoon() {
  static const int set = setenv("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "50", 1);
  static_cast<void>(set);
}

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address) {
  AnswerGoodbyesSoon();
  return rpc::NewChannel(address);
}

}  // namespace

Clients::Clients(const std::string& projects_address, const std::string& investors_address,
                 const std::string& pairing_address)
    : projects_channel(ChannelTo(projects_address)),
      investors_channel(ChannelTo(investors_address)),
      pairing_channel(ChannelTo(pairing_address)),
      projects(pj::ProjectService::NewStub(projects_channel)),
      investors(iv::InvestorService::NewStub(investors_channel)),
      editions(pairing::v1::EditionService::NewStub(pairing_channel)),
      pairing(pairing::v1::PairingService::NewStub(pairing_channel)) {}

absl::StatusOr<pairing::v1::Edition> CreateEdition(Clients* clients, absl::string_view id) {
  pairing::v1::CreateEditionRequest request;
  request.set_edition_id(std::string(id));
  *request.mutable_edition() = NewEdition();
  return Call(clients->editions.get(), &EditionStub::CreateEdition, request, absl::Seconds(30), true);
}

absl::StatusOr<pj::Project> PublishProject(Clients* clients, const std::string& parent, const std::string& external_id,
                                           const std::string& token) {
  pj::CreateProjectRequest create;
  create.set_parent(parent);
  *create.mutable_project() = NewProject(external_id, 0);
  create.set_consistency_token(token);
  TANDEM_ASSIGN_OR_RETURN(const pj::Project created,
                          Call(clients->projects.get(), &ProjectStub::CreateProject, create));
  pj::SubmitProjectRequest submit;
  submit.set_name(created.name());
  TANDEM_RETURN_IF_ERROR(Call(clients->projects.get(), &ProjectStub::SubmitProject, submit).status());
  pj::ReviewProjectRequest review;
  review.set_name(created.name());
  review.set_decision(pj::ReviewProjectRequest::DECISION_PUBLISH);
  return Call(clients->projects.get(), &ProjectStub::ReviewProject, review);
}

absl::StatusOr<iv::Investor> VerifyInvestor(Clients* clients, const std::string& parent, const std::string& external_id,
                                            const std::string& token) {
  iv::CreateInvestorRequest create;
  create.set_parent(parent);
  *create.mutable_investor() = NewInvestor(external_id, 0);
  create.set_consistency_token(token);
  TANDEM_ASSIGN_OR_RETURN(const iv::Investor created,
                          Call(clients->investors.get(), &InvestorStub::CreateInvestor, create));
  iv::SubmitInvestorRequest submit;
  submit.set_name(created.name());
  TANDEM_RETURN_IF_ERROR(Call(clients->investors.get(), &InvestorStub::SubmitInvestor, submit).status());
  iv::VerifyInvestorRequest verify;
  verify.set_name(created.name());
  verify.set_decision(iv::VerifyInvestorRequest::DECISION_VERIFY);
  return Call(clients->investors.get(), &InvestorStub::VerifyInvestor, verify);
}

absl::StatusOr<pairing::v1::FindMatchesResponse> FindMatches(Clients* clients, const std::string& subject,
                                                             const std::string& token, absl::Duration timeout,
                                                             bool wait_for_ready) {
  pairing::v1::FindMatchesRequest request;
  request.set_subject(subject);
  request.set_page_size(200);
  if (!token.empty()) request.mutable_consistency()->set_at_least_as_fresh(token);
  return Call(clients->pairing.get(), &PairingStub::FindMatches, request, timeout, wait_for_ready);
}

std::string ReasonOf(const absl::Status& status) { return GetErrorDetail(status).reason; }

std::string NewRequestId() { return RandomUuid(); }

}  // namespace tandem::e2e
