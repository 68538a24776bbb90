// What is done to a cluster while a rule is broken, so that the breach can show.
#ifndef TANDEM_TESTS_FAULT_SABOTAGES_PROVOCATION_H_
#define TANDEM_TESTS_FAULT_SABOTAGES_PROVOCATION_H_

#include <chrono>
#include <cstdint>
#include <string>

#include "tests/fault/cluster/cluster.h"
#include "tests/fault/sabotages/sabotages.h"

namespace tandem::check {

// Breaks `rule` in the processes of `sabotage`, from its construction on, and provokes. Used by one thread.
class Provocation {
 public:
  // `rule` "" breaks nothing and only provokes. REQUIRES: the cluster is of Layout::kReplicas and outlives this.
  Provocation(Cluster* cluster, const Sabotage& sabotage, const std::string& rule);
  ~Provocation();  // all is as it should be again, but for what the breach left behind
  Provocation(const Provocation&) = delete;
  Provocation& operator=(const Provocation&) = delete;

  // Does the next of what is to be done, if it is time. To be called some hundred times a second.
  void Step();
  // How often the rule was broken so far.
  uint64_t breaks() const;

 private:
  bool Breaks(size_t process) const;
  void ProvokeOnce();

  Cluster* const cluster_;
  const Sabotage sabotage_;
  std::chrono::steady_clock::time_point next_{};
  uint64_t times_ = 0;
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_SABOTAGES_PROVOCATION_H_
