#include "services/pairing/service/pair_scores.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"

#include "services/pairing/matching/co_investors.h"
#include "services/pairing/matching/pair_sums.h"

namespace tandem::pairing {
namespace {

constexpr int64_t kMiddle = 500, kMost = 1000;
constexpr int64_t kThousandthsOfPoint = 20;

// What is made once for each investor.
struct Seer {
  Seer(const matching::MarketView& view, std::shared_ptr<const matching::InvestorFacts> of, int32_t day)
      : facts(std::move(of)), sums(*view.context, *view.codes, *facts, day), shared(*view.context, *facts, day) {}

  std::shared_ptr<const matching::InvestorFacts> facts;
  matching::PairSums sums;
  matching::SharedWith shared;
};

// Asked for the pairs of one investor after the other, it finds most of what it looks for where it was.
class Scores {
 public:
  explicit Scores(std::shared_ptr<const matching::MarketView> view) : view_(std::move(view)) {}

  int64_t Of(const std::string& project, const std::string& investor) {
    Seer* const seer = SeerOf(investor);
    const auto slot = seer == nullptr ? std::nullopt : view_->project_names->Find(project);
    const matching::ProjectFacts* const facts = slot.has_value() ? view_->projects.Peek(*slot) : nullptr;
    if (facts == nullptr) return 0;
    matching::SharedStrength shared;
    if (facts->record.prior_investors_size() > 0) shared = seer->shared.Strength(view_->PriorInvestors(*facts));
    return std::clamp<int64_t>(kMiddle + seer->sums.Of(*facts, shared) / kThousandthsOfPoint, 0, kMost);
  }

 private:
  // Null when the investor is not known.
  Seer* SeerOf(const std::string& investor) {
    if (investor == last_) return seer_;
    const auto [found, is_new] = seers_.try_emplace(investor);
    if (is_new) {
      auto known = view_->FindInvestor(investor);
      if (known != nullptr)
        found->second = std::make_unique<Seer>(*view_, std::move(known), view_->context->reference_day);
    }
    last_ = investor;
    seer_ = found->second.get();
    return seer_;
  }

  const std::shared_ptr<const matching::MarketView> view_;
  absl::flat_hash_map<std::string, std::unique_ptr<Seer>> seers_;
  std::string last_;
  Seer* seer_ = nullptr;  // of `last_`
};

}  // namespace

std::function<int64_t(const std::string& project, const std::string& investor)> PairScores(
    std::shared_ptr<const matching::MarketView> view) {
  if (view == nullptr) return nullptr;
  return [scores = std::make_shared<Scores>(std::move(view))](const std::string& project, const std::string& investor) {
    return scores->Of(project, investor);
  };
}

}  // namespace tandem::pairing
