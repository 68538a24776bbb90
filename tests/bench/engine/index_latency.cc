// How long one query takes: tandem-index-latency [projects] [text: 0 or 1] [queries].
//
// Prints the machine's kernel, percentiles of thread CPU time for k = 50, selectivity, memory and the cost of an
// update.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <time.h>
#include <vector>

#include "services/pairing/matching/index/dispatch.h"
#include "services/pairing/matching/index/project_index.h"
#include "tests/bench/engine/synthetic_market.h"

namespace tandem::pairing::matching {
namespace {

double Microseconds() {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

double At(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1))];
}

struct Figures {
  std::vector<double> values;
  void Print(const char* name, const char* unit) {
    std::sort(values.begin(), values.end());
    double sum = 0;
    for (const double value : values) sum += value;
    std::printf("%-28s mean %9.2f  p50 %9.2f  p99 %9.2f  most %9.2f %s\n", name,
                sum / static_cast<double>(values.size()), At(values, 0.5), At(values, 0.99), values.back(), unit);
  }
};

void Run(uint32_t projects, bool text, uint32_t queries) {
  SyntheticMarket market(1);
  const ShuffledOrder order(2);
  ProjectIndex index(&order);
  double start = Microseconds();
  for (uint32_t slot = 0; slot < projects; ++slot) index.Put(slot, market.Row(text));
  auto snapshot = index.Publish();
  std::printf("%u projects%s, built in %.1f s\n", projects, text ? " with texts of 48 terms" : "",
              (Microseconds() - start) / 1e6);
  const IndexMemory memory = index.memory();
  const auto each = [&](size_t bytes) { return static_cast<double>(bytes) / projects; };
  std::printf("bytes a project: structured %.1f, text %.1f, bookkeeping %.1f\n", each(memory.structured),
              each(memory.text), each(memory.bookkeeping));

  std::vector<InvestorForm> forms;
  for (uint32_t i = 0; i < queries; ++i) forms.push_back(market.Form(text));
  for (const InstructionSet set : InstructionSets()) {
    ForceInstructionSet(set);
    std::printf("%s\n", InstructionSetName(set));
    Figures times, passed;
    for (int warm = 0; warm < 2; ++warm) {
      times.values.clear();
      passed.values.clear();
      for (const InvestorForm& form : forms) {
        start = Microseconds();
        const TopList top = snapshot->Top(form, 0, 50, nullptr);
        times.values.push_back(Microseconds() - start);
        passed.values.push_back(100.0 * top.passed / projects);
      }
    }
    times.Print("  top 50", "us");
    if (set == InstructionSet::kPortable) passed.Print("  passed", "% of projects");
  }
  ForceInstructionSet(std::nullopt);

  Random random(3);
  Figures updates;
  for (int i = 0; i < 20'000; ++i) {
    const ProjectRow row = market.Row(text);
    const uint32_t slot = random.Below(projects);
    start = Microseconds();
    index.Put(slot, row);
    snapshot = index.Publish();
    updates.values.push_back(Microseconds() - start);
  }
  updates.Print("put and publish", "us");
}

}  // namespace
}  // namespace tandem::pairing::matching

int main(int argc, char** argv) {
  const auto number = [&](int at, unsigned long otherwise) {
    return static_cast<uint32_t>(argc > at ? std::strtoul(argv[at], nullptr, 10) : otherwise);
  };
  tandem::pairing::matching::Run(number(1, 100'000), number(2, 0) != 0, number(3, 2000));
  return 0;
}
