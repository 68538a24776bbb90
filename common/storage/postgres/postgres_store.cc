#include "common/storage/postgres/postgres_store.h"

#include <utility>

#include "common/base/status.h"
#include "common/storage/head_watch.h"
#include "common/storage/postgres/backoff.h"
#include "common/storage/postgres/head_listener.h"
#include "common/storage/postgres/postgres_writer.h"
#include "common/storage/postgres/reader_pool.h"
#include "common/storage/postgres/schema.h"
#include "common/storage/postgres/sessions.h"

namespace tandem {
namespace {

class PostgresStore final : public RecordStore {
 public:
  PostgresStore(const PostgresOptions& options, const postgres::Place& place)
      : readers_(place, options.reader_connections, options.retry_timeout),
        listener_(place, &watch_),
        writer_(place, {options.retry_timeout, options.resolve_timeout},
                [this](Revision revision) {
                  watch_.Publish(revision);
                  listener_.NoteCommit();
                }),
        committer_(&writer_, options.limits) {}

  // So that a wait for what is there already does not have to wait for the listener.
  absl::Status Begin() {
    TANDEM_ASSIGN_OR_RETURN(const Head head, readers_.GetHead());
    watch_.Publish(head.revision);
    return absl::OkStatus();
  }

  std::vector<CommitOutcome> Commit(std::vector<Transaction> transactions) override {
    return committer_.Commit(std::move(transactions));
  }

  absl::StatusOr<std::optional<Record>> Get(absl::string_view key) override { return readers_.Get(key); }

  absl::StatusOr<std::vector<std::optional<Record>>> BatchGet(const std::vector<std::string>& keys) override {
    return readers_.BatchGet(keys);
  }

  absl::StatusOr<std::vector<Record>> Scan(absl::string_view begin, absl::string_view end, int limit) override {
    return readers_.Scan(begin, end, limit);
  }

  absl::StatusOr<ChangeBatch> Changes(Revision after, int limit) override { return readers_.Changes(after, limit); }

  bool WaitForChange(Revision after, std::chrono::steady_clock::time_point deadline) override {
    return watch_.Wait(after, deadline);
  }

  absl::StatusOr<Head> GetHead() override { return readers_.GetHead(); }

  absl::Status CompactLog(Revision through) override {
    bool done = false;
    while (!done) {
      TANDEM_RETURN_IF_ERROR(committer_.Run([&]() -> absl::Status {
        TANDEM_ASSIGN_OR_RETURN(done, writer_.CompactSome(through));
        return absl::OkStatus();
      }));
    }
    return absl::OkStatus();
  }

  void Shutdown() override {
    watch_.Shutdown();
    committer_.Shutdown();
  }

 private:
  HeadWatch watch_;
  postgres::ReaderPool readers_;
  postgres::HeadListener listener_;
  postgres::PostgresWriter writer_;
  GroupCommitter committer_;  // the last: it ends before what its thread uses
};

}  // namespace

absl::StatusOr<std::unique_ptr<RecordStore>> OpenPostgresStore(PostgresOptions options) {
  TANDEM_RETURN_IF_ERROR(postgres::CheckSchemaName(options.schema));
  if (options.operation_timeout.count() < 1) {
    return absl::InvalidArgumentError("the operation timeout of a store is at least 1 ms");
  }
  // A server that is just starting is waited for.
  postgres::Backoff backoff(options.retry_timeout);
  absl::Status checked = postgres::CheckSchema(options.conninfo, options.schema);
  while (absl::IsUnavailable(checked) && backoff.Pause()) {
    checked = postgres::CheckSchema(options.conninfo, options.schema);
  }
  TANDEM_RETURN_IF_ERROR(checked);
  auto store = std::make_unique<PostgresStore>(
      options, postgres::Place{options.conninfo, options.schema, options.operation_timeout});
  TANDEM_RETURN_IF_ERROR(store->Begin());
  return std::unique_ptr<RecordStore>(std::move(store));
}

}  // namespace tandem
