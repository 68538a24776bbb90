#include "tests/fault/contend/kills/remote_door.h"

#include <atomic>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "grpcpp/client_context.h"

#include "common/catalog/names.h"
#include "common/rpc/call_context.h"
#include "common/rpc/channel.h"
#include "common/rpc/status_conversion.h"
#include "tandem/pairing/v1/ledger_service.grpc.pb.h"
#include "tandem/pairing/v1/meeting_service.grpc.pb.h"

namespace tandem::contend {
namespace {

// So long that a call ends by an answer or by the end of its server, not by its deadline.
constexpr absl::Duration kDeadline = absl::Seconds(60);
// One look of so many is a call.
constexpr uint64_t kAskEach = 8;

class RemoteDoor final : public Door {
 public:
  RemoteDoor(const std::string& address, RecordNow now) : now_(std::move(now)) {
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
    return See<v1::Pairing, v1::GetPairingRequest>(name, ledger_.get(), &Ledger::GetPairing);
  }
  std::optional<v1::Meeting> SeeMeeting(const std::string& name) override {
    return See<v1::Meeting, v1::GetMeetingRequest>(name, meetings_.get(), &Meetings::GetMeeting);
  }

  absl::StatusOr<int> ExpireDue() override { return 0; }

 private:
  using Ledger = v1::LedgerService::Stub;
  using Meetings = v1::MeetingService::Stub;

  template <typename Resource, typename Request, typename Stub>
  std::optional<Resource> See(const std::string& name, Stub* stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Resource*)) {
    if (seen_++ % kAskEach == 0) {
      Request request;
      request.set_name(name);
      auto resource = Send(stub, method, Caller(), request);
      return resource.ok() ? std::make_optional(*std::move(resource)) : std::nullopt;
    }
    // editions/EDITION/COLLECTION/ID
    const std::vector<std::string> words = absl::StrSplit(name, '/');
    if (words.size() != 4) return std::nullopt;
    const auto record = now_(catalog::RecordKey(words[2], {words[1], words[3]}));
    Resource resource;
    if (!record.has_value() || !resource.ParseFromString(*record)) return std::nullopt;
    return resource;
  }

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

  const RecordNow now_;
  std::atomic<uint64_t> seen_{0};
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<Meetings> meetings_;
};

}  // namespace

std::unique_ptr<Door> NewRemoteDoor(const std::string& address, RecordNow now) {
  return std::make_unique<RemoteDoor>(address, std::move(now));
}

}  // namespace tandem::contend
