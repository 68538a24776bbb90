#include "common/feed/applied_positions.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"

namespace tandem::feed {
namespace {

constexpr absl::Duration kRetryDelay = absl::Milliseconds(200);

absl::Status NotReady(absl::string_view cause) {
  ErrorDetail detail;
  detail.reason = "NOT_READY";
  detail.metadata = {{"cause", std::string(cause)}};
  detail.retry_delay = kRetryDelay;
  return MakeError(absl::StatusCode::kUnavailable, absl::StrCat("not ready: ", cause, "; retry"), std::move(detail));
}

absl::Status Foreign(const std::string& source, absl::string_view cause) {
  return MakeError(absl::StatusCode::kFailedPrecondition, "CONSISTENCY_TOKEN_FOREIGN",
                   absl::StrCat("the consistency token names ", source, ", ", cause,
                                "; drop the token and take the one of the next answer"),
                   {{"source", source}, {"cause", std::string(cause)}});
}

absl::Status TimedOut(const std::string& source, const Position& wanted, const Position& applied) {
  ErrorDetail detail;
  detail.reason = "CONSISTENCY_TIMEOUT";
  detail.metadata = {{"source", source},
                     {"wanted", absl::StrCat(wanted.revision)},
                     {"applied", applied.epoch.empty() ? "nothing yet" : absl::StrCat(applied.revision)}};
  detail.retry_delay = kRetryDelay;
  const std::string message = absl::StrCat("revision ", wanted.revision, " of ", source, " did not arrive in time, ",
                                           detail.metadata.back().second, " is applied; retry");
  return MakeError(absl::StatusCode::kUnavailable, message, std::move(detail));
}

}  // namespace

AppliedPositions::AppliedPositions(std::vector<std::string> sources) {
  for (std::string& source : sources) applied_.emplace(std::move(source), Source{});
}

void AppliedPositions::Advance(const std::string& source, const Position& position) {
  MutexLock lock(&mutex_);
  const auto found = applied_.find(source);
  if (found == applied_.end()) return;
  found->second.heard = std::chrono::steady_clock::now();
  Position& applied = found->second.position;
  if (applied.epoch == position.epoch && applied.revision >= position.revision) return;
  applied = position;
  now_ = nullptr;
  advanced_.SignalAll();
}

void AppliedPositions::Withdraw(const std::string& source) {
  MutexLock lock(&mutex_);
  const auto found = applied_.find(source);
  if (found != applied_.end()) found->second.position = Position{};
  now_ = nullptr;
}

std::shared_ptr<const ConsistencyToken> AppliedPositions::AppliedNow() const {
  MutexLock lock(&mutex_);
  if (now_ == nullptr) {
    auto token = std::make_shared<ConsistencyToken>();
    for (const auto& [source, state] : applied_) {
      if (!state.position.epoch.empty()) token->Raise(source, state.position);
    }
    now_ = std::move(token);
  }
  return now_;
}

bool AppliedPositions::AllReady() const {
  for (const auto& [source, state] : applied_) {
    if (state.position.epoch.empty()) return false;
  }
  return true;
}

bool AppliedPositions::Ready() const {
  MutexLock lock(&mutex_);
  return AllReady();
}

absl::Status AppliedPositions::CheckWhole(const ConsistencyToken& applied) const {
  MutexLock lock(&mutex_);
  for (const auto& [source, state] : applied_) {
    if (applied.positions().count(source) == 0) return NotReady("a source is being read anew");
  }
  return absl::OkStatus();
}

AppliedPositions::Sources::const_iterator AppliedPositions::LongestSilent() const {
  return std::min_element(applied_.begin(), applied_.end(),
                          [](const auto& a, const auto& b) { return a.second.heard < b.second.heard; });
}

AppliedPositions::Silence AppliedPositions::LongestSilence() const {
  MutexLock lock(&mutex_);
  if (!AllReady() || applied_.empty()) return {};
  const auto silent = LongestSilent();
  return {silent->first, std::chrono::steady_clock::now() - silent->second.heard};
}

std::chrono::steady_clock::duration AppliedPositions::Age() const {
  MutexLock lock(&mutex_);
  if (!AllReady() || applied_.empty() || Deviates("freshness.age")) return std::chrono::steady_clock::duration::zero();
  return std::chrono::steady_clock::now() - LongestSilent()->second.heard;
}

absl::Status AppliedPositions::WaitFor(const ConsistencyToken& token, std::chrono::steady_clock::time_point deadline) {
  MutexLock lock(&mutex_);
  for (const auto& [source, wanted] : token.positions()) {
    const auto found = applied_.find(source);
    if (found == applied_.end()) return Foreign(source, "which is not followed here");
    const Position& applied = found->second.position;
    bool in_time = true;
    while (applied.epoch != wanted.epoch || applied.revision < wanted.revision) {
      if (!applied.epoch.empty() && applied.epoch != wanted.epoch) {
        return Foreign(source, "whose history is another one since it was restored");
      }
      if (shut_down_) return NotReady("the service is stopping");
      if (!in_time) return TimedOut(source, wanted, applied);
      in_time = advanced_.WaitUntil(&mutex_, deadline);
    }
    if (Deviates("freshness.every-source")) break;
  }
  return absl::OkStatus();
}

absl::Status AppliedPositions::WaitUntilReady(std::chrono::steady_clock::time_point deadline) {
  MutexLock lock(&mutex_);
  bool in_time = true;
  while (!AllReady()) {
    if (shut_down_) return NotReady("the service is stopping");
    if (!in_time) return NotReady("not every source has been read yet");
    in_time = advanced_.WaitUntil(&mutex_, deadline);
  }
  return absl::OkStatus();
}

void AppliedPositions::Shutdown() {
  MutexLock lock(&mutex_);
  shut_down_ = true;
  advanced_.SignalAll();
}

}  // namespace tandem::feed
