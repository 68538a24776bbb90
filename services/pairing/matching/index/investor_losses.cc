#include "services/pairing/matching/index/investor_losses.h"

#include <algorithm>
#include <bit>

#include "services/pairing/matching/index/flat_form.h"
#include "services/pairing/matching/index/investor_filter.h"
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

constexpr std::array<Window, kColumnCount> InARow(std::array<Window, kColumnCount> windows) {
  uint32_t first = InvestorLosses::kLoss;
  for (Window& window : windows) {
    window.first = first;
    first += window.size();
  }
  return windows;
}

// Low codes are frequent: they are given in the order in which they are first met. Of the asks, a ticket leaves a few
// codes next to each other, which remainders tell apart.
constexpr auto kWindows = InARow({{{kStageColumn, 8, 1},
                                   {kRoundColumn, 8, 1},
                                   {kHistoryColumn, 2, 1},
                                   {kTrlColumn, 9, 1},
                                   {kAskColumn, 1, 8},
                                   {kCountryColumn, 6, 16},
                                   {kRegionColumn, 1, 16},
                                   {kCityColumn, 1, 12},
                                   {kRegionRoundColumn, 1, 11},
                                   {kInstrumentColumn, 6, 8},
                                   {kCooperationColumn, 6, 8},
                                   {kLanguageColumn, 8, 8}}});
static_assert(kWindows.back().first + kWindows.back().size() == InvestorLosses::kBytes);

constexpr uint32_t kStages = (uint32_t{1} << ProjectFilter::kStageBits) - 1;

// A sector has two bytes for what it gives, which it shares with different ones.
constexpr std::array<uint16_t, 2> GainsOf(uint16_t sector) {
  constexpr uint32_t kHalf = InvestorLosses::kGains / 2;
  const uint32_t first = sector % kHalf, second = kHalf + (sector * 0x9E3779B1u >> 16) % kHalf;
  return {static_cast<uint16_t>(InvestorLosses::kGain + first), static_cast<uint16_t>(InvestorLosses::kGain + second)};
}

int64_t StepsUp(int64_t points, int64_t step) { return points / step + (points % step > 0 ? 1 : 0); }

// A monotone function of an amount; 65.536 milli-nats a step, from 363 to some milliards of the base currency on. What
// lies beyond is on the last step on either side.
uint8_t AmountByte(int32_t ln) { return static_cast<uint8_t>(std::clamp((ln >> 16) - 160, 0, 255)); }

// Points in steps of so many, and what a byte has no room for.
struct Steps {
  Steps(int64_t points, int64_t step, int64_t least, int64_t most) {
    const int64_t steps = StepsUp(points, step);
    byte = static_cast<uint8_t>(std::clamp(steps, least, most));
    rest = std::max<int64_t>(steps - most, 0) * step;
  }

  uint8_t byte;
  int64_t rest;
};
Steps SectorSteps(int16_t points) { return {points, InvestorLosses::kSectorStep, -128, 127}; }
Steps TextSteps(const TextWeights& text) { return {LengthOf(text), InvestorLosses::kTextStep, 0, 255}; }
Steps ExtraSteps(int32_t points) { return {points, InvestorLosses::kStep, 0, 255}; }

void Fill(const Window& window, const ColumnPoints& column, int32_t most, uint8_t* losses) {
  const auto steps = [most](int16_t points) {
    const int32_t loss = (most - points) / InvestorLosses::kStep;
    return points == kRefused ? InvestorLosses::kRefusedLoss
                              : static_cast<uint8_t>(std::min<int32_t>(loss, InvestorLosses::kMostLoss));
  };
  std::fill(losses + window.first, losses + window.first + window.size(), steps(column.otherwise));
  for (const ColumnPoints::Listed& listed : column.listed) {
    uint8_t& place = losses[window.PlaceOf(listed.code)];
    place = listed.code < window.own ? steps(listed.points) : std::min(place, steps(listed.points));
  }
}

}  // namespace

