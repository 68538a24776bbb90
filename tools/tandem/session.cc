#include "tools/tandem/session.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/rpc/call_context.h"
#include "common/rpc/channel.h"

namespace tandem::cli {
namespace {

constexpr absl::string_view kUsage = "USAGE";

std::shared_ptr<grpc::Channel> Connect(const GlobalOptions& options, const std::string& server) {
  rpc::ChannelOptions channel;
  channel.tls = options.tls;
  return rpc::NewChannel(server.empty() ? options.server : server, channel);
}

}  // namespace

absl::Status UsageError(absl::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, kUsage, message);
}

bool IsUsageError(const absl::Status& status) { return GetErrorDetail(status).reason == kUsage; }

std::string EditionNameOf(absl::string_view id) {
  return absl::StartsWith(id, "editions/") ? std::string(id) : absl::StrCat("editions/", id);
}

Session::Session(GlobalOptions options, Terminal terminal)
    : options_(std::move(options)),
      terminal_(terminal),
      projects_channel_(Connect(options_, options_.projects_server)),
      investors_channel_(Connect(options_, options_.investors_server)),
      pairing_channel_(Connect(options_, options_.pairing_server)),
      projects_(projects::v1::ProjectService::NewStub(projects_channel_)),
      investors_(investors::v1::InvestorService::NewStub(investors_channel_)),
      ledger_(pairing::v1::LedgerService::NewStub(pairing_channel_)),
      meetings_(pairing::v1::MeetingService::NewStub(pairing_channel_)),
      pairing_(pairing::v1::PairingService::NewStub(pairing_channel_)),
      editions_(pairing::v1::EditionService::NewStub(pairing_channel_)),
      profiles_(pairing::v1::ProfileService::NewStub(pairing_channel_)),
      representatives_(pairing::v1::RepresentativeService::NewStub(pairing_channel_)),
      runs_(pairing::v1::RunService::NewStub(pairing_channel_)),
      schedules_(pairing::v1::ScheduleService::NewStub(pairing_channel_)),
      demo_data_(pairing::v1::DemoDataService::NewStub(pairing_channel_)) {}

absl::StatusOr<std::string> Session::EditionName() const {
  if (options_.edition.empty()) {
    return UsageError("No edition is named: give --edition ID or set TANDEM_EDITION.");
  }
  return EditionNameOf(options_.edition);
}

type::v1::ReadConsistency Session::Consistency() const {
  type::v1::ReadConsistency consistency;
  if (!options_.token.empty()) consistency.set_at_least_as_fresh(options_.token);
  return consistency;
}

void Session::Prepare(grpc::ClientContext* context, absl::Duration timeout) const {
  rpc::SetDeadline(context, timeout);
  if (!options_.actor.empty()) context->AddMetadata(rpc::kActorKey, options_.actor);
  if (!options_.side.empty()) context->AddMetadata(rpc::kSideKey, options_.side);
}

}  // namespace tandem::cli
