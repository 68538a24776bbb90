#include "services/pairing/effects/must_haves.h"

#include <memory>

#include "absl/strings/str_cat.h"

#include "services/pairing/market_feed/record_name.h"
#include "services/pairing/matching/gates.h"

namespace tandem::pairing::effects {
namespace {

// The name of what a criterion or a wish names, as in the contract.
template <typename Message>
std::string AspectOf(const Message& message, const char* oneof) {
  const auto* of = Message::descriptor()->FindOneofByName(oneof);
  const auto* field = of == nullptr ? nullptr : Message::GetReflection()->GetOneofFieldDescriptor(message, of);
  return field == nullptr ? "" : absl::StrCat(".", field->name());
}

}  // namespace

std::vector<std::string> UnmetMustHaves(const matching::MarketContext& context, const matching::ProjectFacts& project,
                                        const matching::InvestorFacts& investor) {
  std::vector<std::string> unmet;
  const auto& criteria = investor.record.mandate().criteria();
  for (int i = 0; i < criteria.size(); ++i) {
    const auto& criterion = criteria[i];
    const matching::Fit fit = matching::JudgeCriterion(context, project, investor, static_cast<size_t>(i));
    if (matching::GateResult(criterion.strength(), criterion.on_missing(), fit) == v1::Gate::RESULT_FAIL)
      unmet.push_back(absl::StrCat("mandate.criteria[", i, "]", AspectOf(criterion, "wants")));
  }
  const auto& wishes = project.record.wishes();
  for (int i = 0; i < wishes.size(); ++i) {
    const auto& wish = wishes[i];
    const matching::Fit fit = matching::JudgeWish(project, investor, static_cast<size_t>(i));
    if (matching::GateResult(wish.strength(), wish.on_missing(), fit) == v1::Gate::RESULT_FAIL)
      unmet.push_back(absl::StrCat("project.wishes[", i, "]", AspectOf(wish, "wish")));
  }
  return unmet;
}

std::optional<std::vector<std::string>> UnmetMustHaves(const MarketStore& markets, const std::string& project,
                                                       const std::string& investor) {
  std::shared_ptr<const matching::MarketContext> context;
  std::shared_ptr<const matching::ProjectFacts> of_project;
  std::shared_ptr<const matching::InvestorFacts> of_investor;
  markets.Read(EditionOf(project), [&](const matching::Market& market) {
    context = market.context();
    of_project = market.FindProject(project);
    of_investor = market.FindInvestor(investor);
  });
  if (context == nullptr || of_project == nullptr || of_investor == nullptr) return std::nullopt;
  return UnmetMustHaves(*context, *of_project, *of_investor);
}

}  // namespace tandem::pairing::effects
