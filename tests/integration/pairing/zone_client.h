// ZoneClient: a caller of all services, for tests and benches.
#ifndef TANDEM_TESTS_INTEGRATION_PAIRING_ZONE_CLIENT_H_
#define TANDEM_TESTS_INTEGRATION_PAIRING_ZONE_CLIENT_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"

#include "common/base/status.h"
#include "common/rpc/call_context.h"
#include "common/rpc/channel.h"
#include "common/rpc/status_conversion.h"
#include "tandem/investors/v1/investor_service.grpc.pb.h"
#include "tandem/pairing/v1/demo_data_service.grpc.pb.h"
#include "tandem/pairing/v1/edition_service.grpc.pb.h"
#include "tandem/pairing/v1/pairing_service.grpc.pb.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"

namespace tandem {

// What a loaded edition consists of, by name.
struct LoadedEdition {
  std::string name;
  std::vector<std::string> projects;
  std::vector<std::string> investors;
  std::vector<std::string> tokens;  // of all writes; each is of one source
};

// Thread-safe.
class ZoneClient {
 public:
  // Where the services are; all in one: the same channel for all.
  struct Channels {
    std::shared_ptr<grpc::Channel> projects;
    std::shared_ptr<grpc::Channel> investors;
    std::shared_ptr<grpc::Channel> pairing;
  };
  explicit ZoneClient(const Channels& channels);
  explicit ZoneClient(const std::shared_ptr<grpc::Channel>& channel)
      : ZoneClient(Channels{channel, channel, channel}) {}

  // Any unary call: `Call(client.pairing(), &PairingService::Stub::FindMatches, request)`.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(Stub* stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request, absl::Duration timeout = absl::Seconds(30)) const {
    grpc::ClientContext context;
    return CallIn(&context, stub, method, request, timeout);
  }
  // The same as `caller`.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(const Caller& caller, Stub* stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request, absl::Duration timeout = absl::Seconds(30)) const {
    grpc::ClientContext context;
    rpc::SetCaller(&context, caller);
    return CallIn(&context, stub, method, request, timeout);
  }

  // Writes demo data: its edition, taxonomy, investors (verified), deals and projects (published).
  absl::StatusOr<LoadedEdition> LoadDemo(const std::string& edition_id, int projects, int investors);

  // Returns when everything of `edition` is applied to matching.
  absl::Status AwaitApplied(const LoadedEdition& edition);

  // Reads as fresh as `token`, or what is applied when it is empty.
  absl::StatusOr<pairing::v1::FindMatchesResponse> Find(const std::string& subject, const std::string& token = "",
                                                        int page_size = 1, const std::string& page_token = "",
                                                        absl::Duration timeout = absl::Seconds(30));

  absl::StatusOr<pairing::v1::MatchExplanation> Explain(const std::string& project, const std::string& investor,
                                                        const std::string& token = "");

  absl::StatusOr<projects::v1::Project> Pause(const std::string& project);
  absl::StatusOr<projects::v1::Project> Resume(const std::string& project);
  absl::StatusOr<projects::v1::Project> Withdraw(const std::string& project);
  absl::StatusOr<projects::v1::Project> SetTrl(const std::string& project, int trl);

  // Pauses or resumes.
  absl::StatusOr<projects::v1::Project> SetMatched(const std::string& project, bool matched) {
    return matched ? Resume(project) : Pause(project);
  }

  projects::v1::ProjectService::Stub* projects() { return projects_.get(); }
  investors::v1::InvestorService::Stub* investors() { return investors_.get(); }
  pairing::v1::EditionService::Stub* editions() { return editions_.get(); }
  pairing::v1::PairingService::Stub* pairing() { return pairing_.get(); }

 private:
  template <typename Stub, typename Request, typename Response>
  static absl::StatusOr<Response> CallIn(grpc::ClientContext* context, Stub* stub,
                                         grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                         const Request& request, absl::Duration timeout) {
    rpc::SetDeadline(context, timeout);
    Response response;
    const grpc::Status status = (stub->*method)(context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }

  std::unique_ptr<projects::v1::ProjectService::Stub> projects_;
  std::unique_ptr<investors::v1::InvestorService::Stub> investors_;
  std::unique_ptr<pairing::v1::EditionService::Stub> editions_;
  std::unique_ptr<pairing::v1::PairingService::Stub> pairing_;
  std::unique_ptr<pairing::v1::DemoDataService::Stub> demo_data_;
};

// The reason of an error, or "" for none.
inline std::string ReasonOf(const absl::Status& status) { return GetErrorDetail(status).reason; }

}  // namespace tandem

#endif  // TANDEM_TESTS_INTEGRATION_PAIRING_ZONE_CLIENT_H_
