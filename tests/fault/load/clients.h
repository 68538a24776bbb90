// Clients: stubs of all services, over all replicas and over each.
#ifndef TANDEM_TESTS_FAULT_LOAD_CLIENTS_H_
#define TANDEM_TESTS_FAULT_LOAD_CLIENTS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"

#include "common/rpc/channel.h"
#include "common/rpc/status_conversion.h"
#include "tandem/investors/v1/investor_service.grpc.pb.h"
#include "tandem/pairing/v1/edition_service.grpc.pb.h"
#include "tandem/pairing/v1/ledger_service.grpc.pb.h"
#include "tandem/pairing/v1/meeting_service.grpc.pb.h"
#include "tandem/pairing/v1/pairing_service.grpc.pb.h"
#include "tandem/pairing/v1/profile_service.grpc.pb.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"
#include "tests/fault/load/load.h"

namespace tandem::check {

// Thread-safe.
class Clients {
 public:
  explicit Clients(const Replicas& at);

  projects::v1::ProjectService::Stub* projects() const { return projects_.get(); }
  investors::v1::InvestorService::Stub* investors() const { return investors_.get(); }
  pairing::v1::EditionService::Stub* editions() const { return editions_.get(); }
  pairing::v1::ProfileService::Stub* profiles() const { return profiles_.get(); }
  pairing::v1::LedgerService::Stub* ledger() const { return ledger_.get(); }
  pairing::v1::MeetingService::Stub* meetings() const { return meetings_.get(); }
  pairing::v1::PairingService::Stub* pairing() const { return pairing_.get(); }
  // Each replica by itself: pages are kept where they were begun.
  const std::vector<std::unique_ptr<pairing::v1::PairingService::Stub>>& each_pairing() const { return each_pairing_; }

 private:
  std::unique_ptr<projects::v1::ProjectService::Stub> projects_;
  std::unique_ptr<investors::v1::InvestorService::Stub> investors_;
  std::unique_ptr<pairing::v1::EditionService::Stub> editions_;
  std::unique_ptr<pairing::v1::ProfileService::Stub> profiles_;
  std::unique_ptr<pairing::v1::LedgerService::Stub> ledger_;
  std::unique_ptr<pairing::v1::MeetingService::Stub> meetings_;
  std::unique_ptr<pairing::v1::PairingService::Stub> pairing_;
  std::vector<std::unique_ptr<pairing::v1::PairingService::Stub>> each_pairing_;
};

// A channel to one replica alone.
std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address);

// Any unary call.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(Stub* stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                              const Request& request, absl::Duration timeout) {
  grpc::ClientContext context;
  rpc::SetDeadline(&context, timeout);
  Response response;
  const grpc::Status status = (stub->*method)(&context, request, &response);
  if (!status.ok()) return rpc::FromGrpc(status);
  return response;
}

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_CLIENTS_H_