InvestorLosses::InvestorLosses(const InvestorForm& form) : best(form.bias) {
  bytes[kTicketLeast] = AmountByte(form.ticket_least);
  bytes[kTicketMost] = AmountByte(form.ticket_most);
  // Lower bits of a filter: the stages that are refused.
  const auto stages = static_cast<uint32_t>(~FilterOf(form).bits) & kStages;
  const auto first = static_cast<uint32_t>(stages == 0 ? 0 : std::countr_zero(stages));
  const auto last = static_cast<uint32_t>(stages == 0 ? 0 : std::bit_width(stages) - 1);
  key = first << 13 | last << 9 | (uint32_t{bytes[kTicketLeast]} + bytes[kTicketMost]);
  for (const Window& window : kWindows) {
    const int32_t most = FlatForm::BestOf(form.columns[window.column]);
    best += most;
    Fill(window, form.columns[window.column], most, bytes.data());
  }
  const Steps extra = ExtraSteps(form.extra_points_most), text = TextSteps(form.text);
  bytes[kExtra] = form.extra_gates ? uint8_t{0} : extra.byte;
  best += form.extra_gates ? std::max(form.extra_points_most, 0) : extra.rest;
  bytes[kText] = text.byte;
  best += text.rest * (LossProbe::kMostTextLength / 256);
  best += SectorSteps(form.sectors.otherwise).rest * int64_t{ProjectRow::kMostSectors};
  for (const SectorPoints::Listed& listed : form.sectors.listed) best += SectorSteps(listed.points).rest;
  SetOwn(form, kNoSector);
}

void InvestorLosses::SetOwn(const InvestorForm& form, uint16_t sector) {
  bytes[kOwn] = 0;
  std::fill_n(bytes.begin() + kGain, kGains, SectorSteps(form.sectors.otherwise).byte);
  for (const SectorPoints::Listed& listed : form.sectors.listed) {
    if (listed.refused) continue;
    const uint8_t points = SectorSteps(listed.points).byte;
    if (listed.sector == sector) {
      bytes[kOwn] = points;
      continue;
    }
    for (const uint16_t number : GainsOf(listed.sector)) {
      if (static_cast<int8_t>(points) > static_cast<int8_t>(bytes[number])) bytes[number] = points;
    }
  }
}

uint32_t InvestorLosses::StagesOf(uint32_t key) {
  const uint32_t first = key >> 13, last = key >> 9 & 15;
  return (uint32_t{2} << last) - (uint32_t{1} << first);
}

int16_t InvestorLosses::Slack(int64_t best, int64_t floor) {
  const int64_t slack = StepsUp(best - floor, kStep);
  if (slack > kMostSlack) return kAlways;
  return static_cast<int16_t>(std::max<int64_t>(slack, kLeastSlack));
}

LossProbe::LossProbe(const ProjectRow& row, uint32_t text_length, bool asks)
    : gain_count(row.sector_count), norm(static_cast<int16_t>(row.sector_norm * 16)), extra(asks) {
  stage = static_cast<uint32_t>(FilterOf(row).codes) & kStages;
  for (const Window& window : kWindows) {
    losses[window.column] = static_cast<uint16_t>(window.PlaceOf(row.codes[window.column]));
  }
  for (size_t i = 0; i < row.sector_count; ++i) gains[i] = GainsOf(row.sectors[i]);
  // Sectors are rounded down once more after the norm, and so are texts.
  points = static_cast<int16_t>(StepsUp(row.points, InvestorLosses::kStep) + (text_length == 0 ? 1 : 2));
  bounded = text_length <= kMostTextLength;
  if (bounded) text_factor = static_cast<uint16_t>((text_length + 7) / 8);
  if (row.codes[kAskColumn] == 0) return;
  ask_least = AmountByte(row.ask_least);
  ask_most = AmountByte(row.ask_most);
}

LossProbe LossProbe::Without(size_t at) const {
  LossProbe probe = *this;
  probe.gains[at] = probe.gains[--probe.gain_count];
  return probe;
}

}  // namespace tandem::pairing::matching
