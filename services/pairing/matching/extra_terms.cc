#include "services/pairing/matching/extra_terms.h"

#include <algorithm>

#include "services/pairing/matching/gates.h"

namespace tandem::pairing::matching {
namespace {

using projects::v1::InvestorWish;

// Thousandths of a nat for a wish of a project that an investor meets or breaks.
constexpr int32_t kWishMet = 500;
constexpr int32_t kWishBroken = -300;
constexpr int32_t kWishedInvestorMet = 700;
constexpr int32_t kMostWishes = 3;  // of one kind that add up

// What is not there gives nothing, whatever the shape.
int32_t Points(const MarketContext& context, Feature feature, int32_t value) {
  const Shape& shape = context.profile.shapes[feature];
  return shape.At(value) - shape.At(0);
}

bool Gates(const InvestorWish& wish) {
  return wish.strength() == type::v1::STRENGTH_MUST || wish.strength() == type::v1::STRENGTH_MUST_NOT;
}

}  // namespace

bool HasExtraPoints(const ProjectFacts& project) {
  return project.record.prior_investors_size() > 0 || project.record.wishes_size() > 0;
}

bool HasExtraGates(const ProjectFacts& project) {
  return std::any_of(project.record.wishes().begin(), project.record.wishes().end(), Gates);
}

void AddShared(const MarketContext& context, const SharedStrength& shared, Terms* terms) {
  terms->Add(kCoInvestors, 0, Points(context, kCoInvestors, SharedValue(shared.together)));
  terms->Add(kSuccession, 0, Points(context, kSuccession, SharedValue(shared.after)));
}

void AddWishes(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor, Terms* terms) {
  int32_t type = 0, place = 0, wished = 0;
  const auto& wishes = project.record.wishes();
  for (int i = 0; i < wishes.size(); ++i) {
    if (wishes[i].strength() == type::v1::STRENGTH_MUST_NOT) continue;
    const Fit fit = JudgeWish(project, investor, static_cast<size_t>(i));
    if (fit == Fit::kMissing) continue;
    const bool met = fit == Fit::kMet;
    const int32_t part = wishes[i].strength() == type::v1::STRENGTH_NICE ? 2 : 1;
    switch (wishes[i].wish_case()) {
      case InvestorWish::kTypes:
        type += (met ? kWishMet : kWishBroken) / part;
        break;
      case InvestorWish::kCountries:
        place += (met ? kWishMet : kWishBroken) / part;
        break;
      case InvestorWish::kInvestors:
        wished += (met ? kWishedInvestorMet : 0) / part;
        break;
      case InvestorWish::WISH_NOT_SET:
        break;
    }
  }
  const auto add = [&](Feature feature, int32_t value, int32_t most) {
    const int32_t given = Points(context, feature, std::clamp(value, -most, most));
    terms->Add(feature, given, given);
  };
  add(kInvestorType, type, kMostWishes * kWishMet);
  add(kInvestorPlace, place, kMostWishes * kWishMet);
  add(kWishedInvestor, wished, kMostWishes * kWishedInvestorMet);
}

void AddExtras(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor,
               const SharedStrength& shared, Terms* terms) {
  AddShared(context, shared, terms);
  AddWishes(context, project, investor, terms);
}

int32_t MostExtraPoints(const MarketContext& context) {
  // Shapes need not grow: the most lies at an end or at a knot between.
  const auto most = [&](Feature feature, int32_t low, int32_t high) {
    const Shape& shape = context.profile.shapes[feature];
    int32_t best = std::max({shape.At(low), shape.At(high), shape.At(0)});
    for (const Shape::Knot& knot : shape.knots) {
      if (knot.value > low && knot.value < high) best = std::max(best, knot.points);
    }
    return best - shape.At(0);
  };
  const int32_t shared = SharedValue(SharedWith::kMost);
  return most(kCoInvestors, 0, shared) + most(kSuccession, 0, shared) +
         most(kInvestorType, -kMostWishes * kWishMet, kMostWishes * kWishMet) +
         most(kInvestorPlace, -kMostWishes * kWishMet, kMostWishes * kWishMet) +
         most(kWishedInvestor, -kMostWishes * kWishedInvestorMet, kMostWishes * kWishedInvestorMet);
}

}  // namespace tandem::pairing::matching
