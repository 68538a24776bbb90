#include "services/pairing/matching/linear_form.h"

#include <algorithm>

namespace tandem::pairing::matching {
namespace {

int16_t PointsOf(const ColumnPoints& column, uint16_t code) {
  const auto it = std::lower_bound(column.listed.begin(), column.listed.end(), code,
                                   [](const ColumnPoints::Listed& listed, uint16_t c) { return listed.code < c; });
  return it != column.listed.end() && it->code == code ? it->points : column.otherwise;
}

}  // namespace

int32_t TextPoints(const TextWeights& project, const TextWeights& investor) {
  int64_t sum = 0;
  for (auto p = project.begin(), i = investor.begin(); p != project.end() && i != investor.end();) {
    if (p->term < i->term) {
      ++p;
    } else if (i->term < p->term) {
      ++i;
    } else {
      sum += int64_t{p->weight} * i->weight;
      ++p;
      ++i;
    }
  }
  return static_cast<int32_t>(sum >> 8);
}

std::optional<int32_t> LinearScore(const ProjectRow& row, const InvestorForm& form) {
  int32_t score = form.bias + row.points;
  for (size_t column = 0; column < kColumnCount; ++column) {
    const int16_t points = PointsOf(form.columns[column], row.codes[column]);
    if (points == kRefused) return std::nullopt;
    score += points;
  }
  if (row.codes[kAskColumn] != 0 && (row.ask_least > form.ticket_most || row.ask_most < form.ticket_least)) {
    return std::nullopt;
  }
  const SectorPoints& wanted = form.sectors;
  if (row.sector_count == 0 && wanted.refuse_unstated) return std::nullopt;
  bool accepted = row.sector_count == 0 || !wanted.required;
  int32_t sectors = 0;
  for (size_t i = 0; i < row.sector_count; ++i) {
    const auto it = std::lower_bound(wanted.listed.begin(), wanted.listed.end(), row.sectors[i],
                                     [](const SectorPoints::Listed& listed, uint16_t s) { return listed.sector < s; });
    if (it == wanted.listed.end() || it->sector != row.sectors[i]) {
      sectors += wanted.otherwise;
      continue;
    }
    if (it->refused) return std::nullopt;
    accepted = accepted || it->accepted;
    sectors += it->points;
  }
  if (!accepted) return std::nullopt;
  score += (sectors * row.sector_norm) >> 10;
  if (row.text != nullptr) score += TextPoints(*row.text, form.text);
  return score;
}

}  // namespace tandem::pairing::matching
