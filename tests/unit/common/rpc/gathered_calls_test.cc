#include "common/rpc/gathered_calls.h"

#include <gtest/gtest.h>

namespace tandem::rpc {
namespace {

using std::chrono::milliseconds;

class GatheredCallsTest : public testing::Test {
 protected:
  // How many of `calls`, refused every `pause`, are to gather.
  int Refuse(int calls, milliseconds pause) {
    int gathered = 0;
    for (int i = 0; i < calls; ++i) {
      gathered += calls_.Count(now_) ? 1 : 0;
      now_ += pause;
    }
    return gathered;
  }

  GatheredCalls calls_;
  GatheredCalls::Clock::time_point now_;
};

TEST_F(GatheredCallsTest, FewRefusalsPauseNobody) { EXPECT_EQ(Refuse(GatheredCalls::kMany - 1, milliseconds(0)), 0); }

TEST_F(GatheredCallsTest, RefusalsNowAndThenPauseNobody) { EXPECT_EQ(Refuse(1000, milliseconds(4)), 0); }

TEST_F(GatheredCallsTest, ManyAtOnceGatherFromTheLastOfThemOn) {
  EXPECT_EQ(Refuse(GatheredCalls::kMany, milliseconds(1)), 1);
  EXPECT_EQ(Refuse(500, milliseconds(1)), 500);
}

TEST_F(GatheredCallsTest, ThoseThatComeInHeapsBetweenPausesStillGather) {
  EXPECT_EQ(Refuse(GatheredCalls::kMany, milliseconds(1)), 1);
  for (int heap = 0; heap < 50; ++heap) {
    EXPECT_EQ(Refuse(8, milliseconds(0)), 8);
    now_ += GatheredCalls::kPause;
  }
}

TEST_F(GatheredCallsTest, TheyStopOnceFewAreRefused) {
  EXPECT_EQ(Refuse(GatheredCalls::kMany, milliseconds(1)), 1);
  EXPECT_EQ(Refuse(GatheredCalls::kMany - 1, milliseconds(10)), GatheredCalls::kMany - 1);
  EXPECT_EQ(Refuse(1000, milliseconds(10)), 0);
}

TEST_F(GatheredCallsTest, WhatGatheredIsDoneWithoutAPause) {
  EXPECT_TRUE(calls_.HasWaited(7));
  calls_.Paused(8);
  EXPECT_FALSE(calls_.HasWaited(8));
  EXPECT_TRUE(calls_.HasWaited(9));
}

}  // namespace
}  // namespace tandem::rpc
