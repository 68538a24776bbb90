#include "services/pairing/matching/co_investors.h"

#include <algorithm>

#include "absl/container/inlined_vector.h"

#include "common/base/fixed_point.h"
#include "services/pairing/matching/decay.h"
#include "services/pairing/matching/integers.h"

namespace tandem::pairing::matching {
namespace {

// Companies that are believed in beforehand: two records of one company each are not taken for twins.
constexpr int64_t kBelief = 5 * kMicro;
constexpr int64_t kSharpness = 50;

// Ages are counted back from `anchor`.
int64_t DecayedCompanies(const TrackRecord& track, int32_t day, int32_t anchor) {
  int64_t sum = 0;
  for (const TrackRecord::Company& company : track.companies) {
    if (company.first_day < day) sum += DecayLeft(HalfLife::kFiveYears, anchor - company.first_day);
  }
  return sum;
}

SharedStrength Compare(const TrackRecord& prior, const TrackRecord& own, int64_t own_weight, int32_t day,
                       int32_t anchor) {
  SharedStrength shared;
  auto a = prior.companies.begin();
  auto b = own.companies.begin();
  while (a != prior.companies.end() && b != own.companies.end()) {
    if (a->company != b->company) {
      a->company < b->company ? ++a : ++b;
      continue;
    }
    if (a->first_day < day && b->first_day < day) {
      shared.together += DecayLeft(HalfLife::kTenYears, anchor - a->first_day) *
                         DecayLeft(HalfLife::kTenYears, anchor - b->first_day) / kMicro;
      if (a->first_day < b->first_day) shared.after += DecayLeft(HalfLife::kFiveYears, anchor - b->first_day);
    }
    ++a;
    ++b;
  }
  if (shared.together == 0 && shared.after == 0) return shared;
  // Roots of numbers in millionths are in thousandths.
  const int64_t roots = SquareRoot(own_weight + kBelief) * SquareRoot(DecayedCompanies(prior, day, anchor) + kBelief);
  shared.together = shared.together * kMicro / roots;
  shared.after = shared.after * kMicro / roots;
  return shared;
}

}  // namespace

SharedWith::SharedWith(const MarketContext& context, const InvestorFacts& investor, int32_t day)
    : investor_(investor),
      day_(day),
      anchor_(AnchorDay(context, day)),
      own_(DecayedCompanies(*investor.track, day, anchor_)) {}

SharedStrength SharedWith::Strength(absl::Span<const InvestorFacts* const> prior) {
  SharedStrength sum;
  if (own_ == 0) return sum;
  for (size_t i = 0; i < prior.size(); ++i) {
    const InvestorFacts* each = prior[i];
    // One may be named twice, by name and by external id.
    if (each->record.name() == investor_.record.name() || std::find(&prior[0], &prior[i], each) != &prior[i]) continue;
    const auto [it, first] = shared_.try_emplace(each);
    if (first) it->second = Compare(*each->track, *investor_.track, own_, day_, anchor_);
    sum.together += it->second.together;
    sum.after += it->second.after;
  }
  sum.together = std::min(sum.together, kMost);
  sum.after = std::min(sum.after, kMost);
  return sum;
}

SharedStrength SharedWith::Strength(const std::vector<std::shared_ptr<const InvestorFacts>>& prior) {
  absl::InlinedVector<const InvestorFacts*, 16> each;
  for (const std::shared_ptr<const InvestorFacts>& investor : prior) each.push_back(investor.get());
  return Strength(absl::MakeConstSpan(each));
}

int32_t SharedValue(int64_t strength) {
  return static_cast<int32_t>(LogMicro(static_cast<uint64_t>(kMicro + kSharpness * strength), kMicro) / 1000);
}

}  // namespace tandem::pairing::matching
