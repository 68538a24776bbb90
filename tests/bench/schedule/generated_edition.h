// Editions to schedule, drawn from a seed: projects with a sector and a quality, investors with several sectors.
#ifndef TANDEM_TESTS_BENCH_SCHEDULE_GENERATED_EDITION_H_
#define TANDEM_TESTS_BENCH_SCHEDULE_GENERATED_EDITION_H_

#include <cstdint>
#include <string>

#include "services/pairing/meetings/scheduling/problem.h"

namespace tandem::schedule_bench {

struct EditionSpec {
  std::string name;
  int32_t projects = 2000;
  int32_t investors = 500;
  int64_t wishes = 27'000;    // about
  double available = 1;       // of a person's slots
  int32_t tables = 0;         // by slot; 0: as many as anybody could use
  bool travel = false;        // four halls ten to fifteen minutes apart, five minutes between slots
  bool interpreters = false;  // three in ten wishes need one of six languages' few interpreters
  bool lp_bound = false;      // small enough for it
};

// 20 slots of 25 minutes on two days; an investor has at most 20 meetings, a project 10.
pairing::scheduling::Problem GenerateEdition(const EditionSpec& spec, uint64_t seed);

}  // namespace tandem::schedule_bench

#endif  // TANDEM_TESTS_BENCH_SCHEDULE_GENERATED_EDITION_H_
