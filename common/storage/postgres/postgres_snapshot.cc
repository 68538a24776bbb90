#include "common/storage/postgres/postgres_snapshot.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/storage/postgres/connection.h"
#include "common/storage/postgres/reader_pool.h"
#include "common/storage/postgres/schema.h"
#include "common/storage/postgres/sessions.h"

namespace tandem {
namespace {

using postgres::Call;
using postgres::Connection;
using postgres::Result;

constexpr int kPage = 500;

class PostgresSnapshot final : public archive::Snapshot {
 public:
  PostgresSnapshot(std::unique_ptr<Connection> connection, Head head)
      : connection_(std::move(connection)), head_(std::move(head)) {}

  const Head& head() const override { return head_; }

  absl::StatusOr<std::vector<Record>> Next() override {
    Call scan{postgres::kScanOn, {}};
    scan.parameters.Bytes(next_).Int(kPage);
    TANDEM_ASSIGN_OR_RETURN(const std::vector<Result> results, connection_->Run({std::move(scan)}));
    std::vector<Record> page;
    page.reserve(static_cast<size_t>(results[0].rows()));
    for (int row = 0; row < results[0].rows(); ++row) page.push_back(postgres::RecordFrom(results[0], row));
    if (!page.empty()) next_ = absl::StrCat(page.back().key, absl::string_view("\0", 1));
    return page;
  }

 private:
  const std::unique_ptr<Connection> connection_;
  const Head head_;
  std::string next_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<archive::Snapshot>> OpenPostgresSnapshot(const PostgresOptions& options) {
  TANDEM_RETURN_IF_ERROR(postgres::CheckSchema(options.conninfo, options.schema));
  const postgres::Place place{options.conninfo, options.schema, options.operation_timeout};
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                          Connection::Open(place.conninfo, postgres::ReaderSession(place), place.limit()));
  // The head's row is read in the transaction's first statement: it is the revision of all that follows.
  TANDEM_ASSIGN_OR_RETURN(const std::vector<Result> begun,
                          connection->Run({{postgres::kBegin, {}}, {postgres::kHead, {}}}));
  TANDEM_ASSIGN_OR_RETURN(Head head, postgres::HeadFrom(begun[1]));
  return std::unique_ptr<archive::Snapshot>(std::make_unique<PostgresSnapshot>(std::move(connection), std::move(head)));
}

}  // namespace tandem
