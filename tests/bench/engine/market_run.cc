#include "tests/bench/engine/market_run.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "tests/bench/engine/measure.h"
#include "tests/bench/engine/scan_engine.h"
#include "tests/bench/engine/statistics.h"

namespace tandem::bench {
namespace {

// What a candidate that passes the gates costs at the least: one row of codes and the bytes around it.
constexpr double kBytesPerCandidate = 32;

class MarketRun {
 public:
  MarketRun(const MarketData& market, const MarketRunOptions& options, Report* report)
      : market_(market),
        options_(options),
        report_(report),
        investors_(Sample(market.forms.size(), options.queries, options.seed)) {}

  bool Ours(Engine* ours) {
    report_->Progress(absl::StrCat(market_.title, ": our queries"));
    auto run = RunQueries(ours, investors_, options_.our_seconds);
    if (!run.ok()) return Fail(ours->name(), run.status());
    ours_ = *std::move(run);
    investors_.resize(ours_.lists.size());
    report_->Say(absl::StrFormat("%-10s %8s %10s %10s %10s %9s %8s %6s %10s %10s", "engine", "queries", "p50 us",
                                 "p99 us", "mean us", "build s", "B/proj", "wrong", "p50 ratio", "p99 ratio"));
    Line(*ours, ours_.microseconds, ours_.microseconds, 0);
    Floor();
    result_.p50_us = Percentile(ours_.microseconds, 50);
    result_.p99_us = Percentile(ours_.microseconds, 99);
    result_.queries = investors_.size();
    return true;
  }

  void Alternative(Engine* engine, size_t most_queries) {
    report_->Progress(absl::StrCat(market_.title, ": building ", engine->name()));
    build_seconds_ = 0;
    const Stopwatch build;
    const absl::Status built = engine->Build(market_);
    if (absl::IsUnavailable(built) || absl::IsUnimplemented(built)) {
      report_->Say(absl::StrFormat("%-10s skipped: %s", engine->name(), std::string(built.message())));
      report_->Record({{"record", "skipped"},
                       {"market", market_.title},
                       {"engine", engine->name()},
                       {"why", std::string(built.message())}});
      return;
    }
    if (!built.ok()) {
      Fail(engine->name(), built);
      return;
    }
    build_seconds_ = build.seconds();
    report_->Progress(absl::StrCat(market_.title, ": queries of ", engine->name()));
    const std::vector<uint32_t> investors(
        investors_.begin(), investors_.begin() + static_cast<ptrdiff_t>(std::min(most_queries, investors_.size())));
    auto run = RunQueries(engine, investors, options_.alternative_seconds);
    if (!run.ok()) {
      Fail(engine->name(), run.status());
      return;
    }
    uint64_t wrong = 0;
    for (size_t i = 0; i < run->lists.size(); ++i) {
      const bool counts = run->lists[i].passed == 0 || run->lists[i].passed == ours_.lists[i].passed;  // 0: not counted
      if (!counts || !SameList(engine->name(), investors[i], ours_.lists[i].best, run->lists[i].best)) ++wrong;
    }
    result_.mismatches += wrong;
    result_.queries += run->lists.size();
    const std::vector<double> same(ours_.microseconds.begin(),
                                   ours_.microseconds.begin() + static_cast<ptrdiff_t>(run->lists.size()));
    const auto [p50, p99] = Line(*engine, run->microseconds, same, wrong);
    if (!absl::StartsWith(engine->name(), "pg")) return;
    result_.p50_ratio = result_.p50_ratio == 0 ? p50 : std::min(result_.p50_ratio, p50);
    result_.p99_ratio = result_.p99_ratio == 0 ? p99 : std::min(result_.p99_ratio, p99);
  }

  void ByDecile() {
    std::vector<Measured> measured;
    for (size_t i = 0; i < investors_.size(); ++i) measured.push_back({ours_.microseconds[i], ours_.lists[i].passed});
    report_->Say(absl::StrFormat("%-10s %12s %12s %10s %10s %10s", "decile", "passed from", "to", "p50 us", "p99 us",
                                 "floor us"));
    int number = 0;
    for (const Decile& decile : Deciles(std::move(measured))) {
      const double floor = Floor(decile.most_passed);
      report_->Say(absl::StrFormat("%-10d %12u %12u %10.1f %10.1f %10.2f", ++number, decile.least_passed,
                                   decile.most_passed, decile.p50, decile.p99, floor));
      report_->Record({{"record", "decile"},
                       {"market", market_.title},
                       {"decile", number},
                       {"passed_least", decile.least_passed},
                       {"passed_most", decile.most_passed},
                       {"queries", decile.queries},
                       {"p50_us", decile.p50},
                       {"p99_us", decile.p99},
                       {"floor_us", floor}});
    }
  }

