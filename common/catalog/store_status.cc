#include "common/catalog/store_status.h"

#include "common/base/status.h"

namespace tandem::catalog {

absl::Status FromStore(const absl::Status& status) {
  if (!GetErrorDetail(status).reason.empty()) return status;
  const auto cause = [&] {
    return std::vector<std::pair<std::string, std::string>>{{"cause", std::string(status.message())}};
  };
  switch (status.code()) {
    case absl::StatusCode::kResourceExhausted:
      return MakeError(absl::StatusCode::kResourceExhausted, "STORE_FULL",
                       "the disk of the store is full; nothing was changed: free space, then repeat", cause());
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kAborted:
      return MakeError(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                       "the store cannot be used now; nothing was changed: repeat a little later", cause());
    case absl::StatusCode::kUnknown:
      return MakeError(absl::StatusCode::kUnknown, "OUTCOME_UNKNOWN",
                       "whether the write took effect could not be learned: repeat it with the same request id");
    default:
      return MakeError(absl::StatusCode::kInternal, "INTERNAL", "the store refused what the service asked of it");
  }
}

}  // namespace tandem::catalog
