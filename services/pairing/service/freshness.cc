#include "services/pairing/service/freshness.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/tokens/consistency_token.h"

namespace tandem::pairing {
namespace {

// An answer takes time to travel: a fifth of what is left, at most 100 ms.
Deadline EarlierThan(Deadline deadline) {
  const auto left = deadline - std::chrono::steady_clock::now();
  return deadline - std::clamp<std::chrono::steady_clock::duration>(
                        left / 5, std::chrono::steady_clock::duration::zero(), std::chrono::milliseconds(100));
}

}  // namespace

absl::Status Freshness::Await(absl::string_view token, Deadline deadline) const {
  TANDEM_ASSIGN_OR_RETURN(const ConsistencyToken wanted, ConsistencyToken::Decode(*keys_, token));
  return Await(wanted, deadline);
}

absl::Status Freshness::Await(const ConsistencyToken& wanted, Deadline deadline) const {
  const Deadline earlier = EarlierThan(deadline);
  TANDEM_RETURN_IF_ERROR(positions_->WaitUntilReady(earlier));
  return wanted.empty() || Deviates("freshness.token") ? absl::OkStatus() : positions_->WaitFor(wanted, earlier);
}

bool Freshness::IsReached(const type::v1::ReadConsistency& consistency) const {
  const auto applied = positions_->AppliedNow();
  if (!positions_->CheckWhole(*applied).ok() || !CheckAge(consistency).ok()) return false;
  return Satisfies(*applied, consistency);
}

bool Freshness::Satisfies(const ConsistencyToken& applied, const type::v1::ReadConsistency& consistency) const {
  if (consistency.at_least_as_fresh().empty()) return true;
  const absl::StatusOr<ConsistencyToken> wanted = ConsistencyToken::Decode(*keys_, consistency.at_least_as_fresh());
  return wanted.ok() && applied.Reaches(*wanted);
}

absl::StatusOr<std::string> Freshness::TokenOf(const std::shared_ptr<const ConsistencyToken>& applied) const {
  std::shared_ptr<const Encoded> newest;
  {
    MutexLock lock(&mutex_);
    newest = newest_;
  }
  if (newest == nullptr || newest->applied != applied) {
    TANDEM_RETURN_IF_ERROR(positions_->CheckWhole(*applied));
    newest = std::make_shared<Encoded>(Encoded{applied, applied->Encode(*keys_)});
    MutexLock lock(&mutex_);
    newest_ = newest;
  }
  return newest->text;
}

absl::Status Freshness::StillReady() const { return positions_->WaitUntilReady(std::chrono::steady_clock::now()); }

absl::Status Freshness::Await(const type::v1::ReadConsistency& consistency, Deadline deadline) const {
  TANDEM_RETURN_IF_ERROR(Await(consistency.at_least_as_fresh(), deadline));  // empty when it is not the one that is set
  return CheckAge(consistency);
}

absl::Status Freshness::CheckAge(const type::v1::ReadConsistency& consistency) const {
  if (consistency.allow_stale() || positions_->Age() <= stale_after_ || Deviates("freshness.stale-limit")) {
    return absl::OkStatus();
  }
  const feed::AppliedPositions::Silence silence = positions_->LongestSilence();
  const int64_t age = std::chrono::duration_cast<std::chrono::seconds>(silence.age).count();
  const int64_t limit = std::chrono::duration_cast<std::chrono::seconds>(stale_after_).count();
  ErrorDetail detail;
  detail.reason = "INDEX_STALE";
  detail.metadata = {
      {"source", silence.source}, {"age_seconds", absl::StrCat(age)}, {"limit_seconds", absl::StrCat(limit)}};
  detail.retry_delay = absl::Seconds(1);
  return MakeError(absl::StatusCode::kUnavailable,
                   absl::StrCat(silence.source, " has been silent for ", age, " s, and ", limit,
                                " are accepted: retry, or take what is there with allow_stale"),
                   std::move(detail));
}

}  // namespace tandem::pairing
