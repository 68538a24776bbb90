#include "services/pairing/ledger/directory_adapter.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "grpcpp/client_context.h"

#include "common/base/caller.h"
#include "common/base/status.h"
#include "common/rpc/call_context.h"
#include "common/rpc/channel.h"

namespace tandem::pairing::ledger {
namespace {

// How this service names itself to the others.
Caller Self() {
  Caller caller;
  caller.actor = "tandem-pairing";
  return caller;
}

absl::Status NotReady(absl::string_view party, absl::string_view cause) {
  return MakeError(absl::StatusCode::kUnavailable, "NOT_READY",
                   absl::StrCat("whether ", party, " takes part cannot be learned now: retry"),
                   {{"cause", std::string(cause)}});
}

template <typename Party>
absl::StatusOr<PartyState> StateOf(const grpc::Status& status, const Party& party, absl::string_view name,
                                   typename Party::State open) {
  if (status.error_code() == grpc::StatusCode::NOT_FOUND) return PartyState::kAbsent;
  if (!status.ok()) return NotReady(name, status.error_message());
  return party.state() == open && !party.has_delete_time() ? PartyState::kOpen : PartyState::kNotOpen;
}

}  // namespace

// One look. Shared with gRPC's threads, which may still be leaving it when its waiter goes on.
struct DirectoryAdapter::Call {
  grpc::ClientContext project_context, investor_context;
  projects::v1::GetProjectRequest project_request;
  investors::v1::GetInvestorRequest investor_request;
  projects::v1::Project project;
  investors::v1::Investor investor;
  grpc::Status project_status, investor_status;
  Mutex mutex;
  CondVar done;
  int open ABSL_GUARDED_BY(mutex) = 2;

  void End(grpc::Status* status, grpc::Status how) {
    MutexLock lock(&mutex);
    *status = std::move(how);
    if (--open == 0) done.SignalAll();
  }
  void Await() {
    MutexLock lock(&mutex);
    while (open > 0) done.Wait(&mutex);
  }
};

void DirectoryAdapter::Connect(const std::shared_ptr<grpc::Channel>& projects,
                               const std::shared_ptr<grpc::Channel>& investors) {
  MutexLock lock(&mutex_);
  projects_ = projects::v1::ProjectService::NewStub(projects);
  investors_ = investors::v1::InvestorService::NewStub(investors);
}

void DirectoryAdapter::Stop() {
  MutexLock lock(&mutex_);
  stopped_ = true;
  for (const auto& call : calls_) {
    call->project_context.TryCancel();
    call->investor_context.TryCancel();
  }
  while (!calls_.empty()) idle_.Wait(&mutex_);
  projects_.reset();
  investors_.reset();
}

absl::StatusOr<PartyStates> DirectoryAdapter::Look(const std::string& project, const std::string& investor,
                                                   Deadline deadline) {
  const auto now = std::chrono::steady_clock::now();
  const absl::Duration left = absl::FromChrono(std::min(deadline, now + kLongestLook) - now);
  const auto call = std::make_shared<Call>();
  call->project_request.set_name(project);
  call->investor_request.set_name(investor);
  for (grpc::ClientContext* context : {&call->project_context, &call->investor_context}) {
    rpc::SetCaller(context, Self());
    rpc::SetDeadline(context, left);
  }
  {
    MutexLock lock(&mutex_);
    if (stopped_ || projects_ == nullptr) return NotReady(project, stopped_ ? "stopping" : "starting");
    calls_.insert(call);
    projects_->async()->GetProject(&call->project_context, &call->project_request, &call->project,
                                   [call](grpc::Status how) { call->End(&call->project_status, std::move(how)); });
    investors_->async()->GetInvestor(&call->investor_context, &call->investor_request, &call->investor,
                                     [call](grpc::Status how) { call->End(&call->investor_status, std::move(how)); });
  }
  call->Await();
  {
    MutexLock lock(&mutex_);
    calls_.erase(call);
    if (calls_.empty()) idle_.SignalAll();
  }
  PartyStates states;
  TANDEM_ASSIGN_OR_RETURN(
      states.project, StateOf(call->project_status, call->project, project, projects::v1::Project::STATE_PUBLISHED));
  TANDEM_ASSIGN_OR_RETURN(states.investor, StateOf(call->investor_status, call->investor, investor,
                                                   investors::v1::Investor::STATE_VERIFIED));
  return states;
}

}  // namespace tandem::pairing::ledger
