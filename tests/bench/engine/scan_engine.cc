#include "tests/bench/engine/scan_engine.h"

#include <string>

#include "services/pairing/matching/index/best_list.h"

namespace tandem::bench {

using pairing::matching::BestList;
using pairing::matching::InvestorForm;
using pairing::matching::LinearScore;
using pairing::matching::ProjectRow;
using pairing::matching::TopList;

std::optional<int32_t> PairScore(const MarketData& market, const ProjectRow& row, uint32_t project, uint32_t investor) {
  const InvestorForm& form = *market.forms[investor];
  const std::optional<int32_t> score = LinearScore(row, form);
  if (!score.has_value() || market.extras == nullptr || !(row.extra_points || row.extra_gates || form.extra_gates))
    return score;
  const std::optional<int32_t> extra = market.extras->Points(project, investor);
  if (!extra.has_value()) return std::nullopt;
  return *score + *extra;
}

namespace {

class ScanEngine : public Engine {
 public:
  std::string name() const override { return "scan"; }

  absl::Status Build(const MarketData& market) override {
    market_ = &market;
    order_.emplace(market.project_names);
    return absl::OkStatus();
  }

  absl::StatusOr<TopList> Top(uint32_t investor, size_t k) override {
    BestList best(k, &*order_);
    TopList list;
    list.considered = static_cast<uint32_t>(market_->live_projects);
    for (uint32_t slot = 0; slot < market_->live_projects; ++slot) {
      const std::optional<int32_t> score = PairScore(*market_, market_->rows[slot], slot, investor);
      if (!score.has_value()) continue;
      ++list.passed;
      best.Offer({slot, *score});
    }
    list.best = best.Take();
    return list;
  }

  uint64_t bytes() const override { return market_->live_projects * sizeof(ProjectRow); }

 private:
  const MarketData* market_ = nullptr;
  std::optional<NameOrder> order_;
};

}  // namespace

std::unique_ptr<Engine> MakeScanEngine() { return std::make_unique<ScanEngine>(); }

}  // namespace tandem::bench
