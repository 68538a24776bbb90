#include "tools/tandem/batch_pipeline.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "common/base/random_id.h"
#include "common/base/status.h"

namespace tandem::cli {
namespace {

constexpr absl::Duration kLongestBackoff = absl::Seconds(3);

bool MayHelpToRepeat(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsAborted(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsUnknown(status);
}

}  // namespace

BatchPipeline::~BatchPipeline() {
  for (Flight& flight : flights_) flight.answer.wait();
}

absl::Status BatchPipeline::Add(BatchItem item) {
  TANDEM_RETURN_IF_ERROR(failure_);
  const size_t bytes = item.message->ByteSizeLong();
  if (!waiting_.empty() && (waiting_.size() >= options_.batch_items || waiting_bytes_ + bytes > options_.batch_bytes)) {
    TANDEM_RETURN_IF_ERROR(Launch());
  }
  waiting_bytes_ += bytes;
  waiting_.push_back(std::move(item));
  return absl::OkStatus();
}

absl::Status BatchPipeline::Finish() {
  TANDEM_RETURN_IF_ERROR(failure_);
  if (!waiting_.empty()) TANDEM_RETURN_IF_ERROR(Launch());
  while (!flights_.empty()) TANDEM_RETURN_IF_ERROR(Land());
  return absl::OkStatus();
}

absl::Status BatchPipeline::Launch() {
  if (flights_.size() >= options_.in_flight) TANDEM_RETURN_IF_ERROR(Land());
  auto items = std::make_shared<std::vector<BatchItem>>(std::move(waiting_));
  waiting_.clear();
  waiting_bytes_ = 0;
  flights_.push_back({items, std::async(std::launch::async, [this, items] { return SendPatiently(*items); })});
  return absl::OkStatus();
}

absl::Status BatchPipeline::Land() {
  Flight flight = std::move(flights_.front());
  flights_.pop_front();
  absl::StatusOr<BatchAnswer> answer = flight.answer.get();
  failure_ = answer.status();
  if (answer.ok() && answer->items.size() != flight.items->size()) {
    failure_ = absl::InternalError(absl::StrCat("The service answered ", answer->items.size(), " of ",
                                                flight.items->size(), " records of a batch."));
  }
  if (failure_.ok()) failure_ = done_(*flight.items, *answer);
  return failure_;
}

absl::StatusOr<BatchAnswer> BatchPipeline::SendPatiently(const std::vector<BatchItem>& items) const {
  const std::string request_id = RandomUuid();
  absl::Duration backoff = options_.first_backoff;
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<BatchAnswer> answer = send_(items, request_id);
    if (answer.ok() || attempt >= options_.attempts || !MayHelpToRepeat(answer.status())) return answer;
    absl::SleepFor(std::max(backoff, GetErrorDetail(answer.status()).retry_delay));
    backoff = std::min(backoff * 2, kLongestBackoff);
  }
}

}  // namespace tandem::cli
