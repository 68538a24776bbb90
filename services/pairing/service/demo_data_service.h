// DemoDataServiceAdapter: DemoDataService over gRPC.
#ifndef TANDEM_SERVICES_PAIRING_SERVICE_DEMO_DATA_SERVICE_H_
#define TANDEM_SERVICES_PAIRING_SERVICE_DEMO_DATA_SERVICE_H_

#include "common/rpc/worker_service.h"
#include "tandem/pairing/v1/demo_data_service.grpc.pb.h"

namespace tandem::pairing {

// Thread-safe.
class DemoDataServiceAdapter final : public rpc::WorkerService<v1::DemoDataService> {
 public:
  DemoDataServiceAdapter() { On("GenerateDemoData", &DemoDataServiceAdapter::GenerateDemoData); }

 private:
  grpc::Status GenerateDemoData(grpc::ServerContextBase* context, const v1::GenerateDemoDataRequest* request,
                                rpc::StreamWriter<v1::GenerateDemoDataResponse>* writer);
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_SERVICE_DEMO_DATA_SERVICE_H_
