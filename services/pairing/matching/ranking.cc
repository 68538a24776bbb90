#include "services/pairing/matching/ranking.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"

#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/lens.h"
#include "services/pairing/matching/scorer.h"

namespace tandem::pairing::matching {
namespace {

absl::flat_hash_set<std::string> GoneIf(Stances stances, absl::flat_hash_set<std::string> gone) {
  return stances == Stances::kHonoured ? gone : absl::flat_hash_set<std::string>();
}

}  // namespace

Ranking RankInvestors(const Market& market, std::shared_ptr<const ProjectFacts> project, int32_t as_of_day,
                      Stances stances) {
  Ranking ranking;
  ranking.context = market.context();
  ranking.codes = market.codes();
  ranking.as_of_day = as_of_day;
  ranking.project = std::move(project);
  if (!TakesPart(*ranking.project)) return ranking;
  const auto prior = market.PriorInvestors(*ranking.project);
  const auto gone = GoneIf(stances, market.GoneFromProject(ranking.project->record.name()));
  for (const auto& [name, investor] : market.investors()) {
    ++ranking.considered;
    if (gone.contains(name)) continue;
    if (!TakesPart(*investor) || !PassesGates(*ranking.context, *ranking.project, *investor)) continue;
    const Lens lens(*ranking.context, *ranking.codes, *investor, as_of_day);
    const SharedStrength shared = SharedWith(*ranking.context, *investor, as_of_day).Strength(prior);
    const int64_t score = kPoint * ScorePair(*ranking.context, *ranking.project, *investor, lens, shared).Sum();
    ranking.investors.push_back({score, shared, investor});
  }
  // The market is in the order of names, so a stable sort breaks ties by name.
  std::stable_sort(ranking.investors.begin(), ranking.investors.end(),
                   [](const RankedInvestor& a, const RankedInvestor& b) { return a.score > b.score; });
  ranking.passed = ranking.investors.size();
  return ranking;
}

Ranking RankProjects(const Market& market, std::shared_ptr<const InvestorFacts> investor, int32_t as_of_day,
                     Stances stances) {
  Ranking ranking;
  ranking.context = market.context();
  ranking.codes = market.codes();
  ranking.as_of_day = as_of_day;
  ranking.investor = std::move(investor);
  if (!TakesPart(*ranking.investor)) return ranking;
  const Lens lens(*ranking.context, *ranking.codes, *ranking.investor, as_of_day);
  SharedWith shared_with(*ranking.context, *ranking.investor, as_of_day);
  const auto gone = GoneIf(stances, market.GoneFromInvestor(ranking.investor->record.name()));
  for (const auto& [name, project] : market.projects()) {
    ++ranking.considered;
    if (gone.contains(name)) continue;
    if (!TakesPart(*project) || !PassesGates(*ranking.context, *project, *ranking.investor)) continue;
    const SharedStrength shared = shared_with.Strength(market.PriorInvestors(*project));
    const int64_t score = kPoint * ScorePair(*ranking.context, *project, *ranking.investor, lens, shared).Sum();
    ranking.projects.push_back({score, shared, project});
  }
  std::stable_sort(ranking.projects.begin(), ranking.projects.end(),
                   [](const RankedProject& a, const RankedProject& b) { return a.score > b.score; });
  ranking.passed = ranking.projects.size();
  return ranking;
}

}  // namespace tandem::pairing::matching
