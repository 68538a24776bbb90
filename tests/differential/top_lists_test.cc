// TopLists against computing every list from scratch after every change of a small random market.
#include "services/pairing/matching/index/top_lists.h"

#include <algorithm>
#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/differential/long_mode.h"
#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

using ::testing::ElementsAreArray;

uint64_t Changes() { return DifferentialQueries(20'000); }

// A market, the lists that are told of its changes, and the lists as they should be.
class Told {
 public:
  explicit Told(uint64_t seed) : random_(seed), shape_(RandomShape(random_)), order_(seed), extras_(seed, 0) {
    if (random_.Chance(50)) shape_.required = 30;
    extras_ = RandomExtras(seed, shape_.extra_points);
    k_ = 1 + random_.Below(random_.Chance(50) ? 4 : 12);
    kmax_ = k_ + random_.Below(6);
    with_extras_ = random_.Chance(70);
    // Few have so many that postings take more than a block: those are slow.
    investors_ = random_.Chance(2) ? 100 + random_.Below(150) : 2 + random_.Below(25);
    projects_ = 2 + random_.Below(90);
  }

  void Step(TopLists& lists) {
    const uint32_t what = random_.Below(100);
    std::vector<uint32_t> touched;
    if (what < 15) {
      const uint32_t investor = random_.Below(investors_);
      std::shared_ptr<InvestorForm> form;
      if (random_.Chance(75)) {
        form = std::make_shared<InvestorForm>(RandomForm(random_, shape_));
        // The next column has the points of the one before now and then, so that profiles are shared.
        if (random_.Chance(50) && !forms_.empty()) form->columns = forms_.begin()->second->columns;
        forms_[investor] = form;
        extras_.SetForm(investor, *form);
      } else {
        forms_.erase(investor);
      }
      if (lists.InvestorChanged(investor, form)) touched.push_back(investor);
    } else {
      const uint32_t project = random_.Below(projects_);
      if (what < 35) {
        rows_.erase(project);
      } else if (auto it = rows_.find(project); it != rows_.end() && random_.Chance(60)) {
        it->second.points = static_cast<int16_t>(it->second.points + random_.Between(-20, 20));
        if (random_.Chance(50)) it->second.codes[kStageColumn] = static_cast<uint16_t>(random_.Below(8));
      } else {
        rows_[project] = RandomRow(random_, shape_);
        extras_.SetRow(project, rows_[project]);
      }
      const auto it = rows_.find(project);
      touched = lists.ProjectChanged(project, it == rows_.end() ? nullptr : &it->second, extras());
    }
    Check(lists, touched);
  }

  std::vector<Scored> Refill(uint32_t investor, size_t k) const {
    return NaiveProjects(rows_, *forms_.at(investor), investor, k, extras(), order_).best;
  }
  TopLists::Options options() const { return {k_, kmax_}; }
  const SlotOrder* order() const { return &order_; }

 private:
  const PairExtras* extras() const { return with_extras_ ? &extras_ : nullptr; }

  void Check(const TopLists& lists, std::vector<uint32_t> touched) {
    std::vector<uint32_t> expected;
    for (uint32_t investor = 0; investor < investors_; ++investor) {
      const std::vector<Scored> list = forms_.contains(investor) ? Refill(investor, k_) : std::vector<Scored>();
      ASSERT_THAT(lists.List(investor), ElementsAreArray(list)) << "investor " << investor;
      std::vector<Scored>& before = lists_[investor];
      if (before != list) expected.push_back(investor);
      before = list;
    }
    std::sort(touched.begin(), touched.end());
    ASSERT_THAT(touched, ElementsAreArray(expected));
  }

  Random random_;
  MarketShape shape_;
  ShuffledOrder order_;
  RandomExtras extras_;
  bool with_extras_ = false;
  size_t k_ = 1, kmax_ = 1;
  uint32_t investors_ = 1, projects_ = 1;
  Rows rows_;
  Forms forms_;
  std::map<uint32_t, std::vector<Scored>> lists_;
};

TEST(TopListsDifferential, NamesExactlyTheListsThatChanged) {
  constexpr size_t kChangesOfAMarket = 400;
  const uint64_t first = DifferentialSeed();
  const uint64_t markets = (Changes() + kChangesOfAMarket - 1) / kChangesOfAMarket;
  for (uint64_t seed = first; seed < first + markets; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Told told(seed);
    TopLists lists(told.options(), told.order(),
                   [&told](uint32_t investor, size_t k) { return told.Refill(investor, k); });
    for (size_t change = 0; change < kChangesOfAMarket; ++change) {
      SCOPED_TRACE("change " + std::to_string(change));
      told.Step(lists);
      if (::testing::Test::HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace tandem::pairing::matching
