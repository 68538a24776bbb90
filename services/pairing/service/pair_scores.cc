#include "services/pairing/service/pair_scores.h"

#include <algorithm>
#include <map>
#include <utility>

#include "services/pairing/matching/co_investors.h"
#include "services/pairing/matching/lens.h"
#include "services/pairing/matching/scorer.h"

namespace tandem::pairing {
namespace {

constexpr int64_t kMiddle = 500, kMost = 1000;
constexpr int64_t kThousandthsOfPoint = 20;

// What is made once for each investor.
struct Seer {
  Seer(const matching::MarketView& view, std::shared_ptr<const matching::InvestorFacts> of, int32_t day)
      : facts(std::move(of)), lens(*view.context, *view.codes, *facts, day), shared(*view.context, *facts, day) {}

  std::shared_ptr<const matching::InvestorFacts> facts;
  matching::Lens lens;
  matching::SharedWith shared;
};

}  // namespace

std::function<int64_t(const std::string& project, const std::string& investor)> PairScores(
    std::shared_ptr<const matching::MarketView> view) {
  if (view == nullptr) return nullptr;
  auto seers = std::make_shared<std::map<std::string, std::unique_ptr<Seer>>>();
  return [view = std::move(view), seers = std::move(seers)](const std::string& project, const std::string& investor) {
    const auto facts = view->FindProject(project);
    auto& seer = (*seers)[investor];
    if (seer == nullptr) {
      auto known = view->FindInvestor(investor);
      if (known == nullptr) return int64_t{0};
      seer = std::make_unique<Seer>(*view, std::move(known), view->context->reference_day);
    }
    if (facts == nullptr) return int64_t{0};
    const matching::SharedStrength shared = seer->shared.Strength(view->PriorInvestors(*facts));
    const int64_t score = matching::ScorePair(*view->context, *facts, *seer->facts, seer->lens, shared).Sum();
    return std::clamp<int64_t>(kMiddle + score / kThousandthsOfPoint, 0, kMost);
  };
}

}  // namespace tandem::pairing