  void set_build_seconds(double seconds) { build_seconds_ = seconds; }
  const MarketRunResult& result() const { return result_; }

 private:
  bool Fail(const std::string& engine, const absl::Status& status) {
    report_->Say(absl::StrFormat("%-10s FAILED: %s", engine, std::string(status.message())));
    result_.failed = true;
    return false;
  }

  double Floor(double passed) const {
    return options_.bandwidth == 0 ? 0 : passed * kBytesPerCandidate / options_.bandwidth * 1e6;
  }

  void Floor() {
    std::vector<double> floors, shares;
    for (const auto& list : ours_.lists) {
      floors.push_back(Floor(list.passed));
      shares.push_back(100.0 * list.passed / static_cast<double>(std::max<size_t>(1, market_.live_projects)));
    }
    const double p50 = Percentile(floors, 50), p99 = Percentile(floors, 99);
    report_->Say(
        absl::StrFormat("%-10s %8s %10.2f %10.2f %10.2f    candidates x %.0f B over bandwidth; passed: mean %.2f %%, "
                        "p50 %.2f %%, p99 %.2f %%",
                        "floor", "", p50, p99, Mean(floors), kBytesPerCandidate, Mean(shares), Percentile(shares, 50),
                        Percentile(shares, 99)));
    report_->Record({{"record", "floor"},
                     {"market", market_.title},
                     {"p50_us", p50},
                     {"p99_us", p99},
                     {"mean_us", Mean(floors)},
                     {"passed_percent_mean", Mean(shares)},
                     {"passed_percent_p50", Percentile(shares, 50)},
                     {"passed_percent_p99", Percentile(shares, 99)}});
  }

  // Prints and records; returns how many times slower than ours over the same queries, at p50 and p99.
  std::pair<double, double> Line(const Engine& engine, const std::vector<double>& times,
                                 const std::vector<double>& ours, uint64_t wrong) {
    const double p50 = Percentile(times, 50), p99 = Percentile(times, 99);
    const double p50_ratio = p50 / std::max(1e-3, Percentile(ours, 50)),
                 p99_ratio = p99 / std::max(1e-3, Percentile(ours, 99));
    const double bytes =
        static_cast<double>(engine.bytes()) / static_cast<double>(std::max<size_t>(1, market_.live_projects));
    report_->Say(absl::StrFormat("%-10s %8u %10.1f %10.1f %10.1f %9.2f %8.0f %6u %10.1f %10.1f", engine.name(),
                                 times.size(), p50, p99, Mean(times), build_seconds_, bytes, wrong, p50_ratio,
                                 p99_ratio));
    report_->Record({{"record", "engine"},
                     {"market", market_.title},
                     {"engine", engine.name()},
                     {"projects", market_.live_projects},
                     {"investors", market_.forms.size()},
                     {"queries", times.size()},
                     {"p50_us", p50},
                     {"p99_us", p99},
                     {"mean_us", Mean(times)},
                     {"build_s", build_seconds_},
                     {"bytes_per_project", bytes},
                     {"mismatches", wrong},
                     {"p50_ratio", p50_ratio},
                     {"p99_ratio", p99_ratio}});
    return {p50_ratio, p99_ratio};
  }

  const MarketData& market_;
  const MarketRunOptions& options_;
  Report* const report_;
  std::vector<uint32_t> investors_;
  QueryRun ours_;
  double build_seconds_ = 0;
  MarketRunResult result_;
};

}  // namespace

MarketRunResult RunMarket(const MarketData& market, Engine* ours, std::vector<std::unique_ptr<Engine>> alternatives,
                          const MarketRunOptions& options, Report* report) {
  report->Say("");
  report->Say(absl::StrFormat("== %s: %u projects, %u investors, %s", market.title, market.live_projects,
                              market.forms.size(), market.source));
  MarketRun run(market, options, report);
  report->Progress(absl::StrCat(market.title, ": building ours"));
  const Stopwatch build;
  if (const absl::Status built = ours->Build(market); !built.ok()) {
    report->Say(absl::StrFormat("%s FAILED: %s", ours->name(), std::string(built.message())));
    MarketRunResult failed;
    failed.failed = true;
    return failed;
  }
  run.set_build_seconds(build.seconds());
  if (!run.Ours(ours)) return run.result();
  run.Alternative(MakeScanEngine().get(), options.scanned_queries);
  for (std::unique_ptr<Engine>& alternative : alternatives) {
    run.Alternative(alternative.get(), options.alternative_queries);
    alternative.reset();
  }
  run.ByDecile();
  return run.result();
}

}  // namespace tandem::bench
