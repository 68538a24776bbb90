#include "services/pairing/matching/explanation.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/base/civil_date.h"
#include "services/pairing/matching/co_investors.h"
#include "services/pairing/matching/gate_list.h"
#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/lens.h"
#include "services/pairing/matching/market_view.h"
#include "services/pairing/matching/scorer.h"
#include "services/pairing/matching/values.h"

namespace tandem::pairing::matching {
namespace {

// The lines of an explanation, largest first: the terms of one signal and side are one line. A line of no points says
// nothing and is left out; the sum is the same.
std::vector<v1::Term> DescribeTerms(const MarketContext& context, const CodeBook& codes, const ProjectFacts& project,
                                    const InvestorFacts& investor, int32_t as_of_day, const SharedStrength& shared,
                                    absl::string_view language) {
  const Lens lens(context, codes, investor, as_of_day);
  const Terms terms = ScorePair(context, project, investor, lens, shared);
  std::vector<v1::Term> lines;
  const auto add = [&](v1::Signal signal, type::v1::Side side, int32_t points) {
    if (points == 0) return;
    auto line = std::find_if(lines.begin(), lines.end(),
                             [&](const v1::Term& each) { return each.signal() == signal && each.side() == side; });
    if (line == lines.end()) {
      line = lines.emplace(lines.end());
      line->set_signal(signal);
      line->set_side(side);
    }
    line->set_points(line->points() + points * kPoint);
  };
  for (size_t i = 0; i < kFeatureCount; ++i) {
    const TermKind kind = KindOf(static_cast<Feature>(i));
    add(kind.mandate, kind.side, terms.mandate[i]);
    add(kind.record, kind.side, terms.record[i]);
  }
  add(v1::SIGNAL_SPENT_CAPACITY, type::v1::SIDE_PROJECT, terms.spent_capacity);
  std::erase_if(lines, [](const v1::Term& line) { return line.points() == 0; });
  std::stable_sort(lines.begin(), lines.end(),
                   [](const v1::Term& a, const v1::Term& b) { return a.points() > b.points(); });
  for (v1::Term& line : lines) {
    line.set_project_value(ProjectValue(context, line.signal(), project, language));
    line.set_investor_value(
        InvestorValue(context, line.signal(), line.side(), project, investor, lens.habits(), language));
  }
  return lines;
}

}  // namespace

v1::Match DescribeMatch(const Ranking& ranking, size_t index, bool explain, absl::string_view language) {
  const bool for_project = ranking.project != nullptr;
  const ProjectFacts& project = for_project ? *ranking.project : *ranking.projects[index].project;
  const InvestorFacts& investor = for_project ? *ranking.investors[index].investor : *ranking.investor;
  v1::Match match;
  match.set_project(project.record.name());
  match.set_investor(investor.record.name());
  match.set_counterpart_external_id(for_project ? investor.record.external_id() : project.record.external_id());
  match.set_counterpart_title(Title(for_project ? investor.record.texts() : project.record.texts(), language));
  match.set_rank(static_cast<int32_t>(index) + 1);
  match.set_score(for_project ? ranking.investors[index].score : ranking.projects[index].score);
  if (!explain) return match;
  const SharedStrength& shared = for_project ? ranking.investors[index].shared : ranking.projects[index].shared;
  for (v1::Term& line :
       DescribeTerms(*ranking.context, *ranking.codes, project, investor, ranking.as_of_day, shared, language)) {
    *match.add_terms() = std::move(line);
  }
  for (v1::Gate& gate : ListGates(*ranking.context, project, investor, language)) {
    if (gate.result() == v1::Gate::RESULT_UNKNOWN) *match.add_unknown_gates() = std::move(gate);
  }
  return match;
}

namespace {

v1::MatchExplanation Explain(const MarketContext& context, const CodeBook& codes,
                             const std::vector<std::shared_ptr<const InvestorFacts>>& prior,
                             const ProjectFacts& project, const InvestorFacts& investor, int32_t as_of_day,
                             absl::string_view language, SaidInPair said) {
  const SharedStrength shared = SharedWith(context, investor, as_of_day).Strength(prior);
  v1::MatchExplanation explanation;
  explanation.set_project(project.record.name());
  explanation.set_investor(investor.record.name());
  const bool open = said.project == Said::kNothing && said.investor == Said::kNothing;
  explanation.set_eligible(open && TakesPart(project) && TakesPart(investor) &&
                           PassesGates(context, project, investor));
  explanation.set_as_of_date(FormatDate(as_of_day));
  explanation.set_ranking_profile(context.ranking_profile);
  int64_t score = 0;
  for (v1::Term& line : DescribeTerms(context, codes, project, investor, as_of_day, shared, language)) {
    score += line.points();
    *explanation.add_terms() = std::move(line);
  }
  explanation.set_score(score);
  for (v1::Gate& gate : ListGates(context, project, investor, language, said)) {
    *explanation.add_gates() = std::move(gate);
  }
  return explanation;
}

}  // namespace

v1::MatchExplanation ExplainPair(const Market& market, const ProjectFacts& project, const InvestorFacts& investor,
                                 int32_t as_of_day, absl::string_view language, SaidInPair said) {
  return Explain(*market.context(), *market.codes(), market.PriorInvestors(project), project, investor, as_of_day,
                 language, said);
}

v1::MatchExplanation ExplainPair(const MarketView& view, const ProjectFacts& project, const InvestorFacts& investor,
                                 int32_t as_of_day, absl::string_view language, SaidInPair said) {
  return Explain(*view.context, *view.codes, view.PriorInvestors(project), project, investor, as_of_day, language,
                 said);
}

}  // namespace tandem::pairing::matching
