// The rows of runs: what is left of them when the process ends.
#ifndef TANDEM_SERVICES_PAIRING_RUNS_RUN_LOG_H_
#define TANDEM_SERVICES_PAIRING_RUNS_RUN_LOG_H_

#include <functional>
#include <google/rpc/status.pb.h>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/base/clock.h"
#include "common/catalog/request_log.h"
#include "common/storage/record_store.h"
#include "tandem/type/v1/run.pb.h"

namespace tandem::pairing {

// Whether nothing will change in `run` any more.
bool HasEnded(const type::v1::Run& run);

// What makes a submission repeatable; all empty: nothing does.
struct RunRequestId {
  std::string method, actor, request_id;
  std::string hash;  // catalog::RequestLog::Hash of the request
};

// Thread-safe. Unowned pointers must outlive it. No follower sees these rows.
class RunLog {
 public:
  static constexpr size_t kKeptPerEdition = 100;  // ended runs

  RunLog(RecordStore* store, const Clock* clock) : store_(store), clock_(clock), requests_(store, clock) {}

  // Writes a new run of `edition` (an id), PENDING, named `{kind}-{number}`; forgets the oldest ended ones beyond the
  // limit. `run` brings kind and request. When `id` names a submission of before, returns that one's name and sets
  // `repeated`.
  absl::StatusOr<type::v1::Run> Create(absl::string_view edition, const RunRequestId& id, type::v1::Run run,
                                       bool* repeated);

  // Changes the row of a run, which others may change at the same time, and returns what it then says. `change` may be
  // called several times; when it returns false the row stays as it is, its revision too. RESOURCE_NOT_FOUND.
  absl::StatusOr<type::v1::Run> Update(const std::string& name, const std::function<bool(type::v1::Run*)>& change);

  // RESOURCE_NOT_FOUND.
  absl::StatusOr<type::v1::Run> Find(absl::string_view name) const;

  // All runs of an edition (an id), in no order.
  absl::StatusOr<std::vector<type::v1::Run>> List(absl::string_view edition) const;

  // Names of all runs that have not ended, each with its row's revision.
  absl::StatusOr<std::map<std::string, Revision>> Unended() const;

  // Marks a run as failed if its row is still at `revision`.
  absl::Status FailIfAt(const std::string& name, Revision revision, const google::rpc::Status& error);

 private:
  // ABORTED unless the row is at `revision`.
  absl::Status Put(const type::v1::Run& run, Revision revision);

  RecordStore* const store_;
  const Clock* const clock_;
  catalog::RequestLog requests_;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_RUNS_RUN_LOG_H_
