#include "tests/fault/load/write_session.h"

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/fields.h"

namespace tandem::check {

Revision WriteSession::RevisionOf(const std::string& source, const std::string& token) const {
  const auto decoded = ConsistencyToken::Decode(*world_->keys, token);
  if (!decoded.ok()) return 0;
  const auto found = decoded->positions().find(source);
  return found == decoded->positions().end() ? 0 : found->second.revision;
}

void WriteSession::Acknowledge(const std::string& source, int64_t write, std::vector<Effect> effects,
                               const std::string& token) {
  world_->meter.CountAcked(static_cast<int64_t>(effects.size()));
  if (!effects.empty()) world_->tokens.Post(source, RevisionOf(source, token), token);
  world_->truth->ledger(source)->Acknowledge(write, std::move(effects));
}

WriteSession::Outcome WriteSession::Judge(const std::string& what, const absl::Status& status) {
  const std::string reason = GetErrorDetail(status).reason;
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      // The load sends nothing that breaks a rule.
      world_->truth->findings()->Add(Broken::kWrong, absl::StrCat(what, " is refused: ", status.ToString()));
      [[fallthrough]];
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
      if (reason.empty()) break;
      world_->meter.CountRefused();
      return Outcome::kRefused;
    default:
      break;
  }
  world_->meter.CountFailedWrite();
  // These say that nothing was changed.
  const bool known = reason == "NOT_READY" || reason == "STORE_UNAVAILABLE" || reason == "STORE_FULL" ||
                     reason == "OVERLOADED" || reason == "LIMIT_EXCEEDED";
  if (!known) world_->meter.CountUnknown();
  return Outcome::kAgain;
}

void WriteSession::Compare(const std::string& what, const google::protobuf::Message& first, const absl::Status& status,
                           const google::protobuf::Message* second) {
  if (second != nullptr) {
    if (catalog::SerializeDeterministically(first) == catalog::SerializeDeterministically(*second)) return;
    return world_->truth->findings()->Add(Broken::kHalf,
                                          absl::StrCat(what, ", sent twice under one request id, has two answers: {",
                                                       first.ShortDebugString().substr(0, 300), "} and {",
                                                       second->ShortDebugString().substr(0, 300), "}"));
  }
  if (status.code() == absl::StatusCode::kUnavailable || status.code() == absl::StatusCode::kDeadlineExceeded ||
      status.code() == absl::StatusCode::kUnknown || status.code() == absl::StatusCode::kCancelled ||
      status.code() == absl::StatusCode::kResourceExhausted || GetErrorDetail(status).reason == "CONTENTION") {
    return;
  }
  world_->truth->findings()->Add(
      Broken::kHalf,
      absl::StrCat(what, " was acknowledged, and refused to the same request sent twice: ", status.ToString()));
}

}  // namespace tandem::check
