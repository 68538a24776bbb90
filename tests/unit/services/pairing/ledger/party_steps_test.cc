#include "services/pairing/ledger/party_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"

#include "common/base/status.h"

namespace tandem::pairing::ledger {
namespace {

using testing::ElementsAre;
using v1::Pairing;
using Step = Command::Step;

constexpr v1::Side kProject = v1::SIDE_PROJECT, kInvestor = v1::SIDE_INVESTOR;

class PartySteps : public testing::Test {
 protected:
  PartySteps() {
    rules_.most_attempts = 1;
    state_.pairing.set_name("editions/e/pairings/x");
    state_.pairing.set_project("editions/e/projects/p");
    state_.pairing.set_investor("editions/e/investors/i");
  }

  // "MUTUAL", "same", or the reason of the error.
  std::string Do(Step step, v1::Side side, const std::vector<std::string>& rules = {}) {
    now_ += absl::Minutes(1);
    Command command;
    command.step = step;
    command.side = side;
    command.actor = "tandem-projects";
    command.detail = "project withdrawn";
    command.rules = rules;
    command.stance = v1::STANCE_KIND_INTERESTED;
    const auto taken = Take(command, {&rules_, PartyState::kOpen, PartyState::kOpen, now_}, &state_);
    status_ = taken.status();
    if (!taken.ok()) return GetErrorDetail(status_).reason;
    return *taken ? StateText(state_.pairing.state()) : "same";
  }
  const v1::Request& request() const { return state_.pairing.request(); }

