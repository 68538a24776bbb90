#include "services/pairing/service/demo_data_service.h"

#include "absl/strings/str_cat.h"

#include "common/base/caller.h"
#include "common/base/status.h"
#include "common/rpc/call_context.h"
#include "common/rpc/serve.h"
#include "services/pairing/demo_data/generate.h"

namespace tandem::pairing {

grpc::Status DemoDataServiceAdapter::GenerateDemoData(grpc::ServerContextBase* context,
                                                      const v1::GenerateDemoDataRequest* request,
                                                      rpc::StreamWriter<v1::GenerateDemoDataResponse>* writer) {
  v1::GenerateDemoDataResponse unused;
  return rpc::Serve(context, *request, &unused,
                    [&](const Caller& caller, const v1::GenerateDemoDataRequest& valid) -> absl::Status {
                      TANDEM_RETURN_IF_ERROR(
                          rpc::CheckEdition(caller, absl::StrCat("editions/", valid.edition_id()), "GenerateDemoData"));
                      return pairing::GenerateDemoData(valid, [&](const v1::GenerateDemoDataResponse& record) {
                        return !context->IsCancelled() && writer->Write(record);
                      });
                    });
}

}  // namespace tandem::pairing
