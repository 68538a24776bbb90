#include "services/pairing/matching/learning/profile_fit.h"

#include <algorithm>
#include <cmath>

#include "absl/types/span.h"

#include "services/pairing/matching/learning/shape_fit.h"

namespace tandem::pairing::matching {
namespace {

constexpr double kStrength = 5e-4;
constexpr double kSmooth = 0.01;  // times the variance of the feature
// From this many examples on they speak for themselves.
constexpr double kManyExamples = 4000;

// Knots are put where the chosen ones are, and some of their alternatives.
constexpr size_t kAlternativesSeen = 8;
constexpr double kWeightOfChosen = 8;

// Sums over sectors are of one weight; of the others there is too little to bend.
bool IsLinear(Feature feature) {
  switch (feature) {
    case kSectorBayes:
    case kSectorCosine:
    case kInstrument:
    case kTrl:
    case kCooperation:
      return true;
    default:
      return false;
  }
}

struct Column {
  std::vector<WeightedValue> values;
  double variance = 0;
  bool varies = false;
};

Column Look(const Choices& choices, size_t f) {
  Column column;
  double sum = 0, squares = 0;
  for (size_t example = 0; example < choices.examples(); ++example) {
    const size_t begin = choices.begin[example], end = choices.begin[example + 1];
    const float chosen = choices.values[begin * choices.features + f];
    for (size_t row = begin; row < end; ++row) {
      const float value = choices.values[row * choices.features + f];
      column.varies = column.varies || value != chosen;
      if (row > begin + kAlternativesSeen) continue;
      const auto x = static_cast<double>(value);
      column.values.push_back({x, row == begin ? kWeightOfChosen : 1});
      sum += x;
      squares += x * x;
    }
  }
  const double n = std::max<double>(1, static_cast<double>(column.values.size()));
  column.variance = std::max(0.0, squares / n - sum / n * (sum / n));
  return column;
}

}  // namespace

const std::vector<Feature>& LearnedFeatures() {
  static const auto* const features = new std::vector<Feature>{
      kSectorBayes, kSectorCosine, kStage,       kRound,           kRoundRecent,      kHistory,      kAskStated,
      kAskNormal,   kAskDensity,   kTicketRange, kCountry,         kRegion,           kCity,         kRegionRound,
      kInstrument,  kTrl,          kCooperation, kActivityQuarter, kActivityHalfYear, kActivityYear, kDealCount,
      kLastDeal,    kCoInvestors,  kSuccession,
  };
  return *features;
}

Profile FitShapes(const Choices& choices, const Profile& base, const ShapeOptions& shape_options, Work* work) {
  const double kept_for_mandates = shape_options.kept_for_mandates / 1000.0;
  const double scale = std::max(1.0, kManyExamples / std::max(1.0, static_cast<double>(choices.examples())));
  std::vector<Segments> segments;
  std::vector<bool> varies;
  Penalty penalty;
  LogitOptions options;
  for (size_t f = 0; f < LearnedFeatures().size() && work->KeepGoing(); ++f) {
    const Feature feature = LearnedFeatures()[f];
    Column column = Look(choices, f);
    varies.push_back(column.varies);
    segments.push_back(IsLinear(feature) || !column.varies ? Segments()
                                                           : PlaceKnots(std::move(column.values), shape_options.knots));
    for (const double slope : SlopesOf(base.shapes[feature], segments.back())) {
      penalty.centre.push_back(slope);
      penalty.strength.push_back(kStrength * scale);
      options.least.push_back(KindOf(feature).mandate == v1::SIGNAL_UNSPECIFIED ? 0 : kept_for_mandates * slope);
    }
    penalty.smooth.push_back(kSmooth * scale * column.variance);
  }
  Profile profile = base;
  if (work->stopped()) return profile;
  const LogitFit fit = FitConditionalLogit(choices, segments, penalty, options, work);
  size_t first = 0;
  for (size_t f = 0; f < segments.size(); ++f) {
    if (varies[f]) {
      profile.shapes[LearnedFeatures()[f]] =
          MakeShape(segments[f], absl::MakeConstSpan(&fit.weights[first], segments[f].count()));
    }
    first += segments[f].count();
  }
  return profile;
}

}  // namespace tandem::pairing::matching
