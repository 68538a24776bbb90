#include "services/pairing/matching/profile.h"

namespace tandem::pairing::matching {

const Profile& DefaultProfile() {
  static const Profile profile = [] {
    Profile p;
    // What a mandate says weighs about as much as what the record shows; together no aspect counts twice its worth.
    p.weight[kSector] = 500;
    p.weight[kStage] = 600;
    p.weight[kRound] = 500;
    p.weight[kTicket] = 700;
    p.weight[kPlace] = 500;
    p.weight[kInstrument] = 600;
    p.weight[kTrl] = 600;
    p.weight[kCooperation] = 600;
    p.weight[kLanguage] = 1000;
    p.weight[kText] = 2500;
    p.weight[kTrackSector] = 600;
    p.weight[kTrackStage] = 500;
    p.weight[kTrackRound] = 600;
    p.weight[kTrackTicket] = 700;
    p.weight[kTrackPlace] = 700;
    p.weight[kTrackInstrument] = 400;
    p.weight[kTrackTrl] = 400;
    p.weight[kTrackCooperation] = 400;
    p.weight[kTrackLanguage] = 400;
    p.weight[kTrackText] = 2000;
    p.weight[kProjectLanguage] = 1000;
    p.weight[kActivity] = 900;
    p.weight[kCoInvestors] = 600;
    p.weight[kInvestorType] = 1000;
    p.weight[kInvestorPlace] = 1000;
    p.weight[kWishedInvestor] = 1000;
    p.weight[kCapacity] = 1000;
    return p;
  }();
  return profile;
}

}  // namespace tandem::pairing::matching
