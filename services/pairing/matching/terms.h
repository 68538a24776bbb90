// Terms: the addends of a score. Each is one signal seen from one side.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_TERMS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_TERMS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "tandem/pairing/v1/match.pb.h"
#include "tandem/type/v1/vocabulary.pb.h"

namespace tandem::pairing::matching {

enum Term : size_t {
  kSector,
  kStage,
  kRound,
  kTicket,
  kPlace,
  kInstrument,
  kTrl,
  kCooperation,
  kLanguage,  // the investor asked for a language in common
  kText,
  kTrackSector,
  kTrackStage,
  kTrackRound,
  kTrackTicket,
  kTrackPlace,
  kTrackInstrument,
  kTrackTrl,
  kTrackCooperation,
  kTrackLanguage,
  kTrackText,
  kProjectLanguage,  // what a language in common is worth to the project
  kActivity,
  kCoInvestors,
  kInvestorType,
  kInvestorPlace,
  kWishedInvestor,
  kCapacity,
  kTermCount,
};

struct TermKind {
  v1::Signal signal;
  type::v1::Side side;
};

// What a term is called in the contract.
constexpr TermKind KindOf(size_t term) {
  constexpr auto kInvestor = type::v1::SIDE_INVESTOR;
  constexpr auto kProject = type::v1::SIDE_PROJECT;
  constexpr std::array<TermKind, kTermCount> kKinds = {{
      {v1::SIGNAL_SECTOR, kInvestor},
      {v1::SIGNAL_STAGE, kInvestor},
      {v1::SIGNAL_ROUND, kInvestor},
      {v1::SIGNAL_TICKET, kInvestor},
      {v1::SIGNAL_PLACE, kInvestor},
      {v1::SIGNAL_INSTRUMENT, kInvestor},
      {v1::SIGNAL_TRL, kInvestor},
      {v1::SIGNAL_COOPERATION, kInvestor},
      {v1::SIGNAL_LANGUAGE, kInvestor},
      {v1::SIGNAL_TEXT, kInvestor},
      {v1::SIGNAL_TRACK_SECTOR, kInvestor},
      {v1::SIGNAL_TRACK_STAGE, kInvestor},
      {v1::SIGNAL_TRACK_ROUND, kInvestor},
      {v1::SIGNAL_TRACK_TICKET, kInvestor},
      {v1::SIGNAL_TRACK_PLACE, kInvestor},
      {v1::SIGNAL_TRACK_INSTRUMENT, kInvestor},
      {v1::SIGNAL_TRACK_TRL, kInvestor},
      {v1::SIGNAL_TRACK_COOPERATION, kInvestor},
      {v1::SIGNAL_TRACK_LANGUAGE, kInvestor},
      {v1::SIGNAL_TRACK_TEXT, kInvestor},
      {v1::SIGNAL_LANGUAGE, kProject},
      {v1::SIGNAL_ACTIVITY, kProject},
      {v1::SIGNAL_CO_INVESTORS, kProject},
      {v1::SIGNAL_INVESTOR_TYPE, kProject},
      {v1::SIGNAL_INVESTOR_PLACE, kProject},
      {v1::SIGNAL_WISHED_INVESTOR, kProject},
      {v1::SIGNAL_CAPACITY, kProject},
  }};
  return kKinds[term];
}

// Points of each term, in micro-nats.
struct Terms {
  std::array<int64_t, kTermCount> points = {};

  int64_t Sum() const { return std::accumulate(points.begin(), points.end(), int64_t{0}); }
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_TERMS_H_
