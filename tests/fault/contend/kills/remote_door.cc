#include "tests/fault/contend/kills/remote_door.h"

#include <utility>

#include "grpcpp/client_context.h"

#include "common/rpc/call_context.h"
#include "common/rpc/channel.h"
#include "common/rpc/status_conversion.h"
#include "tandem/pairing/v1/ledger_service.grpc.pb.h"
#include "tandem/pairing/v1/meeting_service.grpc.pb.h"

namespace tandem::contend {
namespace {

// So long that a call ends by an answer or by the end of its server, not by its deadline.
constexpr absl::Duration kDeadline = absl::Seconds(60);

class RemoteDoor final : public Door {
 public:
  explicit RemoteDoor(const std::string& address) {
    const std::shared_ptr<grpc::Channel> channel = rpc::NewChannel(address);
    ledger_ = v1::LedgerService::NewStub(channel);
    meetings_ = v1::MeetingService::NewStub(channel);
  }

  absl::StatusOr<v1::Pairing> Call(const Caller& caller, const v1::SetStanceRequest& request) override {
    return Send(ledger_.get(), &Ledger::SetStance, caller, request);
  }
  absl::StatusOr<v1::Pairing> Call(const Caller& caller, const v1::SendRequestRequest& request) override {
    return Send(ledger_.get(), &Ledger::SendRequest, caller, request);
  }
  absl::StatusOr<v1::Pairing> Call(const Caller& caller, const v1::AcceptRequestRequest& request) override {
    return Send(ledger_.get(), &Ledger::AcceptRequest, caller, request);
  }
  absl::StatusOr<v1::Pairing> Call(const Caller& caller, const v1::DeclineRequestRequest& request) override {
    return Send(ledger_.get(), &Ledger::DeclineRequest, caller, request);
  }
  absl::StatusOr<v1::Pairing> Call(const Caller& caller, const v1::WithdrawRequestRequest& request) override {
    return Send(ledger_.get(), &Ledger::WithdrawRequest, caller, request);
  }
  absl::StatusOr<v1::Meeting> Call(const Caller& caller, const v1::BookMeetingRequest& request) override {
    return Send(meetings_.get(), &Meetings::BookMeeting, caller, request);
  }
  absl::StatusOr<v1::Meeting> Call(const Caller& caller, const v1::RescheduleMeetingRequest& request) override {
    return Send(meetings_.get(), &Meetings::RescheduleMeeting, caller, request);
  }
  absl::StatusOr<v1::Meeting> Call(const Caller& caller, const v1::AnswerRescheduleRequest& request) override {
    return Send(meetings_.get(), &Meetings::AnswerReschedule, caller, request);
  }
  absl::StatusOr<v1::Meeting> Call(const Caller& caller, const v1::CancelMeetingRequest& request) override {
    return Send(meetings_.get(), &Meetings::CancelMeeting, caller, request);
  }

  std::optional<v1::Pairing> SeePairing(const std::string& name) override {
    v1::GetPairingRequest request;
    request.set_name(name);
    auto pairing = Send(ledger_.get(), &Ledger::GetPairing, Caller(), request);
    if (!pairing.ok()) return std::nullopt;
    return *std::move(pairing);
  }
  std::optional<v1::Meeting> SeeMeeting(const std::string& name) override {
    v1::GetMeetingRequest request;
    request.set_name(name);
    auto meeting = Send(meetings_.get(), &Meetings::GetMeeting, Caller(), request);
    if (!meeting.ok()) return std::nullopt;
    return *std::move(meeting);
  }

  absl::StatusOr<int> ExpireDue() override { return 0; }

 private:
  using Ledger = v1::LedgerService::Stub;
  using Meetings = v1::MeetingService::Stub;

  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Send(Stub* stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const Caller& caller, const Request& request) {
    grpc::ClientContext context;
    rpc::SetCaller(&context, caller);
    rpc::SetDeadline(&context, kDeadline);
    Response response;
    const grpc::Status status = (stub->*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }

  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<Meetings> meetings_;
};

}  // namespace

std::unique_ptr<Door> NewRemoteDoor(const std::string& address) { return std::make_unique<RemoteDoor>(address); }

}  // namespace tandem::contend
