#include "services/pairing/ledger/view.h"

#include <functional>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>
#include <vector>

#include "services/pairing/ledger/decision.h"

namespace tandem::pairing::ledger {
namespace {

using Step = Command::Step;
using google::protobuf::util::MessageDifferencer;

class View : public testing::Test {
 protected:
  View() {
    state_.pairing.set_name("editions/e/pairings/x");
    state_.pairing.set_project("editions/e/projects/p");
    state_.pairing.set_investor("editions/e/investors/i");
  }

  void Do(Step step, v1::Side side, v1::StanceKind stance = v1::STANCE_KIND_UNSPECIFIED) {
    Command command;
    command.step = step;
    command.side = side;
    command.actor = "somebody";
    command.stance = stance;
    now_ += absl::Minutes(1);
    const auto taken = Take(command, {&rules_, PartyState::kOpen, PartyState::kOpen, now_}, &state_);
    ASSERT_TRUE(taken.ok()) << taken.status();
  }
  void Say(v1::Side side, v1::StanceKind stance) { Do(Step::kSetStance, side, stance); }
  v1::Pairing SeenBy(v1::Side side) const { return ViewFor(state_.pairing, side); }

  Rules rules_;
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  PairState state_;
};

TEST_F(View, AHiddenSkipMakesNoPairingKnown) {
  Say(v1::SIDE_INVESTOR, v1::STANCE_KIND_SKIPPED);
  EXPECT_FALSE(IsKnownTo(state_.pairing, v1::SIDE_PROJECT));
  EXPECT_TRUE(IsKnownTo(state_.pairing, v1::SIDE_INVESTOR));
  EXPECT_TRUE(IsKnownTo(state_.pairing, v1::SIDE_UNSPECIFIED));
}

// The whole view stays what it was, times included.
TEST_F(View, WhatIsPrivateLeavesTheOtherSidesViewAsItWas) {
  Do(Step::kSendRequest, v1::SIDE_PROJECT);
  const v1::Pairing before = SeenBy(v1::SIDE_PROJECT);
  Say(v1::SIDE_INVESTOR, v1::STANCE_KIND_SKIPPED);
  EXPECT_TRUE(MessageDifferencer::Equals(SeenBy(v1::SIDE_PROJECT), before)) << SeenBy(v1::SIDE_PROJECT).DebugString();
  EXPECT_EQ(SeenBy(v1::SIDE_INVESTOR).investor_stance().kind(), v1::STANCE_KIND_SKIPPED);
}

TEST_F(View, SkippedFirstAndBlockedFirstAreNotInTheTimes) {
  Say(v1::SIDE_INVESTOR, v1::STANCE_KIND_BLOCKED);
  const absl::Time blocked = now_;
  Say(v1::SIDE_PROJECT, v1::STANCE_KIND_INTERESTED);
  EXPECT_GT(FromStamp(SeenBy(v1::SIDE_PROJECT).create_time()), blocked);
  EXPECT_EQ(FromStamp(SeenBy(v1::SIDE_UNSPECIFIED).create_time()), blocked);
}

TEST_F(View, WhoIsBlockedReadsClosedAndNoStance) {
  Say(v1::SIDE_PROJECT, v1::STANCE_KIND_INTERESTED);
  Say(v1::SIDE_INVESTOR, v1::STANCE_KIND_INTERESTED);
  Say(v1::SIDE_INVESTOR, v1::STANCE_KIND_BLOCKED);
  const v1::Pairing seen = SeenBy(v1::SIDE_PROJECT);
  EXPECT_EQ(seen.state(), v1::Pairing::STATE_CLOSED);
  EXPECT_FALSE(seen.has_investor_stance());
  EXPECT_FALSE(seen.has_change());
  EXPECT_EQ(SeenBy(v1::SIDE_INVESTOR).state(), v1::Pairing::STATE_BLOCKED);
  EXPECT_EQ(SeenBy(v1::SIDE_UNSPECIFIED).change().cause(), v1::Change::CAUSE_BLOCK);
}

TEST_F(View, InterestIsSeenByTheOtherSide) {
  Say(v1::SIDE_INVESTOR, v1::STANCE_KIND_MUST_MEET);
  EXPECT_TRUE(IsKnownTo(state_.pairing, v1::SIDE_PROJECT));
  EXPECT_EQ(SeenBy(v1::SIDE_PROJECT).investor_stance().kind(), v1::STANCE_KIND_MUST_MEET);
}

// Whatever there was between the two: a block reads as if the other side had left the edition. Everything is compared,
// times included.
TEST_F(View, WhoIsBlockedReadsTheSameAsWhosePartnerLeft) {
  using Path = std::vector<std::function<void()>>;
  const auto ask = [&](v1::Side side) { return [this, side] { Do(Step::kSendRequest, side); }; };
  const auto say = [&](v1::Side side, v1::StanceKind kind) { return [this, side, kind] { Say(side, kind); }; };
  const v1::Side me = v1::SIDE_PROJECT, you = v1::SIDE_INVESTOR;
  const std::vector<Path> paths = {
      {say(me, v1::STANCE_KIND_INTERESTED)},
      {say(me, v1::STANCE_KIND_SKIPPED)},
      {say(you, v1::STANCE_KIND_INTERESTED)},
      {say(you, v1::STANCE_KIND_SKIPPED)},
      {say(you, v1::STANCE_KIND_SKIPPED), say(me, v1::STANCE_KIND_INTERESTED)},
      {ask(me)},
      {ask(you)},
      {ask(me), say(you, v1::STANCE_KIND_MUST_MEET)},
      {ask(you), ask(me)},
      {ask(me), [this] { Do(Step::kDecline, v1::SIDE_INVESTOR); }},
      {ask(you), [this] { Do(Step::kWithdraw, v1::SIDE_INVESTOR); }},
  };
  const PairState fresh = state_;
  for (size_t i = 0; i < paths.size(); ++i) {
    SCOPED_TRACE(i);
    state_ = fresh;
    for (const auto& step : paths[i]) step();
    const PairState before = state_;
    const absl::Time then = now_;
    Say(you, v1::STANCE_KIND_BLOCKED);
    const PairState blocked = state_;
    state_ = before;
    now_ = then;
    Do(Step::kLeave, you);
    const auto same = [&](absl::string_view when) {
      const v1::Pairing left = ViewFor(state_.pairing, me), shut = ViewFor(blocked.pairing, me);
      EXPECT_TRUE(MessageDifferencer::Equals(left, shut)) << when << left.DebugString() << shut.DebugString();
      EXPECT_EQ(IsKnownTo(state_.pairing, me), IsKnownTo(blocked.pairing, me));
    };
    same("at once ");
    // And to whatever I try then, as long as the other side is away or blocks.
    for (const Step step : {Step::kSendRequest, Step::kAccept, Step::kDecline, Step::kWithdraw, Step::kSetStance}) {
      Command command;
      command.step = step;
      command.side = me;
      command.stance = v1::STANCE_KIND_INTERESTED;
      PairState with_block = blocked, with_leave = state_;
      const auto a = Take(command, {&rules_, PartyState::kOpen, PartyState::kOpen, now_}, &with_block);
      const auto b = Take(command, {&rules_, PartyState::kOpen, PartyState::kNotOpen, now_}, &with_leave);
      EXPECT_EQ(a.status(), b.status());
      EXPECT_TRUE(MessageDifferencer::Equals(ViewFor(with_block.pairing, me), ViewFor(with_leave.pairing, me)));
    }
  }
}

// Skipping after interest looks like taking interest back.
TEST_F(View, ASkipLooksLikeInterestTakenBack) {
  Say(v1::SIDE_PROJECT, v1::STANCE_KIND_SKIPPED);
  Say(v1::SIDE_INVESTOR, v1::STANCE_KIND_INTERESTED);
  const PairState interested = state_;
  Say(v1::SIDE_INVESTOR, v1::STANCE_KIND_SKIPPED);
  const v1::Pairing skipped = SeenBy(v1::SIDE_PROJECT);
  state_ = interested;
  Say(v1::SIDE_INVESTOR, v1::STANCE_KIND_UNSPECIFIED);
  EXPECT_TRUE(MessageDifferencer::Equals(skipped, SeenBy(v1::SIDE_PROJECT)));
}

}  // namespace
}  // namespace tandem::pairing::ledger
