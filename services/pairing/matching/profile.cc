#include "services/pairing/matching/profile.h"

namespace tandem::pairing::matching {

const Profile& DefaultProfile() {
  static const Profile profile = [] {
    Profile p;
    const auto weigh = [&](Feature feature, int32_t thousandths) { p.shapes[feature].weight = thousandths; };
    weigh(kSectorBayes, 450);
    weigh(kSectorCosine, 1000);
    weigh(kStage, 500);
    weigh(kRound, 250);
    weigh(kRoundRecent, 200);
    weigh(kHistory, 350);
    weigh(kAskStated, 300);
    weigh(kAskNormal, 350);
    weigh(kAskDensity, 300);
    weigh(kTicketRange, 700);
    weigh(kCountry, 700);
    weigh(kRegion, 500);
    weigh(kCity, 250);
    weigh(kRegionRound, 100);
    weigh(kInstrument, 500);
    weigh(kTrl, 500);
    weigh(kCooperation, 500);
    weigh(kLanguage, 500);
    weigh(kText, 2500);
    weigh(kActivityQuarter, 150);
    weigh(kActivityHalfYear, 200);
    weigh(kActivityYear, 300);
    weigh(kDealCount, 100);
    weigh(kLastDeal, 80);
    weigh(kCoInvestors, 500);
    weigh(kSuccession, 400);
    weigh(kCommonLanguage, 1000);
    weigh(kInvestorType, 1000);
    weigh(kInvestorPlace, 1000);
    weigh(kWishedInvestor, 1000);
    weigh(kCapacity, 1000);
    weigh(kDemand, 1000);
    return p;
  }();
  return profile;
}

}  // namespace tandem::pairing::matching
