#include "tests/fault/results.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tandem::check {
namespace {

using nlohmann::json;

constexpr double kRedisBudgetMs = 5;  // the most that Redis may cost a read
constexpr int64_t kEnough = 20;       // times of a fault, for a percentile to say something
constexpr char kSabotage[] = "sabotage";

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double Max(const std::vector<double>& values) {
  return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

json ToJson(const Latency& latency) {
  return {{"count", latency.count}, {"p50_us", latency.p50_us}, {"p99_us", latency.p99_us}, {"max_us", latency.max_us}};
}

json ToJson(const FaultRow& row) {
  return {{"count", row.count},
          {"changed", row.changed},
          {"failed_reads", row.failed_reads},
          {"failed_writes", row.failed_writes},
          {"reads", ToJson(row.reads)},
          {"first_ack", row.first_ack},
          {"all_done", row.all_done}};
}

// What all runs showed of one fault.
struct FaultTotal {
  int64_t count = 0, changed = 0, failed = 0, reads = 0;
  std::vector<double> p50, p99, misses_p99;  // milliseconds, one for each run
  std::vector<double> first_ack, all_done;   // seconds, one for each time
};

}  // namespace

absl::StatusOr<Results> Results::Open(const std::string& file) {
  Results results;
  results.file_ = file;
  if (file.empty()) return results;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    json parsed = json::parse(line, nullptr, false);
    if (!parsed.is_object() || !parsed.contains("mode") || !parsed.contains("seed")) {
      return absl::FailedPreconditionError(absl::StrCat("--results ", file, " holds a line that is no run: ", line));
    }
    results.lines_.push_back(std::move(parsed));
  }
  return results;
}

bool Results::Has(const std::string& mode, uint64_t seed, const std::string& name) const {
  return std::any_of(lines_.begin(), lines_.end(), [&](const json& line) {
    return line["mode"] == mode && line["seed"] == seed && line.value("name", "") == name;
  });
}

absl::Status Results::Append(json line) {
  lines_.push_back(std::move(line));
  if (file_.empty()) return absl::OkStatus();
  std::ofstream out(file_, std::ios::app);
  out << lines_.back().dump() << "\n" << std::flush;
  return out ? absl::OkStatus() : absl::FailedPreconditionError(absl::StrCat("cannot write --results ", file_));
}

absl::Status Results::Add(const RunResult& run) {
  const Verdict& verdict = run.verdict;
  json line = {{"mode", run.mode},
               {"seed", run.seed},
               {"kills", run.kills},
               {"acked", verdict.acked},
               {"lost", verdict.lost + verdict.half},
               {"reads", verdict.reads},
               {"stale", verdict.stale},
               {"wrong", verdict.wrong},
               {"watch_faults", verdict.watch_faults},
               {"failed_reads", verdict.failed_reads},
               {"failed_writes", verdict.failed_writes},
               {"unchecked", verdict.unchecked},
               {"misses", ToJson(run.misses)},
               {"points", run.points},
               {"unpassed", run.unpassed},
               {"seconds", run.seconds},
               {"complaints", run.complaints}};
  for (const auto& [name, row] : run.faults) line["faults"][name] = ToJson(row);
  return Append(std::move(line));
}

absl::Status Results::Add(const SabotageRun& sabotage) {
  return Append({{"mode", kSabotage},
                 {"seed", sabotage.seed},
                 {"name", sabotage.name},
                 {"caught", sabotage.caught},
                 {"seconds", sabotage.seconds},
                 {"how", sabotage.how}});
}

int64_t Results::Sum(const char* field) const {
  int64_t sum = 0;
  for (const json& line : lines_) sum += line.value(field, int64_t{0});
  return sum;
}

