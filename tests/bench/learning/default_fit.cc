#include "tests/bench/learning/default_fit.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <numeric>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

#include "common/base/civil_date.h"
#include "common/base/status.h"
#include "services/pairing/matching/learning/profile_fit.h"
#include "tests/bench/learning/generated_market.h"

namespace tandem::pairing::matching {
namespace {

absl::StatusOr<TrainingResult> TrainOn(int64_t seed, const DefaultFitOptions& options) {
  const std::unique_ptr<Market> market = GeneratedMarket("generated", seed, options.projects, options.investors);
  if (market == nullptr) return absl::InternalError(absl::StrCat("no edition could be generated of seed ", seed));
  TrainingOptions training;
  training.seed = static_cast<uint64_t>(seed);
  TANDEM_ASSIGN_OR_RETURN(training.as_of_day, ParseDate(market->context()->edition.reference_date()));
  training.threads = options.threads;
  training.most_examples = options.most_examples;
  training.left_out = {kDemand};
  training.kept_for_mandates = 0;
  training.base = std::make_shared<const Profile>();
  training.most_knots = 0;
  training.see_mandates = true;  // they were made up before the deals
  return Train(TrainingInputOf(*market), training, nullptr);
}

// Of the middle half: neither one odd edition counts, nor are weights that half of them put to 0 taken for nothing.
int32_t MeanOfMiddle(std::vector<int32_t> values) {
  std::sort(values.begin(), values.end());
  const size_t left_out = values.size() / 4;
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(left_out);
  const auto end = values.end() - static_cast<std::ptrdiff_t>(left_out);
  return std::accumulate(begin, end, 0) / static_cast<int32_t>(end - begin);
}

// "sector_bayes" as it stands in the code: kSectorBayes.
std::string ConstantOf(Feature feature) {
  std::string constant = "k";
  for (const absl::string_view word : absl::StrSplit(NameOf(feature), '_')) {
    constant += absl::ascii_toupper(static_cast<unsigned char>(word[0]));
    constant.append(word.data() + 1, word.size() - 1);
  }
  return constant;
}

// What generated deals cannot teach: there, next to all of them say investment.
bool StaysByHand(Feature feature) { return feature == kCooperation; }

}  // namespace

absl::StatusOr<DefaultFit> FitDefault(const DefaultFitOptions& options,
                                      const std::function<void(const FittedEdition&)>& done) {
  if (options.seeds.empty()) return absl::InvalidArgumentError("no seed is given; give one for each edition");
  DefaultFit fit;
  std::array<std::vector<int32_t>, kFeatureCount> weights;
  for (const int64_t seed : options.seeds) {
    TANDEM_ASSIGN_OR_RETURN(const TrainingResult result, TrainOn(seed, options));
    for (const Feature feature : LearnedFeatures()) {
      if (!StaysByHand(feature)) weights[feature].push_back(result.profile.shapes[feature].weight);
    }
    fit.editions.push_back({seed, result.counts, result.fitted, result.shipped});
    if (done) done(fit.editions.back());
  }
  for (size_t f = 0; f < kFeatureCount; ++f) {
    const std::vector<int32_t>& of = weights[f];
    if (of.empty()) continue;
    const auto [least, most] = std::minmax_element(of.begin(), of.end());
    fit.weights.push_back({static_cast<Feature>(f), (MeanOfMiddle(of) + 5) / 10 * 10, *least, *most});
  }
  return fit;
}

std::string WeightTable(const DefaultFit& fit) {
  std::string table;
  for (const FittedWeight& each : fit.weights) {
    absl::StrAppendFormat(&table, "    weigh(%s, %d);  // %d to %d\n", ConstantOf(each.feature), each.weight,
                          each.least, each.most);
  }
  return table;
}

}  // namespace tandem::pairing::matching
