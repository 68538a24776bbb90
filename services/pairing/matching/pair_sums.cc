#include "services/pairing/matching/pair_sums.h"

#include "services/pairing/matching/extra_terms.h"
#include "services/pairing/matching/terms.h"

namespace tandem::pairing::matching {

PairSums::PairSums(const MarketContext& context, const CodeBook& codes, const InvestorFacts& investor, int32_t day)
    : context_(context), investor_(investor), lens_(context, codes, investor, day) {
  Terms terms;
  lens_.AddBias(&terms);
  bias_ = terms.Sum();
}

int32_t PairSums::OfCode(Column column, uint16_t code) {
  const auto [found, is_new] = codes_.try_emplace(static_cast<uint32_t>(column) << 16 | code);
  if (is_new) {
    Terms terms;
    lens_.AddColumn(column, code, &terms);
    found->second = terms.Sum();
  }
  return found->second;
}

int32_t PairSums::OfSector(uint16_t sector) {
  const auto [found, is_new] = sectors_.try_emplace(sector);
  if (is_new) found->second = lens_.SectorOf(sector).Sum();
  return found->second;
}

int32_t PairSums::Of(const ProjectFacts& project, const SharedStrength& shared) {
  const ProjectRow& row = project.row;
  int32_t sum = bias_ + row.points;
  for (size_t column = 0; column < kColumnCount; ++column)
    sum += OfCode(static_cast<Column>(column), row.codes[column]);
  // However the parts of a sum are rounded apart, together they are this.
  int32_t sectors = 0;
  for (size_t i = 0; i < row.sector_count; ++i) sectors += OfSector(row.sectors[i]);
  sum += (sectors * row.sector_norm) >> 10;
  if (row.text != nullptr) sum += TextPoints(*row.text, lens_.all_text());
  if (HasExtraPoints(project)) {
    Terms extras;
    AddExtras(context_, project, investor_, shared, &extras);
    sum += extras.Sum();
  }
  return sum;
}

}  // namespace tandem::pairing::matching