void Results::PrintFaults(std::FILE* out) const {
  std::map<std::string, FaultTotal> totals;
  for (const json& line : lines_) {
    if (!line.contains("faults")) continue;
    for (const auto& [name, row] : line["faults"].items()) {
      FaultTotal& total = totals[name];
      total.count += row["count"].get<int64_t>();
      total.changed += row["changed"].get<int64_t>();
      total.failed += row["failed_reads"].get<int64_t>() + row["failed_writes"].get<int64_t>();
      total.reads += row["reads"]["count"].get<int64_t>();
      total.p50.push_back(row["reads"]["p50_us"].get<double>() / 1000);
      total.p99.push_back(row["reads"]["p99_us"].get<double>() / 1000);
      total.misses_p99.push_back(line["misses"]["p99_us"].get<double>() / 1000);
      for (const double seconds : row["first_ack"]) total.first_ack.push_back(seconds);
      for (const double seconds : row["all_done"]) total.all_done.push_back(seconds);
    }
  }
  if (totals.empty()) return;
  absl::FPrintF(out, "%-26s %6s %8s %7s %8s %8s %8s %14s\n", "during the fault", "count", "reads", "failed", "changed",
                "p50 ms", "p99 ms", "misses+5 ms");
  for (const auto& [name, total] : totals) {
    if (!total.first_ack.empty()) continue;
    const double p99 = Median(total.p99), bound = Median(total.misses_p99) + kRedisBudgetMs;
    absl::FPrintF(out, "%-26s %6d %8d %7d %8d %8.2f %8.2f %14.2f%s\n", name, total.count, total.reads, total.failed,
                  total.changed, Median(total.p50), p99, bound,
                  total.count >= kEnough && absl::StartsWith(name, "redis") && p99 > bound ? "  above" : "");
  }
  absl::FPrintF(out, "%-26s %6s %8s %23s %23s\n", "after the fault", "count", "failed", "first write, s: median",
                "all answered: median");
  for (const auto& [name, total] : totals) {
    if (total.first_ack.empty()) continue;
    absl::FPrintF(out, "%-26s %6d %8d %14.2f (max %5.1f) %10.2f (max %5.1f)\n", name, total.count, total.failed,
                  Median(total.first_ack), Max(total.first_ack), Median(total.all_done), Max(total.all_done));
  }
}

void Results::PrintPoints(std::FILE* out) const {
  std::map<std::string, int64_t> points;
  for (const json& line : lines_) {
    if (!line.contains("points")) continue;
    for (const auto& [point, ends] : line["points"].items()) points[point] += ends.get<int64_t>();
    for (const auto& point : line["unpassed"]) points.emplace(point.get<std::string>() + " (nobody)", 0);
  }
  // A point that one run did not meet may have been met by another.
  for (auto entry = points.begin(); entry != points.end();) {
    const size_t nobody = entry->first.find(" (nobody)");
    const std::string point = entry->first.substr(0, nobody) + " ";
    const bool met = nobody != std::string::npos && std::any_of(points.begin(), points.end(), [&](const auto& other) {
                       return other.second > 0 && absl::StartsWith(other.first, point);
                     });
    entry = met ? points.erase(entry) : std::next(entry);
  }
  if (!points.empty()) absl::FPrintF(out, "%-56s %6s\n", "kill -9 at a point, of", "count");
  for (const auto& [point, ends] : points) absl::FPrintF(out, "%-56s %6d\n", point, ends);
}

void Results::Print(std::FILE* out) const {
  PrintPoints(out);
  PrintFaults(out);
  int64_t sabotages = 0, caught = 0;
  double seconds = 0;
  for (const json& line : lines_) {
    seconds += line.value("seconds", 0.0);
    if (line["mode"] != kSabotage) continue;
    ++sabotages;
    if (line.value("caught", false)) ++caught;
  }
  absl::FPrintF(out,
                "%d runs, %.0f s; failed calls that the checks allow: %d reads, %d writes; unchecked answers: %d\n",
                lines_.size(), seconds, Sum("failed_reads"), Sum("failed_writes"), Sum("unchecked"));
  absl::FPrintF(out, "check kills=%d acked=%d lost=%d reads=%d stale=%d wrong=%d sabotages=%d/%d\n", Sum("kills"),
                Sum("acked"), Sum("lost"), Sum("reads"), Sum("stale"), Sum("wrong"), caught, sabotages);
}

bool Results::ok() const {
  return std::all_of(lines_.begin(), lines_.end(), [](const json& line) {
    if (line["mode"] == kSabotage) return line.value("caught", false);
    const auto complaints = line.find("complaints");
    return complaints == line.end() || complaints->empty();
  });
}

}  // namespace tandem::check
