#include "tools/tandem/match_options.h"

#include "CLI/CLI.hpp"

namespace tandem::cli {

void AddMatchOptions(CLI::App* app, pairing::v1::MatchOptions* options) {
  app->add_option_function<int>(
         "--most-per-owner", [options](int most) { options->set_most_per_owner(most); },
         "At most so many counterparts of one organisation")
      ->check(CLI::Range(1, 200));
  app->add_flag_callback(
      "--spare-spent-capacity", [options] { options->set_spare_spent_capacity(true); },
      "Discount investors that can take on few more");
}

bool AnyMatchOption(const pairing::v1::MatchOptions& options) {
  return options.most_per_owner() > 0 || options.spare_spent_capacity();
}

}  // namespace tandem::cli
