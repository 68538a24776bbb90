// What runs showed, kept as one JSON line each, and what they add up to.
#ifndef TANDEM_TESTS_FAULT_RESULTS_H_
#define TANDEM_TESTS_FAULT_RESULTS_H_

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"

#include "tests/fault/run.h"

namespace tandem::check {

// A sabotage is a run too: of mode `sabotage`.
struct SabotageRun {
  std::string name;
  uint64_t seed = 0;
  bool caught = false;
  double seconds = 0;
  std::string how;  // what caught it, or why nothing did
};

class Results {
 public:
  // `file` is read if it is there, and each run is appended to it; "" keeps them in memory only. FAILED_PRECONDITION
  // when it holds something else, or cannot be written.
  static absl::StatusOr<Results> Open(const std::string& file);

  // Whether this run stands there already; `name` is that of a sabotage.
  bool Has(const std::string& mode, uint64_t seed, const std::string& name = "") const;
  absl::Status Add(const RunResult& run);
  absl::Status Add(const SabotageRun& sabotage);

  // Of all runs: a table of faults by family, of points, and the last line.
  void Print(std::FILE* out) const;
  // Nothing was lost, stale, wrong or complained of, and every sabotage was caught.
  bool ok() const;

 private:
  absl::Status Append(nlohmann::json line);
  int64_t Sum(const char* field) const;
  void PrintFaults(std::FILE* out) const;
  void PrintPoints(std::FILE* out) const;

  std::string file_;
  std::vector<nlohmann::json> lines_;
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_RESULTS_H_
