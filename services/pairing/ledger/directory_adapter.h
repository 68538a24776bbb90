// DirectoryAdapter: asks the services of projects and investors.
#ifndef TANDEM_SERVICES_PAIRING_LEDGER_DIRECTORY_ADAPTER_H_
#define TANDEM_SERVICES_PAIRING_LEDGER_DIRECTORY_ADAPTER_H_

#include <chrono>
#include <memory>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "grpcpp/channel.h"

#include "common/base/mutex.h"
#include "services/pairing/ledger/party_directory.h"
#include "tandem/investors/v1/investor_service.grpc.pb.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"

namespace tandem::pairing::ledger {

// Open is a project that is published, or an investor that is verified, and that is not deleted. What an investor says
// of its money is matching's.
class DirectoryAdapter final : public PartyDirectory {
 public:
  // No look takes longer, so that a service that hangs holds up nobody else's steps for long.
  static constexpr std::chrono::seconds kLongestLook{2};

  ~DirectoryAdapter() override { Stop(); }

  // Once, before the first look; until then every look is NOT_READY.
  void Connect(const std::shared_ptr<grpc::Channel>& projects, const std::shared_ptr<grpc::Channel>& investors);
  // Ends the looks under way; every later one is NOT_READY. No channel is used when it has returned. Idempotent.
  void Stop();

  absl::StatusOr<PartyStates> Look(const std::string& project, const std::string& investor, Deadline deadline) override;

 private:
  struct Call;

  Mutex mutex_;
  CondVar idle_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<std::shared_ptr<Call>> calls_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<projects::v1::ProjectService::Stub> projects_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<investors::v1::InvestorService::Stub> investors_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::pairing::ledger

#endif  // TANDEM_SERVICES_PAIRING_LEDGER_DIRECTORY_ADAPTER_H_
