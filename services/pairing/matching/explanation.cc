#include "services/pairing/matching/explanation.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "common/base/civil_date.h"
#include "services/pairing/matching/co_investors.h"
#include "services/pairing/matching/gate_list.h"
#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/scorer.h"
#include "services/pairing/matching/track_tally.h"
#include "services/pairing/matching/values.h"

namespace tandem::pairing::matching {
namespace {

// The lines of an explanation, largest first. A term of no points says nothing and is left out; the sum is the same.
std::vector<v1::Term> DescribeTerms(const MarketContext& context, const ProjectFacts& project,
                                    const InvestorFacts& investor, int32_t as_of_day, int64_t shared,
                                    absl::string_view language) {
  const Terms terms = ScorePair(context, project, investor, as_of_day, shared);
  const TrackTally tally = Tally(context, project, *investor.track, as_of_day);
  std::vector<size_t> order(kTermCount);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return terms.points[a] > terms.points[b]; });
  std::vector<v1::Term> lines;
  for (const size_t term : order) {
    if (terms.points[term] == 0) continue;
    v1::Term line;
    line.set_signal(KindOf(term).signal);
    line.set_side(KindOf(term).side);
    line.set_points(terms.points[term]);
    line.set_project_value(ProjectValue(context, term, project, language));
    line.set_investor_value(InvestorValue(context, term, project, investor, tally, language));
    lines.push_back(std::move(line));
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
  const int64_t shared = for_project ? ranking.investors[index].shared : ranking.projects[index].shared;
  for (v1::Term& line : DescribeTerms(*ranking.context, project, investor, ranking.as_of_day, shared, language)) {
    *match.add_terms() = std::move(line);
  }
  for (v1::Gate& gate : ListGates(*ranking.context, project, investor, language)) {
    if (gate.result() == v1::Gate::RESULT_UNKNOWN) *match.add_unknown_gates() = std::move(gate);
  }
  return match;
}

v1::MatchExplanation ExplainPair(const Market& market, const ProjectFacts& project, const InvestorFacts& investor,
                                 int32_t as_of_day, absl::string_view language) {
  const MarketContext& context = *market.context();
  const int64_t shared = CoInvestors(market.PriorInvestors(project), as_of_day).StrengthWith(investor);
  v1::MatchExplanation explanation;
  explanation.set_project(project.record.name());
  explanation.set_investor(investor.record.name());
  explanation.set_eligible(TakesPart(project) && TakesPart(investor) && PassesGates(context, project, investor));
  explanation.set_as_of_date(FormatDate(as_of_day));
  explanation.set_ranking_profile(context.ranking_profile);
  int64_t score = 0;
  for (v1::Term& line : DescribeTerms(context, project, investor, as_of_day, shared, language)) {
    score += line.points();
    *explanation.add_terms() = std::move(line);
  }
  explanation.set_score(score);
  for (v1::Gate& gate : ListGates(context, project, investor, language)) *explanation.add_gates() = std::move(gate);
  return explanation;
}

}  // namespace tandem::pairing::matching
