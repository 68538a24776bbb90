#include "services/pairing/ledger/decision.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"

namespace tandem::pairing::ledger {
namespace {

using v1::Pairing;
using Step = Command::Step;

constexpr v1::Side kProject = v1::SIDE_PROJECT;
constexpr v1::Side kInvestor = v1::SIDE_INVESTOR;
constexpr v1::StanceKind kNothing = v1::STANCE_KIND_UNSPECIFIED;
constexpr v1::StanceKind kInterested = v1::STANCE_KIND_INTERESTED;
constexpr v1::StanceKind kSkipped = v1::STANCE_KIND_SKIPPED;
constexpr v1::StanceKind kBlocked = v1::STANCE_KIND_BLOCKED;
constexpr v1::StanceKind kMustMeet = v1::STANCE_KIND_MUST_MEET;

Command Of(Step step, v1::Side side) {
  Command command;
  command.step = step;
  command.side = side;
  command.actor = "actor";
  command.reason = v1::DECLINE_REASON_TIMING;
  return command;
}

Command Say(v1::Side side, v1::StanceKind kind) {
  Command command = Of(Step::kSetStance, side);
  command.stance = kind;
  return command;
}

class Decision : public testing::Test {
 protected:
  Decision() {
    rules_.most_attempts = 9;
    state_.pairing.set_name("editions/e/pairings/x");
    state_.pairing.set_project("editions/e/projects/p");
    state_.pairing.set_investor("editions/e/investors/i");
  }

  // "MUTUAL", "same", or the reason of the error.
  std::string Do(const Command& command) {
    now_ += absl::Seconds(1);
    const PairState before = state_;
    status_ = absl::OkStatus();
    const auto taken = Take(command, {&rules_, project_, investor_, now_}, &state_);
    if (taken.ok() && *taken) {
      EXPECT_EQ(FromStamp(state_.pairing.update_time()), now_);
      EXPECT_EQ(state_.pairing.change().side(), command.side);
      EXPECT_EQ(state_.pairing.change().actor(), command.actor);
      EXPECT_NE(state_.pairing.change().cause(), v1::Change::CAUSE_UNSPECIFIED);
      return StateText(state_.pairing.state());
    }
    EXPECT_EQ(state_.pairing.SerializeAsString(), before.pairing.SerializeAsString());
    EXPECT_EQ(state_.project, before.project);
    EXPECT_EQ(state_.investor, before.investor);
    if (taken.ok()) return "same";
    status_ = taken.status();
    return GetErrorDetail(status_).reason;
  }
  std::string Expire() {
    now_ = FromStamp(state_.pairing.request().expire_time());
    return Do(Command());
  }
  v1::Change::Cause cause() const { return state_.pairing.change().cause(); }

