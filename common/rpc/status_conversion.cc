#include "common/rpc/status_conversion.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"
#if __has_include("google/rpc/error_info.pb.h")
#include "google/rpc/error_info.pb.h"  // where error_details.proto is too old to have it
#endif
#include "spdlog/spdlog.h"

#include "common/base/status.h"
#include "tandem/type/v1/error_reason.pb.h"

namespace tandem::rpc {
namespace {

using google::rpc::BadRequest;
using google::rpc::ErrorInfo;
using google::rpc::RetryInfo;

constexpr size_t kMostMessageBytes = 1024;  // as percent-encoded in `grpc-message`
constexpr size_t kMostMetadata = 12;
constexpr size_t kMostMetadataBytes = 200;
constexpr size_t kMostFieldBytes = 200;
constexpr size_t kMostDescriptionBytes = 300;
constexpr size_t kRoomForCount = 64;  // for the violation that counts what was cut

// What an error says that named no reason, with the metadata keys that the reason promises.
struct DefaultReason {
  absl::StatusCode code;
  absl::StatusCode sent_code;
  const char* reason;
  std::vector<const char*> metadata;
};

const DefaultReason& DefaultReasonOf(absl::StatusCode code) {
  using Code = absl::StatusCode;
  static const auto* const kDefaults = new std::vector<DefaultReason>{
      {Code::kInternal, Code::kInternal, "INTERNAL", {}},  // first: what an unlisted code becomes
      {Code::kDataLoss, Code::kInternal, "INTERNAL", {}},
      {Code::kCancelled, Code::kCancelled, "CANCELLED", {}},
      {Code::kUnknown, Code::kUnknown, "OUTCOME_UNKNOWN", {}},
      {Code::kInvalidArgument, Code::kInvalidArgument, "FIELD_INVALID", {"field"}},
      {Code::kDeadlineExceeded, Code::kDeadlineExceeded, "DEADLINE_EXCEEDED", {}},
      {Code::kNotFound, Code::kNotFound, "RESOURCE_NOT_FOUND", {"resource"}},
      {Code::kAlreadyExists, Code::kAlreadyExists, "RESOURCE_EXISTS", {"resource"}},
      {Code::kPermissionDenied, Code::kPermissionDenied, "PERMISSION_DENIED", {"method", "cause"}},
      {Code::kUnauthenticated, Code::kPermissionDenied, "PERMISSION_DENIED", {"method", "cause"}},
      {Code::kResourceExhausted, Code::kResourceExhausted, "LIMIT_EXCEEDED", {"limit", "value"}},
      {Code::kFailedPrecondition,
       Code::kFailedPrecondition,
       "STATE_CONFLICT",
       {"resource", "state", "step", "allowed"}},
      {Code::kAborted, Code::kAborted, "CONTENTION", {"resource"}},
      {Code::kOutOfRange, Code::kOutOfRange, "RESUME_TOKEN_EXPIRED", {"oldest", "cause"}},
      {Code::kUnimplemented, Code::kUnimplemented, "UNIMPLEMENTED", {"method"}},
      {Code::kUnavailable, Code::kUnavailable, "NOT_READY", {"cause"}},
  };
  for (const DefaultReason& entry : *kDefaults) {
    if (entry.code == code) return entry;
  }
  return kDefaults->front();
}

bool IsListed(const std::string& reason) {
  type::v1::ErrorReason parsed;
  return !reason.empty() && reason != "UNSPECIFIED" &&
         type::v1::ErrorReason_Parse(absl::StrCat("ERROR_REASON_", reason), &parsed);
}

// Bytes of one byte of text in the percent-encoding of `grpc-message`.
size_t EncodedSize(char c) { return c >= 0x20 && c <= 0x7e && c != '%' ? 1 : 3; }

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The longest prefix of whole UTF-8 characters whose size is at most `most`; a cut one ends in "...".
template <typename SizeOf>
std::string Shorten(absl::string_view text, size_t most, SizeOf size_of) {
  size_t used = 0;
  size_t last_fit = 0;  // a character boundary that leaves room for the dots
  for (size_t i = 0; i < text.size(); ++i) {
    if (!IsContinuation(text[i]) && used + 3 <= most) last_fit = i;
    used += size_of(text[i]);
    if (used > most) return absl::StrCat(text.substr(0, last_fit), "...");
  }
  return std::string(text);
}

std::string ShortenBytes(absl::string_view text, size_t most) {
  return Shorten(text, most, [](char) { return size_t{1}; });
}

// Appends as many violations as fit, then one that counts the rest.
void AddBadRequest(const std::vector<FieldViolation>& violations, google::rpc::Status* proto) {
  const size_t used = proto->ByteSizeLong() + kRoomForCount;
  const size_t room = used < kMostDetailBytes ? kMostDetailBytes - used : 0;
  BadRequest bad_request;
  for (size_t i = 0; i < violations.size(); ++i) {
    auto* added = bad_request.add_field_violations();
    added->set_field(ShortenBytes(violations[i].field, kMostFieldBytes));
    added->set_description(ShortenBytes(violations[i].description, kMostDescriptionBytes));
    if (bad_request.ByteSizeLong() + kRoomForCount > room) {
      bad_request.mutable_field_violations()->RemoveLast();
      bad_request.add_field_violations()->set_description(
          absl::StrCat("and ", violations.size() - i, " more violations"));
      break;
    }
  }
  proto->add_details()->PackFrom(bad_request);
}

}  // namespace

google::rpc::Status ToProto(const absl::Status& status) {
  google::rpc::Status proto;
  if (status.ok()) return proto;
  ErrorDetail detail = GetErrorDetail(status);
  const DefaultReason& fallback = DefaultReasonOf(status.code());
  absl::string_view message = status.message();
  if (absl::string_view(fallback.reason) == "INTERNAL") {
    spdlog::error("internal error: {}", status.ToString());
    detail = ErrorDetail();
    detail.reason = fallback.reason;
    message = "internal error";
  } else if (!IsListed(detail.reason)) {
    if (!detail.reason.empty()) spdlog::error("reason {} is not listed in ErrorReason", detail.reason);
    detail.reason = fallback.reason;
    for (const char* key : fallback.metadata) {
      const bool given = std::any_of(detail.metadata.begin(), detail.metadata.end(),
                                     [key](const auto& entry) { return entry.first == key; });
      if (!given) detail.metadata.emplace_back(key, absl::string_view(key) == "cause" ? std::string(message) : "");
    }
  }
  proto.set_code(static_cast<int>(fallback.sent_code));
  proto.set_message(Shorten(message, kMostMessageBytes, EncodedSize));

  ErrorInfo info;
  info.set_domain(std::string(kErrorDomain));
  info.set_reason(detail.reason);
  for (size_t i = 0; i < detail.metadata.size() && i < kMostMetadata; ++i) {
    (*info.mutable_metadata())[ShortenBytes(detail.metadata[i].first, 64)] =
        ShortenBytes(detail.metadata[i].second, kMostMetadataBytes);
  }
  proto.add_details()->PackFrom(info);
  if (detail.retry_delay > absl::ZeroDuration()) {
    const int64_t milliseconds = absl::ToInt64Milliseconds(detail.retry_delay);
    RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(milliseconds / 1000);
    retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(milliseconds % 1000 * 1'000'000));
    proto.add_details()->PackFrom(retry);
  }
  if (!detail.violations.empty()) AddBadRequest(detail.violations, &proto);
  return proto;
}

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status proto = ToProto(status);
  return grpc::Status(static_cast<grpc::StatusCode>(proto.code()), proto.message(), proto.SerializeAsString());
}

