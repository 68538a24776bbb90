#include "tests/bench/engine/served_run.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"

#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/ranking.h"
#include "tests/bench/engine/measure.h"

namespace tandem::bench {
namespace {

using namespace pairing::matching;

template <typename Facts>
std::vector<std::shared_ptr<const Facts>> Drawn(const FactsTable<Facts>& table, size_t count, uint64_t seed) {
  std::vector<std::shared_ptr<const Facts>> all, drawn;
  table.ForEach([&](uint32_t, const std::shared_ptr<const Facts>& facts) {
    if (TakesPart(*facts)) all.push_back(facts);
  });
  for (const uint32_t at : Sample(all.size(), count, seed)) drawn.push_back(all[at]);
  return drawn;
}

bool Same(const RankedProject& a, const RankedProject& b) { return a.project == b.project && a.score == b.score; }
bool Same(const RankedInvestor& a, const RankedInvestor& b) { return a.investor == b.investor && a.score == b.score; }

template <typename Place>
bool SameBegin(const std::vector<Place>& whole, const std::vector<Place>& begin) {
  if (begin.size() != std::min(whole.size(), kListLength)) return false;
  return std::equal(begin.begin(), begin.end(), whole.begin(),
                    [](const Place& a, const Place& b) { return Same(a, b); });
}

// One direction: `top` is timed, `scan` is the truth.
template <typename Facts, typename Top, typename Scan>
ServedResult RunDirection(const char* what, const std::vector<std::shared_ptr<const Facts>>& subjects, size_t scanned,
                          const Top& top, const Scan& scan, Report* report) {
  ServedResult result;
  std::vector<double> times;
  for (const auto& subject : subjects) {
    double fastest = 0;
    Ranking ranking;
    for (int time = 0; time < 3; ++time) {
      const Stopwatch one;
      ranking = top(subject);
      const double took = one.microseconds();
      fastest = time == 0 ? took : std::min(fastest, took);
    }
    times.push_back(fastest);
    if (result.queries++ >= scanned) continue;
    const Ranking truth = scan(subject);
    if (SameBegin(truth.projects, ranking.projects) && SameBegin(truth.investors, ranking.investors) &&
        truth.passed == ranking.passed) {
      continue;
    }
    ++result.mismatches;
    std::fprintf(stderr, "served, %s: another list than the scan for %s\n", what, subject->record.name().c_str());
  }
  const double p50 = Percentile(times, 50), p99 = Percentile(times, 99);
  report->Say(absl::StrFormat("served     %s: queries %u p50 %.1f us p99 %.1f us mean %.1f us, wrong %u of %u", what,
                              times.size(), p50, p99, Mean(times), result.mismatches, std::min(scanned, times.size())));
  report->Record({{"record", "served"},
                  {"lists", what},
                  {"queries", times.size()},
                  {"p50_us", p50},
                  {"p99_us", p99},
                  {"mean_us", Mean(times)},
                  {"mismatches", result.mismatches}});
  return result;
}

}  // namespace

ServedResult RunServed(const EditionMarket& edition, size_t queries, size_t scanned, uint64_t seed, Report* report) {
  const MarketView& view = *edition.view;
  const int32_t day = view.context->reference_day;
  const auto projects = static_cast<double>(std::max<size_t>(1, view.project_index->size()));
  const auto investors = static_cast<double>(std::max<size_t>(1, view.investor_index->size()));
  report->Say(absl::StrFormat(
      "edition    records made up and compiled in %.2f s, profile learned in %.2f s, indexed in %.2f s; %.0f "
      "B/project, "
      "%.0f B/investor",
      edition.make_seconds, edition.train_seconds, edition.index_seconds,
      static_cast<double>(view.memory.projects) / projects, static_cast<double>(view.memory.investors) / investors));
  report->Record({{"record", "edition"},
                  {"make_s", edition.make_seconds},
                  {"train_s", edition.train_seconds},
                  {"index_s", edition.index_seconds},
                  {"bytes_per_project", static_cast<double>(view.memory.projects) / projects},
                  {"bytes_per_investor", static_cast<double>(view.memory.investors) / investors}});
  ServedResult result = RunDirection(
      "projects for an investor", Drawn(view.investors, queries, seed), scanned,
      [&](const auto& subject) { return TopProjects(view, subject, day, kListLength); },
      [&](const auto& subject) { return RankProjects(*edition.market, subject, day); }, report);
  const ServedResult reverse = RunDirection(
      "investors for a project", Drawn(view.projects, queries, seed), scanned,
      [&](const auto& subject) { return TopInvestors(view, subject, day, kListLength); },
      [&](const auto& subject) { return RankInvestors(*edition.market, subject, day); }, report);
  result.queries += reverse.queries;
  result.mismatches += reverse.mismatches;
  return result;
}

}  // namespace tandem::bench