  Rules rules_;
  PartyState project_ = PartyState::kOpen, investor_ = PartyState::kOpen;
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  PairState state_;
  absl::Status status_;
};

// Every state, reached by steps, against every step of a side. Columns: what comes of nothing, interested, must meet,
// skipped, blocked; of request, accept, decline, withdraw.
TEST_F(Decision, EveryStepInEveryState) {
  const auto table = [](v1::Side me) {
    const v1::Side you = OtherSide(me);
    const std::string c = "STATE_CONFLICT", n = "PARTY_NOT_OPEN";
    struct Case {
      std::string name;
      std::vector<Command> steps;
      std::vector<std::string> expected;
    };
    return std::vector<Case>{
        {"fresh", {}, {"same", "OPEN", "OPEN", "OPEN", "BLOCKED", "REQUESTED", c, c, c}},
        {"I am interested", {Say(me, kInterested)}, {"OPEN", "same", "OPEN", "OPEN", "BLOCKED", "REQUESTED", c, c, c}},
        {"you are interested",
         {Say(you, kInterested)},
         {"same", "MUTUAL", "MUTUAL", "OPEN", "BLOCKED", "MUTUAL", c, c, c}},
        {"you must meet me", {Say(you, kMustMeet)}, {"same", "MUTUAL", "MUTUAL", "OPEN", "BLOCKED", "MUTUAL", c, c, c}},
        {"you skipped", {Say(you, kSkipped)}, {"same", "OPEN", "OPEN", "OPEN", "BLOCKED", "REQUESTED", c, c, c}},
        {"I skipped", {Say(me, kSkipped)}, {"OPEN", "OPEN", "OPEN", "same", "BLOCKED", "REQUESTED", c, c, c}},
        {"I asked",
         {Of(Step::kSendRequest, me)},
         {"WITHDRAWN", "same", "REQUESTED", "WITHDRAWN", "BLOCKED", c, c, c, "WITHDRAWN"}},
        {"I asked whom skipped",
         {Say(you, kSkipped), Of(Step::kSendRequest, me)},
         {"WITHDRAWN", "same", "REQUESTED", "WITHDRAWN", "BLOCKED", c, c, c, "WITHDRAWN"}},
        {"you asked",
         {Of(Step::kSendRequest, you)},
         {"same", "MUTUAL", "MUTUAL", "REQUESTED", "BLOCKED", "MUTUAL", "MUTUAL", "DECLINED", c}},
        {"you asked and I skipped",
         {Of(Step::kSendRequest, you), Say(me, kSkipped)},
         {"REQUESTED", "MUTUAL", "MUTUAL", "same", "BLOCKED", "MUTUAL", "MUTUAL", "DECLINED", c}},
        {"mutual",
         {Of(Step::kSendRequest, you), Of(Step::kAccept, me)},
         {"WITHDRAWN", "same", "MUTUAL", "WITHDRAWN", "BLOCKED", c, c, c, "WITHDRAWN"}},
        {"mutual without a request",
         {Say(me, kInterested), Say(you, kInterested)},
         {"WITHDRAWN", "same", "MUTUAL", "WITHDRAWN", "BLOCKED", c, c, c, "WITHDRAWN"}},
        {"you declined",
         {Of(Step::kSendRequest, me), Of(Step::kDecline, you)},
         {"DECLINED", "same", "DECLINED", "DECLINED", "BLOCKED", "REQUEST_COOLDOWN", c, c, c}},
        {"I declined",
         {Of(Step::kSendRequest, you), Of(Step::kDecline, me)},
         {"same", "MUTUAL", "MUTUAL", "DECLINED", "BLOCKED", "MUTUAL", c, c, c}},
        {"I withdrew",
         {Of(Step::kSendRequest, me), Of(Step::kWithdraw, me)},
         {"same", "WITHDRAWN", "WITHDRAWN", "WITHDRAWN", "BLOCKED", "REQUESTED", c, c, c}},
        {"you withdrew",
         {Of(Step::kSendRequest, you), Of(Step::kWithdraw, you)},
         {"same", "WITHDRAWN", "WITHDRAWN", "WITHDRAWN", "BLOCKED", "REQUESTED", c, c, c}},
        {"you left",
         {Say(me, kInterested), Say(you, kInterested), Of(Step::kWithdraw, you)},
         {"WITHDRAWN", "same", "WITHDRAWN", "WITHDRAWN", "BLOCKED", "REQUESTED", c, c, c}},
        {"I did not answer",
         {Of(Step::kSendRequest, you), Command()},
         {"same", "MUTUAL", "MUTUAL", "EXPIRED", "BLOCKED", "MUTUAL", c, c, c}},
        {"you did not answer",
         {Of(Step::kSendRequest, me), Command()},
         {"EXPIRED", "same", "EXPIRED", "EXPIRED", "BLOCKED", "REQUESTED", c, c, c}},
        {"I blocked", {Say(me, kBlocked)}, {"OPEN", "OPEN", "OPEN", "OPEN", "same", n, c, c, c}},
        {"I blocked who was interested",
         {Say(you, kInterested), Say(me, kBlocked)},
         {"OPEN", "MUTUAL", "MUTUAL", "OPEN", "same", n, c, c, c}},
        {"you blocked", {Say(you, kBlocked)}, {"same", "BLOCKED", "BLOCKED", "BLOCKED", "BLOCKED", n, c, c, c}},
        {"you left the edition, where we were mutual, and came back",
         {Say(me, kInterested), Say(you, kInterested), Of(Step::kLeave, you)},
         {"CLOSED", "same", "CLOSED", "CLOSED", "BLOCKED", "REQUESTED", c, c, c}},
        {"I left the edition, where we were mutual, and came back",
         {Say(me, kInterested), Say(you, kInterested), Of(Step::kLeave, me)},
         {"same", "MUTUAL", "MUTUAL", "CLOSED", "BLOCKED", "MUTUAL", c, c, c}},
        {"I asked who left the edition",
         {Of(Step::kSendRequest, me), Of(Step::kLeave, you)},
         {"CLOSED", "same", "CLOSED", "CLOSED", "BLOCKED", "REQUESTED", c, c, c}},
        {"you asked and left the edition",
         {Of(Step::kSendRequest, you), Of(Step::kLeave, you)},
         {"same", "CLOSED", "CLOSED", "CLOSED", "BLOCKED", "REQUESTED", c, c, c}},
        {"you asked and I left the edition",
         {Of(Step::kSendRequest, you), Of(Step::kLeave, me)},
         {"same", "MUTUAL", "MUTUAL", "CLOSED", "BLOCKED", "MUTUAL", c, c, c}},
        {"both left the edition",
         {Say(me, kInterested), Of(Step::kLeave, me), Of(Step::kLeave, you)},
         {"same", "CLOSED", "CLOSED", "CLOSED", "BLOCKED", "REQUESTED", c, c, c}},
        {"I blocked who left the edition",
         {Say(me, kBlocked), Of(Step::kLeave, you)},
         {"OPEN", "OPEN", "OPEN", "OPEN", "same", n, c, c, c}},
        {"both blocked",
         {Say(you, kBlocked), Say(me, kBlocked)},
         {"BLOCKED", "BLOCKED", "BLOCKED", "BLOCKED", "same", n, c, c, c}},
    };
  };
  const PairState fresh = state_;
  for (const v1::Side me : {kProject, kInvestor}) {
    const std::vector<Command> steps = {Say(me, kNothing),     Say(me, kInterested),   Say(me, kMustMeet),
                                        Say(me, kSkipped),     Say(me, kBlocked),      Of(Step::kSendRequest, me),
                                        Of(Step::kAccept, me), Of(Step::kDecline, me), Of(Step::kWithdraw, me)};
    for (const auto& row : table(me)) {
      ASSERT_EQ(row.expected.size(), steps.size());
      state_ = fresh;
      for (const Command& command : row.steps) {
        const std::string done = command.step == Step::kExpire ? Expire() : Do(command);
        ASSERT_FALSE(absl::StrContains(done, "CONFLICT")) << row.name;
      }
      const PairState reached = state_;
      for (size_t i = 0; i < steps.size(); ++i) {
        state_ = reached;
        EXPECT_EQ(Do(steps[i]), row.expected[i]) << row.name << ", step " << i << ", " << v1::Side_Name(me);
        if (status_.ok()) {
          const bool both =
              IsInterest(StanceOf(state_.pairing, kProject)) && IsInterest(StanceOf(state_.pairing, kInvestor));
          EXPECT_EQ(state_.pairing.state() == Pairing::STATE_MUTUAL, both) << row.name << ", step " << i;
          EXPECT_EQ(state_.pairing.has_mutual_time(), both);
          EXPECT_EQ(state_.project.pairings, both ? 1 : 0);
        }
      }
    }
  }
}

TEST_F(Decision, CausesSayWhatHappened) {
  Do(Of(Step::kSendRequest, kProject));
  EXPECT_EQ(cause(), v1::Change::CAUSE_REQUEST);
  const PairState asked = state_;
  Do(Say(kInvestor, kInterested));
  EXPECT_EQ(cause(), v1::Change::CAUSE_ACCEPT) << "interest that meets a request answers it";
  Do(Say(kInvestor, kSkipped));
  EXPECT_EQ(cause(), v1::Change::CAUSE_WITHDRAW);
  Do(Say(kInvestor, kBlocked));
  EXPECT_EQ(cause(), v1::Change::CAUSE_BLOCK);
  state_ = asked;
  Do(Of(Step::kDecline, kInvestor));
  EXPECT_EQ(cause(), v1::Change::CAUSE_DECLINE);
  state_ = asked;
  Expire();
  EXPECT_EQ(cause(), v1::Change::CAUSE_EXPIRY);
  EXPECT_EQ(state_.pairing.change().side(), v1::SIDE_UNSPECIFIED);
}

TEST_F(Decision, PartiesThatAreAwayAndBlocksReadAlike) {
  Do(Say(kInvestor, kBlocked));
  ASSERT_EQ(Do(Of(Step::kSendRequest, kProject)), "PARTY_NOT_OPEN");
  const absl::Status blocked = status_;
  Do(Say(kInvestor, kNothing));
  investor_ = PartyState::kNotOpen;
  ASSERT_EQ(Do(Of(Step::kSendRequest, kProject)), "PARTY_NOT_OPEN");
  EXPECT_EQ(status_, blocked);
}

TEST_F(Decision, ConflictsDoNotTellABlock) {
  Do(Of(Step::kSendRequest, kInvestor));
  Do(Say(kInvestor, kBlocked));
  ASSERT_EQ(Do(Of(Step::kAccept, kProject)), "STATE_CONFLICT");
  EXPECT_FALSE(absl::StrContains(status_.ToString(), "BLOCKED")) << status_;
}

TEST_F(Decision, NobodyMeetsWhoIsAwayButEverybodyMayLeave) {
  Do(Of(Step::kSendRequest, kProject));
  const PairState asked = state_;
  for (PartyState* party : {&project_, &investor_}) {
    state_ = asked;
    *party = PartyState::kNotOpen;
    EXPECT_EQ(Do(Of(Step::kAccept, kInvestor)), "PARTY_NOT_OPEN");
    EXPECT_EQ(Do(Say(kInvestor, kInterested)), "PARTY_NOT_OPEN");
    EXPECT_EQ(Do(Of(Step::kDecline, kInvestor)), "DECLINED");
    state_ = asked;
    EXPECT_EQ(Do(Of(Step::kWithdraw, kProject)), "WITHDRAWN");
    *party = PartyState::kOpen;
  }
  state_ = asked;
  Do(Of(Step::kAccept, kInvestor));
  investor_ = PartyState::kNotOpen;
  EXPECT_EQ(Do(Say(kProject, kMustMeet)), "MUTUAL") << "what is mutual stays";
}

TEST_F(Decision, NothingIsSaidOfWhoDoesNotExist) {
  project_ = PartyState::kAbsent;
  for (const v1::StanceKind kind : {kInterested, kSkipped, kBlocked}) {
    EXPECT_EQ(Do(Say(kInvestor, kind)), "RESOURCE_NOT_FOUND");
  }
  EXPECT_EQ(Do(Of(Step::kSendRequest, kInvestor)), "RESOURCE_NOT_FOUND");
}

TEST_F(Decision, ADeclineIsFollowedByACooldownOfTheSenderOnly) {
  rules_.request_cooldown = absl::Hours(2);
  Do(Of(Step::kSendRequest, kProject));
  Do(Of(Step::kDecline, kInvestor));
  const absl::Time until = now_ + absl::Hours(2);
  EXPECT_EQ(FromStamp(state_.pairing.request().cooldown_until()), until);
  const PairState declined = state_;
  now_ = until - absl::Seconds(2);
  ASSERT_EQ(Do(Of(Step::kSendRequest, kProject)), "REQUEST_COOLDOWN");
  EXPECT_EQ(GetErrorDetail(status_).metadata[1].second,
            absl::FormatTime(absl::RFC3339_sec, until, absl::UTCTimeZone()));
  EXPECT_EQ(Do(Of(Step::kSendRequest, kProject)), "REQUESTED") << "at its end";
  state_ = declined;
  EXPECT_EQ(Do(Of(Step::kSendRequest, kInvestor)), "MUTUAL") << "the sender is still interested";
}

TEST_F(Decision, AttemptsAreLimitedAndTheErrorSaysNotAgain) {
  rules_.most_attempts = 2;
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Do(Of(Step::kSendRequest, kProject)), "REQUESTED");
    EXPECT_EQ(Do(Of(Step::kWithdraw, kProject)), "WITHDRAWN");
  }
  ASSERT_EQ(Do(Of(Step::kSendRequest, kProject)), "REQUEST_COOLDOWN");
  EXPECT_EQ(GetErrorDetail(status_).metadata[1].second, "");
  EXPECT_EQ(GetErrorDetail(status_).metadata[2].second, "2");
  EXPECT_EQ(Do(Of(Step::kSendRequest, kInvestor)), "REQUESTED") << "the other side has asked never";
}

