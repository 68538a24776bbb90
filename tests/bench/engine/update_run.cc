#include "tests/bench/engine/update_run.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"

#include "services/pairing/matching/index/best_list.h"
#include "services/pairing/matching/index/top_lists.h"
#include "tests/bench/engine/measure.h"
#include "tests/bench/engine/scan_engine.h"

namespace tandem::bench {
namespace {

using pairing::matching::BestList;
using pairing::matching::kAskColumn;
using pairing::matching::kStageColumn;
using pairing::matching::ProjectIndexSnapshot;
using pairing::matching::ProjectRow;
using pairing::matching::Scored;
using pairing::matching::TopLists;

enum Kind : size_t { kNew, kEdit, kTick, kRemoval, kKinds };
constexpr std::array<const char*, kKinds> kKindNames = {"new", "edit", "tick", "removal"};

// Draws changes and knows the rows as they are.
class ChangingMarket {
 public:
  ChangingMarket(const MarketData& market, uint64_t seed) : rows_(market.rows), random_(seed) {
    for (uint32_t slot = 0; slot < rows_.size(); ++slot)
      (slot < market.live_projects ? live_ : waiting_).push_back(slot);
  }

  struct Change {
    Kind kind = kNew;
    uint32_t project = 0;
    const ProjectRow* row = nullptr;  // null: removed. Valid until the next change.
  };

  Change Next() {
    const uint64_t dice = random_() % 100;
    Kind kind = dice < 40 ? kNew : dice < 70 ? kEdit : dice < 90 ? kTick : kRemoval;
    if (kind == kNew && waiting_.empty()) kind = kRemoval;
    if (kind != kNew && live_.empty()) kind = kNew;
    if (kind == kNew) {
      const uint32_t project = Take(&waiting_);
      live_.push_back(project);
      return {kind, project, &rows_[project]};
    }
    if (kind == kRemoval) {
      const uint32_t project = Take(&live_);
      waiting_.push_back(project);
      return {kind, project, nullptr};
    }
    const uint32_t project = live_[random_() % live_.size()];
    ProjectRow& row = rows_[project];
    if (kind == kTick) {
      row.points = static_cast<int16_t>(std::clamp(row.points + static_cast<int>(random_() % 41) - 20, -30000, 30000));
    } else {
      // The stage and the ask of another project.
      const ProjectRow& other = rows_[random_() % rows_.size()];
      row.codes[kStageColumn] = other.codes[kStageColumn];
      row.codes[kAskColumn] = other.codes[kAskColumn];
      row.ask_least = other.ask_least;
      row.ask_most = other.ask_most;
    }
    return {kind, project, &row};
  }

  const std::vector<uint32_t>& live() const { return live_; }
  const ProjectRow& row(uint32_t project) const { return rows_[project]; }

 private:
  uint32_t Take(std::vector<uint32_t>* from) {
    std::swap((*from)[random_() % from->size()], from->back());
    const uint32_t slot = from->back();
    from->pop_back();
    return slot;
  }

  std::vector<ProjectRow> rows_;
  std::vector<uint32_t> live_, waiting_;
  std::mt19937_64 random_;
};

class UpdateRun {
 public:
  UpdateRun(const MarketData& market, OurEngine* ours, const UpdateRunOptions& options, Report* report)
      : market_(market),
        ours_(ours),
        options_(options),
        report_(report),
        changing_(market, options.seed),
        lists_(TopLists::Options{kListLength, kListLength * 3 / 2}, ours->order(),
               [this](uint32_t investor, size_t k) {
                 return ours_->snapshot()->Top(*market_.forms[investor], investor, k, market_.extras.get()).best;
               }),
        published_(ours->snapshot()) {}

