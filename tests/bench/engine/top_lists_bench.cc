// How fast TopLists takes a stream of project changes, and whom they touch.
//
// tandem-top-lists-bench [projects] [investors] [changes] [text: 0 or 1]
//
// Times are CPU time of the thread. Writing the change to the project index, which refills read, is not in them;
// refills are. Then changes of investors, by decile of what they let through. The last lines are InvestorIndex: the
// best 50 investors for a project.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <time.h>
#include <vector>

#include "services/pairing/matching/index/investor_index.h"
#include "services/pairing/matching/index/project_index.h"
#include "services/pairing/matching/index/top_lists.h"
#include "tests/bench/engine/synthetic_market.h"

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

// Changes of investors, by how many projects pass their gates: narrow ones cost a tenth of broad ones.
template <typename Passed, typename Change>
void PrintInvestorChanges(uint32_t investors, Random& random, const Passed& passed, const Change& change) {
  struct One {
    uint32_t investor, like, passed;  // it becomes like another one
    double micros, refill;
  };
  std::vector<One> all;
  for (int i = 0; i < 1000; ++i) {
    const uint32_t investor = random.Below(investors), like = random.Below(investors);
    all.push_back({investor, like, passed(like), 0, 0});
  }
  // Apart from the counting, which would leave in the caches what the change reads.
  for (One& one : all) one.micros = change(one.investor, one.like, &one.refill);
  std::sort(all.begin(), all.end(), [](const One& a, const One& b) { return a.passed < b.passed; });
  const auto print = [&](const char* name, size_t from, size_t to) {
    double micros = 0, refill = 0;
    for (size_t i = from; i < to; ++i) {
      micros += all[i].micros;
      refill += all[i].refill;
    }
    const auto count = static_cast<double>(to - from);
    std::printf("investor changes %-8s passed %7u to %7u: us mean %7.1f, of it the refill %7.1f\n", name,
                all[from].passed, all[to - 1].passed, micros / count, refill / count);
  };
  for (size_t decile = 0; decile < 10; ++decile) {
    print(("decile " + std::to_string(decile + 1)).c_str(), decile * all.size() / 10, (decile + 1) * all.size() / 10);
  }
  print("all", 0, all.size());
}

void Run(uint32_t projects, uint32_t investors, uint32_t changes, bool text) {
  SyntheticMarket market(1);
  Random random(2);
  const ShuffledOrder order(3);
  ProjectIndex index(&order);
  std::vector<std::optional<ProjectRow>> rows;
  for (uint32_t p = 0; p < projects; ++p) {
    rows.push_back(market.Row(text));
    index.Put(p, *rows.back());
  }
  auto snapshot = index.Publish();
  std::vector<std::shared_ptr<const InvestorForm>> forms;
  double refilling = 0;  // microseconds
  TopLists lists({}, &order, [&](uint32_t investor, size_t k) {
    const double then = CpuMicros();
    std::vector<Scored> best = snapshot->Top(*forms[investor], investor, k, nullptr).best;
    refilling += CpuMicros() - then;
    return best;
  });
  InvestorIndex investor_index(&order);
  double start = CpuMicros();
  for (uint32_t i = 0; i < investors; ++i) {
    forms.push_back(std::make_shared<InvestorForm>(market.Form(text)));
    lists.InvestorChanged(i, forms.back());
  }
  std::printf("%u projects, %u investors%s: lists filled in %.1f s\n", projects, investors, text ? ", texts" : "",
              (CpuMicros() - start) / 1e6);

  Series all{"all", {}, 0, {}};
  Series series[] = {{"new", {}, 0, {}}, {"edit", {}, 0, {}}, {"tick", {}, 0, {}}, {"removal", {}, 0, {}}};
  const TopLists::Counters before = lists.counters();
  for (uint32_t change = 0; change < changes; ++change) {
    const uint32_t percent = random.Below(100);
    const size_t kind = percent < 40 ? 0 : percent < 70 ? 1 : percent < 90 ? 2 : 3;
    uint32_t slot = static_cast<uint32_t>(rows.size());
    if (kind == 0) {
      rows.push_back(market.Row(text));
    } else {
      do {
        slot = random.Below(static_cast<uint32_t>(rows.size()));
      } while (!rows[slot].has_value());
      if (kind == 1) {
        const ProjectRow other = market.Row(false);
        rows[slot]->codes[kStageColumn] = other.codes[kStageColumn];
        rows[slot]->codes[kAskColumn] = other.codes[kAskColumn];
        rows[slot]->ask_least = other.ask_least;
        rows[slot]->ask_most = other.ask_most;
      }
      if (kind == 2) rows[slot]->points = static_cast<int16_t>(rows[slot]->points + random.Between(-20, 20));
      if (kind == 3) rows[slot].reset();
    }
    if (rows[slot].has_value()) {
      index.Put(slot, *rows[slot]);
    } else {
      index.Remove(slot);
    }
    snapshot = index.Publish();
    const double then = CpuMicros();
    const std::vector<uint32_t> touched =
        lists.ProjectChanged(slot, rows[slot].has_value() ? &*rows[slot] : nullptr, nullptr);
    const double micros = CpuMicros() - then;
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
  const TopLists::Memory memory = lists.memory();
  std::printf("bytes an investor: lists %zu, members %zu, forms %zu\n", memory.lists / investors,
              memory.members / investors, memory.forms / investors);

  PrintInvestorChanges(
      investors, random, [&](uint32_t i) { return snapshot->Top(*forms[i], i, 1, nullptr).passed; },
      [&](uint32_t i, uint32_t like, double* refill) {
        forms[i] = forms[like];
        const double then = CpuMicros(), refilled = refilling;
        lists.InvestorChanged(i, forms[i]);
        *refill = refilling - refilled;
        return CpuMicros() - then;
      });

  start = CpuMicros();
  for (uint32_t i = 0; i < investors; ++i) investor_index.Put(i, forms[i]);
  auto published = investor_index.Publish();
  const double built = CpuMicros() - start;
  Series queries{"investors", {}, 0, {}};
  for (uint32_t query = 0; query < 2000; ++query) {
    const ProjectRow row = market.Row(text);
    start = CpuMicros();
    const TopList top = published->Top(row, 0, 50, nullptr);
    queries.micros.push_back(CpuMicros() - start);
    queries.touched += top.passed;
    queries.touched_each.push_back(top.passed);
  }
  queries.Print();
  start = CpuMicros();
  constexpr uint32_t kPuts = 500;
  for (uint32_t put = 0; put < kPuts; ++put) {
    investor_index.Put(random.Below(investors), forms[put % investors]);
    published = investor_index.Publish();
  }
  std::printf("investor index: built in %.2f s, %zu bytes an investor, put and publish %.0f us\n", built / 1e6,
              investor_index.memory() / investors, (CpuMicros() - start) / kPuts);
}

}  // namespace
}  // namespace tandem::pairing::matching

int main(int argc, char** argv) {
  const auto number = [&](int at, uint32_t otherwise) {
    return argc > at ? static_cast<uint32_t>(std::strtoul(argv[at], nullptr, 10)) : otherwise;
  };
  tandem::pairing::matching::Run(number(1, 100'000), number(2, 10'000), number(3, 100'000), number(4, 0) != 0);
  return 0;
}
