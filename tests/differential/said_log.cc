#include "tests/differential/said_log.h"

#include <algorithm>

#include "gtest/gtest.h"

#include "services/pairing/market_feed/market_followers.h"

namespace tandem::pairing {
namespace {

// What was so at the revision of `source` in `date`.
template <typename What>
const What& At(const std::map<int64_t, What>& by_revision, const ConsistencyToken& date, const char* source) {
  static const What* const kNone = new What;
  const auto after = by_revision.upper_bound(date.positions().at(source).revision);
  return after == by_revision.begin() ? *kNone : std::prev(after)->second;
}

}  // namespace

void SaidLog::NotePairings(const matching::Records& records, int64_t revision) {
  Said& said = said_[revision];
  for (const auto& [name, message] : records) {
    const auto* pairing = dynamic_cast<const v1::Pairing*>(message.get());
    if (pairing == nullptr) continue;
    const v1::StanceKind by_project = pairing->project_stance().kind();
    const v1::StanceKind by_investor = pairing->investor_stance().kind();
    const bool block = by_project == v1::STANCE_KIND_BLOCKED || by_investor == v1::STANCE_KIND_BLOCKED;
    if (block || by_project == v1::STANCE_KIND_SKIPPED) said.gone.emplace(pairing->project(), pairing->investor());
    if (block || by_investor == v1::STANCE_KIND_SKIPPED) said.gone.emplace(pairing->investor(), pairing->project());
    if (pairing->state() == v1::Pairing::STATE_MUTUAL) ++said.mutual[pairing->investor()];
  }
}

void SaidLog::NoteInvestors(const matching::Records& records, int64_t revision) {
  std::map<std::string, int>& capacities = capacities_[revision];
  for (const auto& [name, message] : records) {
    const auto* investor = dynamic_cast<const investors::v1::Investor*>(message.get());
    if (investor != nullptr) capacities[name] = investor->capacity();
  }
}

void SaidLog::Check(const v1::FindMatchesRequest& request, const v1::FindMatchesResponse& answer,
                    const ConsistencyToken& date) {
  const Said& said = At(said_, date, kEditionsSource);
  const std::map<std::string, int>& capacities = At(capacities_, date, kInvestorsSource);
  for (const v1::Match& match : answer.matches()) {
    const bool of_project = match.project() == request.subject();
    EXPECT_EQ(said.gone.count({request.subject(), of_project ? match.investor() : match.project()}), 0u)
        << "is gone from the list";
    if (!request.explain()) continue;
    const auto capacity = capacities.find(match.investor());
    const auto mutual = said.mutual.find(match.investor());
    ASSERT_NE(capacity, capacities.end()) << match.investor();
    const bool spent = capacity->second > 0 && mutual != said.mutual.end() && mutual->second >= capacity->second;
    const bool told = std::any_of(match.terms().begin(), match.terms().end(), [](const v1::Term& term) {
      return term.signal() == v1::SIGNAL_SPENT_CAPACITY && term.points() == -2'000'000;
    });
    EXPECT_EQ(told, spent) << match.investor();
    if (spent) ++spent_shown;
  }
  const auto first = said.gone.lower_bound({request.subject(), ""});
  if (first != said.gone.end() && first->first == request.subject()) ++gone_from;
}

}  // namespace tandem::pairing
