// RunServiceAdapter: RunService over gRPC. Decodes, validates, authorises; RunQueue decides.
#ifndef TANDEM_SERVICES_PAIRING_RUNS_RUN_SERVICE_H_
#define TANDEM_SERVICES_PAIRING_RUNS_RUN_SERVICE_H_

#include "common/tokens/key_ring.h"
#include "services/pairing/runs/run_queue.h"
#include "tandem/pairing/v1/run_service.grpc.pb.h"

namespace tandem::pairing {

// Thread-safe.
class RunServiceAdapter final : public v1::RunService::Service {
 public:
  // Unowned; must outlive the adapter.
  RunServiceAdapter(RunQueue* runs, const KeyRing* keys) : runs_(runs), keys_(keys) {}

  grpc::Status GetRun(grpc::ServerContext* context, const v1::GetRunRequest* request, type::v1::Run* response) override;
  grpc::Status ListRuns(grpc::ServerContext* context, const v1::ListRunsRequest* request,
                        v1::ListRunsResponse* response) override;
  grpc::Status CancelRun(grpc::ServerContext* context, const v1::CancelRunRequest* request,
                         type::v1::Run* response) override;
  grpc::Status WaitRun(grpc::ServerContext* context, const v1::WaitRunRequest* request,
                       type::v1::Run* response) override;

 private:
  RunQueue* const runs_;
  const KeyRing* const keys_;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_RUNS_RUN_SERVICE_H_
