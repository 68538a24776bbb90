// The one connection that writes. Used by one thread at a time: the group committer's.
#ifndef TANDEM_COMMON_STORAGE_POSTGRES_POSTGRES_WRITER_H_
#define TANDEM_COMMON_STORAGE_POSTGRES_POSTGRES_WRITER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "common/storage/group_committer.h"
#include "common/storage/postgres/batch_plan.h"
#include "common/storage/postgres/connection.h"
#include "common/storage/postgres/sessions.h"
#include "common/storage/record_store.h"

namespace tandem::postgres {

struct WriterLimits {
  std::chrono::milliseconds retry{5'000};     // how long a batch is tried again while nothing of it was written
  std::chrono::milliseconds resolve{20'000};  // how long it is tried to learn what became of one
};

class PostgresWriter final : public BatchWriter {
 public:
  // `committed` is told the newest revision after every batch that wrote something, on the writing thread.
  PostgresWriter(Place place, WriterLimits limits, std::function<void(Revision)> committed);

  // Until the latest deadline in the batch, at most. What became of a COMMIT is asked for longer than that.
  void WriteBatch(absl::Span<PendingTransaction* const> batch) override;

  // Raises the log floor and forgets a stretch of the log; true when nothing is left to forget up to `through`.
  absl::StatusOr<bool> CompactSome(Revision through);

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  enum class Fate { kCommitted, kRolledBack, kUnknown };

  absl::Status Connect();
  // Runs `calls`; after an error no transaction is open.
  absl::StatusOr<std::vector<Result>> Run(const std::vector<Call>& calls);
  void Abandon();

  // One attempt, whose statements end at `deadline`. An error says that nothing was written, but for UNKNOWN.
  absl::Status TryBatch(absl::Span<PendingTransaction* const> batch, TimePoint deadline);
  absl::Status Decide(BatchPlan* plan, Revision* head);
  absl::Status Write(const BatchPlan& plan);
  // What became of batch `number` of this writer, whose connection was lost while it was being committed.
  Fate Resolve(int64_t number, int lost_pid);
  absl::StatusOr<Fate> TryToResolve(int64_t number, int lost_pid);
  absl::StatusOr<bool> TryToCompact(Revision through);

  const Place place_;
  const WriterLimits limits_;
  const std::function<void(Revision)> committed_;
  const std::string name_;  // random: marks this writer's batches, and its connections in pg_stat_activity
  const Session session_;
  std::unique_ptr<Connection> connection_;
  int64_t batch_number_ = 0;
};

}  // namespace tandem::postgres

#endif  // TANDEM_COMMON_STORAGE_POSTGRES_POSTGRES_WRITER_H_
