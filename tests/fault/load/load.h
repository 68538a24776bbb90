// Load: a mixed load of edits, deals and reads on a running zone, and the check of everything that it is answered.
//
// Start makes an edition of its own through the services, then writes and reads until Finish. Whatever is acknowledged
// or answered is compared with the stores' own logs (tests/fault/truth): an acknowledged write must be there as it was
// acknowledged, once; an answer must be what is computed at the revisions that it claims.
#ifndef TANDEM_TESTS_FAULT_LOAD_LOAD_H_
#define TANDEM_TESTS_FAULT_LOAD_LOAD_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tandem::check {

// `127.0.0.1:PORT` of each replica. They are fixed for a run: who comes back does so under its address.
struct Replicas {
  std::vector<std::string> projects, investors, pairing;
};

// The stores themselves, read beside the services: `SCHEMA CONNINFO`, such as `tandem_projects host=/tmp/pg dbname=x`.
// The database may restart meanwhile. Empty: what was committed is what the first replica's watch says, which cannot
// show a service that loses writes and changes of them alike; all three are empty, or none.
struct Sources {
  std::string projects, investors, editions;
};

struct LoadOptions {
  Replicas at;
  Sources stores;
  std::string keys_file;               // the one of the services: tokens are read with it
  uint64_t seed = 1;                   // of every choice; what the machine's timing decides is not repeated
  std::string edition = "check";       // id of an edition that does not exist yet
  int writers = 16, readers = 8;       // threads, each with one call at a time
  int projects = 120, investors = 60;  // about how many exist at a time
  double reads_per_second = 0, writes_per_second = 0;  // 0: as fast as it goes
  absl::Duration call_timeout = absl::Seconds(10);     // of one attempt
  absl::Duration patience = absl::Seconds(90);         // how long an unanswered write is repeated
  absl::Duration start_timeout = absl::Seconds(60);    // until the first records are readable
  absl::Duration finish_timeout = absl::Seconds(60);   // until watches and checks have caught up
};

// So far. A write counts once, however often it was sent.
struct Counters {
  int64_t acked = 0;          // acknowledged, items of an import one by one
  int64_t unknown = 0;        // attempts whose outcome the caller could not tell; they are repeated
  int64_t refused = 0;        // refused for good: a stale etag, a state that does not allow it
  int64_t failed_writes = 0;  // attempts that failed although the channel may retry and fail over
  int64_t reads = 0;          // answered
  int64_t failed_reads = 0;   // failed although the channel may retry and fail over; none of the refusals by contract
};

// Of answered reads, in microseconds as the caller sees it.
struct Latency {
  int64_t count = 0;
  double p50_us = 0, p99_us = 0, max_us = 0;
};

struct Verdict {
  int64_t acked = 0;
  int64_t lost = 0;   // acknowledged writes that are not there, not so, or overwritten unseen
  int64_t half = 0;   // effects that nobody was promised, that happened twice, or of which a part is missing
  int64_t reads = 0;  // checked ones
  int64_t stale = 0;  // answers older than their token, than an acknowledged write, or than the stated limit
  int64_t wrong = 0;  // answers that differ from what is right at the revisions they claim
  int64_t failed_reads = 0, failed_writes = 0;  // as in Counters; no part of ok()
  int64_t watch_faults = 0;                     // gaps, repetitions and disorder in watches
  int64_t unchecked = 0;                        // answers that were not checked yet, or too old for it
  std::vector<std::string> complaints;          // the first 20, each with what it takes to understand it
  bool ok() const { return lost + half + stale + wrong + watch_faults == 0; }
};

// Methods are thread-safe but for Finish.
class Load {
 public:
  // Waits for the servers, makes the edition and its first records, then begins. INVALID_ARGUMENT for options that
  // cannot be; what the services say when they cannot be filled in time.
  static absl::StatusOr<std::unique_ptr<Load>> Start(LoadOptions options);
  virtual ~Load() = default;  // ends the load; Finish before, for a verdict

  virtual Counters counters() const = 0;

  // Latencies and failures from now on count for phase `name`, which may be gone back to. Before the first: "".
  virtual void BeginPhase(const std::string& name) = 0;
  // Of the reads of PairingService that are answered by one message. `misses_only`: of questions never asked before.
  virtual Latency ReadLatency(const std::string& phase, bool misses_only) const = 0;
  virtual int64_t FailedReads(const std::string& phase) const = 0;
  virtual int64_t FailedWrites(const std::string& phase) const = 0;

  // Returns when no call is out, and none begins until Resume. DEADLINE_EXCEEDED after `patience` and a call's timeout.
  virtual absl::Status Pause() = 0;
  virtual void Resume() = 0;

  // What is known without stopping anything.
  virtual Verdict CheckSoFar() = 0;

  // Stops the load, waits until watches and checks have caught up with everything, and compares every record with what
  // was last acknowledged: by Get, by List, and (with `stores`) row by row. All replicas must be up. Once.
  virtual Verdict Finish() = 0;
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_LOAD_H_
