// Errors of this tree: an absl::Status that carries a machine-readable reason, its metadata and field violations.
//
// Every error that leaves a service names one reason of tandem.type.v1.ErrorReason; `common/rpc` turns it into
// google.rpc details. This header is free of protobuf: a reason is its name without the ERROR_REASON_ prefix.
#ifndef TANDEM_COMMON_BASE_STATUS_H_
#define TANDEM_COMMON_BASE_STATUS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tandem {

// One broken field rule: `field` is a path such as `project.ask.target.currency_code`.
struct FieldViolation {
  std::string field;
  std::string description;
};

// What an error carries beyond code and message.
struct ErrorDetail {
  std::string reason;                                         // "ETAG_MISMATCH"
  std::vector<std::pair<std::string, std::string>> metadata;  // as the reason's comment promises
  std::vector<FieldViolation> violations;                     // becomes google.rpc.BadRequest
  absl::Duration retry_delay = absl::ZeroDuration();          // becomes google.rpc.RetryInfo when positive
};

// An error with a reason. REQUIRES: `code` is not kOk.
absl::Status MakeError(absl::StatusCode code, absl::string_view message, ErrorDetail detail);

// The usual short form.
absl::Status MakeError(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                       std::vector<std::pair<std::string, std::string>> metadata = {});

// INVALID_ARGUMENT, FIELD_INVALID with every violation at once. REQUIRES: `violations` is not empty.
absl::Status InvalidFields(std::vector<FieldViolation> violations);

// The detail of `status`, or an empty one (no reason) when it was not made here.
ErrorDetail GetErrorDetail(const absl::Status& status);

}  // namespace tandem

// Returns the status of `expr` from the enclosing function unless it is OK.
#define TANDEM_RETURN_IF_ERROR(expr)                 \
  do {                                               \
    ::absl::Status tandem_status_ = (expr);          \
    if (!tandem_status_.ok()) return tandem_status_; \
  } while (false)

#define TANDEM_CONCAT_INNER_(a, b) a##b
#define TANDEM_CONCAT_(a, b) TANDEM_CONCAT_INNER_(a, b)

// Declares or assigns `lhs` from a StatusOr, or returns its status from the enclosing function.
#define TANDEM_ASSIGN_OR_RETURN(lhs, expr) \
  TANDEM_ASSIGN_OR_RETURN_IMPL_(TANDEM_CONCAT_(tandem_statusor_, __LINE__), lhs, expr)
#define TANDEM_ASSIGN_OR_RETURN_IMPL_(statusor, lhs, expr) \
  auto statusor = (expr);                                  \
  if (!statusor.ok()) return std::move(statusor).status(); \
  lhs = *std::move(statusor)

#endif  // TANDEM_COMMON_BASE_STATUS_H_
