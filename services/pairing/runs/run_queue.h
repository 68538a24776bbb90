// RunQueue: long work, one piece after the other on a thread of its own, shown as `tandem.type.v1.Run`.
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

// Thread-safe. Rows are written when a run is submitted, begins and ends; progress is this process's.
class RunQueue {
 public:
  // Unowned pointers must outlive the queue.
  struct Options {
    RecordStore* store = nullptr;
    const Clock* clock = SystemClock();
    // The form in which a run carries its error.
    std::function<google::rpc::Status(const absl::Status&)> to_proto;
    size_t most_waiting = 16;  // runs that wait for their turn, of all editions
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

  // Shows the runs that an earlier process did not end as failed (RUN_INTERRUPTED), then begins to work. Fails when the
  // store cannot be read or written.
  static absl::StatusOr<std::unique_ptr<RunQueue>> Open(Options options);
  ~RunQueue();  // stops

  // The run that was submitted, or the one that an equal submission with this request id has started. LIMIT_EXCEEDED
  // when too many wait, NOT_READY once stopped.
  absl::StatusOr<type::v1::Run> Submit(Submission submission);

  // RESOURCE_NOT_FOUND.
  absl::StatusOr<type::v1::Run> Get(const std::string& name) const;

  // Of an edition (an id), the newest first.
  absl::StatusOr<std::vector<type::v1::Run>> List(const std::string& edition) const;

  // Ends a run that waits; asks one that works to stop; leaves one that has ended. The run after that.
  absl::StatusOr<type::v1::Run> Cancel(const std::string& name);

  // The run when it has ended, or as it is a little before `deadline`. NOT_READY when the queue stops meanwhile.
  absl::StatusOr<type::v1::Run> Wait(const std::string& name, std::chrono::steady_clock::time_point deadline) const;

  // Interrupts what works and what waits, and returns when the thread has ended. Reads go on. Idempotent.
  void Stop();

 private:
  class Entry;

  explicit RunQueue(Options options) : options_(std::move(options)), log_(options_.store, options_.clock) {}
  void WorkOff();
  void Execute(Entry* entry);
  void End(Entry* entry, const absl::StatusOr<std::string>& outcome);
  std::shared_ptr<Entry> FindLive(const std::string& name) const;

  const Options options_;
  mutable RunLog log_;
  mutable Mutex mutex_;
  mutable CondVar changed_;
  // Runs that have not ended, by name, and those that wait, in their order.
  std::map<std::string, std::shared_ptr<Entry>> live_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::shared_ptr<Entry>> waiting_ ABSL_GUARDED_BY(mutex_);
  size_t admitted_ ABSL_GUARDED_BY(mutex_) = 0;  // submissions that are being written
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  Mutex stop_mutex_;  // one Stop at a time
  std::thread thread_ ABSL_GUARDED_BY(stop_mutex_);
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_RUNS_RUN_QUEUE_H_
