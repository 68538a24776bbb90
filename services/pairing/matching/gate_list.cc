#include "services/pairing/matching/gate_list.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/values.h"

namespace tandem::pairing::matching {
namespace {

using investors::v1::Criterion;
using projects::v1::InvestorWish;

v1::Gate MakeGate(v1::Gate::Kind kind, std::string rule, type::v1::Side side, v1::Gate::Result result) {
  v1::Gate gate;
  gate.set_kind(kind);
  gate.set_rule(std::move(rule));
  gate.set_side(side);
  gate.set_result(result);
  return gate;
}

v1::Gate::Result PassIf(bool holds) { return holds ? v1::Gate::RESULT_PASS : v1::Gate::RESULT_FAIL; }

// "STATE_IN_REVIEW" -> "in review".
std::string Plain(absl::string_view name, absl::string_view prefix) {
  absl::ConsumePrefix(&name, prefix);
  std::string text = absl::AsciiStrToLower(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string FieldOf(Criterion::WantsCase aspect) {
  switch (aspect) {
    case Criterion::kSectors:
      return "sectors";
    case Criterion::kStages:
      return "stage_of_development";
    case Criterion::kRounds:
      return "funding_round";
    case Criterion::kTicket:
      return "ask";
    case Criterion::kPlaces:
      return "place";
    case Criterion::kInstruments:
      return "instruments";
    case Criterion::kTrl:
      return "trl";
    case Criterion::kCooperationTypes:
      return "cooperation_types";
    case Criterion::kCommonLanguage:
      return "languages";
    case Criterion::WANTS_NOT_SET:
      break;
  }
  return "";
}

void AddStates(const ProjectFacts& project, const InvestorFacts& investor, std::vector<v1::Gate>* gates) {
  const projects::v1::Project& p = project.record;
  v1::Gate state =
      MakeGate(v1::Gate::KIND_PROJECT_STATE, "project.state", type::v1::SIDE_PROJECT, PassIf(project.matched));
  state.set_project_value(p.has_delete_time() ? "deleted"
                                              : Plain(projects::v1::Project::State_Name(p.state()), "STATE_"));
  if (!project.matched) {
    state.set_remedy(p.has_delete_time() ? "undelete the project and have it published"
                                         : "the project has to be published");
  }
  gates->push_back(std::move(state));

  const investors::v1::Investor& i = investor.record;
  state = MakeGate(v1::Gate::KIND_INVESTOR_STATE, "investor.state", type::v1::SIDE_INVESTOR, PassIf(investor.matched));
  state.set_investor_value(i.has_delete_time() ? "deleted"
                                               : Plain(investors::v1::Investor::State_Name(i.state()), "STATE_"));
  if (!investor.matched) {
    state.set_remedy(i.has_delete_time() ? "undelete the investor and have it verified"
                                         : "the investor has to be verified");
  }
  gates->push_back(std::move(state));

  state =
      MakeGate(v1::Gate::KIND_DEPLOYMENT, "investor.deployment", type::v1::SIDE_INVESTOR, PassIf(investor.deploying));
  state.set_investor_value(i.deployment() == 0
                               ? "not stated"
                               : Plain(investors::v1::Investor::Deployment_Name(i.deployment()), "DEPLOYMENT_"));
  if (!investor.deploying) state.set_remedy("the investor has to be deploying");
  gates->push_back(std::move(state));
}

void AddCriteria(const MarketContext& context, const ProjectFacts& project, const InvestorFacts& investor,
                 absl::string_view language, std::vector<v1::Gate>* gates) {
  const auto& criteria = investor.record.mandate().criteria();
  for (int i = 0; i < criteria.size(); ++i) {
    const Criterion& criterion = criteria[i];
    const bool must_not = criterion.strength() == type::v1::STRENGTH_MUST_NOT;
    if (!must_not && criterion.strength() != type::v1::STRENGTH_MUST) continue;
    const auto index = static_cast<size_t>(i);
    const Fit fit = JudgeCriterion(context, project, investor, index);
    const std::string field = FieldOf(criterion.wants_case());
    v1::Gate gate = MakeGate(v1::Gate::KIND_MANDATE,
                             absl::StrCat("mandate.criteria[", i, "].", must_not ? "must_not." : "must.", field),
                             type::v1::SIDE_INVESTOR, GateResult(criterion.strength(), criterion.on_missing(), fit));
    gate.set_project_value(ProjectValueFor(context, project, criterion.wants_case(), language));
    gate.set_investor_value(absl::StrCat(must_not ? "not " : "", CriterionValue(context, investor, index, language)));
    if (gate.result() == v1::Gate::RESULT_FAIL) {
      gate.set_remedy(fit == Fit::kMissing
                          ? absl::StrCat("state project.", field)
                          : absl::StrCat("project.", field, " would have to be ", must_not ? "other than " : "one of ",
                                         CriterionValue(context, investor, index, language),
                                         ", or the investor would have to loosen this criterion"));
    } else if (gate.result() == v1::Gate::RESULT_UNKNOWN) {
      gate.set_remedy(absl::StrCat("state project.", field, " so that it can be judged"));
    }
    gates->push_back(std::move(gate));
  }
}

void AddWishes(const ProjectFacts& project, const InvestorFacts& investor, absl::string_view language,
               std::vector<v1::Gate>* gates) {
  const auto& wishes = project.record.wishes();
  for (int i = 0; i < wishes.size(); ++i) {
    const InvestorWish& wish = wishes[i];
    const bool must_not = wish.strength() == type::v1::STRENGTH_MUST_NOT;
    if (!must_not && wish.strength() != type::v1::STRENGTH_MUST) continue;
    const auto index = static_cast<size_t>(i);
    const Fit fit = JudgeWish(project, investor, index);
    const char* field = wish.wish_case() == InvestorWish::kTypes       ? "type"
                        : wish.wish_case() == InvestorWish::kCountries ? "places"
                                                                       : "name";
    v1::Gate gate =
        MakeGate(v1::Gate::KIND_WISH, absl::StrCat("project.wishes[", i, "].", must_not ? "must_not." : "must.", field),
                 type::v1::SIDE_PROJECT, GateResult(wish.strength(), wish.on_missing(), fit));
    gate.set_project_value(absl::StrCat(must_not ? "not " : "", WishValue(project, index, language)));
    gate.set_investor_value(InvestorValueFor(investor, wish.wish_case(), language));
    if (gate.result() == v1::Gate::RESULT_FAIL) {
      gate.set_remedy(fit == Fit::kMissing
                          ? absl::StrCat("state investor.", field)
                          : absl::StrCat("investor.", field, " would have to be ", must_not ? "other than " : "one of ",
                                         WishValue(project, index, language),
                                         ", or the project would have to loosen this wish"));
    } else if (gate.result() == v1::Gate::RESULT_UNKNOWN) {
      gate.set_remedy(absl::StrCat("state investor.", field, " so that it can be judged"));
    }
    gates->push_back(std::move(gate));
  }
}

void AddStances(SaidInPair said, std::vector<v1::Gate>* gates) {
  const auto add = [&](Said kind, type::v1::Side side) {
    if (kind == Said::kNothing) return;
    const bool by_project = side == type::v1::SIDE_PROJECT;
    v1::Gate gate = MakeGate(v1::Gate::KIND_STANCE, by_project ? "pairing.project_stance" : "pairing.investor_stance",
                             side, v1::Gate::RESULT_FAIL);
    const char* value = kind == Said::kSkipped ? "skipped" : "blocked";
    by_project ? gate.set_project_value(value) : gate.set_investor_value(value);
    gate.set_remedy(absl::StrCat("the ", by_project ? "project" : "investor", " has to take its stance back"));
    gates->push_back(std::move(gate));
  };
  add(said.project, type::v1::SIDE_PROJECT);
  add(said.investor, type::v1::SIDE_INVESTOR);
}

}  // namespace

std::vector<v1::Gate> ListGates(const MarketContext& context, const ProjectFacts& project,
                                const InvestorFacts& investor, absl::string_view language, SaidInPair said) {
  std::vector<v1::Gate> gates;
  AddStates(project, investor, &gates);
  AddCriteria(context, project, investor, language, &gates);
  AddWishes(project, investor, language, &gates);
  AddStances(said, &gates);
  const auto order = [](const v1::Gate& gate) {
    return gate.result() == v1::Gate::RESULT_FAIL ? 0 : gate.result() == v1::Gate::RESULT_UNKNOWN ? 1 : 2;
  };
  std::stable_sort(gates.begin(), gates.end(),
                   [&](const v1::Gate& a, const v1::Gate& b) { return order(a) < order(b); });
  return gates;
}

}  // namespace tandem::pairing::matching
