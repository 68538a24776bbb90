// Compares our engine with alternatives: the same run, the same data, the same answers. See README.md.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

#include "tests/bench/engine/bandwidth.h"
#include "tests/bench/engine/edition_market.h"
#include "tests/bench/engine/generator.h"
#include "tests/bench/engine/market_run.h"
#include "tests/bench/engine/our_engine.h"
#include "tests/bench/engine/our_run.h"
#include "tests/bench/engine/postgres_engine.h"
#include "tests/bench/engine/report.h"
#include "tests/bench/engine/served_run.h"
#include "tests/bench/engine/sqlite_engine.h"
#include "tests/bench/engine/update_run.h"
#include "tests/support/postgres/server.h"

namespace tandem::bench {
namespace {

struct Options {
  size_t projects = 1'000'000, investors = 100'000;
  size_t edition_projects = 0;
  bool text = false, ungated = false, quick = false;
  std::string json;
  uint64_t seed = 1;
  std::vector<std::string> only = {"ours", "pg", "sqlite"};

  bool Wants(const std::string& engine) const { return std::find(only.begin(), only.end(), engine) != only.end(); }
};

class EngineBench {
 public:
  EngineBench(const Options& options, Report* report) : options_(options), report_(report) {
    if (!options.Wants("pg")) return;
    auto server = PostgresServer::Start(PostgresEngineSettings());
    if (server.ok()) {
      server_ = *std::move(server);
    } else {
      report->Say(absl::StrCat("pg skipped: ", std::string(server.status().message())));
    }
  }

  // Whether every list was right.
  bool Run() {
    report_->Progress("measuring the memory");
    run_.bandwidth = MemoryBandwidth();
    run_.seed = options_.seed;
    if (options_.quick) {
      run_.alternative_queries = 100;
      run_.our_seconds = 5;
      run_.alternative_seconds = 4;
    }
    report_->Header(
        absl::StrFormat("generated markets: %u projects, %u investors, seed %u, lists of 50, engines %s",
                        options_.projects, options_.investors, options_.seed, absl::StrJoin(options_.only, ",")),
        run_.bandwidth);
    Gated();
    if (options_.ungated) Further(Generate(false, false, 0));
    if (options_.text) Further(Generate(true, true, 0));
    if (options_.edition_projects > 0) Edition();
    const bool right = !failed_ && totals_.mismatches == 0;
    report_->Record({{"record", "summary"},
                     {"queries", totals_.queries},
                     {"mismatches", totals_.mismatches},
                     {"p50_ratio", totals_.p50_ratio},
                     {"p99_ratio", totals_.p99_ratio},
                     {"p50_us", totals_.p50_us},
                     {"p99_us", totals_.p99_us},
                     {"updates_per_s", updates_per_s_}});
    report_->Say("");
    report_->Say(absl::StrFormat(
        "engine queries=%u mismatches=%u p50_ratio=%.1f p99_ratio=%.1f p50_us=%.1f p99_us=%.1f updates_per_s=%.0f",
        totals_.queries, totals_.mismatches, totals_.p50_ratio, totals_.p99_ratio, totals_.p50_us, totals_.p99_us,
        updates_per_s_));
    return right;
  }

 private:
  MarketData Generate(bool gates, bool text, size_t spare_projects) {
    GeneratorOptions generator;
    generator.projects = options_.projects;
    generator.investors = options_.investors;
    generator.spare_projects = spare_projects;
    generator.gates = gates;
    generator.text = text;
    generator.seed = options_.seed;
    report_->Progress("generating a market");
    return GenerateMarket(generator);
  }

  std::vector<std::unique_ptr<Engine>> Alternatives() const {
    std::vector<std::unique_ptr<Engine>> engines;
    if (server_ != nullptr) {
      engines.push_back(MakePostgresEngine(PostgresVariant::kGin, server_->connection()));
      engines.push_back(MakePostgresEngine(PostgresVariant::kExpert, server_->connection()));
    }
    if (options_.Wants("sqlite")) engines.push_back(MakeSqliteEngine());
    return engines;
  }

