#include "services/pairing/matching/scorer.h"

#include <algorithm>

#include "common/base/fixed_point.h"
#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/mandate_terms.h"
#include "services/pairing/matching/track_tally.h"

namespace tandem::pairing::matching {
namespace {

// What a common language is worth, and what none costs.
constexpr int64_t kCommonLanguage = 200'000;
constexpr int64_t kNoCommonLanguage = -400'000;
// A wish of a project that an investor meets or breaks.
constexpr int64_t kWishMet = 500'000;
constexpr int64_t kWishBroken = -300'000;
constexpr int64_t kWishedInvestorMet = 700'000;
// Places left, up to this many, are worth something.
constexpr int32_t kAmpleCapacity = 20;
constexpr int64_t kPerPlace = 10'000;
// Sharpness of the co-investor signal.
constexpr int64_t kSharedFactor = 50;

// How much more often the deals are like the project than the market is: ln of (alike + m * share) / ((stated + m) *
// share). 0 when the project's value or the record is missing.
int64_t TrackRatio(const Profile& profile, const AspectTally& tally, int64_t share) {
  if (share <= 0 || tally.stated == 0) return 0;
  const int64_t belief = profile.track_smoothing;
  const int64_t alike = tally.alike + belief * share / kMicro;
  const int64_t expected = (tally.stated + belief) * share / kMicro;
  return LogMicro(static_cast<uint64_t>(std::max<int64_t>(1, alike)),
                  static_cast<uint64_t>(std::max<int64_t>(1, expected)));
}

void AddTrackTerms(const MarketContext& context, const ProjectFacts& project, const TrackTally& tally, Terms* terms) {
  const Profile& profile = context.profile;
  const auto ratio = [&](const AspectTally& aspect, int64_t share) { return TrackRatio(profile, aspect, share); };
  auto& points = terms->points;
  points[kTrackStage] = ratio(tally.stage, project.stage_share);
  points[kTrackRound] = ratio(tally.round, project.round_share);
  points[kTrackTrl] = ratio(tally.trl, project.trl_share);
  points[kTrackTicket] = ratio(tally.ticket, project.ask_share);
  points[kTrackInstrument] = ratio(tally.instrument, project.instrument_share);
  points[kTrackCooperation] = ratio(tally.cooperation, project.cooperation_share);
  points[kTrackLanguage] = ratio(tally.language, project.language_share);
  points[kTrackPlace] = ratio(tally.country, project.country_share);
  if (project.region != 0 && project.country_share > 0) {
    const int64_t inside =
        std::clamp<int64_t>(project.region_share * kMicro / project.country_share, 1'000, kMicro * 9 / 10);
    points[kTrackPlace] += ratio(tally.region, inside);
  }
  int64_t sectors = 0;
  for (size_t slot = 0; slot < project.sectors.size(); ++slot) {
    sectors += ratio({tally.sectors_stated, tally.sector_alike[slot]}, project.sectors[slot].share);
  }
  points[kTrackSector] = SpreadOverSectors(sectors, project.sectors.size());
  points[kTrackText] = tally.text.stated == 0 ? 0 : tally.text.alike * kMicro / tally.text.stated;
}

void AddProjectTerms(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor,
                     const TrackTally& tally, int64_t shared, Terms* terms) {
  const Profile& profile = context.profile;
  auto& points = terms->points;
  if (!project.languages.empty() && !investor.languages.empty()) {
    const bool common = std::any_of(project.languages.begin(), project.languages.end(), [&](uint32_t language) {
      return std::find(investor.languages.begin(), investor.languages.end(), language) != investor.languages.end();
    });
    points[kProjectLanguage] = common ? kCommonLanguage : kNoCommonLanguage;
  }
  // Somebody without any record is taken for average.
  if (tally.all > 0 || tally.recent > 0) {
    points[kActivity] = LogMicro(static_cast<uint64_t>(profile.least_activity + tally.recent),
                                 static_cast<uint64_t>(profile.least_activity + profile.usual_activity));
  }
  points[kCoInvestors] = LogMicro(static_cast<uint64_t>(kMicro + kSharedFactor * std::max<int64_t>(0, shared)), kMicro);
  points[kCapacity] = std::min(investor.record.capacity(), kAmpleCapacity) * kPerPlace;
  const auto& wishes = project.record.wishes();
  for (int i = 0; i < wishes.size(); ++i) {
    const auto strength = wishes[i].strength();
    if (strength == type::v1::STRENGTH_MUST_NOT) continue;
    const Fit fit = JudgeWish(project, investor, static_cast<size_t>(i));
    if (fit == Fit::kMissing) continue;
    const bool met = fit == Fit::kMet;
    const int64_t part = strength == type::v1::STRENGTH_NICE ? 2 : 1;
    switch (wishes[i].wish_case()) {
      case projects::v1::InvestorWish::kTypes:
        points[kInvestorType] += (met ? kWishMet : kWishBroken) / part;
        break;
      case projects::v1::InvestorWish::kCountries:
        points[kInvestorPlace] += (met ? kWishMet : kWishBroken) / part;
        break;
      case projects::v1::InvestorWish::kInvestors:
        points[kWishedInvestor] += (met ? kWishedInvestorMet : 0) / part;
        break;
      case projects::v1::InvestorWish::WISH_NOT_SET:
        break;
    }
  }
}

}  // namespace

Terms ScorePair(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor,
                int32_t as_of_day, int64_t shared) {
  Terms terms;
  const TrackTally tally = Tally(context, project, *investor.track, as_of_day);
  AddMandateTerms(context, project, investor, &terms);
  AddTrackTerms(context, project, tally, &terms);
  AddProjectTerms(context, project, investor, tally, shared, &terms);
  for (size_t i = 0; i < kTermCount; ++i) terms.points[i] = terms.points[i] * context.profile.weight[i] / 1000;
  return terms;
}

}  // namespace tandem::pairing::matching
