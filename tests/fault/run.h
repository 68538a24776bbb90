// One run of the check: a cluster, a load on it, faults by a seed, and the verdict.
#ifndef TANDEM_TESTS_FAULT_RUN_H_
#define TANDEM_TESTS_FAULT_RUN_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/fault/cluster/cluster.h"
#include "tests/fault/load/load.h"

namespace tandem::check {

// How much of what is done. All at once would hide which fault a failure belongs to, so it is one after the other.
struct Plan {
  std::string mode;
  Layout layout = Layout::kReplicas;
  int kills = 0;
  int redis = 0, postgres = 0, host = 0, disk = 0;  // rounds: each fault of the family once, in random order
  int rolling = 0;                                  // restarts of all processes
  // 0: as fast as it goes. Latencies say something about a fault only when the machine is not busy without it.
  double reads_per_second = 0, writes_per_second = 0;
  int writers = 16;
};

// What a family of faults showed, for each fault.
struct FaultRow {
  int64_t count = 0;
  int64_t changed = 0;  // replies that the proxy changed
  int64_t failed_reads = 0, failed_writes = 0;
  Latency reads;
  std::vector<double> first_ack;  // seconds from the end of each fault to the first acknowledged write
  std::vector<double> all_done;   // seconds from the end of each fault until every call that was out is answered
};

struct RunResult {
  std::string mode;
  uint64_t seed = 0;
  int64_t kills = 0;
  Verdict verdict;
  std::map<std::string, FaultRow> faults;
  std::map<std::string, int> points;  // ends at `point service`
  std::vector<std::string> unpassed;  // points that nobody was killed at although kills were asked for
  Latency misses;                     // of reads never asked before, while nothing was wrong
  double seconds = 0;
  std::vector<std::string> complaints;  // all of them, of the verdict too; none: all is well
};

// Never fails but with a complaint. Logs are kept when there is one, and their folder is named in it. Progress goes to
// standard error. Used by the main thread, which starts servers that end with it.
RunResult Execute(const Plan& plan, uint64_t seed);

// What a load needs to know of a cluster.
LoadOptions LoadFor(const Cluster& cluster, uint64_t seed);

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_RUN_H_
