#include "services/pairing/matching/profile.h"

namespace tandem::pairing::matching {

// Lines of one slope are fitted to generated editions, never to data that anything is measured on: a market that has
// deals of its own trains its own profile.
const Profile& DefaultProfile() {
  static const Profile profile = [] {
    Profile p;
    const auto weigh = [&](Feature feature, int32_t thousandths) { p.shapes[feature].weight = thousandths; };

    // Printed by `tools/bench default-profile --seed 1 --editions 12 --projects 3000 --investors 1500`.
    weigh(kSectorBayes, 380);
    weigh(kSectorCosine, 1760);
    weigh(kStage, 240);
    weigh(kRound, 280);
    weigh(kRoundRecent, 0);
    weigh(kHistory, 570);
    weigh(kAskStated, 30);
    weigh(kAskNormal, 180);
    weigh(kAskDensity, 230);
    weigh(kTicketRange, 480);
    weigh(kCountry, 410);
    weigh(kRegion, 320);
    weigh(kCity, 30);
    weigh(kRegionRound, 170);
    weigh(kInstrument, 100);
    weigh(kTrl, 120);
    weigh(kActivityQuarter, 360);
    weigh(kActivityHalfYear, 20);
    weigh(kActivityYear, 140);
    weigh(kDealCount, 0);
    weigh(kLastDeal, 30);
    weigh(kCoInvestors, 910);
    weigh(kSuccession, 450);

    // By hand, as generated deals cannot teach it: nearly all of them say investment, rounds state neither languages
    // nor wishes, and texts are not learned from.
    weigh(kCooperation, 500);
    weigh(kLanguage, 500);
    weigh(kText, 2500);
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
