#include "tests/fault/contend/promises.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tandem::contend {
namespace {

using pairing::Problems;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PromisesTest : public testing::Test {
 protected:
  const std::vector<std::string>& Compared() {
    promises_.Compare(&problems_);
    return problems_.texts;
  }
  Promises promises_{4};
  Problems problems_;
};

TEST_F(PromisesTest, AnActorIsTheNumberOfItsOperation) {
  EXPECT_EQ(Promises::OperationOf(Promises::ActorOf(17)), 17);
  EXPECT_FALSE(Promises::OperationOf("").has_value());
  EXPECT_FALSE(Promises::OperationOf("ann").has_value());
}

TEST_F(PromisesTest, WhatIsInTheLogWhereItWasToldIsWell) {
  promises_.Told(0, Promises::Answer::kDone, 7);
  promises_.Seen(0, 7, &problems_);
  promises_.Seen(0, 7, &problems_);  // a pairing and its meeting
  promises_.Told(1, Promises::Answer::kAgreed, 7);
  promises_.Told(2, Promises::Answer::kRefused, 0);
  promises_.Told(3, Promises::Answer::kUnknown, 0);
  promises_.Seen(3, 8, &problems_);
  EXPECT_THAT(Compared(), IsEmpty());
}

TEST_F(PromisesTest, WhatWasAcknowledgedAndIsNotInTheLogIsLost) {
  promises_.Told(0, Promises::Answer::kDone, 7);
  EXPECT_THAT(Compared(), ElementsAre(HasSubstr("is lost")));
}

TEST_F(PromisesTest, WhatWasRefusedTakesNoEffect) {
  promises_.Told(0, Promises::Answer::kRefused, 0);
  promises_.Seen(0, 7, &problems_);
  EXPECT_THAT(Compared(), ElementsAre(HasSubstr("was refused")));
}

TEST_F(PromisesTest, NothingTakesEffectTwiceOrElsewhere) {
  promises_.Told(0, Promises::Answer::kDone, 7);
  promises_.Seen(0, 7, &problems_);
  promises_.Seen(0, 9, &problems_);
  EXPECT_THAT(Compared(), ElementsAre(HasSubstr("and again at 9"), HasSubstr("is elsewhere")));
}

TEST_F(PromisesTest, NobodyElseTakesEffect) {
  promises_.Seen(4, 7, &problems_);
  promises_.Seen(1, 8, &problems_);
  EXPECT_THAT(Compared(), ElementsAre(HasSubstr("nobody is operation 4"), HasSubstr("was never called")));
}

}  // namespace
}  // namespace tandem::contend