  UpdateRunResult Run() {
    report_->Progress(absl::StrFormat("%s: filling the lists of %u investors", market_.title, market_.forms.size()));
    const Stopwatch fill;
    for (uint32_t investor = 0; investor < market_.forms.size(); ++investor)
      lists_.InvestorChanged(investor, market_.forms[investor]);
    report_->Say(absl::StrFormat(
        "top lists  %u filled in %.2f s, %.0f B/investor", market_.forms.size(), fill.seconds(),
        static_cast<double>(lists_.memory().total()) / static_cast<double>(std::max<size_t>(1, market_.forms.size()))));
    Updates();
    Readers();
    Check();
    return result_;
  }

 private:
  // One change through the index and the lists; returns how many lists it changed.
  size_t Apply(const ChangingMarket::Change& change) {
    ours_->Change(change.project, change.row);
    ours_->Publish();
    return lists_.ProjectChanged(change.project, change.row, market_.extras.get()).size();
  }

  void Updates() {
    report_->Progress(market_.title + ": updates");
    std::array<std::vector<double>, kKinds> times, affected;
    std::vector<double> all_times, all_affected;
    double busy = 0;
    const TopLists::Counters before = lists_.counters();
    const Stopwatch whole;
    while (whole.seconds() < options_.seconds) {
      const ChangingMarket::Change change = changing_.Next();
      const ThreadStopwatch one;
      const auto touched = static_cast<double>(Apply(change));
      const double took = one.microseconds();
      busy += took;
      times[change.kind].push_back(took);
      affected[change.kind].push_back(touched);
      all_times.push_back(took);
      all_affected.push_back(touched);
    }
    result_.updates_per_s = static_cast<double>(all_times.size()) / (busy / 1e6);
    report_->Say(absl::StrFormat("%-10s %9s %9s %9s %9s %9s %10s %10s %10s", "updates", "count", "mean us", "p50 us",
                                 "p99 us", "per s", "lists mean", "lists p99", "lists max"));
    for (size_t kind = 0; kind < kKinds; ++kind) UpdateLine(kKindNames[kind], times[kind], affected[kind]);
    UpdateLine("mixed", all_times, all_affected);
    Counters(before, static_cast<double>(std::max<size_t>(1, all_times.size())));
  }

  // What a change looked at, on average.
  void Counters(const TopLists::Counters& before, double changes) {
    const TopLists::Counters& after = lists_.counters();
    const auto each = [&](uint64_t b, uint64_t a) { return static_cast<double>(a - b) / changes; };
    report_->Say(absl::StrFormat(
        "a change   postings %.0f, passed the filter %.0f, reached the bound %.1f, inserted %.1f, refills %.4f",
        each(before.postings, after.postings), each(before.filtered, after.filtered),
        each(before.bounded, after.bounded), each(before.inserted, after.inserted),
        each(before.refills, after.refills)));
  }

  void UpdateLine(const std::string& kind, const std::vector<double>& times, const std::vector<double>& affected) {
    const double mean = Mean(times), per_second = mean == 0 ? 0 : 1e6 / mean;
    report_->Say(absl::StrFormat("%-10s %9u %9.1f %9.1f %9.1f %9.0f %10.1f %10.0f %10.0f", kind, times.size(), mean,
                                 Percentile(times, 50), Percentile(times, 99), per_second, Mean(affected),
                                 Percentile(affected, 99), Percentile(affected, 100)));
    report_->Record({{"record", "updates"},
                     {"market", market_.title},
                     {"kind", kind},
                     {"count", times.size()},
                     {"mean_us", mean},
                     {"p50_us", Percentile(times, 50)},
                     {"p99_us", Percentile(times, 99)},
                     {"per_s", per_second},
                     {"lists_mean", Mean(affected)},
                     {"lists_p99", Percentile(affected, 99)},
                     {"lists_max", Percentile(affected, 100)}});
  }

  struct ReadTimes {
    std::vector<double> wall, processor;  // microseconds
  };

