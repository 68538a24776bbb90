#include "services/pairing/service/freshness.h"

#include <algorithm>
#include <memory>

#include "common/base/status.h"
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
  const Deadline earlier = EarlierThan(deadline);
  TANDEM_RETURN_IF_ERROR(positions_->WaitUntilReady(earlier));
  return wanted.empty() ? absl::OkStatus() : positions_->WaitFor(wanted, earlier);
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
  return Await(consistency.at_least_as_fresh(), deadline);  // empty when it is not the one that is set
}

}  // namespace tandem::pairing
