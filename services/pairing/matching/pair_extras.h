// Pair extras of a view: what of a pair no column can say, as the indexes ask for it.
//
// Asked for many pairs a query, so that what is the same for many is found once: which investors share a company with
// the subject at all (few do), and what wishes alike say of investors alike.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_PAIR_EXTRAS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_PAIR_EXTRAS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

#include "services/pairing/matching/co_investors.h"
#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/linear_form.h"
#include "services/pairing/matching/market_view.h"

namespace tandem::pairing::matching {

// Points of wishes, or nothing when they refuse, by a number that says what they depend on.
using WishPoints = absl::flat_hash_map<uint32_t, std::optional<int32_t>>;

// Of one investor and any project of the view, which must outlive it. For one thread.
class InvestorExtras final : public PairExtras {
 public:
  InvestorExtras(const MarketView& view, std::shared_ptr<const InvestorFacts> investor, int32_t day);
  std::optional<int32_t> Points(uint32_t project, uint32_t) const override;
  SharedStrength Shared(const ProjectFacts& project) const;

 private:
  std::optional<int32_t> PointsOfWishes(uint32_t wishes, uint32_t project) const;

  const MarketView& view_;
  const std::shared_ptr<const InvestorFacts> investor_;
  const bool every_gate_;  // columns do not hold all gates of the mandate
  // Those that have a company in common with it, by the keys under which projects name them.
  absl::flat_hash_map<uint32_t, const InvestorFacts*> partners_;
  mutable SharedWith shared_;
  mutable WishPoints wishes_;
};

// Of one project and any investor of the view, which must outlive it. For one thread.
class ProjectExtras final : public PairExtras {
 public:
  ProjectExtras(const MarketView& view, std::shared_ptr<const ProjectFacts> project, int32_t day);
  std::optional<int32_t> Points(uint32_t, uint32_t investor) const override;
  SharedStrength Shared(const InvestorFacts& investor) const;

 private:
  std::optional<int32_t> PointsOfWishes(const InvestorFacts& investor) const;

  const MarketView& view_;
  const std::shared_ptr<const ProjectFacts> project_;
  const int32_t day_;
  const std::vector<std::shared_ptr<const InvestorFacts>> prior_;
  absl::flat_hash_set<uint32_t> partners_;  // name keys of those that have a company in common with a prior investor
  mutable WishPoints wishes_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_PAIR_EXTRAS_H_
