#include "services/pairing/matching/selection.h"

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "services/pairing/matching/explanation.h"
#include "services/pairing/matching/selected_ranking.h"
#include "tests/unit/services/pairing/matching/market_builder.h"

namespace tandem::pairing::matching {
namespace {

constexpr size_t kAll = std::numeric_limits<size_t>::max();

// A plain list that owns its texts.
struct PlainList {
  std::vector<std::string> names, owners;
  std::vector<Candidate> candidates;
  mutable size_t longest_fetch = 0;

  FetchBest Fetch() const {
    return [this](size_t k) {
      const size_t size = std::min(k, candidates.size());
      longest_fetch = std::max(longest_fetch, size);
      return std::vector<Candidate>(candidates.begin(), candidates.begin() + static_cast<ptrdiff_t>(size));
    };
  }
};

PlainList RandomList(std::mt19937* random) {
  const auto below = [&](uint32_t bound) { return static_cast<int>((*random)() % bound); };
  PlainList list;
  const int size = below(4) == 0 ? below(20) : below(600);
  const auto scores = static_cast<uint32_t>(1 + below(3'000));  // few scores: many ties
  const auto owners = static_cast<uint32_t>(1 + below(60));
  for (int i = 0; i < size; ++i) {
    list.names.push_back(absl::StrCat("n", 10'000 + i));
    list.owners.push_back(below(5) == 0 ? "" : absl::StrCat("o", below(owners)));
  }
  std::shuffle(list.names.begin(), list.names.end(), *random);
  for (size_t i = 0; i < list.names.size(); ++i) {
    list.candidates.push_back({int64_t{1000} * below(scores), list.names[i], list.owners[i], below(16)});
  }
  std::sort(list.candidates.begin(), list.candidates.end(), [](const Candidate& a, const Candidate& b) {
    return std::make_pair(-a.score, a.name) < std::make_pair(-b.score, b.name);
  });
  return list;
}

v1::MatchOptions Options(int most_per_owner, bool spare) {
  v1::MatchOptions options;
  options.set_most_per_owner(most_per_owner);
  options.set_spare_spent_capacity(spare);
  return options;
}

// The options as their contract words them, on the whole list.
Selection Oracle(const PlainList& list, const v1::MatchOptions& options, size_t wanted) {
  std::vector<Selected> order;
  for (size_t i = 0; i < list.candidates.size(); ++i) {
    const int32_t left = list.candidates[i].capacity_left;
    const int64_t discount = options.spare_spent_capacity() && left != 0 && left < 10 ? -200'000 * (10 - left) : 0;
    order.push_back({i, list.candidates[i].score + discount, discount, 0});
  }
  std::sort(order.begin(), order.end(), [&](const Selected& a, const Selected& b) {
    return std::make_pair(-a.score, list.candidates[a.plain_index].name) <
           std::make_pair(-b.score, list.candidates[b.plain_index].name);
  });
  Selection selection;
  std::map<std::string, int> of_owner;
  for (Selected& place : order) {
    const std::string owner(list.candidates[place.plain_index].owner);
    if (options.most_per_owner() > 0 && !owner.empty() && of_owner[owner]++ >= options.most_per_owner()) {
      ++selection.passed_over;
    } else if (selection.selected.size() == wanted) {
      selection.more = true;
      break;
    } else {
      place.passed_over = selection.passed_over;
      selection.selected.push_back(place);
    }
  }
  return selection;
}

TEST(SelectionTest, IsThatOfTheWholeListHoweverLittleIsFetchedOn2000RandomLists) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  RecordProperty("seed", absl::StrCat(seed));
  std::mt19937 random(seed);
  int stopped_early = 0;
  for (int round = 0; round < 2'000; ++round) {
    const PlainList list = RandomList(&random);
    const v1::MatchOptions options = Options(static_cast<int>(random() % 4), random() % 2 == 0);
    const size_t wanted = random() % 8 == 0 ? kAll : random() % 60;
    const Selection got = Select(list.Fetch(), options, wanted);
    const Selection expected = Oracle(list, options, wanted);
    ASSERT_EQ(got.selected.size(), expected.selected.size()) << "round " << round << ", wanted " << wanted;
    for (size_t i = 0; i < got.selected.size(); ++i) {
      ASSERT_EQ(got.selected[i].plain_index, expected.selected[i].plain_index) << "round " << round << " at " << i;
      ASSERT_EQ(got.selected[i].score, expected.selected[i].score) << "round " << round << " at " << i;
      ASSERT_EQ(got.selected[i].spent_capacity, expected.selected[i].spent_capacity);
      ASSERT_EQ(got.selected[i].passed_over, expected.selected[i].passed_over) << "round " << round << " at " << i;
    }
    ASSERT_EQ(got.passed_over, expected.passed_over) << "round " << round;
    ASSERT_EQ(got.more, expected.more) << "round " << round;
    if (list.longest_fetch < list.candidates.size()) ++stopped_early;
  }
  EXPECT_GT(stopped_early, 100) << "everything was fetched nearly always: the stop rule was not tried";
}

TEST(SelectionTest, WithoutOptionsTheListIsThePlainOne) {
  std::mt19937 random(7);
  const PlainList list = RandomList(&random);
  const Selection selection = Select(list.Fetch(), {}, kAll);
  ASSERT_EQ(selection.selected.size(), list.candidates.size());
  for (size_t i = 0; i < selection.selected.size(); ++i) EXPECT_EQ(selection.selected[i].plain_index, i);
  EXPECT_EQ(selection.passed_over, 0u);
  EXPECT_FALSE(AsksForSelection({}));
}

TEST(SelectionTest, TheDiscountFallsToItsMostAndIsWholeThousandths) {
  EXPECT_EQ(SpentCapacityPoints(0), 0) << "not stated";
  EXPECT_EQ(SpentCapacityPoints(10), 0);
  EXPECT_EQ(SpentCapacityPoints(100'000), 0);
  EXPECT_EQ(SpentCapacityPoints(1), -1'800'000);
  EXPECT_EQ(SpentCapacityPoints(1), -kMostSpentCapacity);
  for (int left = 2; left <= 10; ++left) {
    EXPECT_GT(SpentCapacityPoints(left), SpentCapacityPoints(left - 1));
    EXPECT_EQ(SpentCapacityPoints(left) % 1000, 0);
  }
}

class SelectedRankingTest : public testing::Test {
 protected:
  SelectedRankingTest() {
    market_.SetEdition(PlainEdition());
    for (const char* id : {"a", "b", "c", "d"}) {
      investors::v1::Investor investor = PlainInvestor(id);
      investor.set_capacity(20);
      if (id[0] < 'c') investor.set_organisation("House");
      if (id[0] == 'a') investor.set_capacity(1);
      market_.PutInvestor(investor);
      projects::v1::Project project = PlainProject(id);
      if (id[0] < 'd') project.set_organisation("Lab");
      market_.PutProject(project);
    }
    market_.Settle();
  }

  std::shared_ptr<const Ranking> Investors() {
    return std::make_shared<Ranking>(RankInvestors(market_, market_.FindProject(ProjectName("a")), 20'000));
  }

  Market market_{kEdition};
};

TEST_F(SelectedRankingTest, TheDiscountIsATermOfTheScoreAndTheMovedSayWhereTheyWere) {
  const auto plain = Investors();
  const auto ranking = WithOptions(plain, Options(0, true));
  ASSERT_EQ(ranking->size(), 4u);
  // The capacity signal puts "a" last already; its discount must still be in the score.
  for (size_t i = 0; i < 4; ++i) {
    v1::Match match = DescribeMatch(*ranking, i, true, "en");
    DescribeAdjustment(*ranking, i, true, &match);
    int64_t sum = 0;
    int64_t last = std::numeric_limits<int64_t>::max();
    bool discounted = false;
    for (const v1::Term& term : match.terms()) {
      sum += term.points();
      EXPECT_LE(term.points(), last) << "largest first";
      last = term.points();
      if (term.signal() != v1::SIGNAL_SPENT_CAPACITY) continue;
      discounted = true;
      EXPECT_EQ(term.points(), -1'800'000);
      EXPECT_EQ(term.side(), type::v1::SIDE_PROJECT);
      EXPECT_EQ(term.investor_value(), "takes on 1, which is fewer than 10");
    }
    EXPECT_EQ(sum, match.score());
    EXPECT_EQ(discounted, match.investor() == InvestorName("a"));
    EXPECT_EQ(match.plain_rank(), 0) << "nothing moved";
  }
}

TEST_F(SelectedRankingTest, AtMostSoManyOfOneOrganisationAreListedAndTheOthersCounted) {
  const auto investors = WithOptions(Investors(), Options(1, false));
  ASSERT_EQ(investors->size(), 3u);
  EXPECT_EQ(investors->investors[0].investor->record.name(), InvestorName("b"));
  EXPECT_EQ(PassedOverBefore(*investors, 3), 1u) << "a, which is last";
  EXPECT_EQ(PassedOverBefore(*investors, 2), 0u);

  const auto plain = std::make_shared<Ranking>(RankProjects(market_, market_.FindInvestor(InvestorName("c")), 20'000));
  const auto projects = WithOptions(plain, Options(2, true));
  ASSERT_EQ(projects->size(), 3u);
  EXPECT_EQ(projects->projects[2].project->record.name(), ProjectName("d"));
  EXPECT_EQ(projects->projects[2].score, plain->projects[3].score) << "projects have no capacity";
  v1::Match match;
  DescribeAdjustment(*projects, 2, true, &match);
  EXPECT_EQ(match.plain_rank(), 4);
  EXPECT_EQ(match.terms_size(), 0);
  EXPECT_EQ(PassedOverBefore(*projects, 2), 1u) << "c, before d";
}

TEST_F(SelectedRankingTest, WithoutOptionsItIsTheSameRanking) {
  const auto plain = Investors();
  EXPECT_EQ(WithOptions(plain, {}), plain);
}

}  // namespace
}  // namespace tandem::pairing::matching
