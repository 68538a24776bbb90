#include "services/pairing/matching/selected_ranking.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "services/pairing/matching/selection.h"

namespace tandem::pairing::matching {
namespace {

// Projects have no capacity.
Candidate CandidateOf(const RankedProject& ranked) {
  const projects::v1::Project& record = ranked.project->record;
  return {ranked.score, record.name(), record.organisation(), 0};
}

Candidate CandidateOf(const RankedInvestor& ranked) {
  const investors::v1::Investor& record = ranked.investor->record;
  return {ranked.score, record.name(), record.organisation(), ranked.investor->PlacesLeft()};
}

// Leaves of `list` what `options` select.
template <typename Ranked>
std::vector<Ranked> Apply(const std::vector<Ranked>& list, const v1::MatchOptions& options, size_t wanted,
                          Ranking* ranking) {
  const FetchBest fetch = [&](size_t k) {
    std::vector<Candidate> best;
    best.reserve(std::min(k, list.size()));
    for (size_t i = 0; i < std::min(k, list.size()); ++i) best.push_back(CandidateOf(list[i]));
    return best;
  };
  const Selection selection = Select(fetch, options, wanted);
  std::vector<Ranked> selected;
  selected.reserve(selection.selected.size());
  ranking->adjustments.reserve(selection.selected.size());
  for (const Selected& place : selection.selected) {
    selected.push_back(list[place.plain_index]);
    selected.back().score = place.score;
    ranking->adjustments.push_back({place.plain_index + 1, place.spent_capacity, place.passed_over});
  }
  ranking->passed_over = selection.passed_over;
  return selected;
}

}  // namespace

std::shared_ptr<const Ranking> WithOptions(std::shared_ptr<const Ranking> plain, const v1::MatchOptions& options,
                                           size_t wanted) {
  if (!AsksForSelection(options)) return plain;
  auto ranking = std::make_shared<Ranking>();
  ranking->context = plain->context;
  ranking->codes = plain->codes;
  ranking->as_of_day = plain->as_of_day;
  ranking->project = plain->project;
  ranking->investor = plain->investor;
  ranking->considered = plain->considered;
  ranking->passed = plain->passed;
  if (plain->project != nullptr) {
    ranking->investors = Apply(plain->investors, options, wanted, ranking.get());
  } else {
    ranking->projects = Apply(plain->projects, options, wanted, ranking.get());
  }
  return ranking;
}

size_t PassedOverBefore(const Ranking& ranking, size_t end) {
  return end < ranking.adjustments.size() ? ranking.adjustments[end].passed_over : ranking.passed_over;
}

void DescribeAdjustment(const Ranking& ranking, size_t index, bool explain, v1::Match* match) {
  if (ranking.adjustments.empty()) return;
  const Adjustment& adjustment = ranking.adjustments[index];
  if (adjustment.plain_rank != index + 1) match->set_plain_rank(static_cast<int32_t>(adjustment.plain_rank));
  if (!explain || adjustment.spent_capacity == 0) return;
  v1::Term term;
  term.set_signal(v1::SIGNAL_SPENT_CAPACITY);
  term.set_side(type::v1::SIDE_PROJECT);
  term.set_points(adjustment.spent_capacity);
  const InvestorFacts& investor = *ranking.investors[index].investor;
  term.set_investor_value(
      investor.taken_places == 0
          ? absl::StrCat("takes on ", investor.record.capacity(), ", which is fewer than ", kSparedCapacity)
          : absl::StrCat("has ", investor.PlacesLeft(), " of ", investor.record.capacity(),
                         " places left, which is fewer than ", kSparedCapacity));
  // Largest first, like the others.
  auto& terms = *match->mutable_terms();
  *terms.Add() = std::move(term);
  const auto place = std::find_if(terms.begin(), terms.end() - 1,
                                  [&](const v1::Term& other) { return other.points() < adjustment.spent_capacity; });
  std::rotate(place, terms.end() - 1, terms.end());
}

}  // namespace tandem::pairing::matching