TEST_F(Decision, RequestsExpireWithTheLastSlotThatWouldDo) {
  const absl::Time slot = now_ + absl::Hours(5);
  rules_.has_slot = [slot](absl::Time time) { return time == slot || time == slot + absl::Hours(1); };
  Command command = Of(Step::kSendRequest, kProject);
  command.slots = {slot + absl::Hours(1), slot};
  EXPECT_EQ(Do(command), "REQUESTED");
  EXPECT_EQ(FromStamp(state_.pairing.request().expire_time()), slot + absl::Hours(1));
  EXPECT_EQ(state_.pairing.request().slots_size(), 2);
  EXPECT_FALSE(IsDue(state_.pairing, slot));
  EXPECT_TRUE(IsDue(state_.pairing, slot + absl::Hours(1)));
}

TEST_F(Decision, RequestsExpireWithoutSlotsToo) {
  rules_.request_expiry = absl::Minutes(30);
  Do(Of(Step::kSendRequest, kProject));
  EXPECT_EQ(FromStamp(state_.pairing.request().expire_time()), now_ + absl::Minutes(30));
}

TEST_F(Decision, NoRequestOutlivesTheLastSlotOfTheEdition) {
  rules_.last_slot = now_ + absl::Hours(1);
  const PairState fresh = state_;
  Do(Of(Step::kSendRequest, kProject));
  EXPECT_EQ(FromStamp(state_.pairing.request().expire_time()), rules_.last_slot);
  state_ = fresh;
  now_ = rules_.last_slot;
  ASSERT_EQ(Do(Of(Step::kSendRequest, kProject)), "STATE_CONFLICT");
  EXPECT_EQ(GetErrorDetail(status_).metadata[0].second, "editions/e");
}

