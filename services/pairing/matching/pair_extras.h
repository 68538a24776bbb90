// Pair extras of a view: what of a pair no column can say, as the indexes ask for it.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_PAIR_EXTRAS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_PAIR_EXTRAS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "services/pairing/matching/co_investors.h"
#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/linear_form.h"
#include "services/pairing/matching/market_view.h"

namespace tandem::pairing::matching {

// Of one investor and any project of the view: what it shares with each prior investor is counted once. For one thread.
// The view must outlive it.
class InvestorExtras final : public PairExtras {
 public:
  InvestorExtras(const MarketView& view, std::shared_ptr<const InvestorFacts> investor, int32_t day);
  std::optional<int32_t> Points(uint32_t project, uint32_t) const override;
  SharedStrength Shared(const ProjectFacts& project) const;

 private:
  const MarketView& view_;
  const std::shared_ptr<const InvestorFacts> investor_;
  mutable SharedWith shared_;
};

// Of one project and any investor of the view, which must outlive it.
class ProjectExtras final : public PairExtras {
 public:
  ProjectExtras(const MarketView& view, std::shared_ptr<const ProjectFacts> project, int32_t day);
  std::optional<int32_t> Points(uint32_t, uint32_t investor) const override;
  SharedStrength Shared(const InvestorFacts& investor) const;

 private:
  const MarketView& view_;
  const std::shared_ptr<const ProjectFacts> project_;
  const int32_t day_;
  const std::vector<std::shared_ptr<const InvestorFacts>> prior_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_PAIR_EXTRAS_H_
