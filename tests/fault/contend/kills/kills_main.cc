// tandem-contend-kills: contended operations on servers that are killed at random; nothing acknowledged may be lost.
#include <random>

#include "CLI/CLI.hpp"
#include "absl/strings/str_format.h"

#include "tests/fault/contend/kills/contend_kills.h"

namespace {

constexpr int kSkipped = 77;

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Contended operations on servers that are killed at random; every commit is checked.",
               "tools/check --contend-kills");
  tandem::contend::KillOptions options;
  options.seed = std::random_device{}();
  app.add_option("--contend-kills", options.kills, "At least so many kill -9")->check(CLI::PositiveNumber);
  app.add_option("--operations", options.operations, "At least so many operations");
  app.add_option("--pause", options.pause, "Seconds between two kills, on average")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 60.0));
  app.add_option("--callers", options.callers, "So many callers")->capture_default_str()->check(CLI::Range(1, 1000));
  app.add_option("--seed", options.seed, "What callers choose and who is killed; without, a random one");
  CLI11_PARSE(app, argc, argv);
  tandem::contend::PrintHead(absl::StrFormat(
      "a kill -9 of the services every %g s, two replicas of each on PostgreSQL, under %d callers; seed %d",
      options.pause, options.callers, options.seed));
  const auto report = tandem::contend::ContendUnderKills(options);
  if (!report.ok()) {
    const bool lacks = report.status().code() == absl::StatusCode::kUnavailable;
    absl::FPrintF(stderr, "%s: %s\n", lacks ? "SKIPPED" : "FAILED", report.status().message());
    return lacks ? kSkipped : 1;
  }
  const std::string again = absl::StrFormat("tools/check --contend-kills %d --operations %d --pause %g --seed %d",
                                            options.kills, options.operations, options.pause, options.seed);
  return tandem::contend::Print(*report, again) ? 0 : 1;
}