  // The market of the summary: everything is measured here.
  void Gated() {
    const MarketData market = Generate(true, false, std::max<size_t>(1000, options_.projects / 5));
    OurEngine ours;
    totals_ = RunMarket(market, &ours, Alternatives(), run_, report_);
    failed_ = totals_.failed;
    if (failed_) return;
    RunBatch(market, ours, report_);
    const ReverseResult reverse = RunReverse(market, run_.queries, run_.scanned_queries, options_.seed, report_);
    UpdateRunOptions updates;
    updates.seed = options_.seed;
    if (options_.quick) updates.seconds = 3;
    const UpdateRunResult updated = RunUpdates(market, &ours, updates, report_);
    totals_.queries += reverse.queries + updated.lists;
    totals_.mismatches += reverse.mismatches + updated.mismatches;
    updates_per_s_ = updated.updates_per_s;
  }

  // Another kind of market: queries in both directions and the batch.
  void Further(const MarketData& market) {
    OurEngine ours;
    MarketRunOptions run = run_;
    if (options_.quick) run.alternative_seconds = 3;
    const MarketRunResult result = RunMarket(market, &ours, Alternatives(), run, report_);
    failed_ = failed_ || result.failed;
    totals_.queries += result.queries;
    totals_.mismatches += result.mismatches;
    if (result.failed) return;
    if (!options_.quick || market.title != "ungated") RunBatch(market, ours, report_);
    const ReverseResult reverse = RunReverse(market, run.queries, run.scanned_queries, options_.seed, report_);
    totals_.queries += reverse.queries;
    totals_.mismatches += reverse.mismatches;
  }

  // Records through the same code as the service, by a learned profile.
  void Edition() {
    report_->Progress("making up an edition and learning its profile");
    const auto edition = MakeEditionMarket(options_.edition_projects,
                                           std::max<size_t>(500, options_.edition_projects / 10), options_.seed);
    if (!edition.ok()) {
      report_->Say(absl::StrCat("edition FAILED: ", std::string(edition.status().message())));
      failed_ = true;
      return;
    }
    Further(DataOf(*edition));
    const ServedResult served = RunServed(*edition, run_.queries, run_.scanned_queries, options_.seed, report_);
    totals_.queries += served.queries;
    totals_.mismatches += served.mismatches;
  }

  const Options& options_;
  Report* const report_;
  MarketRunOptions run_;
  std::unique_ptr<PostgresServer> server_;
  MarketRunResult totals_;
  double updates_per_s_ = 0;
  bool failed_ = false;
};

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("Our engine, PostgreSQL and SQLite on the same markets; a list that differs is a failure.");
  auto* projects =
      app.add_option("--projects", options.projects, "projects of a market")->check(CLI::Range(1, 100'000'000));
  auto* investors =
      app.add_option("--investors", options.investors, "investors of a market")->check(CLI::Range(1, 10'000'000));
  app.add_flag("--text", options.text, "also a market with texts");
  app.add_flag("--ungated", options.ungated, "also a market without hard gates");
  app.add_option(
      "--edition", options.edition_projects,
      "also an edition of so many projects, a tenth as many investors, and the profile that its deals teach");
  app.add_flag("--quick", options.quick,
               "100k projects, 10k investors, 10k of an edition, all markets, within two minutes");
  app.add_option("--json", options.json, "file for one JSON object a line");
  app.add_option("--seed", options.seed, "seed of the markets");
  app.add_option("--only", options.only, "engines, of ours,pg,sqlite; ours always runs")
      ->delimiter(',')
      ->check(CLI::IsMember({"ours", "pg", "sqlite"}));
  CLI11_PARSE(app, argc, argv);
  if (options.quick) {
    if (projects->empty()) options.projects = 100'000;
    if (investors->empty()) options.investors = 10'000;
    options.text = options.ungated = true;
    if (options.edition_projects == 0) options.edition_projects = 10'000;
  }
  Report report(options.json);
  if (!report.ok()) {
    std::fprintf(stderr, "cannot write --json %s; name a file in a folder that exists\n", options.json.c_str());
    return 2;
  }
  return EngineBench(options, &report).Run() ? 0 : 1;
}

}  // namespace
}  // namespace tandem::bench

int main(int argc, char** argv) { return tandem::bench::Main(argc, argv); }
