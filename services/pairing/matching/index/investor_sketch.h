// Upper bounds of an investor's score for a project, from one cache line and from two more.
//
// A project has one code in every column, and loses there what the investor gives its best code more. A sketch has a
// byte for each of the codes that matter most, and one for many of the others: the least that any of them loses, in
// units of the investor's own. So the bytes at twelve places, which are the same for every investor, say how much a
// project loses at the least. Sectors that decide nothing are told in the same way, as what they add at the most.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_SKETCH_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_SKETCH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// Columns of few codes, and what else the first bound needs. A value.
struct alignas(64) NearSketch {
  static constexpr size_t kLosses = 40;

  int32_t best = 0;  // bias with the best points of every column
  // Not of the form: what the owner compares the bound with, and reads together with it.
  int32_t floor = 0;
  uint32_t text_length = 0;
  int32_t extra_points_most = 0;
  int16_t sector_otherwise = 0;
  int16_t sector_most = 0;  // of a sector that does not decide (FlatForm::Decides)
  uint8_t shift = 0;        // a unit of losses and gains is 1 << shift
  bool extra_gates = false;
  std::array<uint8_t, kLosses> losses = {};
};
static_assert(sizeof(NearSketch) == 64);

// Columns of many codes, and sectors. A value.
struct alignas(64) FarSketch {
  static constexpr size_t kLosses = 108, kGains = 20;

  std::array<uint8_t, kLosses> losses = {};
  std::array<uint8_t, kGains> gains = {};  // over `sector_otherwise`
};
static_assert(sizeof(FarSketch) == 128);

struct InvestorSketch {
  InvestorSketch() = default;
  explicit InvestorSketch(const InvestorForm& form);

  NearSketch near;
  FarSketch far;
};

// Where sketches are read for one project.
class SketchProbe {
 public:
  static constexpr size_t kNearColumns = 5, kFarColumns = kColumnCount - kNearColumns;
  static constexpr int32_t kImpossible = std::numeric_limits<int32_t>::max();
  static constexpr uint8_t kMostUnits = 127, kRefusedUnits = 128;

  explicit SketchProbe(const ProjectRow& row);

  // Bias and points of all columns are no more than `best` less these two; kImpossible: one of the columns refuses.
  int32_t NearLoss(const NearSketch& near) const { return Loss(near.losses.data(), near_, near.shift); }
  int32_t FarLoss(const FarSketch& far, uint8_t shift) const { return Loss(far.losses.data(), far_, shift); }
  // The sectors of the project that do not decide give no more than this and `sector_otherwise` for each.
  int32_t SectorGain(const FarSketch& far, uint8_t shift) const {
    uint32_t units = 0;
    for (size_t i = 0; i < sector_count_; ++i) units += far.gains[sectors_[i]];
    return static_cast<int32_t>(units << shift);
  }

 private:
  template <size_t kCount>
  static int32_t Loss(const uint8_t* losses, const std::array<uint32_t, kCount>& places, uint8_t shift) {
    uint32_t units = 0, any = 0;
    for (const uint32_t place : places) {
      units += losses[place];
      any |= losses[place];
    }
    return any >= kRefusedUnits ? kImpossible : static_cast<int32_t>(units << shift);
  }

  std::array<uint32_t, kNearColumns> near_;
  std::array<uint32_t, kFarColumns> far_;
  std::array<uint32_t, ProjectRow::kMostSectors> sectors_;
  size_t sector_count_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_INVESTOR_SKETCH_H_
