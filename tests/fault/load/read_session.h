// ReadSession: one reader, who asks, and hands what it was answered to the check.
#ifndef TANDEM_TESTS_FAULT_LOAD_READ_SESSION_H_
#define TANDEM_TESTS_FAULT_LOAD_READ_SESSION_H_

#include <chrono>
#include <string>

#include "absl/status/status.h"

#include "tests/fault/load/questions.h"
#include "tests/fault/load/random.h"
#include "tests/fault/load/world.h"

namespace tandem::check {

// For one thread.
class ReadSession {
 public:
  ReadSession(World* world, Questions* questions, uint64_t stream)
      : world_(world), questions_(questions), random_(world->options->seed, stream) {}

  // One question of some kind.
  void ReadOne();

 private:
  void FindMatches();
  void FindTwoPages();
  void FindMany();
  void GetRecord();
  void ListRecords();

  // What the next read demands.
  type::v1::ReadConsistency Demand();
  // The subject's, or the read's own, failure.
  void Note(const absl::Status& status, const pairing::v1::FindMatchesRequest& request);

  World* const world_;
  Questions* const questions_;
  Random random_;
  std::string last_;  // token of the last answer: a reader never goes back
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_LOAD_READ_SESSION_H_
