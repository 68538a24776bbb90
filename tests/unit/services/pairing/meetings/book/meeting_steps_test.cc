// Every state of a meeting with every step, and what the steps write.
#include "services/pairing/meetings/book/meeting_steps.h"

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "gtest/gtest.h"

#include "common/base/status.h"
#include "services/pairing/ledger/decision.h"

namespace tandem::pairing::meetings {
namespace {

using v1::Meeting;

constexpr v1::Side kProject = v1::SIDE_PROJECT, kInvestor = v1::SIDE_INVESTOR, kOrganiser = v1::SIDE_UNSPECIFIED;
const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);
const absl::Time kBefore = kStart - absl::Hours(24);
const absl::Time kThen = kStart + kGrace;

Acting By(v1::Side side, absl::Time now, std::string note = "") { return {side, "ann", now, std::move(note)}; }
Placed PlaceAt(absl::Time start) { return {start, start + absl::Minutes(25), false, "t1", ""}; }

Meeting Booked() {
  Meeting meeting;
  meeting.set_name("editions/e/meetings/p-1");
  Book(By(kProject, kBefore), PlaceAt(kStart), "", &meeting);
  return meeting;
}

// A meeting in each state, reached by steps.
Meeting In(Meeting::State state) {
  Meeting meeting = Booked();
  switch (state) {
    case Meeting::STATE_RESCHEDULE_PENDING:
      EXPECT_TRUE(*AskReschedule(By(kProject, kBefore), {}, &meeting));
      break;
    case Meeting::STATE_IN_PROGRESS:
      EXPECT_TRUE(*ReportOn(By(kProject, kStart), {true}, &meeting));
      break;
    case Meeting::STATE_HELD:
      EXPECT_TRUE(*ReportOn(By(kProject, kStart), {false, v1::PRESENCE_CAME}, &meeting));
      break;
    case Meeting::STATE_NO_SHOW:
      EXPECT_TRUE(*ReportOn(By(kProject, kThen), {false, v1::PRESENCE_ABSENT}, &meeting));
      break;
    case Meeting::STATE_CANCELLED:
      EXPECT_TRUE(*Cancel(By(kProject, kBefore), &meeting));
      break;
    default:
      break;
  }
  EXPECT_EQ(meeting.state(), state);
  return meeting;
}

std::string After(const absl::StatusOr<bool>& result, const Meeting& meeting) {
  if (!result.ok()) return GetErrorDetail(result.status()).reason;
  return *result ? StateText(meeting.state()) : "same";
}

struct Row {
  std::string step;
  absl::Time now;
  std::function<absl::StatusOr<bool>(Acting, Meeting*)> take;
  v1::Side side;
  // By state: CONFIRMED, RESCHEDULE_PENDING (the project asked), IN_PROGRESS, HELD, NO_SHOW, CANCELLED.
  std::vector<std::string> expected;
};

TEST(MeetingSteps, EveryStateWithEveryStep) {
  const std::string no = "STATE_CONFLICT", pending = "RESCHEDULE_PENDING";
  const auto move = [](const Acting& acting, Meeting* meeting) -> absl::StatusOr<bool> {
    TANDEM_RETURN_IF_ERROR(CheckMove(acting, *meeting));
    Move(acting, PlaceAt(kStart + absl::Hours(1)), meeting);
    return true;
  };
  const auto ask = [](const Acting& acting, Meeting* meeting) { return AskReschedule(acting, {}, meeting); };
  const auto cancel = [](const Acting& acting, Meeting* meeting) { return Cancel(acting, meeting); };
  const auto end = [](const Acting& acting, Meeting* meeting) -> absl::StatusOr<bool> {
    return EndWithPairing(v1::MeetingChange::CAUSE_PAIRING_ENDED, acting, meeting);
  };
  const auto report = [](Said said) {
    return [said](const Acting& acting, Meeting* meeting) { return ReportOn(acting, said, meeting); };
  };
  const auto follow_up = [](const Acting& acting, Meeting* meeting) {
    return Attest(acting, v1::OUTCOME_STAGE_FOLLOW_UP, nullptr, meeting);
  };
  const auto lock = [](const Acting& acting, Meeting* meeting) { return Lock(acting, true, meeting); };
  const std::vector<Row> table = {
      {"ask", kBefore, ask, kProject, {pending, pending, no, no, no, no}},
      {"ask", kBefore, ask, kInvestor, {pending, no, no, no, no, no}},
      {"ask late", kStart, ask, kProject, {no, no, no, no, no, no}},
      {"refuse", kBefore, RefuseReschedule, kProject, {no, "CONFIRMED", no, no, no, no}},
      {"refuse", kBefore, RefuseReschedule, kInvestor, {no, "CONFIRMED", no, no, no, no}},
      {"move", kBefore, move, kProject, {no, no, no, no, no, no}},
      {"move", kBefore, move, kInvestor, {no, "CONFIRMED", no, no, no, no}},
      {"move", kBefore, move, kOrganiser, {"CONFIRMED", "CONFIRMED", no, no, no, no}},
      {"move late", kStart, move, kOrganiser, {no, no, no, no, no, no}},
      {"cancel", kBefore, cancel, kInvestor, {"CANCELLED", "CANCELLED", no, no, no, no}},
      {"cancel late", kStart, cancel, kInvestor, {no, no, no, no, no, no}},
      {"cancel late", kStart, cancel, kOrganiser, {"CANCELLED", "CANCELLED", no, no, no, no}},
      {"end", kBefore, end, kInvestor, {"CANCELLED", "CANCELLED", "same", "same", "same", "same"}},
      {"end late", kStart, end, kInvestor, {"same", "same", "same", "same", "same", "same"}},
      {"check in early", kStart - kEarly - absl::Seconds(1), report({true}), kInvestor, {no, no, no, no, no, no}},
      {"check in",
       kStart - kEarly,
       report({true}),
       kInvestor,
       {"IN_PROGRESS", "IN_PROGRESS", "IN_PROGRESS", "HELD", "NO_SHOW", no}},
      {"came early", kBefore, report({false, v1::PRESENCE_CAME}), kInvestor, {no, no, no, no, no, no}},
      {"came", kStart, report({false, v1::PRESENCE_CAME}), kInvestor, {"HELD", "HELD", "HELD", "HELD", "HELD", no}},
      {"absent at once",
       kThen - absl::Seconds(1),
       report({false, v1::PRESENCE_ABSENT}),
       kInvestor,
       {no, no, no, no, no, no}},
      {"absent",
       kThen,
       report({false, v1::PRESENCE_ABSENT}),
       kInvestor,
       {"NO_SHOW", "NO_SHOW", "NO_SHOW", "HELD", "NO_SHOW", no}},
      {"absent after all",
       kThen,
       report({false, v1::PRESENCE_ABSENT}),
       kProject,
       {"NO_SHOW", "NO_SHOW", "NO_SHOW", "NO_SHOW", "same", no}},
      {"rating",
       kStart,
       report({false, v1::PRESENCE_UNSPECIFIED, 4}),
       kInvestor,
       {"CONFIRMED", pending, "IN_PROGRESS", "HELD", "NO_SHOW", no}},
      {"informative",
       kStart,
       report({false, v1::PRESENCE_UNSPECIFIED, 0, v1::MEETING_RESULT_INFORMATIVE}),
       kInvestor,
       {"HELD", "HELD", "HELD", "HELD", "HELD", no}},
      {"outcome", kThen, follow_up, kInvestor, {no, no, no, "HELD", no, no}},
      {"lock", kBefore, lock, kOrganiser, {"CONFIRMED", pending, no, no, no, no}},
  };
  const Meeting::State states[] = {Meeting::STATE_CONFIRMED,   Meeting::STATE_RESCHEDULE_PENDING,
                                   Meeting::STATE_IN_PROGRESS, Meeting::STATE_HELD,
                                   Meeting::STATE_NO_SHOW,     Meeting::STATE_CANCELLED};
  for (const Row& row : table) {
    for (size_t i = 0; i < 6; ++i) {
      SCOPED_TRACE(row.step + " by " + v1::Side_Name(row.side) + " in " + StateText(states[i]));
      Meeting meeting = In(states[i]);
      const std::string before = meeting.SerializeAsString();
      const auto result = row.take(By(row.side, row.now), &meeting);
      EXPECT_EQ(After(result, meeting), row.expected[i]);
      if (!result.ok() || !*result) {
        EXPECT_EQ(meeting.SerializeAsString(), before);
      }
    }
  }
}

TEST(MeetingSteps, ContradictingReportsAreKept) {
  Meeting meeting = In(Meeting::STATE_NO_SHOW);
  ASSERT_TRUE(*ReportOn(By(kInvestor, kThen), {true, v1::PRESENCE_ABSENT, 1}, &meeting));
  EXPECT_EQ(meeting.state(), Meeting::STATE_NO_SHOW) << "each says that the other did not come";
  EXPECT_EQ(meeting.project_report().other_side(), v1::PRESENCE_ABSENT);
  EXPECT_EQ(meeting.investor_report().other_side(), v1::PRESENCE_ABSENT);
  EXPECT_TRUE(meeting.investor_report().has_check_in_time());
  ASSERT_TRUE(*ReportOn(By(kInvestor, kThen), {false, v1::PRESENCE_CAME}, &meeting));
  EXPECT_EQ(meeting.state(), Meeting::STATE_HELD) << "one says that the other came";
  EXPECT_EQ(meeting.project_report().other_side(), v1::PRESENCE_ABSENT) << "what was said stays said";
}

TEST(MeetingSteps, AResultAndAPresenceAgree) {
  Meeting meeting = Booked();
  EXPECT_EQ(After(ReportOn(By(kProject, kThen), {}, &meeting), meeting), "FIELD_INVALID");
  EXPECT_EQ(
      After(ReportOn(By(kProject, kThen), {false, v1::PRESENCE_ABSENT, 0, v1::MEETING_RESULT_NO_INTEREST}, &meeting),
            meeting),
      "FIELD_INVALID");
  EXPECT_EQ(After(ReportOn(By(kProject, kThen), {false, v1::PRESENCE_CAME, 0, v1::MEETING_RESULT_DID_NOT_TAKE_PLACE},
                           &meeting),
                  meeting),
            "FIELD_INVALID");
  ASSERT_TRUE(
      *ReportOn(By(kProject, kThen), {false, v1::PRESENCE_UNSPECIFIED, 0, v1::MEETING_RESULT_INFORMATIVE}, &meeting));
  EXPECT_EQ(meeting.project_report().other_side(), v1::PRESENCE_CAME);
  ASSERT_TRUE(*ReportOn(By(kProject, kThen), {false, v1::PRESENCE_ABSENT}, &meeting));
  EXPECT_EQ(meeting.project_report().result(), v1::MEETING_RESULT_DID_NOT_TAKE_PLACE);
}

TEST(MeetingSteps, RungsAreAttestedBySideAndLostNeedsAReason) {
  Meeting meeting = In(Meeting::STATE_HELD);
  tandem::type::v1::Money amount;
  amount.set_currency_code("CNY");
  amount.set_amount_minor(100);
  ASSERT_TRUE(*Attest(By(kProject, kThen), v1::OUTCOME_STAGE_SIGNED, &amount, &meeting));
  const absl::Time later = kThen + absl::Hours(1);
  ASSERT_TRUE(*Attest(By(kInvestor, later, "on paper"), v1::OUTCOME_STAGE_SIGNED, nullptr, &meeting));
  EXPECT_FALSE(*Attest(By(kInvestor, later + absl::Hours(1)), v1::OUTCOME_STAGE_SIGNED, nullptr, &meeting));
  ASSERT_TRUE(*Attest(By(kOrganiser, later), v1::OUTCOME_STAGE_FUNDED, nullptr, &meeting));
  ASSERT_EQ(meeting.outcomes_size(), 2);
  EXPECT_EQ(ledger::FromStamp(meeting.outcomes(0).project_time()), kThen);
  EXPECT_EQ(ledger::FromStamp(meeting.outcomes(0).investor_time()), later);
  EXPECT_FALSE(meeting.outcomes(0).has_organiser_time());
  EXPECT_EQ(meeting.outcomes(0).amount().amount_minor(), 100);
  EXPECT_EQ(meeting.outcomes(0).note(), "on paper");
  EXPECT_TRUE(meeting.outcomes(1).has_organiser_time());
  EXPECT_EQ(After(Attest(By(kProject, later), v1::OUTCOME_STAGE_LOST, nullptr, &meeting), meeting), "FIELD_INVALID");
  EXPECT_EQ(meeting.outcomes_size(), 2);
  EXPECT_TRUE(*Attest(By(kProject, later, "no money"), v1::OUTCOME_STAGE_LOST, nullptr, &meeting));
  EXPECT_EQ(After(ReportOn(By(kProject, later), {false, v1::PRESENCE_ABSENT}, &meeting), meeting), "STATE_CONFLICT")
      << "something came of it";
}

TEST(MeetingSteps, ASideSeesNeitherTheOthersRatingNorWhoActed) {
  Meeting meeting = In(Meeting::STATE_HELD);
  const std::string seen_before = ViewFor(meeting, kProject).SerializeAsString();
  ASSERT_TRUE(*ReportOn(By(kInvestor, kThen), {false, v1::PRESENCE_UNSPECIFIED, 1}, &meeting));
  EXPECT_EQ(ViewFor(meeting, kInvestor).investor_report().rating(), 1);
  EXPECT_EQ(ViewFor(meeting, kProject).SerializeAsString(), seen_before) << "not even that something was said";
  ASSERT_TRUE(*ReportOn(By(kProject, kThen), {true}, &meeting));
  EXPECT_EQ(ViewFor(meeting, kProject).change().actor(), "ann");
  EXPECT_EQ(ViewFor(meeting, kOrganiser).SerializeAsString(), meeting.SerializeAsString());
  const Meeting seen = ViewFor(meeting, kProject);
  EXPECT_FALSE(seen.has_investor_report()) << "it says nothing but the rating";
  EXPECT_EQ(ViewFor(meeting, kInvestor).change().actor(), "");
  EXPECT_EQ(seen.project_report().other_side(), v1::PRESENCE_CAME);

  Meeting ended = Booked();
  ASSERT_TRUE(EndWithPairing(v1::MeetingChange::CAUSE_PAIRING_ENDED, By(kInvestor, kBefore), &ended));
  for (const v1::Side side : {kProject, kInvestor}) {
    EXPECT_EQ(ViewFor(ended, side).change().side(), v1::SIDE_UNSPECIFIED) << "it may have been a block";
    EXPECT_EQ(ViewFor(ended, side).change().actor(), "");
  }
}

TEST(MeetingSteps, WhatNobodyReportedOnIsInNobodysWay) {
  const Meeting meeting = Booked();
  EXPECT_TRUE(IsLive(meeting, kStart));
  EXPECT_FALSE(IsLive(meeting, kStart + absl::Minutes(25)));
  EXPECT_FALSE(IsLive(In(Meeting::STATE_CANCELLED), kBefore));
  EXPECT_FALSE(IsLive(In(Meeting::STATE_HELD), kThen));
  EXPECT_TRUE(IsLive(In(Meeting::STATE_IN_PROGRESS), kThen));
}

}  // namespace
}  // namespace tandem::pairing::meetings
