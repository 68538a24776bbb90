// Fits the weights of the shipped ranking profile to generated editions and prints them as they stand in profile.cc.
#include <cstdint>
#include <cstdio>

#include "CLI/CLI.hpp"

#include "tests/bench/learning/default_fit.h"

namespace tandem::pairing::matching {
namespace {

void Print(const FittedEdition& edition) {
  const auto percent = [](int64_t millionths) { return static_cast<double>(millionths) / 10'000; };
  const auto line = [&](const char* task, const TaskMetrics& fitted, const TaskMetrics& shipped) {
    std::fprintf(stderr, "  %-22s recall@10 %5.1f%%, shipped %5.1f%%; log-loss %.3f, shipped %.3f; %lld queries\n",
                 task, percent(fitted.recall_at_10), percent(shipped.recall_at_10),
                 static_cast<double>(fitted.log_loss) / 1e6, static_cast<double>(shipped.log_loss) / 1e6,
                 static_cast<long long>(fitted.queries));
  };
  std::fprintf(stderr, "edition of seed %lld: %lld deals, %lld choices\n", static_cast<long long>(edition.seed),
               static_cast<long long>(edition.counts.deals), static_cast<long long>(edition.counts.examples));
  line("investors for project", edition.fitted.investors_for_project, edition.shipped.investors_for_project);
  line("projects for investor", edition.fitted.projects_for_investor, edition.shipped.projects_for_investor);
}

int Run(int argc, char** argv) {
  CLI::App app("Fits the weights of the shipped ranking profile to generated editions: tools/bench default-profile.");
  DefaultFitOptions options;
  int64_t seed = 1;
  int editions = 12;
  app.add_option("--seed", seed, "seed of the first edition; the others count on")->capture_default_str();
  app.add_option("--editions", editions, "how many")->check(CLI::Range(1, 100))->capture_default_str();
  app.add_option("--projects", options.projects, "of each")->check(CLI::Range(0, 100'000))->capture_default_str();
  app.add_option("--investors", options.investors, "of each")->check(CLI::Range(1, 100'000))->capture_default_str();
  app.add_option("--threads", options.threads, "threads")->check(CLI::Range(1, 64))->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  for (int i = 0; i < editions; ++i) options.seeds.push_back(seed + i);
  const absl::StatusOr<DefaultFit> fit = FitDefault(options, Print);
  if (!fit.ok()) {
    std::fprintf(stderr, "tandem-fit-default: %s\n", fit.status().ToString().c_str());
    return 1;
  }
  std::fputs(WeightTable(*fit).c_str(), stdout);
  return 0;
}

}  // namespace
}  // namespace tandem::pairing::matching

int main(int argc, char** argv) { return tandem::pairing::matching::Run(argc, argv); }
