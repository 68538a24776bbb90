// The connections of one run of the program, and how its calls are made.
#ifndef TANDEM_TOOLS_TANDEM_SESSION_H_
#define TANDEM_TOOLS_TANDEM_SESSION_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

#include "common/rpc/status_conversion.h"
#include "common/rpc/tls_files.h"
#include "tandem/investors/v1/investor_service.grpc.pb.h"
#include "tandem/pairing/v1/demo_data_service.grpc.pb.h"
#include "tandem/pairing/v1/edition_service.grpc.pb.h"
#include "tandem/pairing/v1/ledger_service.grpc.pb.h"
#include "tandem/pairing/v1/meeting_service.grpc.pb.h"
#include "tandem/pairing/v1/pairing_service.grpc.pb.h"
#include "tandem/pairing/v1/profile_service.grpc.pb.h"
#include "tandem/pairing/v1/representative_service.grpc.pb.h"
#include "tandem/pairing/v1/run_service.grpc.pb.h"
#include "tandem/pairing/v1/schedule_service.grpc.pb.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"
#include "tandem/type/v1/types.pb.h"
#include "tools/tandem/terminal.h"

namespace tandem::cli {

// An error of the command line that shows only when the command runs: exit code 2.
absl::Status UsageError(absl::string_view message);
bool IsUsageError(const absl::Status& status);

// What stands before the command.
struct GlobalOptions {
  std::string server = "127.0.0.1:7100";
  std::string projects_server;  // empty: `server`
  std::string investors_server;
  std::string pairing_server;
  std::string edition;  // id or name
  std::string output = "table";
  double timeout_seconds = 30;
  std::string actor;
  std::string side;
  std::string token;  // reads are at least as fresh, imports come after
  rpc::TlsFiles tls;
  size_t width = 0;  // 0: the terminal's
};

// `editions/{edition}` of an id; a name stays what it is.
std::string EditionNameOf(absl::string_view id);

// Thread-safe for calls.
class Session {
 public:
  Session(GlobalOptions options, Terminal terminal);

  const GlobalOptions& options() const { return options_; }
  const Terminal& terminal() const { return terminal_; }

  projects::v1::ProjectService::StubInterface* projects() { return projects_.get(); }
  investors::v1::InvestorService::StubInterface* investors() { return investors_.get(); }
  pairing::v1::LedgerService::StubInterface* ledger() { return ledger_.get(); }
  pairing::v1::MeetingService::StubInterface* meetings() { return meetings_.get(); }
  pairing::v1::PairingService::StubInterface* pairing() { return pairing_.get(); }
  pairing::v1::EditionService::StubInterface* editions() { return editions_.get(); }
  pairing::v1::ProfileService::StubInterface* profiles() { return profiles_.get(); }
  pairing::v1::RepresentativeService::StubInterface* representatives() { return representatives_.get(); }
  pairing::v1::RunService::StubInterface* runs() { return runs_.get(); }
  pairing::v1::ScheduleService::StubInterface* schedules() { return schedules_.get(); }
  pairing::v1::DemoDataService::StubInterface* demo_data() { return demo_data_.get(); }

  const std::shared_ptr<grpc::Channel>& projects_channel() const { return projects_channel_; }
  const std::shared_ptr<grpc::Channel>& investors_channel() const { return investors_channel_; }
  const std::shared_ptr<grpc::Channel>& pairing_channel() const { return pairing_channel_; }

  // `editions/{edition}`; a UsageError when none is given.
  absl::StatusOr<std::string> EditionName() const;

  // `--token` as a demand of a read.
  type::v1::ReadConsistency Consistency() const;

  // Deadline and caller of a call.
  void Prepare(grpc::ClientContext* context) const { Prepare(context, absl::Seconds(options_.timeout_seconds)); }
  void Prepare(grpc::ClientContext* context, absl::Duration timeout) const;

  // One call: `Call(session.projects(), &ProjectService::StubInterface::GetProject, request)`.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(Stub* stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request) const {
    grpc::ClientContext context;
    Prepare(&context);
    Response response;
    const absl::Status status = rpc::FromGrpc((stub->*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }

 private:
  const GlobalOptions options_;
  const Terminal terminal_;
  std::shared_ptr<grpc::Channel> projects_channel_;
  std::shared_ptr<grpc::Channel> investors_channel_;
  std::shared_ptr<grpc::Channel> pairing_channel_;
  std::unique_ptr<projects::v1::ProjectService::StubInterface> projects_;
  std::unique_ptr<investors::v1::InvestorService::StubInterface> investors_;
  std::unique_ptr<pairing::v1::LedgerService::StubInterface> ledger_;
  std::unique_ptr<pairing::v1::MeetingService::StubInterface> meetings_;
  std::unique_ptr<pairing::v1::PairingService::StubInterface> pairing_;
  std::unique_ptr<pairing::v1::EditionService::StubInterface> editions_;
  std::unique_ptr<pairing::v1::ProfileService::StubInterface> profiles_;
  std::unique_ptr<pairing::v1::RepresentativeService::StubInterface> representatives_;
  std::unique_ptr<pairing::v1::RunService::StubInterface> runs_;
  std::unique_ptr<pairing::v1::ScheduleService::StubInterface> schedules_;
  std::unique_ptr<pairing::v1::DemoDataService::StubInterface> demo_data_;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_SESSION_H_
