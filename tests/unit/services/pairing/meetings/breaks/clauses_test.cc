#include "services/pairing/meetings/breaks/clauses.h"

#include <gtest/gtest.h>

namespace tandem::breaks {
namespace {

constexpr int kTrue = Clauses::kTrue;
constexpr int kFalse = Clauses::kFalse;

TEST(ClausesTest, DropsClausesThatHoldAndLiteralsThatCannot) {
  Clauses clauses;
  const int x = clauses.NewVariable();
  clauses.Add({kTrue, x});
  clauses.Add({kFalse, -x});
  EXPECT_EQ(clauses.literals(), (std::vector<int>{kTrue, 0, -x, 0}));
}

TEST(ClausesTest, AnOrOfConstantsOrOfOneLiteralNeedsNoVariable) {
  Clauses clauses;
  const int x = clauses.NewVariable();
  EXPECT_EQ(clauses.AddOr({kFalse, x}), x);
  EXPECT_EQ(clauses.AddOr({x, kTrue}), kTrue);
  EXPECT_EQ(clauses.AddOr({}), kFalse);
  EXPECT_EQ(clauses.variables(), x);
}

TEST(ClausesTest, CountsHaveNoMoreEntriesThanTheLimitOrTheLiterals) {
  Clauses clauses;
  std::vector<int> literals;
  for (int i = 0; i < 7; ++i) literals.push_back(clauses.NewVariable());
  EXPECT_EQ(clauses.AddCounts(literals, 3).size(), 3u);
  EXPECT_EQ(clauses.AddCounts(literals, 100).size(), 7u);
  EXPECT_EQ(clauses.AddCounts({kFalse, literals[0], kFalse}, 100), std::vector<int>{literals[0]});
  EXPECT_TRUE(clauses.AddCounts(literals, 0).empty());
}

}  // namespace
}  // namespace tandem::breaks
