#include "tests/bench/engine/sql_form.h"

#include <algorithm>
#include <limits>
#include <set>

namespace tandem::bench {

using pairing::matching::ColumnPoints;
using pairing::matching::InvestorForm;
using pairing::matching::kAskColumn;
using pairing::matching::kColumnCount;
using pairing::matching::kRefused;
using pairing::matching::kStageColumn;
using pairing::matching::ProjectRow;
using pairing::matching::SectorPoints;

CodeLayout::CodeLayout(const MarketData& market) {
  std::set<uint16_t> stages;
  for (const ProjectRow& row : market.rows) {
    for (size_t c = 0; c < kColumnCount; ++c) code_counts_[c] = std::max(code_counts_[c], row.codes[c] + 1);
    for (size_t i = 0; i < row.sector_count; ++i) sector_count_ = std::max(sector_count_, row.sectors[i] + 1);
    sector_width_ = std::max<size_t>(sector_width_, row.sector_count);
    stages.insert(row.codes[kStageColumn]);
    has_text_ = has_text_ || row.text != nullptr;
  }
  stages_.assign(stages.begin(), stages.end());
  std::set<size_t> gating;
  for (const auto& form : market.forms) {
    for (size_t c = 0; c < kColumnCount; ++c) {
      const ColumnPoints& column = form->columns[c];
      const bool gates = column.otherwise == kRefused ||
                         std::any_of(column.listed.begin(), column.listed.end(),
                                     [](const ColumnPoints::Listed& listed) { return listed.points == kRefused; });
      if (gates) gating.insert(c);
    }
    sectors_gate_ = sectors_gate_ || form->sectors.refuse_unstated ||
                    std::any_of(form->sectors.listed.begin(), form->sectors.listed.end(),
                                [](const SectorPoints::Listed& listed) { return listed.refused; });
  }
  gating_columns_.assign(gating.begin(), gating.end());
  int32_t next = 1;
  for (size_t c = 0; c < kColumnCount; ++c) {
    offsets_[c] = next;
    next += code_counts_[c];
  }
  sector_offset_ = next + 2;
  accepted_offset_ = sector_count_ + 2;
  size_ = sector_offset_ + sector_count_ + accepted_offset_ - 1;
  stage_factor_ = std::max(1, code_counts_[kStageColumn]);
}

SqlForm::SqlForm(const CodeLayout& layout, const InvestorForm& form)
    : points(static_cast<size_t>(layout.size()), 0),
      by_sector(form.sectors.required),
      bias(form.bias),
      ticket_least(form.ticket_least),
      ticket_most(form.ticket_most) {
  const auto at = [this](int32_t number) -> int32_t& { return points[static_cast<size_t>(number) - 1]; };
  const auto value = [](int16_t p) { return p == kRefused ? kSqlRefused : int32_t{p}; };
  for (size_t c = 0; c < kColumnCount; ++c) {
    for (int32_t code = 0; code < layout.code_counts_[c]; ++code) {
      at(layout.offsets_[c] + code) = value(form.columns[c].otherwise);
    }
    for (const ColumnPoints::Listed& listed : form.columns[c].listed) {
      if (listed.code < layout.code_counts_[c]) at(layout.Code(c, listed.code)) = value(listed.points);
    }
  }
  const SectorPoints& sectors = form.sectors;
  for (int32_t sector = 0; sector < layout.sector_count_; ++sector)
    at(layout.sector_offset_ + sector) = sectors.otherwise;
  if (sectors.refuse_unstated) {
    at(layout.unstated()) = kSqlRefused;
  } else {
    accepted.push_back(layout.unstated());
  }
  for (const SectorPoints::Listed& listed : sectors.listed) {
    if (listed.sector >= layout.sector_count_) continue;
    at(layout.Sector(listed.sector)) = listed.refused ? kSqlRefused : listed.points;
    if (!listed.accepted || listed.refused) continue;
    at(layout.Sector(listed.sector) + layout.accepted_offset()) = 1;
    accepted.push_back(layout.Sector(listed.sector));
  }
  for (const int32_t sector : accepted) {
    for (const uint16_t stage : layout.stages()) {
      if (at(layout.Code(kStageColumn, stage)) != kSqlRefused) cells.push_back(layout.Cell(sector, stage));
    }
  }
  std::sort(cells.begin(), cells.end());
  for (const auto& term : form.text) {
    terms.push_back(static_cast<int32_t>(term.term));
    term_weights.push_back(term.weight);
  }
}

std::vector<int32_t> SqlRow(const CodeLayout& layout, const ProjectRow& row, uint32_t place) {
  // An ask that is not stated meets every ticket.
  const bool asks = row.codes[kAskColumn] != 0;
  std::vector<int32_t> numbers = {
      static_cast<int32_t>(place), asks ? row.ask_least : std::numeric_limits<int32_t>::min(),
      asks ? row.ask_most : std::numeric_limits<int32_t>::max(), row.points, row.sector_norm};
  for (size_t c = 0; c < kColumnCount; ++c) numbers.push_back(layout.Code(c, row.codes[c]));
  for (size_t i = 0; i < layout.sector_width(); ++i) {
    numbers.push_back(i < row.sector_count ? layout.Sector(row.sectors[i])
                      : i == 0             ? layout.unstated()
                                           : layout.no_sector());
  }
  return numbers;
}

}  // namespace tandem::bench
