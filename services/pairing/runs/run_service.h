// RunServiceAdapter: RunService over gRPC. Decodes, validates, authorises; RunQueue decides.
#ifndef TANDEM_SERVICES_PAIRING_RUNS_RUN_SERVICE_H_
#define TANDEM_SERVICES_PAIRING_RUNS_RUN_SERVICE_H_

#include "common/rpc/worker_service.h"
#include "common/tokens/key_ring.h"
#include "services/pairing/runs/run_queue.h"
#include "tandem/pairing/v1/run_service.grpc.pb.h"

namespace tandem::pairing {

// Thread-safe.
class RunServiceAdapter final : public rpc::WorkerService<v1::RunService> {
 public:
  // Unowned; must outlive the adapter.
  RunServiceAdapter(RunQueue* runs, const KeyRing* keys) : runs_(runs), keys_(keys) {
    On("GetRun", &RunServiceAdapter::GetRun);
    On("ListRuns", &RunServiceAdapter::ListRuns);
    On("CancelRun", &RunServiceAdapter::CancelRun);
    On("WaitRun", &RunServiceAdapter::WaitRun, Pool::kWaiting);
  }

 private:
  grpc::Status GetRun(grpc::ServerContextBase* context, const v1::GetRunRequest* request, type::v1::Run* response);
  grpc::Status ListRuns(grpc::ServerContextBase* context, const v1::ListRunsRequest* request,
                        v1::ListRunsResponse* response);
  grpc::Status CancelRun(grpc::ServerContextBase* context, const v1::CancelRunRequest* request,
                         type::v1::Run* response);
  grpc::Status WaitRun(grpc::ServerContextBase* context, const v1::WaitRunRequest* request, type::v1::Run* response);

  RunQueue* const runs_;
  const KeyRing* const keys_;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_RUNS_RUN_SERVICE_H_
