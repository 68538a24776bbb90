#include "services/pairing/matching/gates.h"

#include <algorithm>

namespace tandem::pairing::matching {
namespace {

using investors::v1::Criterion;
using projects::v1::InvestorWish;

Fit JudgeSectors(const MarketContext& context, const ProjectFacts& project, const std::vector<WeightedId>& wanted) {
  Fit fit = Fit::kMissing;
  for (size_t i = 0; i < project.all_sectors.size() && i < ProjectRow::kMostSectors; ++i) {
    const uint32_t sector = project.all_sectors[i];
    if (sector == 0) continue;
    fit = Fit::kBroken;
    if (std::any_of(wanted.begin(), wanted.end(),
                    [&](const WeightedId& item) { return context.sectors.Covers(item.id, sector); })) {
      return Fit::kMet;
    }
  }
  return fit;
}

Fit JudgePlaces(const ProjectFacts& project, const std::vector<WeightedId>& wanted) {
  if (project.country == 0) return Fit::kMissing;
  return FitOf(std::any_of(wanted.begin(), wanted.end(), [&](const WeightedId& item) {
    return item.id == project.country || item.id == project.region ||
           std::find(project.country_groups.begin(), project.country_groups.end(), item.id) !=
               project.country_groups.end();
  }));
}

// A ticket covers an ask when the two ranges meet.
Fit JudgeTicket(const ProjectFacts& project, const LogAmount& least, const LogAmount& most) {
  if (!project.ask.known || (!least.known && !most.known)) return Fit::kMissing;
  const bool large_enough = !most.known || most.ln >= project.ask_least.ln;
  const bool small_enough = !least.known || least.ln <= project.ask_most.ln;
  return FitOf(large_enough && small_enough);
}

bool Gating(type::v1::Strength strength) {
  return strength == type::v1::STRENGTH_MUST || strength == type::v1::STRENGTH_MUST_NOT;
}

bool IsInvestor(const type::v1::InvestorRef& ref, const investors::v1::Investor& investor) {
  if (!ref.name().empty()) return ref.name() == investor.name();
  if (!ref.external_id().empty()) return ref.external_id() == investor.external_id();
  return std::any_of(investor.texts().begin(), investor.texts().end(),
                     [&](const type::v1::LocalizedText& text) { return text.title() == ref.display_name(); });
}

}  // namespace

Fit JudgeCriterion(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor,
                   size_t index) {
  const Criterion& criterion = investor.record.mandate().criteria(static_cast<int>(index));
  switch (criterion.wants_case()) {
    case Criterion::kSectors:
      return JudgeSectors(context, project, investor.criteria[index]);
    case Criterion::kStages:
      return FitStage(criterion.stages(), project.record.stage_of_development());
    case Criterion::kRounds:
      return FitRound(criterion.rounds(), project.record.funding_round());
    case Criterion::kTicket:
      return JudgeTicket(project, investor.ticket_least[index], investor.ticket_most[index]);
    case Criterion::kPlaces:
      return JudgePlaces(project, investor.criteria[index]);
    case Criterion::kInstruments:
      return FitSet(BitsOf(criterion.instruments().instruments()), project.instruments);
    case Criterion::kTrl:
      return FitTrl(criterion.trl(), project.record.trl());
    case Criterion::kCooperationTypes:
      return FitSet(BitsOf(criterion.cooperation_types().types()), project.cooperation);
    case Criterion::kCommonLanguage:
      return FitLanguages(project.languages, investor.languages);
    case Criterion::WANTS_NOT_SET:
      break;
  }
  return Fit::kMissing;
}

Fit JudgeWish(const ProjectFacts& project, const InvestorFacts& investor, size_t index) {
  const InvestorWish& wish = project.record.wishes(static_cast<int>(index));
  switch (wish.wish_case()) {
    case InvestorWish::kTypes: {
      if (investor.record.type() == 0) return Fit::kMissing;
      const auto& types = wish.types().types();
      return FitOf(std::find(types.begin(), types.end(), investor.record.type()) != types.end());
    }
    case InvestorWish::kCountries:
      if (investor.countries.empty()) return Fit::kMissing;
      return FitOf(Overlap(project.wished_countries[index], investor.countries) ||
                   Overlap(project.wished_countries[index], investor.country_groups));
    case InvestorWish::kInvestors: {
      const auto& refs = wish.investors().investors();
      return FitOf(
          std::any_of(refs.begin(), refs.end(), [&](const auto& ref) { return IsInvestor(ref, investor.record); }));
    }
    case InvestorWish::WISH_NOT_SET:
      break;
  }
  return Fit::kMissing;
}

v1::Gate::Result GateResult(type::v1::Strength strength, type::v1::OnMissing on_missing, Fit fit) {
  const bool must_not = strength == type::v1::STRENGTH_MUST_NOT;
  if (!must_not && strength != type::v1::STRENGTH_MUST) return v1::Gate::RESULT_PASS;
  if (fit == Fit::kMissing) {
    switch (on_missing) {
      case type::v1::ON_MISSING_PASS:
        return v1::Gate::RESULT_PASS;
      case type::v1::ON_MISSING_FAIL:
        return v1::Gate::RESULT_FAIL;
      default:
        return v1::Gate::RESULT_UNKNOWN;
    }
  }
  return (fit == Fit::kMet) != must_not ? v1::Gate::RESULT_PASS : v1::Gate::RESULT_FAIL;
}

bool PassesMandate(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor) {
  const auto& criteria = investor.record.mandate().criteria();
  for (int i = 0; i < criteria.size(); ++i) {
    if (!Gating(criteria[i].strength())) continue;
    const Fit fit = JudgeCriterion(context, project, investor, static_cast<size_t>(i));
    if (GateResult(criteria[i].strength(), criteria[i].on_missing(), fit) == v1::Gate::RESULT_FAIL) return false;
  }
  return true;
}

bool PassesWishes(const ProjectFacts& project, const InvestorFacts& investor) {
  const auto& wishes = project.record.wishes();
  for (int i = 0; i < wishes.size(); ++i) {
    if (!Gating(wishes[i].strength())) continue;
    const Fit fit = JudgeWish(project, investor, static_cast<size_t>(i));
    if (GateResult(wishes[i].strength(), wishes[i].on_missing(), fit) == v1::Gate::RESULT_FAIL) return false;
  }
  return true;
}

bool PassesGates(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor) {
  return PassesMandate(context, project, investor) && PassesWishes(project, investor);
}

}  // namespace tandem::pairing::matching
