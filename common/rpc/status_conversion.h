// The only conversion between absl::Status and what goes over the wire.
//
// Every error that leaves a service is a google.rpc.Status in the trailing details with exactly one
// ErrorInfo{domain "tandem"}, a BadRequest when fields are at fault and a RetryInfo when a retry delay is known.
#ifndef TANDEM_COMMON_RPC_STATUS_CONVERSION_H_
#define TANDEM_COMMON_RPC_STATUS_CONVERSION_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace tandem::rpc {

// Domain of every ErrorInfo.
inline constexpr absl::string_view kErrorDomain = "tandem";

// Most bytes of a serialized google.rpc.Status. gRPC peers refuse trailing metadata beyond 8 KiB, and details may
// travel as base64 beside the message; violations beyond the limit are cut and counted, long texts are shortened.
inline constexpr size_t kMostDetailBytes = 4608;

// An error without a reason, or with one that ErrorReason does not list, gets the default reason of its code
// (see README.md). INTERNAL and DATA_LOSS lose their message: it is logged here and the caller reads "internal error".
google::rpc::Status ToProto(const absl::Status& status);
grpc::Status ToGrpc(const absl::Status& status);

// The inverse. What was not made by this tree keeps its code and message and has no reason.
absl::Status FromProto(const google::rpc::Status& proto);
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_STATUS_CONVERSION_H_
