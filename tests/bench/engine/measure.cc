#include "tests/bench/engine/measure.h"

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <random>

#include "common/base/status.h"

namespace tandem::bench {

using pairing::matching::Scored;

std::vector<uint32_t> Sample(size_t all, size_t count, uint64_t seed) {
  std::vector<uint32_t> numbers(all);
  std::iota(numbers.begin(), numbers.end(), 0u);
  std::mt19937_64 random(seed);
  count = std::min(count, all);
  for (size_t i = 0; i < count; ++i) std::swap(numbers[i], numbers[i + random() % (all - i)]);
  numbers.resize(count);
  return numbers;
}

bool SameList(const std::string& engine, uint32_t investor, const std::vector<Scored>& expected,
              const std::vector<Scored>& found) {
  if (expected == found) return true;
  const auto [a, b] = std::mismatch(expected.begin(), expected.end(), found.begin(), found.end());
  const auto text = [](bool there, const Scored* at) {
    return there ? std::to_string(at->slot) + " with " + std::to_string(at->score) : std::string("nothing");
  };
  std::fprintf(stderr, "MISMATCH %s, investor %u, place %td: expected %s, found %s\n", engine.c_str(), investor,
               a - expected.begin(), text(a != expected.end(), &*a).c_str(), text(b != found.end(), &*b).c_str());
  return false;
}

absl::StatusOr<QueryRun> RunQueries(Engine* engine, const std::vector<uint32_t>& investors, double most_seconds) {
  constexpr int kPasses = 3;
  QueryRun run;
  for (int pass = 0; pass < kPasses; ++pass) {
    const Stopwatch whole;
    for (size_t i = 0; i < (pass == 0 ? investors.size() : run.lists.size()); ++i) {
      if (i != 0 && whole.seconds() > most_seconds / kPasses) {
        if (pass == 0) break;
        return run;
      }
      TANDEM_RETURN_IF_ERROR(engine->Prepare(investors[i]));
      const Stopwatch one;
      TANDEM_ASSIGN_OR_RETURN(pairing::matching::TopList list, engine->Top(investors[i], kListLength));
      const double took = one.microseconds();
      if (pass == 0) {
        run.microseconds.push_back(took);
        run.lists.push_back(std::move(list));
      } else {
        run.microseconds[i] = std::min(run.microseconds[i], took);
      }
    }
  }
  return run;
}

}  // namespace tandem::bench
