// RunQueue: long work, one piece after the other on a thread of its own, shown as `tandem.type.v1.Run`.
//
// Several processes may keep their runs in one store. Each works off its own; any shows, cancels and waits for all. The
// row of a run is its owner's lease: the owner writes it again every quarter of a lease, with its progress, and reads
// there whether somebody cancelled. Whoever sees a row stand still for a whole lease, by a clock of its own, marks the
// run as interrupted, under the condition that the row did not move after all.
#ifndef TANDEM_SERVICES_PAIRING_RUNS_RUN_QUEUE_H_
#define TANDEM_SERVICES_PAIRING_RUNS_RUN_QUEUE_H_

#include <chrono>
#include <deque>
#include <functional>
#include <google/rpc/status.pb.h>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/base/clock.h"
#include "common/base/mutex.h"
#include "common/storage/record_store.h"
#include "services/pairing/runs/progress.h"
#include "services/pairing/runs/run_log.h"
#include "tandem/type/v1/run.pb.h"

namespace tandem::pairing {

// Thread-safe.
class RunQueue {
 public:
  // Unowned pointers must outlive the queue.
  struct Options {
    RecordStore* store = nullptr;
    const Clock* clock = SystemClock();
    // The form in which a run carries its error.
    std::function<google::rpc::Status(const absl::Status&)> to_proto;
    size_t most_waiting = 16;  // runs that wait for their turn, of all editions
    // How long a process may be silent before its runs are taken for interrupted.
    std::chrono::milliseconds lease{10'000};
  };

  // Does the work and returns the name of what it made. What it made must be durable when it returns, and nothing may
  // be when it fails. Runs on the queue's thread.
  using Work = std::function<absl::StatusOr<std::string>(const Progress& progress)>;

  // What is asked for.
  struct Submission {
    std::string edition;      // id
    type::v1::Run described;  // kind and request
    RunRequestId id;
    Work work;
  };

  // Begins to work. A lease later the runs that an earlier process did not end are shown as failed (RUN_INTERRUPTED).
  // Fails when the store cannot be read.
  static absl::StatusOr<std::unique_ptr<RunQueue>> Open(Options options);
  ~RunQueue();  // stops

  // The run that was submitted, or the one that an equal submission with this request id has started. LIMIT_EXCEEDED
  // when too many wait, NOT_READY once stopped.
  absl::StatusOr<type::v1::Run> Submit(Submission submission);

  // RESOURCE_NOT_FOUND.
  absl::StatusOr<type::v1::Run> Get(const std::string& name) const;

  // Of an edition (an id), the newest first.
  absl::StatusOr<std::vector<type::v1::Run>> List(const std::string& edition) const;

  // Ends a run that waits; asks one that works to stop; leaves one that has ended. One of another process learns of it
  // within a quarter of a lease. The run after that.
  absl::StatusOr<type::v1::Run> Cancel(const std::string& name);

  // The run when it has ended, or as it is a little before `deadline`. NOT_READY when the queue stops meanwhile.
  absl::StatusOr<type::v1::Run> Wait(const std::string& name, std::chrono::steady_clock::time_point deadline) const;

  // Interrupts what works and what waits, and returns when the threads have ended. Reads go on. Idempotent.
  void Stop();

 private:
  class Entry;

  explicit RunQueue(Options options) : options_(std::move(options)), log_(options_.store, options_.clock) {}
  void WorkOff();
  void Execute(Entry* entry);
  void End(Entry* entry, const absl::StatusOr<std::string>& outcome);
  // Writes how far `entry` is into its row, which renews the lease, and hears there what others want of it.
  absl::Status Renew(Entry* entry);
  // Looks at the other processes' runs, and interrupts those that were left.
  absl::Status LookAtOthers();
  void Keep();
  std::shared_ptr<Entry> FindLive(const std::string& name) const;

  const Options options_;
  RunLog log_;
  mutable Mutex mutex_;
  mutable CondVar changed_;
  CondVar kept_;
  // Runs that have not ended, by name, and those that wait, in their order.
  std::map<std::string, std::shared_ptr<Entry>> live_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::shared_ptr<Entry>> waiting_ ABSL_GUARDED_BY(mutex_);
  size_t admitted_ ABSL_GUARDED_BY(mutex_) = 0;  // submissions that are being written
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool worked_off_ ABSL_GUARDED_BY(mutex_) = false;  // the leases need no keeping any more
  // Of the keeping thread, and of Open before it. Rows of others: where they stood, and since when that was seen.
  struct Seen {
    Revision revision = 0;
    std::chrono::steady_clock::time_point since;
  };
  std::map<std::string, Seen> seen_;
  std::chrono::steady_clock::time_point last_look_;
  Mutex stop_mutex_;  // one Stop at a time
  std::thread thread_ ABSL_GUARDED_BY(stop_mutex_);
  std::thread keeper_ ABSL_GUARDED_BY(stop_mutex_);
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_RUNS_RUN_QUEUE_H_
