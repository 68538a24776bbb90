// `kill -9`, at a random moment or at a named point of the program.
#ifndef TANDEM_TESTS_FAULT_FAULTS_KILLS_H_
#define TANDEM_TESTS_FAULT_FAULTS_KILLS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/fault/faults/fault.h"

namespace tandem::check {

// Used by one thread.
class Killer {
 public:
  Killer(Cluster* cluster, std::vector<std::string> points);
  ~Killer();  // nothing is armed any more
  Killer(const Killer&) = delete;
  Killer& operator=(const Killer&) = delete;

  // Whichever process of those that are ready, at once; returns when it is gone.
  void KillAny(Random& random);
  // Some process is to end at one of its next passes of some point, instead of what it was to end at. Returns at once:
  // some points are passed many times a second, some only by a start, some by this service never.
  void ArmAny(Random& random);
  // Counts who ended at a point since the last call.
  void Count();

  // Ends at each point so far, `point service`. As of the last Count().
  const std::map<std::string, int>& at_points() const { return at_points_; }
  // Points that nobody ended at.
  std::vector<std::string> Unpassed() const;

 private:
  struct Armed {
    std::string point;
    uint64_t crashes = 0;  // the page's count before
  };

  std::string ServiceOf(size_t process) const;

  Cluster* const cluster_;
  const std::vector<std::string> points_;
  std::vector<Armed> armed_;  // one for each process
  std::map<std::string, int> at_points_;
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_FAULTS_KILLS_H_
