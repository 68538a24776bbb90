// Features of a pair and the terms that they become: the addends of a score.
//
// A feature is one number that is compared across pairs; a profile's shape turns it into points. What a mandate says is
// the prior of what a record shows: a feature's points before any deal are the mandate's term, the rest is the
// record's.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_TERMS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_TERMS_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

#include "tandem/pairing/v1/match.pb.h"
#include "tandem/type/v1/vocabulary.pb.h"

namespace tandem::pairing::matching {

enum Feature : size_t {
  // What the investor sees in the project.
  kSectorBayes,   // how much likelier its sectors are than in the market
  kSectorCosine,  // how alike its sectors are to those of the deals, by rarity
  kStage,         // stage of development
  kRound,
  kRoundRecent,  // of new deals lately
  kHistory,      // first or later round
  kAskStated,    // whether there is an ask
  kAskNormal,    // the ask by mean and spread of the deals
  kAskDensity,   // the ask by the deals near it
  kTicketRange,  // the ask against the mandate's ticket
  kCountry,
  kRegion,       // within its country
  kCity,         // within its region
  kRegionRound,  // new deals in the region and round lately
  kInstrument,
  kTrl,
  kCooperation,
  kLanguage,
  kText,
  // What the project sees in the investor.
  kActivityQuarter,
  kActivityHalfYear,
  kActivityYear,
  kDealCount,
  kLastDeal,
  kCoInvestors,
  kSuccession,  // who follows whom
  kCommonLanguage,
  kInvestorType,
  kInvestorPlace,
  kWishedInvestor,
  kCapacity,
  kDemand,  // correction for how wanted such projects are by everybody
  kFeatureCount,
};

// What a feature's points are called in the contract, and whose view they are.
struct TermKind {
  v1::Signal mandate = v1::SIGNAL_UNSPECIFIED;  // unspecified: there is no such part
  v1::Signal record = v1::SIGNAL_UNSPECIFIED;
  type::v1::Side side = type::v1::SIDE_UNSPECIFIED;
};
TermKind KindOf(Feature feature);

// Stable name of a feature in stored profiles: "round_recent".
absl::string_view NameOf(Feature feature);

// Thousandths of a nat, in which points are counted here, to the contract's millionths.
inline constexpr int64_t kPoint = 1'000;

// What is taken off the score of an investor without a place left: one step more than the most that
// MatchOptions.spare_spent_capacity takes off, whose steps it continues.
inline constexpr int32_t kSpentCapacity = 2'000;

// Points of each feature, in thousandths of a nat.
struct Terms {
  std::array<int32_t, kFeatureCount> mandate = {};
  std::array<int32_t, kFeatureCount> record = {};
  // Of an investor that has no place left: SIGNAL_SPENT_CAPACITY. Stated, not learned: no feature.
  int32_t spent_capacity = 0;

  void Add(Feature feature, int32_t before_deals, int32_t all) {
    mandate[feature] += before_deals;
    record[feature] += all - before_deals;
  }
  int32_t Sum() const {
    int32_t sum = spent_capacity;
    for (size_t i = 0; i < kFeatureCount; ++i) sum += mandate[i] + record[i];
    return sum;
  }
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_TERMS_H_
