// How fast TopLists takes a stream of project changes, and whom they touch.
//
// top_lists_bench [projects] [investors] [changes] [text: 0 or 1] [percent of investors who require no sector]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <time.h>
#include <vector>

#include "services/pairing/matching/index/best_list.h"
#include "services/pairing/matching/index/top_lists.h"
#include "tests/bench/engine/bench_market.h"

namespace tandem::pairing::matching {
namespace {

// Of this thread: other work on the machine does not count.
double CpuMicros() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

struct Series {
  const char* name;
  std::vector<double> micros;
  uint64_t touched = 0;
  std::vector<double> touched_each;

  void Print() {
    if (micros.empty()) return;
    double sum = 0;
    for (const double m : micros) sum += m;
    const auto at = [](std::vector<double>& values, double part) {
      const auto place = static_cast<size_t>(part * static_cast<double>(values.size() - 1));
      std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(place), values.end());
      return values[place];
    };
    const auto count = static_cast<double>(micros.size());
    std::printf("%-10s %9.0f/s  us mean %6.1f p50 %6.1f p99 %7.1f max %8.1f  touched mean %6.1f p99 %6.0f\n", name,
                count / sum * 1e6, sum / count, at(micros, 0.5), at(micros, 0.99), at(micros, 1.0),
                static_cast<double>(touched) / count, at(touched_each, 0.99));
  }
};

int Run(uint32_t projects, uint32_t investors, uint32_t changes, BenchShape shape) {
  BenchMarket market(1, shape);
  const SlotsInOrder order;
  std::vector<std::shared_ptr<const InvestorForm>> forms;
  std::vector<std::optional<ProjectRow>> rows;
  double refilling = 0;
  TopLists lists({}, &order, [&](uint32_t investor, size_t k) {
    const double start = CpuMicros();
    BestList best(k, &order);
    for (uint32_t slot = 0; slot < rows.size(); ++slot) {
      if (!rows[slot].has_value()) continue;
      if (const auto score = LinearScore(*rows[slot], *forms[investor])) best.Offer({slot, *score});
    }
    refilling += CpuMicros() - start;
    return best.Take();
  });

  double start = CpuMicros();
  for (uint32_t i = 0; i < investors; ++i) {
    forms.push_back(market.Investor());
    lists.InvestorChanged(i, forms.back());
  }
  std::printf("%u investors in %.1f s\n", investors, (CpuMicros() - start) / 1e6);
  start = CpuMicros();
  for (uint32_t p = 0; p < projects; ++p) {
    rows.push_back(market.Project());
    lists.ProjectChanged(p, &*rows.back(), nullptr);
  }
  std::printf("%u projects in %.1f s\n", projects, (CpuMicros() - start) / 1e6);

  Series all{"all", {}, 0, {}};
  Series series[] = {{"new", {}, 0, {}}, {"edit", {}, 0, {}}, {"tick", {}, 0, {}}, {"removal", {}, 0, {}}};
  const TopLists::Counters before = lists.counters();
  refilling = 0;
  for (uint32_t change = 0; change < changes; ++change) {
    const uint32_t percent = market.random().Below(100);
    const size_t kind = percent < 40 ? 0 : percent < 70 ? 1 : percent < 90 ? 2 : 3;
    uint32_t slot = static_cast<uint32_t>(rows.size());
    if (kind == 0) {
      rows.push_back(market.Project());
    } else {
      do {
        slot = market.random().Below(static_cast<uint32_t>(rows.size()));
      } while (!rows[slot].has_value());
      if (kind == 1) market.Edit(&*rows[slot]);
      if (kind == 2) market.Tick(&*rows[slot]);
      if (kind == 3) rows[slot].reset();
    }
    const double refilled = refilling;
    const double then = CpuMicros();
    const std::vector<uint32_t> touched =
        lists.ProjectChanged(slot, rows[slot].has_value() ? &*rows[slot] : nullptr, nullptr);
    const double micros = CpuMicros() - then - (refilling - refilled);
    for (Series* s : {&series[kind], &all}) {
      s->micros.push_back(micros);
      s->touched += touched.size();
      s->touched_each.push_back(static_cast<double>(touched.size()));
    }
  }
  for (Series& s : series) s.Print();
  all.Print();
  const TopLists::Counters& after = lists.counters();
  const auto each = [&](uint64_t a, uint64_t b) { return static_cast<double>(a - b) / changes; };
  std::printf("a change: postings %.0f, passed the filter %.0f, reached the bound %.1f, inserted %.1f, refills %.4f\n",
              each(after.postings, before.postings), each(after.filtered, before.filtered),
              each(after.bounded, before.bounded), each(after.inserted, before.inserted),
              each(after.refills, before.refills));
  std::printf("refills (their time is not in the above): %.1f ms each\n",
              refilling / 1e3 / std::max<double>(1, static_cast<double>(after.refills - before.refills)));
  const TopLists::Memory memory = lists.memory();
  std::printf("bytes an investor: lists %zu, members %zu, forms %zu\n", memory.lists / investors,
              memory.members / investors, memory.forms / investors);
  return 0;
}

}  // namespace
}  // namespace tandem::pairing::matching

int main(int argc, char** argv) {
  const auto number = [&](int at, uint32_t otherwise) {
    return argc > at ? static_cast<uint32_t>(std::strtoul(argv[at], nullptr, 10)) : otherwise;
  };
  tandem::pairing::matching::BenchShape shape;
  shape.text = number(4, 0) != 0;
  shape.open_percent = number(5, 5);
  return tandem::pairing::matching::Run(number(1, 100'000), number(2, 10'000), number(3, 100'000), shape);
}
