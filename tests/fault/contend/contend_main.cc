// tandem-contend: contended operations over few slots, and proof that nobody and nothing was twice anywhere.
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_format.h"

#include "tests/fault/contend/contend.h"

namespace tandem::contend {
namespace {

constexpr int kSkipped = 77;
int RunAll(Options options) {
  std::vector<std::string> stores = {options.store};
  if (options.store == "all") stores = {"memory", "sqlite", "postgres"};
  int result = 0;
  for (const std::string& store : stores) {
    options.store = store;
    PrintHead(absl::StrFormat("%d operations of %d callers on two replicas over %s; seed %d", options.operations,
                              options.callers, store, options.seed));
    const auto report = Contend(options);
    if (!report.ok()) {
      const bool lacks = report.status().code() == absl::StatusCode::kUnavailable && store == "postgres";
      absl::FPrintF(stderr, "%s: %s\n", lacks ? "SKIPPED" : "FAILED", report.status().message());
      result = lacks && result != 1 ? kSkipped : 1;
      continue;
    }
    const std::string again =
        absl::StrFormat("tools/check --contend %d --store %s --seed %d", options.operations, store, options.seed);
    if (!Print(*report, again)) result = 1;
  }
  return result;
}

}  // namespace
}  // namespace tandem::contend

int main(int argc, char** argv) {
  CLI::App app("Contended operations on pairings and meetings over few slots; every commit is checked.",
               "tools/check --contend");
  tandem::contend::Options options;
  options.seed = std::random_device{}();
  app.add_option("--contend", options.operations, "So many operations")->check(CLI::PositiveNumber);
  app.add_option("--store", options.store, "memory, sqlite, postgres or all")->capture_default_str();
  app.add_option("--callers", options.callers, "So many callers")->capture_default_str()->check(CLI::Range(1, 1000));
  app.add_option("--seed", options.seed, "What callers choose; without, a random one");
  CLI11_PARSE(app, argc, argv);
  return tandem::contend::RunAll(options);
}