  // Queries of one reader on whatever is published, for some time.
  ReadTimes Read() {
    const std::vector<uint32_t> investors = Sample(market_.forms.size(), 4096, options_.seed + 1);
    ReadTimes times;
    const Stopwatch whole;
    for (size_t i = 0; !investors.empty() && whole.seconds() < options_.seconds / 2; ++i) {
      const uint32_t investor = investors[i % investors.size()];
      const Stopwatch wall;
      const ThreadStopwatch processor;
      const std::shared_ptr<const ProjectIndexSnapshot> snapshot = published_.load();
      snapshot->Top(*market_.forms[investor], investor, kListLength, market_.extras.get());
      times.processor.push_back(processor.microseconds());
      times.wall.push_back(wall.microseconds());
    }
    return times;
  }

  void Readers() {
    report_->Progress(market_.title + ": readers, alone and under updates");
    published_ = ours_->snapshot();
    const ReadTimes alone = Read();
    std::atomic<bool> over = false;
    std::atomic<uint64_t> written = 0;
    const Stopwatch writing;
    std::thread writer([&] {
      const auto begin = std::chrono::steady_clock::now();
      while (!over) {
        const double due = static_cast<double>(written) / options_.reader_updates_per_s;
        std::this_thread::sleep_until(
            begin + std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(due)));
        Apply(changing_.Next());
        published_ = ours_->snapshot();
        ++written;
      }
    });
    const ReadTimes under = Read();
    over = true;
    const double rate = static_cast<double>(written) / writing.seconds();
    writer.join();
    ReadLine("alone", 0, alone);
    ReadLine("updated", rate, under);
  }

  void ReadLine(const std::string& kind, double updates_per_s, const ReadTimes& times) {
    report_->Say(absl::StrFormat(
        "readers    %-8s at %5.0f updates/s: p50 %.1f us p99 %.1f us; on the processor p50 %.1f us p99 %.1f us", kind,
        updates_per_s, Percentile(times.wall, 50), Percentile(times.wall, 99), Percentile(times.processor, 50),
        Percentile(times.processor, 99)));
    report_->Record({{"record", "readers"},
                     {"market", market_.title},
                     {"kind", kind},
                     {"updates_per_s", updates_per_s},
                     {"queries", times.wall.size()},
                     {"p50_us", Percentile(times.wall, 50)},
                     {"p99_us", Percentile(times.wall, 99)},
                     {"processor_p50_us", Percentile(times.processor, 50)},
                     {"processor_p99_us", Percentile(times.processor, 99)}});
  }

  // The lists that the updates kept, against fresh queries and against the definition.
  void Check() {
    report_->Progress(market_.title + ": checking the lists after the updates");
    size_t number = 0;
    for (const uint32_t investor : Sample(market_.forms.size(), options_.checked_lists, options_.seed + 2)) {
      const std::vector<Scored> kept = lists_.List(investor);
      const auto fresh =
          ours_->snapshot()->Top(*market_.forms[investor], investor, kListLength, market_.extras.get()).best;
      if (!SameList("kept lists", investor, fresh, kept)) ++result_.mismatches;
      ++result_.lists;
      if (number++ % 10 != 0) continue;
      BestList expected(kListLength, ours_->order());
      for (const uint32_t project : changing_.live()) {
        const std::optional<int32_t> score = PairScore(market_, changing_.row(project), project, investor);
        if (score.has_value()) expected.Offer({project, *score});
      }
      if (!SameList("query after updates", investor, expected.Take(), fresh)) ++result_.mismatches;
    }
  }

  const MarketData& market_;
  OurEngine* const ours_;
  const UpdateRunOptions& options_;
  Report* const report_;
  ChangingMarket changing_;
  TopLists lists_;
  std::atomic<std::shared_ptr<const ProjectIndexSnapshot>> published_;
  UpdateRunResult result_;
};

}  // namespace

UpdateRunResult RunUpdates(const MarketData& market, OurEngine* ours, const UpdateRunOptions& options, Report* report) {
  return UpdateRun(market, ours, options, report).Run();
}

}  // namespace tandem::bench