  Rules rules_;
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  PairState state_;
  absl::Status status_;
};

TEST_F(PartySteps, LeavingGivesBackWhatWasCountedAndSaysWhy) {
  ASSERT_EQ(Do(Step::kSendRequest, kInvestor), "REQUESTED");
  const PairState asked = state_;
  ASSERT_EQ(Do(Step::kLeave, kProject), "CLOSED");
  EXPECT_EQ(state_.investor.outgoing.pending, 0);
  EXPECT_EQ(state_.project.incoming.pending, 0);
  EXPECT_EQ(state_.investor.outgoing.total, 1) << "that it was sent stays counted";
  EXPECT_EQ(FromStamp(request().close_time()), now_);
  EXPECT_EQ(state_.pairing.change().cause(), v1::Change::CAUSE_PARTY_LEFT);
  EXPECT_EQ(state_.pairing.change().side(), kProject);
  EXPECT_EQ(state_.pairing.change().actor(), "tandem-projects");
  EXPECT_EQ(state_.pairing.change().detail(), "project withdrawn");
  EXPECT_EQ(Do(Step::kLeave, kProject), "same");
  EXPECT_EQ(Do(Step::kLeave, kInvestor), "same");
  state_ = asked;
  ASSERT_EQ(Do(Step::kAccept, kProject), "MUTUAL");
  ASSERT_EQ(Do(Step::kLeave, kInvestor), "CLOSED");
  EXPECT_EQ(state_.project.pairings, 0);
  EXPECT_EQ(state_.investor.pairings, 0);
  EXPECT_FALSE(state_.pairing.has_mutual_time());
  EXPECT_TRUE(IsInterest(StanceOf(state_.pairing, kProject))) << "who stays has not taken back a word";
  EXPECT_FALSE(IsInterest(StanceOf(state_.pairing, kInvestor)));
}

TEST_F(PartySteps, WhatIsBrokenSinceItWasSentNeedsToBeConfirmed) {
  ASSERT_EQ(Do(Step::kSendRequest, kInvestor, {"a"}), "REQUESTED");
  EXPECT_THAT(request().unmet_rules(), ElementsAre("a"));
  EXPECT_EQ(Do(Step::kJudge, kProject, {"a"}), "same") << "it was so when it was sent";
  ASSERT_EQ(Do(Step::kJudge, kProject, {"a", "b"}), "REQUESTED");
  EXPECT_TRUE(request().needs_reconfirm());
  EXPECT_THAT(request().broken_rules(), ElementsAre("b"));
  EXPECT_EQ(state_.pairing.change().cause(), v1::Change::CAUSE_PARTY_CHANGED);
  EXPECT_EQ(Do(Step::kJudge, kInvestor, {"b", "a"}), "same");
  ASSERT_EQ(Do(Step::kJudge, kInvestor, {}), "REQUESTED") << "mended";
  EXPECT_FALSE(request().needs_reconfirm());
  EXPECT_EQ(request().broken_rules_size(), 0);
}

TEST_F(PartySteps, AnInvestorsRequestIsNotAcceptedBeforeItIsSentAgain) {
  ASSERT_EQ(Do(Step::kSendRequest, kInvestor), "REQUESTED");
  const google::protobuf::Timestamp sent = request().create_time(), expires = request().expire_time();
  ASSERT_EQ(Do(Step::kJudge, kProject, {"b"}), "REQUESTED");
  for (const Step step : {Step::kAccept, Step::kSendRequest, Step::kSetStance}) {
    ASSERT_EQ(Do(step, kProject), "STATE_CONFLICT");
    EXPECT_TRUE(absl::StrContains(status_.message(), "b")) << status_;
  }
  // As often as it may ask, and one may always confirm.
  ASSERT_EQ(Do(Step::kSendRequest, kInvestor, {"b"}), "REQUESTED");
  EXPECT_FALSE(request().needs_reconfirm());
  EXPECT_THAT(request().unmet_rules(), ElementsAre("b"));
  EXPECT_EQ(state_.pairing.investor_attempts(), 1);
  EXPECT_EQ(state_.investor.outgoing.total, 1);
  EXPECT_EQ(state_.investor.outgoing.pending, 1);
  EXPECT_EQ(FromStamp(request().expire_time()), FromStamp(expires));
  EXPECT_EQ(FromStamp(request().create_time()), FromStamp(sent));
  EXPECT_EQ(Do(Step::kSendRequest, kInvestor), "STATE_CONFLICT") << "once";
  EXPECT_EQ(Do(Step::kJudge, kProject, {"b"}), "same") << "confirmed is confirmed";
  EXPECT_EQ(Do(Step::kAccept, kProject), "MUTUAL");
}

TEST_F(PartySteps, AProjectsRequestIsConfirmedByTheInvestorsAccepting) {
  for (const Step step : {Step::kAccept, Step::kSendRequest, Step::kSetStance}) {
    state_.pairing.clear_state();
    state_.pairing.clear_project_stance();
    state_.pairing.clear_investor_stance();
    state_.pairing.clear_project_attempts();
    ASSERT_EQ(Do(Step::kSendRequest, kProject, {"a"}), "REQUESTED");
    ASSERT_EQ(Do(Step::kJudge, kProject, {"b"}), "REQUESTED");
    EXPECT_EQ(Do(Step::kSendRequest, kProject), "STATE_CONFLICT") << "its own word is not the investor's";
    ASSERT_EQ(Do(step, kInvestor), "MUTUAL");
    EXPECT_FALSE(request().needs_reconfirm());
    EXPECT_THAT(request().unmet_rules(), ElementsAre("a", "b"));
  }
}

TEST_F(PartySteps, WhatHasEndedNeedsNoWord) {
  ASSERT_EQ(Do(Step::kSendRequest, kInvestor), "REQUESTED");
  ASSERT_EQ(Do(Step::kJudge, kInvestor, {"b"}), "REQUESTED");
  ASSERT_EQ(Do(Step::kDecline, kProject), "DECLINED");
  EXPECT_FALSE(request().needs_reconfirm());
  EXPECT_EQ(request().broken_rules_size(), 0);
  EXPECT_EQ(Do(Step::kJudge, kInvestor, {"c"}), "same");
}

// The agenda was cut short after the request was sent.
TEST_F(PartySteps, ARequestDoesNotOutliveAShortenedAgenda) {
  ASSERT_EQ(Do(Step::kSendRequest, kProject), "REQUESTED");
  rules_.last_slot = now_ + absl::Hours(1);
  ASSERT_GT(FromStamp(request().expire_time()), rules_.last_slot);
  EXPECT_FALSE(IsDue(state_.pairing, rules_.last_slot - absl::Seconds(1), rules_.last_slot));
  EXPECT_TRUE(IsDue(state_.pairing, rules_.last_slot, rules_.last_slot));
  now_ = rules_.last_slot;
  ASSERT_EQ(Do(Step::kExpire, v1::SIDE_UNSPECIFIED), "EXPIRED");
  EXPECT_EQ(FromStamp(request().expire_time()), rules_.last_slot) << "until when it could be answered";
}

}  // namespace
}  // namespace tandem::pairing::ledger
