// DemoDataServiceAdapter: DemoDataService over gRPC.
#ifndef TANDEM_SERVICES_PAIRING_SERVICE_DEMO_DATA_SERVICE_H_
#define TANDEM_SERVICES_PAIRING_SERVICE_DEMO_DATA_SERVICE_H_

#include "tandem/pairing/v1/demo_data_service.grpc.pb.h"

namespace tandem::pairing {

// Thread-safe.
class DemoDataServiceAdapter final : public v1::DemoDataService::Service {
 public:
  grpc::Status GenerateDemoData(grpc::ServerContext* context, const v1::GenerateDemoDataRequest* request,
                                grpc::ServerWriter<v1::GenerateDemoDataResponse>* writer) override;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_SERVICE_DEMO_DATA_SERVICE_H_
