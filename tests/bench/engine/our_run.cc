#include "tests/bench/engine/our_run.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"

#include "services/pairing/matching/index/batch_order.h"
#include "services/pairing/matching/index/best_list.h"
#include "services/pairing/matching/index/investor_index.h"
#include "tests/bench/engine/measure.h"
#include "tests/bench/engine/scan_engine.h"

namespace tandem::bench {

using pairing::matching::BatchOrder;
using pairing::matching::BestList;
using pairing::matching::InvestorForm;
using pairing::matching::InvestorIndex;
using pairing::matching::TopList;

void RunBatch(const MarketData& market, const OurEngine& ours, Report* report) {
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  const auto snapshot = ours.snapshot();
  std::atomic<uint32_t> next = 0;
  std::atomic<uint64_t> entries = 0;
  const Stopwatch all;
  std::vector<const InvestorForm*> forms;
  for (const auto& form : market.forms) forms.push_back(form.get());
  const std::vector<uint32_t> order = BatchOrder(forms);
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < cores; ++i) {
    threads.emplace_back([&] {
      constexpr uint32_t kTake = 64;
      const auto count = static_cast<uint32_t>(order.size());
      for (uint32_t from = next.fetch_add(kTake); from < count; from = next.fetch_add(kTake)) {
        for (uint32_t at = from; at < std::min(from + kTake, count); ++at) {
          const uint32_t investor = order[at];
          entries += snapshot->Top(*market.forms[investor], investor, kListLength, market.extras.get()).best.size();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double seconds = all.seconds();
  report->Say(absl::StrFormat("batch      %u lists on %u threads in %.2f s: %.0f lists/s", market.forms.size(), cores,
                              seconds, static_cast<double>(market.forms.size()) / seconds));
  report->Record({{"record", "batch"},
                  {"market", market.title},
                  {"lists", market.forms.size()},
                  {"threads", cores},
                  {"seconds", seconds},
                  {"entries", entries.load()}});
}

ReverseResult RunReverse(const MarketData& market, size_t queries, size_t scanned, uint64_t seed, Report* report) {
  const NameOrder order(market.investor_names);
  const Stopwatch build;
  InvestorIndex index(&order);
  for (uint32_t investor = 0; investor < market.forms.size(); ++investor) index.Put(investor, market.forms[investor]);
  const auto snapshot = index.Publish();
  const double build_seconds = build.seconds();
  ReverseResult result;
  std::vector<double> times;
  for (const uint32_t project : Sample(market.live_projects, queries, seed)) {
    const Stopwatch one;
    const TopList list = snapshot->Top(market.rows[project], project, kListLength, market.extras.get());
    times.push_back(one.microseconds());
    if (result.queries++ >= scanned) continue;
    BestList expected(kListLength, &order);
    for (uint32_t investor = 0; investor < market.forms.size(); ++investor) {
      const std::optional<int32_t> score = PairScore(market, market.rows[project], project, investor);
      if (score.has_value()) expected.Offer({investor, *score});
    }
    if (!SameList("investors of a project", project, expected.Take(), list.best)) ++result.mismatches;
  }
  const double p50 = Percentile(times, 50), p99 = Percentile(times, 99);
  const double bytes =
      static_cast<double>(index.memory()) / static_cast<double>(std::max<size_t>(1, market.forms.size()));
  report->Say(absl::StrFormat(
      "reverse    investors of a project: queries %u p50 %.1f us p99 %.1f us mean %.1f us, build %.2f s, %.0f "
      "B/investor, wrong %u of %u",
      times.size(), p50, p99, Mean(times), build_seconds, bytes, result.mismatches, std::min(scanned, times.size())));
  report->Record({{"record", "reverse"},
                  {"market", market.title},
                  {"queries", times.size()},
                  {"p50_us", p50},
                  {"p99_us", p99},
                  {"mean_us", Mean(times)},
                  {"build_s", build_seconds},
                  {"bytes_per_investor", bytes},
                  {"mismatches", result.mismatches}});
  return result;
}

}  // namespace tandem::bench
