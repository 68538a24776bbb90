// The services as an outside caller sees them: stubs on one address each, and calls with a deadline.
#ifndef TANDEM_TESTS_E2E_CLIENTS_H_
#define TANDEM_TESTS_E2E_CLIENTS_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

#include "common/rpc/channel.h"
#include "common/rpc/status_conversion.h"
#include "tandem/investors/v1/investor_service.grpc.pb.h"
#include "tandem/pairing/v1/edition_service.grpc.pb.h"
#include "tandem/pairing/v1/pairing_service.grpc.pb.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"

namespace tandem::e2e {

// Calls `method` of `stub`. With `wait_for_ready` the call waits for the connection instead of failing with
// UNAVAILABLE.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(Stub* stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                              const Request& request, absl::Duration timeout = absl::Seconds(30),
                              bool wait_for_ready = false) {
  grpc::ClientContext context;
  rpc::SetDeadline(&context, timeout);
  context.set_wait_for_ready(wait_for_ready);
  Response response;
  absl::Status status = rpc::FromGrpc((stub->*method)(&context, request, &response));
  if (!status.ok()) return status;
  return response;
}

using EditionStub = pairing::v1::EditionService::Stub;
using InvestorStub = investors::v1::InvestorService::Stub;
using PairingStub = pairing::v1::PairingService::Stub;
using ProjectStub = projects::v1::ProjectService::Stub;

// Thread-safe.
struct Clients {
  // All services at one address.
  explicit Clients(const std::string& address) : Clients(address, address, address) {}
  Clients(const std::string& projects_address, const std::string& investors_address,
          const std::string& pairing_address);

  std::shared_ptr<grpc::Channel> projects_channel;
  std::shared_ptr<grpc::Channel> investors_channel;
  std::shared_ptr<grpc::Channel> pairing_channel;
  std::unique_ptr<ProjectStub> projects;
  std::unique_ptr<InvestorStub> investors;
  std::unique_ptr<EditionStub> editions;
  std::unique_ptr<PairingStub> pairing;
};

// Short forms of the calls that every test makes.
absl::StatusOr<pairing::v1::Edition> CreateEdition(Clients* clients, absl::string_view id);
absl::StatusOr<projects::v1::Project> PublishProject(Clients* clients, const std::string& parent,
                                                     const std::string& external_id, const std::string& token);
absl::StatusOr<investors::v1::Investor> VerifyInvestor(Clients* clients, const std::string& parent,
                                                       const std::string& external_id, const std::string& token);
absl::StatusOr<pairing::v1::FindMatchesResponse> FindMatches(Clients* clients, const std::string& subject,
                                                             const std::string& token,
                                                             absl::Duration timeout = absl::Seconds(30),
                                                             bool wait_for_ready = false);

// The reason in the details of an error, such as `FIELD_INVALID`.
std::string ReasonOf(const absl::Status& status);

// A version 4 UUID; thread-safe.
std::string NewRequestId();

}  // namespace tandem::e2e

#endif  // TANDEM_TESTS_E2E_CLIENTS_H_
