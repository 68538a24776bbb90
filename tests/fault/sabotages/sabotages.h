// The rules that are broken on purpose, and what must notice each: the proof that the check has teeth.
#ifndef TANDEM_TESTS_FAULT_SABOTAGES_SABOTAGES_H_
#define TANDEM_TESTS_FAULT_SABOTAGES_SABOTAGES_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "tests/fault/cluster/cluster.h"
#include "tests/fault/load/load.h"

namespace tandem::check {

// Whose processes break the rule.
enum class Where { kPairing, kSources };  // kSources: projects and investors

// What is done meanwhile, again and again, so that the breach can show. None of it is wrong by itself.
enum class Provoke {
  kNothing,       // the load is enough
  kRelist,        // every follower takes a new snapshot now and then
  kKillPairing,   // kill -9 of a pairing replica
  kKillSources,   // kill -9 of a replica of projects or investors
  kSwapRedis,     // Redis answers with other keys' values
  kFlipRedis,     // Redis answers with a bit flipped
  kSlowCompute,   // a computation takes its time
  kTimeOutRedis,  // Redis takes longer than the budget, then not
  kCutCommit,     // a COMMIT does not reach PostgreSQL, and the connection is lost
};

// Which count of the verdict must rise: kWrites is lost or half, kAnswers stale or wrong.
enum class Shows { kLost, kHalf, kWrites, kStale, kWrong, kAnswers, kWatchFaults, kAny };

// How much is written: so little that what is cached is found again, so much that something changes all the time, or as
// much as there can be.
enum class Pace { kCalm, kBusy, kHectic };

struct Sabotage {
  // As in Deviates("..."), `/20` for each 20th time; `+` joins those that only show together.
  const char* rule;
  const char* breaks;  // what goes wrong, in words
  Pace pace = Pace::kCalm;
  Where where = Where::kPairing;
  Provoke provoke = Provoke::kNothing;
  Shows shows = Shows::kAny;
  // What is stored is wrong afterwards: the load and its edition are not used again.
  bool spoils_store = false;
  // Not empty: no cluster shows it in seconds; these tests (PROGRAM:FILTER) must fail while the rule is broken, and
  // pass while it is not.
  const char* test = "";
};

// Each rule once, sharing clusters in this order.
const std::vector<Sabotage>& AllSabotages();

struct SabotageOutcome {
  std::string rule;
  bool caught = false;
  double seconds = 0;
  std::string how;  // what noticed, or why it was not
};

struct SabotageOptions {
  std::string which = "all";  // or one rule as the table has it
  uint64_t seed = 1;
  // The load for a cluster; RunSabotages sets its edition.
  std::function<LoadOptions(const Cluster&, uint64_t seed)> load_for;
  // Hears of each as soon as it is known.
  std::function<void(const SabotageOutcome&)> done;
};

// Breaks one rule after the other. INVALID_ARGUMENT when `which` is no rule of the table. Whatever keeps a rule from
// being tried is an outcome that is not caught. The calling thread must outlive what it starts.
absl::StatusOr<std::vector<SabotageOutcome>> RunSabotages(const SabotageOptions& options);

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_SABOTAGES_SABOTAGES_H_
