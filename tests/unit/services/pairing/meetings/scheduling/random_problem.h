// Small problems drawn from a seed, and naive judges of schedules that share no code with the scheduler.
#ifndef TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_SCHEDULING_RANDOM_PROBLEM_H_
#define TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_SCHEDULING_RANDOM_PROBLEM_H_

#include <cstdint>
#include <random>
#include <string>

#include "services/pairing/meetings/scheduling/problem.h"
#include "services/pairing/meetings/scheduling/schedule.h"

namespace tandem::pairing::scheduling {

struct Shape {
  int32_t slots = 4;
  int32_t days = 1;
  int32_t projects = 3;
  int32_t investors = 3;
  int32_t wishes = 6;  // at most
  double available = 0.7;
  int32_t tables = 2;  // by slot and pool
  int32_t pools = 1;
  bool two_sided = true;  // otherwise anybody may meet anybody
  bool own_slots = false;
  bool own_pools = false;
  bool day_limits = false;
  bool travel = false;
  bool overlaps = false;
  bool interpreters = false;
  bool order = false;
  bool locked = false;
};

using Random = std::mt19937_64;
int64_t Draw(int64_t least, int64_t most, Random* random);
bool Chance(double probability, Random* random);

// Slots of 30 minutes, each right after the one before; a day begins at 9:00.
std::vector<Slot> SlotsOf(int32_t count, int32_t days);
Problem RandomProblem(const Shape& shape, Random* random);

// The first rule that the schedule breaks, or empty. Looks at every two meetings.
std::string Broken(const Problem& problem, const Schedule& schedule);

struct Best {
  int32_t seated = 0;
  int64_t value = 0;
  bool operator==(const Best& other) const { return seated == other.seated && value == other.value; }
};
Best Judge(const Problem& problem, const Schedule& schedule);

// The true optimum of the first two levels, by trying everything.
Best TryEverything(const Problem& problem);

}  // namespace tandem::pairing::scheduling

#endif  // TANDEM_TESTS_UNIT_SERVICES_PAIRING_MEETINGS_SCHEDULING_RANDOM_PROBLEM_H_
