#include "services/pairing/matching/pair_extras.h"

#include <algorithm>
#include <utility>

#include "absl/container/inlined_vector.h"

#include "services/pairing/matching/code_gates.h"
#include "services/pairing/matching/extra_terms.h"
#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/terms.h"

namespace tandem::pairing::matching {
namespace {

std::optional<int32_t> JudgeWishes(const MarketView& view, const ProjectFacts& project, const InvestorFacts& investor) {
  if (!PassesWishes(project, investor)) return std::nullopt;
  Terms terms;
  AddWishes(*view.context, project, investor, &terms);
  return terms.Sum();
}

int32_t PointsOfShared(const MarketView& view, const SharedStrength& shared) {
  if (shared.together == 0 && shared.after == 0) return 0;
  Terms terms;
  AddShared(*view.context, shared, &terms);
  return terms.Sum();
}

// Calls each(facts, slot) for every investor with a company of `track`, some of them several times.
template <typename Each>
void ForEachPartner(const MarketView& view, const TrackRecord& track, const Each& each) {
  for (const TrackRecord::Company& company : track.companies) {
    const std::vector<uint32_t>* slots = view.company_investors.Of(company.company);
    if (slots == nullptr) continue;
    for (const uint32_t slot : *slots) {
      const InvestorFacts* facts = view.investors.Peek(slot);
      if (facts != nullptr) each(facts, slot);
    }
  }
}

}  // namespace

InvestorExtras::InvestorExtras(const MarketView& view, std::shared_ptr<const InvestorFacts> investor, int32_t day)
    : view_(view),
      investor_(std::move(investor)),
      every_gate_(CannotFold(*investor_)),
      shared_(*view.context, *investor_, day) {
  ForEachPartner(view, *investor_->track, [&](const InvestorFacts* facts, uint32_t slot) {
    if (facts->name_key == investor_->name_key || !partners_.try_emplace(facts->name_key, facts).second) return;
    if (facts->id_key == 0) return;
    // The id may be another one's by now.
    const auto id = view.investor_ids->Find(facts->record.external_id());
    if (id.has_value() && *id < view.investor_of_id.size() && view.investor_of_id[*id] == slot) {
      partners_.try_emplace(facts->id_key, facts);
    }
  });
}

std::optional<int32_t> InvestorExtras::Points(uint32_t project, uint32_t) const {
  const ExtraKeys& keys = *view_.extra_keys.Find(project);
  if (every_gate_ && !PassesMandate(*view_.context, *view_.projects.Peek(project), *investor_)) return std::nullopt;
  int32_t points = 0;
  if (keys.wishes != ExtraKeys::kNoWishes) {
    const std::optional<int32_t> wishes = PointsOfWishes(keys.wishes, project);
    if (!wishes.has_value()) return std::nullopt;
    points = *wishes;
  }
  if (partners_.empty()) return points;
  const auto shares = [&](uint32_t key) { return key != 0 && partners_.contains(key); };
  if (keys.more_prior || std::any_of(keys.prior.begin(), keys.prior.end(), shares)) {
    points += PointsOfShared(view_, Shared(*view_.projects.Peek(project)));
  }
  return points;
}

std::optional<int32_t> InvestorExtras::PointsOfWishes(uint32_t wishes, uint32_t project) const {
  if (wishes == ExtraKeys::kNamesInvestors) return JudgeWishes(view_, *view_.projects.Peek(project), *investor_);
  const auto [it, first] = wishes_.try_emplace(wishes);
  if (first) it->second = JudgeWishes(view_, *view_.projects.Peek(project), *investor_);
  return it->second;
}

SharedStrength InvestorExtras::Shared(const ProjectFacts& project) const {
  if (partners_.empty()) return SharedStrength();
  absl::InlinedVector<const InvestorFacts*, 8> prior;
  for (const uint32_t key : project.prior) {
    const auto found = partners_.find(key);
    if (found != partners_.end()) prior.push_back(found->second);
  }
  return prior.empty() ? SharedStrength() : shared_.Strength(absl::MakeConstSpan(prior));
}

ProjectExtras::ProjectExtras(const MarketView& view, std::shared_ptr<const ProjectFacts> project, int32_t day)
    : view_(view), project_(std::move(project)), day_(day), prior_(view.PriorInvestors(*project_)) {
  for (const std::shared_ptr<const InvestorFacts>& prior : prior_) {
    ForEachPartner(view, *prior->track,
                   [&](const InvestorFacts* facts, uint32_t) { partners_.insert(facts->name_key); });
  }
}

std::optional<int32_t> ProjectExtras::Points(uint32_t, uint32_t investor) const {
  const InvestorFacts& facts = *view_.investors.Peek(investor);
  if (CannotFold(facts) && !PassesMandate(*view_.context, *project_, facts)) return std::nullopt;
  const std::optional<int32_t> wishes = PointsOfWishes(facts);
  if (!wishes.has_value()) return std::nullopt;
  return *wishes + PointsOfShared(view_, Shared(facts));
}

std::optional<int32_t> ProjectExtras::PointsOfWishes(const InvestorFacts& investor) const {
  switch (project_->extra_keys.wishes) {
    case ExtraKeys::kNoWishes:
      return 0;
    case ExtraKeys::kNamesInvestors:
      return JudgeWishes(view_, *project_, investor);
    default: {
      const auto [it, first] = wishes_.try_emplace(investor.wished_as);
      if (first) it->second = JudgeWishes(view_, *project_, investor);
      return it->second;
    }
  }
}

SharedStrength ProjectExtras::Shared(const InvestorFacts& investor) const {
  if (!partners_.contains(investor.name_key)) return SharedStrength();
  return SharedWith(*view_.context, investor, day_).Strength(prior_);
}

}  // namespace tandem::pairing::matching
