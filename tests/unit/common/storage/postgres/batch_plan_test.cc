#include "common/storage/postgres/batch_plan.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::postgres {
namespace {

class BatchPlanTest : public testing::Test {
 protected:
  // Decides `transactions` when `a` is stored at revision 3, made at 2, and the head is 7.
  BatchPlan Decide(std::vector<Transaction> transactions) {
    items_.resize(transactions.size());
    batch_.clear();
    for (size_t i = 0; i < transactions.size(); ++i) {
      items_[i].transaction = std::move(transactions[i]);
      batch_.push_back(&items_[i]);
    }
    BatchPlan plan(batch_);
    for (const KeyState& state : plan.keys()) {
      if (state.key == "a") {
        plan.Found("a", 3, 2);
        break;
      }
    }
    plan.Decide(7);
    return plan;
  }

  const KeyState& StateOf(const BatchPlan& plan, absl::string_view key) {
    for (const KeyState& state : plan.keys()) {
      if (state.key == key) return state;
    }
    static const KeyState none;
    return none;
  }

  std::vector<PendingTransaction> items_;
  std::vector<PendingTransaction*> batch_;
};

TEST_F(BatchPlanTest, AKeyIsAskedForOnceHoweverOftenItIsNamed) {
  const BatchPlan plan = Decide(
      {{{Condition::Present("a"), Condition::Absent("b")}, {Write::Put("a", "1")}}, {{}, {Write::Put("b", "2")}}});
  EXPECT_EQ(plan.keys().size(), 2u);
}

TEST_F(BatchPlanTest, OnlyTheLastValueOfAKeyIsStoredAndEveryOneIsLogged) {
  const BatchPlan plan = Decide({{{}, {Write::Put("a", "1")}}, {{}, {Write::Put("a", "2")}}});
  EXPECT_EQ(*StateOf(plan, "a").value, "2");
  EXPECT_EQ(StateOf(plan, "a").revision, 9);
  EXPECT_EQ(StateOf(plan, "a").create_revision, 2);
  EXPECT_EQ(plan.log().size(), 2u);
  EXPECT_EQ(plan.revision(), 9);
}

TEST_F(BatchPlanTest, WhatIsMadeAndDeletedInOneBatchLeavesNoRecord) {
  const BatchPlan plan = Decide({{{}, {Write::Put("b", "1")}}, {{}, {Write::Delete("b")}}});
  EXPECT_FALSE(StateOf(plan, "b").stored);
  EXPECT_EQ(StateOf(plan, "b").revision, 0);
  EXPECT_EQ(plan.log().size(), 2u);
}

TEST_F(BatchPlanTest, WhatIsDeletedAndMadeAgainHasANewCreateRevision) {
  const BatchPlan plan = Decide({{{}, {Write::Delete("a")}}, {{Condition::Absent("a")}, {Write::Put("a", "1")}}});
  EXPECT_TRUE(StateOf(plan, "a").stored);
  EXPECT_EQ(StateOf(plan, "a").create_revision, 9);
}

TEST_F(BatchPlanTest, ATransactionSeesThoseBeforeItAndARefusedOneLeavesNothing) {
  const BatchPlan plan = Decide({{{Condition::AtRevision("a", 3)}, {Write::Put("a", "1")}},
                                 {{Condition::AtRevision("a", 3)}, {Write::Put("b", "1")}},
                                 {{Condition::AtRevision("a", 8), Condition::Absent("b")}, {}}});
  EXPECT_TRUE(items_[0].outcome.status.ok());
  EXPECT_TRUE(absl::IsAborted(items_[1].outcome.status));
  EXPECT_TRUE(items_[2].outcome.status.ok());
  EXPECT_EQ(items_[2].outcome.revision, 8);
  EXPECT_FALSE(StateOf(plan, "b").written);
}

TEST_F(BatchPlanTest, WhatChangesNothingLeavesTheRevision) {
  EXPECT_EQ(Decide({{{}, {Write::Delete("nobody")}}, {{Condition::Present("a")}, {}}}).revision(), 7);
}

}  // namespace
}  // namespace tandem::postgres
