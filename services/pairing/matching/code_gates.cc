#include "services/pairing/matching/code_gates.h"

#include <algorithm>
#include <limits>

#include "services/pairing/matching/gates.h"

namespace tandem::pairing::matching {
namespace {

using investors::v1::Criterion;

bool Gates(const Criterion& criterion) {
  return criterion.strength() == type::v1::STRENGTH_MUST || criterion.strength() == type::v1::STRENGTH_MUST_NOT;
}

bool Fails(const Criterion& criterion, Fit fit) {
  return GateResult(criterion.strength(), criterion.on_missing(), fit) == v1::Gate::RESULT_FAIL;
}

// Whether an item of the criterion is a part of a country, which no single column shows.
bool NamesRegions(const Criterion& criterion) {
  return std::any_of(criterion.places().items().begin(), criterion.places().items().end(),
                     [](const auto& item) { return !item.region().empty(); });
}

Fit FitCountry(const CodeBook& codes, const std::vector<WeightedId>& wanted, uint16_t code) {
  if (code == 0) return Fit::kMissing;
  const std::vector<uint32_t>& groups = codes.GroupsOf(code);
  return FitOf(std::any_of(wanted.begin(), wanted.end(), [&](const WeightedId& item) {
    return item.id == codes.CountryOf(code) || std::find(groups.begin(), groups.end(), item.id) != groups.end();
  }));
}

Fit FitCode(const CodeBook& codes, const InvestorFacts& investor, size_t index, const Criterion& criterion,
            uint16_t code) {
  switch (criterion.wants_case()) {
    case Criterion::kStages:
      return FitStage(criterion.stages(), code);
    case Criterion::kRounds:
      return FitRound(criterion.rounds(), code);
    case Criterion::kTrl:
      return FitTrl(criterion.trl(), code);
    case Criterion::kPlaces:
      return FitCountry(codes, investor.criteria[index], code);
    case Criterion::kInstruments:
      return FitSet(BitsOf(criterion.instruments().instruments()), SetBits(code));
    case Criterion::kCooperationTypes:
      return FitSet(BitsOf(criterion.cooperation_types().types()), SetBits(code));
    case Criterion::kCommonLanguage:
      return code == 0 ? Fit::kMissing : FitLanguages(codes.LanguagesOf(code), investor.languages);
    case Criterion::kTicket: {
      // The stated ones are judged by their range.
      const bool known = investor.ticket_least[index].known || investor.ticket_most[index].known;
      return known && code != 0 ? Fit::kMet : Fit::kMissing;
    }
    default:
      return Fit::kMet;
  }
}

Column ColumnOf(Criterion::WantsCase aspect) {
  switch (aspect) {
    case Criterion::kStages:
      return kStageColumn;
    case Criterion::kRounds:
      return kRoundColumn;
    case Criterion::kTicket:
      return kAskColumn;
    case Criterion::kPlaces:
      return kCountryColumn;
    case Criterion::kInstruments:
      return kInstrumentColumn;
    case Criterion::kTrl:
      return kTrlColumn;
    case Criterion::kCooperationTypes:
      return kCooperationColumn;
    case Criterion::kCommonLanguage:
      return kLanguageColumn;
    default:
      return kColumnCount;
  }
}

// Which of several criteria of sectors is folded: the first that requires.
int FoldedSectors(const InvestorFacts& investor) {
  const auto& criteria = investor.record.mandate().criteria();
  for (int i = 0; i < criteria.size(); ++i) {
    if (criteria[i].wants_case() == Criterion::kSectors && criteria[i].strength() == type::v1::STRENGTH_MUST) return i;
  }
  return -1;
}

bool Folds(const InvestorFacts& investor, int index) {
  const Criterion& criterion = investor.record.mandate().criteria(index);
  const bool must_not = criterion.strength() == type::v1::STRENGTH_MUST_NOT;
  switch (criterion.wants_case()) {
    case Criterion::kSectors:
      return must_not || index == FoldedSectors(investor);
    case Criterion::kPlaces:
      return !NamesRegions(criterion);
    case Criterion::kTicket:
      return !must_not;
    default:
      return true;
  }
}

}  // namespace

bool RefusesCode(const CodeBook& codes, const InvestorFacts& investor, Column column, uint16_t code) {
  const auto& criteria = investor.record.mandate().criteria();
  for (int i = 0; i < criteria.size(); ++i) {
    if (!Gates(criteria[i]) || ColumnOf(criteria[i].wants_case()) != column || !Folds(investor, i)) continue;
    if (Fails(criteria[i], FitCode(codes, investor, static_cast<size_t>(i), criteria[i], code))) return true;
  }
  return false;
}

bool CannotFold(const InvestorFacts& investor) {
  const auto& criteria = investor.record.mandate().criteria();
  for (int i = 0; i < criteria.size(); ++i) {
    if (Gates(criteria[i]) && !Folds(investor, i)) return true;
  }
  return false;
}

void FoldRanges(const MarketContext& context, const CodeBook& codes, const InvestorFacts& investor,
                InvestorForm* form) {
  const auto& criteria = investor.record.mandate().criteria();
  const auto ln = [](const LogAmount& amount) {
    return static_cast<int32_t>(std::min<int64_t>(amount.ln, std::numeric_limits<int32_t>::max()));
  };
  SectorPoints& sectors = form->sectors;
  const auto at = [&](uint16_t sector) -> SectorPoints::Listed& {
    const auto it = std::lower_bound(sectors.listed.begin(), sectors.listed.end(), sector,
                                     [](const SectorPoints::Listed& listed, uint16_t s) { return listed.sector < s; });
    if (it != sectors.listed.end() && it->sector == sector) return *it;
    return *sectors.listed.insert(it, {sector, sectors.otherwise, false, false});
  };
  for (int i = 0; i < criteria.size(); ++i) {
    const Criterion& criterion = criteria[i];
    if (!Gates(criterion) || !Folds(investor, i)) continue;
    const auto index = static_cast<size_t>(i);
    if (criterion.wants_case() == Criterion::kTicket) {
      if (investor.ticket_least[index].known) {
        form->ticket_least = std::max(form->ticket_least, ln(investor.ticket_least[index]));
      }
      if (investor.ticket_most[index].known) {
        form->ticket_most = std::min(form->ticket_most, ln(investor.ticket_most[index]));
      }
    } else if (criterion.wants_case() == Criterion::kSectors) {
      const bool must_not = criterion.strength() == type::v1::STRENGTH_MUST_NOT;
      if (!must_not) sectors.required = true;
      if (Fails(criterion, Fit::kMissing)) sectors.refuse_unstated = true;
      for (const WeightedId& item : investor.criteria[index]) {
        for (const uint32_t covered : context.sectors.CoveredBy(item.id)) {
          const uint16_t code = codes.FindSector(covered);
          if (code == 0) continue;
          (must_not ? at(code).refused : at(code).accepted) = true;
        }
      }
    }
  }
}

}  // namespace tandem::pairing::matching
