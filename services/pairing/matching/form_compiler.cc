#include "services/pairing/matching/form_compiler.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "services/pairing/matching/code_gates.h"
#include "services/pairing/matching/extra_terms.h"
#include "services/pairing/matching/lens.h"

namespace tandem::pairing::matching {
namespace {

// Far beyond what any sum of shapes gives, and clear of kRefused.
int16_t Narrow(int32_t points) { return static_cast<int16_t>(std::clamp(points, -32'000, 32'000)); }

int16_t PointsOf(const Lens& lens, const CodeBook& codes, const InvestorFacts& investor, Column column, uint16_t code) {
  if (RefusesCode(codes, investor, column, code)) return kRefused;
  Terms terms;
  lens.AddColumn(column, code, &terms);
  return Narrow(terms.Sum());
}

// The value that most of `listed` have becomes the one that need not be listed.
void Shorten(ColumnPoints* points) {
  std::vector<int16_t> values;
  values.reserve(points->listed.size());
  for (const ColumnPoints::Listed& listed : points->listed) values.push_back(listed.points);
  std::sort(values.begin(), values.end());
  size_t most = 0;
  for (size_t i = 0; i < values.size();) {
    const auto end = static_cast<size_t>(std::upper_bound(values.begin(), values.end(), values[i]) - values.begin());
    if (end - i > most) {
      most = end - i;
      points->otherwise = values[i];
    }
    i = end;
  }
  const int16_t otherwise = points->otherwise;
  std::erase_if(points->listed, [&](const ColumnPoints::Listed& listed) { return listed.points == otherwise; });
}

}  // namespace

InvestorForm CompileForm(const MarketContext& context, const CodeBook& codes, const InvestorFacts& investor,
                         int32_t day) {
  const Lens lens(context, codes, investor, day);
  InvestorForm form;
  Terms bias;
  lens.AddBias(&bias);
  form.bias = bias.Sum();
  for (size_t i = 0; i < kColumnCount; ++i) {
    const auto column = static_cast<Column>(i);
    ColumnPoints& points = form.columns[i];
    const auto list = [&](uint16_t code) {
      points.listed.push_back({code, PointsOf(lens, codes, investor, column, code)});
    };
    if (CodeBook::ListsAll(column)) {
      for (const uint16_t code : codes.InUse(column)) list(code);
      Shorten(&points);
    } else {
      for (const uint16_t code : lens.KnownCodes(column)) list(code);
    }
  }
  form.sectors.otherwise = Narrow(lens.OtherSector().Sum());
  for (const uint16_t sector : lens.KnownSectors()) {
    form.sectors.listed.push_back({sector, Narrow(lens.SectorOf(sector).Sum()), false, false});
  }
  FoldRanges(context, codes, investor, &form);
  form.text = lens.all_text();
  form.extra_gates = CannotFold(investor);
  form.extra_points_most = MostExtraPoints(context);
  return form;
}

}  // namespace tandem::pairing::matching
