#include "tests/fault/load/write_session.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"

namespace tandem::check {
namespace {

constexpr std::chrono::milliseconds kLook{50};

}  // namespace

Revision WriteSession::RevisionOf(const std::string& source, const std::string& token) const {
  const auto decoded = ConsistencyToken::Decode(*world_->keys, token);
  if (!decoded.ok()) return 0;
  const auto found = decoded->positions().find(source);
  return found == decoded->positions().end() ? 0 : found->second.revision;
}

void WriteSession::Acknowledge(const std::string& source, int64_t write, std::vector<Effect> effects,
                               const std::string& token) {
  world_->meter.CountAcked(
      std::count_if(effects.begin(), effects.end(), [](const Effect& effect) { return !effect.maybe; }));
  if (!effects.empty()) world_->tokens.Post(source, RevisionOf(source, token), token);
  world_->truth->ledger(source)->Acknowledge(write, std::move(effects));
}

bool WriteSession::IsRefusal(const absl::Status& status) {
  // Of an import some items may have been written.
  if (GetErrorDetail(status).reason == "CONTENTION") return false;
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
      return !GetErrorDetail(status).reason.empty();
    default:
      return false;
  }
}

WriteSession::Outcome WriteSession::Judge(const std::string& what, const absl::Status& status) {
  const std::string reason = GetErrorDetail(status).reason;
  if (absl::IsInvalidArgument(status)) {
    // The load sends nothing that breaks a rule.
    world_->truth->findings()->Add(Broken::kWrong, absl::StrCat(what, " is refused: ", status.ToString()));
  }
  if (IsRefusal(status)) {
    world_->meter.CountRefused();
    return Outcome::kRefused;
  }
  world_->meter.CountFailedWrite();
  // These say that nothing was changed.
  const bool known = reason == "NOT_READY" || reason == "STORE_UNAVAILABLE" || reason == "STORE_FULL" ||
                     reason == "OVERLOADED" || reason == "LIMIT_EXCEEDED";
  if (!known) world_->meter.CountUnknown();
  return Outcome::kAgain;
}

namespace {

// Two texts from shortly before where they differ.
std::string WhereTheyDiffer(const std::string& a, const std::string& b) {
  constexpr size_t kBefore = 60;
  constexpr size_t kShown = 240;
  size_t at = 0;
  while (at < a.size() && at < b.size() && a[at] == b[at]) ++at;
  at = at < kBefore ? 0 : at - kBefore;
  return absl::StrCat("{", a.substr(at, kShown), "} and {", b.substr(at, kShown), "}");
}

}  // namespace

void WriteSession::Compare(const std::string& what, const google::protobuf::Message& first, const absl::Status& status,
                           const google::protobuf::Message* second) {
  if (second != nullptr) {
    // As text: bytes of the same details of an error may differ.
    if (first.ShortDebugString() == second->ShortDebugString()) return;
    return world_->truth->findings()->Add(
        Broken::kHalf, absl::StrCat(what, ", sent twice under one request id, has two answers: ",
                                    WhereTheyDiffer(first.ShortDebugString(), second->ShortDebugString())));
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

void WriteSession::CompareCopies(const std::string& what, TwoCopies copies, const google::protobuf::Message& first,
                                 const absl::Status& status, const google::protobuf::Message* second) {
  const Histories& histories = world_->truth->histories();
  const auto end = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(world_->options->patience);
  if (second == nullptr && IsRefusal(status)) copies.answered = world_->truth->Committed(end);
  // The log is read a little later than it is written.
  while (second == nullptr && IsRefusal(status) && std::chrono::steady_clock::now() < end && !world_->abandoned) {
    const bool all_read = copies.answered.has_value() && HaveReached(*copies.answered, histories);
    if (MayHaveOvertaken(status, copies, histories)) return;
    if (all_read) break;
    std::this_thread::sleep_for(kLook);
  }
  Compare(what, first, status, second);
}

}  // namespace tandem::check
