// Asks a service whether it is well, by grpc.health.v1.
#ifndef TANDEM_TOOLS_TANDEM_HEALTH_H_
#define TANDEM_TOOLS_TANDEM_HEALTH_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace tandem::cli {

// `serving`, `not serving` or `unknown`, of the server as a whole.
absl::StatusOr<std::string> CheckHealth(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext* context);

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_HEALTH_H_
