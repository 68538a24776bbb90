// Random sequences of steps, beside a naive model that keeps what was said and works the rest out anew each time.
#include <array>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "services/pairing/ledger/decision.h"
#include "services/pairing/meetings/book/meeting_steps.h"

namespace tandem::pairing::meetings {
namespace {

using v1::Meeting;

constexpr v1::Side kSides[] = {v1::SIDE_PROJECT, v1::SIDE_INVESTOR, v1::SIDE_UNSPECIFIED};

struct Model {
  int start = 100;  // minutes
  bool cancelled = false, asked = false;
  v1::Side asker = v1::SIDE_UNSPECIFIED;
  std::array<int, 3> in{-1, -1, -1};
  std::array<v1::Presence, 3> other{};  // by Side
  int outcomes = 0;

  bool Any(v1::Presence presence) const { return other[1] == presence || other[2] == presence; }
  std::string State() const {
    if (cancelled) return "CANCELLED";
    if (Any(v1::PRESENCE_CAME)) return "HELD";
    if (Any(v1::PRESENCE_ABSENT)) return "NO_SHOW";
    if (in[1] >= 0 || in[2] >= 0) return "IN_PROGRESS";
    return asked ? "RESCHEDULE_PENDING" : "CONFIRMED";
  }
  bool Standing() const { return State() == "CONFIRMED" || State() == "RESCHEDULE_PENDING"; }
  bool ToCome(int now) const { return Standing() && now < start; }
};

absl::Time Minute(int minute) { return absl::FromUnixSeconds(1'800'000'000) + absl::Minutes(minute); }

class Walk {
 public:
  explicit Walk(uint64_t seed) : random_(seed) {
    meeting_.set_name("editions/e/meetings/p-1");
    Book({v1::SIDE_PROJECT, "a", Minute(0), ""}, {Minute(100), Minute(125), false, "t", ""}, "", &meeting_);
  }

  void Step() {
    now_ += Pick(8) == 0 ? Pick(30) : 0;
    const v1::Side side = kSides[Pick(3)];
    const Acting acting{side, "a", Minute(now_), "n"};
    const std::string before = meeting_.SerializeAsString();
    const auto [legal, taken] = Take(Pick(7), acting);
    SCOPED_TRACE(absl::StrCat("minute ", now_, " side ", static_cast<int>(side), " ", meeting_.ShortDebugString()));
    EXPECT_EQ(taken.ok(), legal) << taken.status();
    if (!taken.ok() || !*taken) {
      EXPECT_EQ(meeting_.SerializeAsString(), before);
    }
    EXPECT_EQ(StateText(meeting_.state()), model_.State());
    EXPECT_EQ(meeting_.has_proposal(), model_.State() == "RESCHEDULE_PENDING");
    EXPECT_EQ(ledger::FromStamp(meeting_.start_time()), Minute(model_.start));
    EXPECT_EQ(meeting_.outcomes_size(), model_.outcomes);
  }

 private:
  int Pick(int below) { return static_cast<int>(random_() % static_cast<uint64_t>(below)); }

  // Whether the model allows the step, and what came of it.
  std::pair<bool, absl::StatusOr<bool>> Take(int step, const Acting& acting) {
    Model& m = model_;
    const v1::Side side = acting.side;
    const bool organiser = side == v1::SIDE_UNSPECIFIED;
    switch (step) {
      case 0: {
        const v1::Side asker = organiser ? v1::SIDE_PROJECT : side;
        const bool legal = m.ToCome(now_) && (!m.asked || m.asker == asker);
        Acting by = acting;
        by.side = asker;
        if (legal) m.asked = true, m.asker = asker;
        return {legal, AskReschedule(by, {}, &meeting_)};
      }
      case 1: {
        const bool legal = m.Standing() && m.asked;
        if (legal) m.asked = false;
        return {legal, RefuseReschedule(acting, &meeting_)};
      }
      case 2: {
        const bool legal = m.ToCome(now_) && (organiser || (m.asked && m.asker != side));
        const absl::Status may = CheckMove(acting, meeting_);
        if (!may.ok()) return {legal, may};
        const int to = now_ + 20 + Pick(60);
        m.asked = false;
        m.start = to;
        Move(acting, {Minute(to), Minute(to + 25), false, "t", ""}, &meeting_);
        return {legal, true};
      }
      case 3: {
        if (Pick(12) != 0) return {true, false};
        const bool legal = organiser ? m.Standing() : m.ToCome(now_);
        if (legal) m.cancelled = true;
        return {legal, Cancel(acting, &meeting_)};
      }
      case 4: {
        const bool ends = m.ToCome(now_) && Pick(12) == 0;
        if (!ends) return {true, false};
        m.cancelled = true;
        return {true, EndWithPairing(v1::MeetingChange::CAUSE_PAIRING_ENDED, acting, &meeting_)};
      }
      case 5: {
        Acting by = acting;
        by.side = organiser ? v1::SIDE_INVESTOR : side;
        Said said;
        said.check_in = Pick(2) == 0;
        said.other_side = static_cast<v1::Presence>(Pick(3));
        const bool absent = said.other_side == v1::PRESENCE_ABSENT;
        const bool only_in = said.other_side == v1::PRESENCE_UNSPECIFIED;
        bool legal = (said.check_in || !only_in) && !m.cancelled && now_ >= m.start - (only_in ? 15 : 0) &&
                     (!absent || now_ >= m.start + 5);
        Model next = m;
        if (said.check_in) next.in[by.side] = now_;
        if (!only_in) next.other[by.side] = said.other_side;
        if (m.outcomes > 0 && next.State() != "HELD") legal = false;
        if (legal) m = next;
        if (legal && m.State() != "RESCHEDULE_PENDING") m.asked = false;
        return {legal, ReportOn(by, said, &meeting_)};
      }
      default: {
        const bool legal = m.State() == "HELD";
        const auto stage = static_cast<v1::OutcomeStage>(1 + Pick(8));
        bool known = false;
        for (const v1::Outcome& outcome : meeting_.outcomes()) known |= outcome.stage() == stage;
        if (legal && !known) ++m.outcomes;
        return {legal, Attest(acting, stage, nullptr, &meeting_)};
      }
    }
  }

  std::mt19937_64 random_;
  Meeting meeting_;
  Model model_;
  int now_ = 0;
};

TEST(MeetingStepsModel, RandomSequencesComeToWhatTheNaiveModelSays) {
  const uint64_t first = std::random_device()();
  for (uint64_t seed = first; seed < first + 3000; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Walk walk(seed);
    for (int step = 0; step < 60; ++step) walk.Step();
    ASSERT_FALSE(testing::Test::HasFailure());
  }
}

}  // namespace
}  // namespace tandem::pairing::meetings