absl::Status FromProto(const google::rpc::Status& proto) {
  if (proto.code() == 0) return absl::OkStatus();
  // The codes of gRPC, google.rpc and Abseil are the same numbers; an unlisted one becomes UNKNOWN.
  const auto code = static_cast<absl::StatusCode>(proto.code() > 0 && proto.code() <= 16 ? proto.code() : 2);
  ErrorDetail detail;
  for (const auto& any : proto.details()) {
    if (ErrorInfo info; any.Is<ErrorInfo>() && any.UnpackTo(&info) && info.domain() == kErrorDomain) {
      detail.reason = info.reason();
      for (const auto& [key, value] : info.metadata()) detail.metadata.emplace_back(key, value);
      std::sort(detail.metadata.begin(), detail.metadata.end());
    } else if (BadRequest bad_request; any.Is<BadRequest>() && any.UnpackTo(&bad_request)) {
      for (const auto& violation : bad_request.field_violations()) {
        detail.violations.push_back({violation.field(), violation.description()});
      }
    } else if (RetryInfo retry; any.Is<RetryInfo>() && any.UnpackTo(&retry)) {
      detail.retry_delay =
          absl::Seconds(retry.retry_delay().seconds()) + absl::Nanoseconds(retry.retry_delay().nanos());
    }
  }
  if (detail.reason.empty()) return absl::Status(code, proto.message());
  return MakeError(code, proto.message(), std::move(detail));
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status proto;
  // Details of somebody else may contradict the status; its own code and message count.
  if (!proto.ParseFromString(status.error_details())) proto.Clear();
  proto.set_code(status.error_code());
  proto.set_message(status.error_message());
  return FromProto(proto);
}

}  // namespace tandem::rpc
