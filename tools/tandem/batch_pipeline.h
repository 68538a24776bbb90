// Sends records in batches, a few at a time, and reports the answers in the order of the records.
#ifndef TANDEM_TOOLS_TANDEM_BATCH_PIPELINE_H_
#define TANDEM_TOOLS_TANDEM_BATCH_PIPELINE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"

namespace tandem::cli {

// One record on its way.
struct BatchItem {
  int64_t line = 0;  // of the file, or 0
  std::string text;  // as it stood in the file, or empty
  std::unique_ptr<google::protobuf::Message> message;
};

enum class ItemOutcome { kRejected, kCreated, kUpdated, kUnchanged };

struct ItemAnswer {
  ItemOutcome outcome = ItemOutcome::kRejected;
  std::string name;
  absl::Status status;  // why it was rejected
};

struct BatchAnswer {
  std::vector<ItemAnswer> items;  // one for each record, in their order
  std::string consistency_token;
};

struct PipelineOptions {
  size_t batch_items = 500;
  size_t batch_bytes = 3 << 20;  // a request must stay under 4 MiB
  size_t in_flight = 3;
  int attempts = 8;
  absl::Duration first_backoff = absl::Milliseconds(100);  // doubles, up to 3 s
};

// Not thread-safe; `send` is called from threads of its own.
class BatchPipeline {
 public:
  // Sends one batch. Called again with the same request id after UNAVAILABLE, ABORTED, DEADLINE_EXCEEDED and UNKNOWN,
  // which must not do anything twice. REQUIRES: thread-safe.
  using Send = std::function<absl::StatusOr<BatchAnswer>(const std::vector<BatchItem>&, const std::string& request_id)>;
  // Told of every batch, in order.
  using Done = std::function<absl::Status(const std::vector<BatchItem>&, const BatchAnswer&)>;

  BatchPipeline(PipelineOptions options, Send send, Done done)
      : options_(options), send_(std::move(send)), done_(std::move(done)) {}
  ~BatchPipeline();
  BatchPipeline(const BatchPipeline&) = delete;
  BatchPipeline& operator=(const BatchPipeline&) = delete;

  // Takes a record; blocks while enough batches are under way. After an error nothing more is accepted.
  absl::Status Add(BatchItem item);

  // Sends the rest and waits for everything.
  absl::Status Finish();

 private:
  struct Flight {
    std::shared_ptr<std::vector<BatchItem>> items;
    std::future<absl::StatusOr<BatchAnswer>> answer;
  };

  absl::Status Launch();
  absl::Status Land();
  absl::StatusOr<BatchAnswer> SendPatiently(const std::vector<BatchItem>& items) const;

  const PipelineOptions options_;
  const Send send_;
  const Done done_;
  std::vector<BatchItem> waiting_;
  size_t waiting_bytes_ = 0;
  std::deque<Flight> flights_;
  absl::Status failure_;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_BATCH_PIPELINE_H_
