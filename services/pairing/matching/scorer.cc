#include "services/pairing/matching/scorer.h"

#include "services/pairing/matching/extra_terms.h"

namespace tandem::pairing::matching {

Terms ScorePair(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor,
                const Lens& lens, const SharedStrength& shared) {
  const ProjectRow& row = project.row;
  Terms terms;
  lens.AddBias(&terms);
  for (size_t column = 0; column < kColumnCount; ++column) {
    lens.AddColumn(static_cast<Column>(column), row.codes[column], &terms);
  }
  // Sectors are spread as one sum, rounded once; the last part takes what rounding leaves.
  Lens::SectorParts sum;
  for (size_t i = 0; i < row.sector_count; ++i) {
    const Lens::SectorParts parts = lens.SectorOf(row.sectors[i]);
    sum.mandate += parts.mandate;
    sum.bayes += parts.bayes;
    sum.cosine += parts.cosine;
  }
  const auto spread = [&](int32_t points) { return (points * row.sector_norm) >> 10; };
  const int32_t mandate = spread(sum.mandate);
  const int32_t bayes = spread(sum.bayes);
  terms.Add(kSectorBayes, mandate, mandate + bayes);
  terms.Add(kSectorCosine, 0, spread(sum.Sum()) - mandate - bayes);
  if (row.text != nullptr) {
    terms.Add(kText, TextPoints(*row.text, lens.mandate_text()), TextPoints(*row.text, lens.all_text()));
  }
  terms.Add(kDemand, row.points, row.points);
  AddExtras(context, project, investor, shared, &terms);
  return terms;
}

}  // namespace tandem::pairing::matching
