// What each signal is worth: learns profiles that do without one, and measures them on the inner temporal split.
#include <chrono>
#include <cstdio>
#include <sys/utsname.h>
#include <thread>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "common/base/civil_date.h"
#include "common/base/status.h"
#include "services/pairing/matching/learning/trainer.h"
#include "services/pairing/matching/market.h"
#include "tests/bench/eval/invest_folder.h"

namespace tandem::eval {
namespace {

namespace m = pairing::matching;

struct Signal {
  const char* name;
  std::vector<m::Feature> features;
};

// As people would name them; a signal is what several features say of one thing.
std::vector<Signal> Signals() {
  return {
      {"nothing", {}},
      {"sectors", {m::kSectorBayes, m::kSectorCosine}},
      {"stage of development", {m::kStage}},
      {"round", {m::kRound, m::kRoundRecent, m::kRegionRound}},
      {"first or later round", {m::kHistory}},
      {"ask", {m::kAskStated, m::kAskNormal, m::kAskDensity}},
      {"place", {m::kCountry, m::kRegion, m::kCity, m::kRegionRound}},
      {"activity", {m::kActivityQuarter, m::kActivityHalfYear, m::kActivityYear, m::kDealCount, m::kLastDeal}},
      {"co-investors", {m::kCoInvestors, m::kSuccession}},
      {"demand correction", {m::kDemand}},
  };
}

m::Market MarketOf(const InvestFolder& folder) {
  m::Market market(folder.edition.name());
  market.SetEdition(folder.edition);
  for (size_t i = 0; i < folder.investors.size(); ++i) {
    investors::v1::Investor investor = folder.investors[i];
    investor.set_name(absl::StrCat(folder.edition.name(), "/investors/", i));
    market.PutInvestor(std::move(investor));
  }
  size_t number = 0;
  for (investors::v1::Deal deal : folder.deals) {
    deal.set_name(absl::StrCat(folder.edition.name(), "/deals/", ++number));
    market.PutDeal(std::move(deal));
  }
  market.Settle();
  pairing::v1::Statistics statistics = market.CountStatistics();
  statistics.set_number(1);
  market.SetStatistics(statistics);
  market.Settle();
  return market;
}

absl::Status Run(const std::string& path, int threads) {
  utsname name = {};
  uname(&name);
  std::printf("machine: %s, %u processors\ndate: %s\ninput: %s\n", name.machine, std::thread::hardware_concurrency(),
              absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::Now(), absl::UTCTimeZone()).c_str(), path.c_str());
  TANDEM_ASSIGN_OR_RETURN(const InvestFolder folder, ReadInvestFolder(path, "ablation"));
  const m::Market market = MarketOf(folder);
  const m::TrainingInput input = m::TrainingInputOf(market);
  std::printf("%-22s %10s %10s %10s %10s %8s\n", "without", "A log loss", "A rec@10", "B log loss", "B rec@10",
              "seconds");
  for (const Signal& signal : Signals()) {
    m::TrainingOptions options;
    options.seed = 1;
    options.threads = threads;
    TANDEM_ASSIGN_OR_RETURN(options.as_of_day, ParseDate(folder.edition.reference_date()));
    options.left_out = signal.features;
    const auto started = std::chrono::steady_clock::now();
    TANDEM_ASSIGN_OR_RETURN(const m::TrainingResult result, m::Train(input, options, nullptr));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    const auto unit = [](int64_t millionths) { return static_cast<double>(millionths) / 1e6; };
    const m::TaskMetrics& a = result.fitted.investors_for_project;
    const m::TaskMetrics& b = result.fitted.projects_for_investor;
    std::printf("%-22s %10.4f %10.4f %10.4f %10.4f %8.1f\n", signal.name, unit(a.log_loss), unit(a.recall_at_10),
                unit(b.log_loss), unit(b.recall_at_10), seconds);
    std::fflush(stdout);
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace tandem::eval

int main(int argc, char** argv) {
  std::string folder;
  int threads = 2;
  CLI::App app("Learns profiles from a folder of deals, each without one signal, and says how good they are.");
  app.add_option("DIR", folder, "Folder as for `tools/eval invest`")->required();
  app.add_option("--threads", threads, "Threads that learn")->capture_default_str()->check(CLI::Range(1, 64));
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = tandem::eval::Run(folder, threads);
  if (status.ok()) return 0;
  std::fprintf(stderr, "tandem-ablation-bench: %s\n", std::string(status.message()).c_str());
  return 1;
}