TEST_F(Decision, SlotsThatAreOverOrNotOfTheAgendaAreRefusedAllAtOnce) {
  rules_.has_slot = [this](absl::Time time) { return time < now_; };
  Command command = Of(Step::kSendRequest, kProject);
  command.slots = {now_ - absl::Hours(1), now_ + absl::Hours(1)};
  ASSERT_EQ(Do(command), "FIELD_INVALID");
  EXPECT_EQ(GetErrorDetail(status_).violations.size(), 2u);
}

// The message and the slots of a request that meets another are kept, and cost nothing.
TEST_F(Decision, RequestsThatMeetAreBothKeptAndCountedOnce) {
  Command first = Of(Step::kSendRequest, kProject), second = Of(Step::kSendRequest, kInvestor);
  first.message = "from the project";
  second.message = "from the investor";
  Do(first);
  ASSERT_EQ(Do(second), "MUTUAL");
  EXPECT_EQ(state_.pairing.request().message(), "from the project");
  EXPECT_EQ(state_.pairing.counter_request().message(), "from the investor");
  EXPECT_EQ(state_.project.outgoing.total, 1);
  EXPECT_EQ(state_.investor.incoming.total, 1);
  EXPECT_EQ(state_.investor.outgoing.total, 0);
  EXPECT_EQ(state_.project.outgoing.pending, 0);
  EXPECT_EQ(state_.pairing.investor_attempts(), 0);
}

