#include "tests/fault/truth/meeting_check.h"

#include "services/pairing/ledger/decision.h"
#include "tandem/pairing/v1/meeting.pb.h"
#include "tandem/pairing/v1/pairing.pb.h"
#include "tests/unit/fault/truth/made_history.h"

namespace tandem::check {
namespace {

using pairing::v1::Meeting;
using pairing::v1::MeetingChange;
using pairing::v1::Pairing;

class MeetingCheckTest : public testing::Test {
 protected:
  MeetingCheckTest() {
    pairing_.set_name("editions/t/pairings/a-b");
    pairing_.set_state(Pairing::STATE_MUTUAL);
    meeting_.set_name("editions/t/meetings/a-b-1");
    meeting_.set_pairing(pairing_.name());
    meeting_.set_project("editions/t/projects/a");
    meeting_.set_investor("editions/t/investors/b");
    meeting_.set_project_attendee(meeting_.project());
    meeting_.set_investor_attendee(meeting_.investor());
    *meeting_.mutable_start_time() = pairing::ledger::ToStamp(absl::FromUnixSeconds(2'000'000'000));
    meeting_.set_state(Meeting::STATE_CONFIRMED);
    meeting_.mutable_change()->set_cause(MeetingChange::CAUSE_BOOKED);
  }
  template <typename Record>
  static Entry At(Revision revision, const Record& record) {
    return {record.name(), Stored(revision, StoredForm(record))};
  }
  // Mutual, then booked.
  void Book() {
    check_.Take({At(1, pairing_)});
    pairing_.set_meeting(meeting_.name());
    check_.Take({At(2, meeting_), At(2, pairing_)});
    ASSERT_EQ(findings_.count(Broken::kHalf), 0) << findings_.complaints()[0];
  }
  void End() {
    meeting_.set_state(Meeting::STATE_CANCELLED);
    meeting_.mutable_change()->set_cause(MeetingChange::CAUSE_PAIRING_ENDED);
    pairing_.set_state(Pairing::STATE_WITHDRAWN);
    pairing_.clear_meeting();
  }

  Findings findings_;
  MeetingCheck check_{&findings_};
  Pairing pairing_;
  Meeting meeting_;
};

TEST_F(MeetingCheckTest, IsContentWhenAPairingEndsTogetherWithItsMeeting) {
  Book();
  End();
  check_.Take({At(3, meeting_), At(3, pairing_)});
  EXPECT_EQ(findings_.count(Broken::kHalf), 0) << findings_.complaints()[0];
}

TEST_F(MeetingCheckTest, FindsAMeetingThatOutlivesItsPairing) {
  Book();
  End();
  check_.Take({At(3, pairing_), At(4, meeting_)});
  EXPECT_GT(findings_.count(Broken::kHalf), 0);
}

TEST_F(MeetingCheckTest, FindsAMeetingThatItsPairingSaysNothingOf) {
  check_.Take({At(1, pairing_), At(2, meeting_)});
  EXPECT_GT(findings_.count(Broken::kHalf), 0);
}

}  // namespace
}  // namespace tandem::check
