#include "services/pairing/matching/index/investor_sketch.h"

#include <algorithm>

#include "services/pairing/matching/index/flat_form.h"
#include "services/pairing/matching/index/project_terms.h"

namespace tandem::pairing::matching {
namespace {

// Bytes of a column: codes below `own` have one each, the others share `shared` by their remainder.
struct Window {
  Column column;
  uint32_t own = 0;
  uint32_t shared = 0;
  uint32_t first = 0;

  constexpr uint32_t size() const { return own + shared; }
  uint32_t PlaceOf(uint16_t code) const { return first + (code < own ? code : own + code % shared); }
};

template <size_t kCount>
constexpr std::array<Window, kCount> InARow(std::array<Window, kCount> windows) {
  uint32_t first = 0;
  for (Window& window : windows) {
    window.first = first;
    first += window.size();
  }
  return windows;
}
template <size_t kCount>
constexpr size_t SizeOf(const std::array<Window, kCount>& windows) {
  return windows.back().first + windows.back().size();
}

// Of the asks, a ticket leaves a few codes next to each other, which remainders tell apart.
constexpr auto kNear = InARow(std::array<Window, SketchProbe::kNearColumns>{
    {{kStageColumn, 8, 1}, {kRoundColumn, 8, 1}, {kHistoryColumn, 2, 1}, {kTrlColumn, 9, 1}, {kAskColumn, 1, 8}}});
// Low codes are frequent: they are given in the order in which they are first met.
constexpr auto kFar = InARow(std::array<Window, SketchProbe::kFarColumns>{{{kCountryColumn, 6, 16},
                                                                           {kRegionColumn, 1, 16},
                                                                           {kCityColumn, 1, 12},
                                                                           {kRegionRoundColumn, 1, 11},
                                                                           {kInstrumentColumn, 6, 8},
                                                                           {kCooperationColumn, 6, 8},
                                                                           {kLanguageColumn, 8, 8}}});
static_assert(SizeOf(kNear) <= NearSketch::kLosses && SizeOf(kFar) <= FarSketch::kLosses);

int32_t LeastOf(const ColumnPoints& column, int32_t best) {
  int32_t least = best;
  const auto see = [&least](int16_t points) { least = points == kRefused ? least : std::min<int32_t>(least, points); };
  see(column.otherwise);
  for (const ColumnPoints::Listed& listed : column.listed) see(listed.points);
  return least;
}

void Fill(const Window& window, const ColumnPoints& column, int32_t most, uint8_t shift, uint8_t* losses) {
  const auto units = [&](int16_t points) {
    return points == kRefused ? SketchProbe::kRefusedUnits : static_cast<uint8_t>((most - points) >> shift);
  };
  std::fill(losses + window.first, losses + window.first + window.size(), units(column.otherwise));
  for (const ColumnPoints::Listed& listed : column.listed) {
    uint8_t& place = losses[window.PlaceOf(listed.code)];
    place = listed.code < window.own ? units(listed.points) : std::min(place, units(listed.points));
  }
}

}  // namespace

InvestorSketch::InvestorSketch(const InvestorForm& form) {
  near.best = form.bias;
  near.text_length = LengthOf(form.text);
  near.extra_points_most = form.extra_points_most;
  near.extra_gates = form.extra_gates;
  std::array<int32_t, kColumnCount> most = {};
  int32_t widest = 0;
  for (size_t c = 0; c < kColumnCount; ++c) {
    most[c] = FlatForm::BestOf(form.columns[c]);
    near.best += most[c];
    widest = std::max(widest, most[c] - LeastOf(form.columns[c], most[c]));
  }
  near.sector_otherwise = near.sector_most = form.sectors.otherwise;
  for (const SectorPoints::Listed& listed : form.sectors.listed) {
    if (!FlatForm::Decides(form.sectors, listed)) near.sector_most = std::max(near.sector_most, listed.points);
  }
  widest = std::max(widest, near.sector_most - near.sector_otherwise);
  while ((widest >> near.shift) >= SketchProbe::kMostUnits) ++near.shift;
  for (const Window& window : kNear) {
    Fill(window, form.columns[window.column], most[window.column], near.shift, near.losses.data());
  }
  for (const Window& window : kFar) {
    Fill(window, form.columns[window.column], most[window.column], near.shift, far.losses.data());
  }
  const int32_t rest = (1 << near.shift) - 1;
  for (const SectorPoints::Listed& listed : form.sectors.listed) {
    if (FlatForm::Decides(form.sectors, listed) || listed.points <= form.sectors.otherwise) continue;
    const int32_t units = (listed.points - form.sectors.otherwise + rest) >> near.shift;
    uint8_t& gain = far.gains[listed.sector % FarSketch::kGains];
    gain = std::max(gain, static_cast<uint8_t>(units));
  }
}

SketchProbe::SketchProbe(const ProjectRow& row) : sector_count_(row.sector_count) {
  for (size_t i = 0; i < kNearColumns; ++i) near_[i] = kNear[i].PlaceOf(row.codes[kNear[i].column]);
  for (size_t i = 0; i < kFarColumns; ++i) far_[i] = kFar[i].PlaceOf(row.codes[kFar[i].column]);
  for (size_t i = 0; i < sector_count_; ++i) sectors_[i] = row.sectors[i] % uint32_t{FarSketch::kGains};
}

}  // namespace tandem::pairing::matching