TEST_F(Decision, BecomingMutualTakesRoomOnBothSides) {
  Do(Of(Step::kSendRequest, kProject));
  const PairState asked = state_;
  for (v1::Quotas* quotas : {&rules_.project_quotas, &rules_.investor_quotas}) {
    quotas->set_pairings(1);
    state_ = asked;
    (quotas == &rules_.project_quotas ? state_.project : state_.investor).pairings = 1;
    for (const Command& command :
         {Of(Step::kAccept, kInvestor), Of(Step::kSendRequest, kInvestor), Say(kInvestor, kInterested)}) {
      EXPECT_EQ(Do(command), "QUOTA_EXCEEDED");
    }
    quotas->clear_pairings();
  }
}

TEST_F(Decision, MustMeetOutlivesOnesOwnRequestAndAcceptance) {
  Do(Say(kProject, kMustMeet));
  Do(Of(Step::kSendRequest, kProject));
  EXPECT_EQ(StanceOf(state_.pairing, kProject), kMustMeet);
  Do(Of(Step::kAccept, kInvestor));
  EXPECT_EQ(StanceOf(state_.pairing, kInvestor), kInterested);
}

TEST_F(Decision, TimesInContractsAreWholeMicroseconds) {
  const absl::Time time = absl::FromUnixMicros(-1);
  EXPECT_EQ(FromStamp(ToStamp(time)), time);
  EXPECT_EQ(ToStamp(time).nanos(), 999'999'000);
  EXPECT_EQ(FromStamp(ToStamp(now_)), now_);
}

}  // namespace
}  // namespace tandem::pairing::ledger
