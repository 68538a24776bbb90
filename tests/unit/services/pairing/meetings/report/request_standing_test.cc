#include "services/pairing/meetings/report/request_standing.h"

#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tandem::pairing::meetings {
namespace {

using S = RequestStanding;

struct Case {
  const char* what;
  const char* pairing;  // the project asks at 10, until 100
  S standing;
};

const Case kCases[] = {
    {"nothing was asked", "state: STATE_OPEN", S::kNotAsked},
    {"it waits", "state: STATE_REQUESTED request { sender: SIDE_PROJECT expire_time { seconds: 100 } }", S::kPending},
    {"accepted",
     "state: STATE_MUTUAL mutual_time { seconds: 20 } request { sender: SIDE_PROJECT expire_time { seconds: 100 } "
     "close_time { seconds: 20 } }",
     S::kAccepted},
    {"declined, and mutual by interest later",
     "state: STATE_MUTUAL mutual_time { seconds: 30 } request { sender: SIDE_PROJECT expire_time { seconds: 100 } "
     "close_time { seconds: 20 } decline_reason: DECLINE_REASON_TIMING }",
     S::kDeclined},
    {"expired",
     "state: STATE_EXPIRED request { sender: SIDE_PROJECT expire_time { seconds: 100 } close_time { seconds: 101 } }",
     S::kExpired},
    {"taken back",
     "state: STATE_WITHDRAWN project_stance { time { seconds: 20 } } request { sender: SIDE_PROJECT expire_time { "
     "seconds: 100 } close_time { seconds: 20 } }",
     S::kWithdrawn},
    {"taken back, and the other is interested afterwards",
     "state: STATE_WITHDRAWN project_stance { time { seconds: 20 } } investor_stance { kind: STANCE_KIND_INTERESTED "
     "time { seconds: 40 } } request { sender: SIDE_PROJECT expire_time { seconds: 100 } close_time { seconds: 20 } }",
     S::kWithdrawn},
    {"taken back, and mutual by interest later",
     "state: STATE_MUTUAL mutual_time { seconds: 50 } project_stance { kind: STANCE_KIND_INTERESTED time { seconds: 50 "
     "} } investor_stance { kind: STANCE_KIND_INTERESTED time { seconds: 40 } } request { sender: SIDE_PROJECT "
     "expire_time { seconds: 100 } close_time { seconds: 20 } }",
     S::kWithdrawn},
    {"accepted, and left by who asked",
     "state: STATE_WITHDRAWN project_stance { time { seconds: 50 } } investor_stance { kind: STANCE_KIND_INTERESTED "
     "time { seconds: 20 } } request { sender: SIDE_PROJECT expire_time { seconds: 100 } close_time { seconds: 20 } }",
     S::kAccepted},
    {"accepted, and left by who accepted",
     "state: STATE_WITHDRAWN project_stance { kind: STANCE_KIND_INTERESTED time { seconds: 10 } } investor_stance { "
     "time { seconds: 50 } } request { sender: SIDE_PROJECT expire_time { seconds: 100 } close_time { seconds: 20 } }",
     S::kAccepted},
    {"ended by a block of the receiver",
     "state: STATE_BLOCKED project_stance { kind: STANCE_KIND_INTERESTED time { seconds: 10 } } investor_stance { "
     "kind: STANCE_KIND_BLOCKED time { seconds: 20 } } request { sender: SIDE_PROJECT expire_time { seconds: 100 } "
     "close_time { seconds: 20 } }",
     S::kEnded},
    {"ended by a block of the sender",
     "state: STATE_BLOCKED project_stance { kind: STANCE_KIND_BLOCKED time { seconds: 20 } } request { sender: "
     "SIDE_PROJECT expire_time { seconds: 100 } close_time { seconds: 20 } }",
     S::kEnded},
    {"accepted, and blocked later",
     "state: STATE_BLOCKED project_stance { kind: STANCE_KIND_INTERESTED time { seconds: 10 } } investor_stance { "
     "kind: STANCE_KIND_BLOCKED time { seconds: 50 } } request { sender: SIDE_PROJECT expire_time { seconds: 100 } "
     "close_time { seconds: 20 } }",
     S::kAccepted},
    {"ended because a party left",
     "state: STATE_CLOSED project_stance { kind: STANCE_KIND_INTERESTED time { seconds: 10 } } change { cause: "
     "CAUSE_PARTY_LEFT time { seconds: 20 } } request { sender: SIDE_PROJECT expire_time { seconds: 100 } close_time { "
     "seconds: 20 } }",
     S::kEnded},
    {"accepted, and a party left later",
     "state: STATE_CLOSED project_stance { kind: STANCE_KIND_INTERESTED time { seconds: 10 } } change { cause: "
     "CAUSE_PARTY_LEFT time { seconds: 60 } } request { sender: SIDE_PROJECT expire_time { seconds: 100 } close_time { "
     "seconds: 20 } }",
     S::kAccepted},
};

TEST(RequestStandingTest, IsWhatBecameOfTheRequestWhateverHappenedLater) {
  for (const Case& one : kCases) {
    v1::Pairing pairing;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(one.pairing, &pairing)) << one.what;
    EXPECT_EQ(StandingOf(pairing), one.standing) << one.what;
  }
}

}  // namespace
}  // namespace tandem::pairing::meetings
