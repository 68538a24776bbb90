// ProjectIndex under Google Benchmark: Top by number of projects and kernel, with and without texts; Put and Publish.
#include <benchmark/benchmark.h>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "services/pairing/matching/index/dispatch.h"
#include "services/pairing/matching/index/project_index.h"
#include "tests/bench/engine/synthetic_market.h"

namespace tandem::pairing::matching {
namespace {

struct Filled {
  explicit Filled(uint32_t projects, bool text) : market(1), order(2), index(&order) {
    for (uint32_t slot = 0; slot < projects; ++slot) index.Put(slot, market.Row(text));
    for (int i = 0; i < 500; ++i) forms.push_back(market.Form(text));
    snapshot = index.Publish();
  }

  SyntheticMarket market;
  const ShuffledOrder order;
  ProjectIndex index;
  std::vector<InvestorForm> forms;
  std::shared_ptr<const ProjectIndexSnapshot> snapshot;
};

// Built once, whatever is measured on it.
Filled& FilledWith(int64_t projects, bool text) {
  static auto* all = new std::map<std::pair<int64_t, bool>, std::unique_ptr<Filled>>;
  auto& filled = (*all)[{projects, text}];
  if (filled == nullptr) filled = std::make_unique<Filled>(static_cast<uint32_t>(projects), text);
  return *filled;
}

void Top(benchmark::State& state) {
  const Filled& filled = FilledWith(state.range(0), state.range(1) != 0);
  const std::vector<InstructionSet> sets = InstructionSets();
  const auto set = static_cast<size_t>(state.range(2));
  if (set >= sets.size()) return state.SkipWithError("this machine lacks the instruction set");
  ForceInstructionSet(sets[set]);
  state.SetLabel(InstructionSetName(sets[set]));
  size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(filled.snapshot->Top(filled.forms[next], 0, 50, nullptr));
    next = (next + 1) % filled.forms.size();
  }
  ForceInstructionSet(std::nullopt);
}
BENCHMARK(Top)
    ->ArgNames({"projects", "text", "set"})
    ->ArgsProduct({{10'000, 100'000, 1'000'000}, {0}, {0, 1, 2, 3}})
    ->ArgsProduct({{100'000}, {1}, {3}})
    ->Unit(benchmark::kMicrosecond);

void PutAndPublish(benchmark::State& state) {
  Filled& filled = FilledWith(state.range(0), false);
  Random random(3);
  std::vector<ProjectRow> rows;
  for (int i = 0; i < 1000; ++i) rows.push_back(filled.market.Row(false));
  size_t next = 0;
  for (auto _ : state) {
    filled.index.Put(random.Below(static_cast<uint32_t>(state.range(0))), rows[next]);
    filled.snapshot = filled.index.Publish();
    next = (next + 1) % rows.size();
  }
}
BENCHMARK(PutAndPublish)->ArgName("projects")->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace tandem::pairing::matching

BENCHMARK_MAIN();
