// Fits: whether one value is what a criterion or wish names. What gates and the folding of gates into codes share.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_FITS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_FITS_H_

#include <algorithm>
#include <cstdint>

#include "tandem/investors/v1/investor.pb.h"

namespace tandem::pairing::matching {

// How a value stands to a criterion or wish, whatever its strength.
enum class Fit { kMet, kBroken, kMissing };

inline Fit FitOf(bool met) { return met ? Fit::kMet : Fit::kBroken; }

template <typename A, typename B>
bool Overlap(const A& a, const B& b) {
  return std::any_of(a.begin(), a.end(), [&](const auto& x) { return std::find(b.begin(), b.end(), x) != b.end(); });
}

// The numbers of a set as bits.
template <typename Values>
uint32_t BitsOf(const Values& values) {
  uint32_t bits = 0;
  for (const int value : values) bits |= value > 0 && value < 32 ? uint32_t{1} << value : 0;
  return bits;
}

inline Fit FitStage(const investors::v1::StageSet& wanted, int stage) {
  if (stage == 0) return Fit::kMissing;
  return FitOf(std::any_of(wanted.items().begin(), wanted.items().end(),
                           [&](const auto& item) { return item.stage() == stage; }));
}

inline Fit FitRound(const investors::v1::RoundSet& wanted, int round) {
  if (round == 0) return Fit::kMissing;
  return FitOf(std::any_of(wanted.items().begin(), wanted.items().end(),
                           [&](const auto& item) { return item.round() == round; }));
}

inline Fit FitTrl(const investors::v1::TrlRange& range, int trl) {
  if (trl == 0) return Fit::kMissing;
  return FitOf((range.min() == 0 || trl >= range.min()) && (range.max() == 0 || trl <= range.max()));
}

inline Fit FitSet(uint32_t wanted, uint32_t stated) {
  return stated == 0 ? Fit::kMissing : FitOf((stated & wanted) != 0);
}

template <typename A, typename B>
Fit FitLanguages(const A& a, const B& b) {
  return a.empty() || b.empty() ? Fit::kMissing : FitOf(Overlap(a, b));
}

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_FITS_H_
