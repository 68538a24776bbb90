#include "services/pairing/matching/pair_extras.h"

#include <utility>

#include "services/pairing/matching/extra_terms.h"
#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/terms.h"

namespace tandem::pairing::matching {
namespace {

std::optional<int32_t> ExtraPoints(const MarketView& view, const ProjectFacts& project, const InvestorFacts& investor,
                                   const SharedStrength& shared) {
  if (!PassesGates(*view.context, project, investor)) return std::nullopt;
  Terms terms;
  AddExtras(*view.context, project, investor, shared, &terms);
  return terms.Sum();
}

}  // namespace

InvestorExtras::InvestorExtras(const MarketView& view, std::shared_ptr<const InvestorFacts> investor, int32_t day)
    : view_(view), investor_(std::move(investor)), shared_(*view.context, *investor_, day) {}

std::optional<int32_t> InvestorExtras::Points(uint32_t project, uint32_t) const {
  const auto facts = view_.projects.Get(project);
  return ExtraPoints(view_, *facts, *investor_, Shared(*facts));
}

SharedStrength InvestorExtras::Shared(const ProjectFacts& project) const {
  return project.record.prior_investors().empty() ? SharedStrength() : shared_.Strength(view_.PriorInvestors(project));
}

ProjectExtras::ProjectExtras(const MarketView& view, std::shared_ptr<const ProjectFacts> project, int32_t day)
    : view_(view), project_(std::move(project)), day_(day), prior_(view.PriorInvestors(*project_)) {}

std::optional<int32_t> ProjectExtras::Points(uint32_t, uint32_t investor) const {
  const auto facts = view_.investors.Get(investor);
  return ExtraPoints(view_, *project_, *facts, Shared(*facts));
}

SharedStrength ProjectExtras::Shared(const InvestorFacts& investor) const {
  return prior_.empty() ? SharedStrength() : SharedWith(*view_.context, investor, day_).Strength(prior_);
}

}  // namespace tandem::pairing::matching
