#include "common/base/worker_pool.h"

#include <atomic>
#include <memory>
#include <vector>

#include "gtest/gtest.h"

#include "tests/support/gate.h"

namespace tandem {
namespace {

TEST(WorkerPoolTest, RefusesWhatComesWhenTooManyWaitAndRunsTheRestInOrder) {
  Gate gate;
  std::vector<int> order;
  {
    WorkerPool pool({1, 3});
    EXPECT_FALSE(pool.IsFull());
    ASSERT_TRUE(pool.TryRun([&] { gate.Pass(); }));
    gate.AwaitHeld(1);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(pool.TryRun([&order, i] { order.push_back(i); }));
    EXPECT_TRUE(pool.IsFull());
    EXPECT_FALSE(pool.TryRun([&] { order.push_back(99); }));
    EXPECT_EQ(pool.waiting(), 3u);
    EXPECT_EQ(pool.refused(), 1u);
    gate.Open();
  }
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2})) << "what was taken runs before the end";
}

TEST(WorkerPoolTest, SlowJobsLeaveTheOtherThreadsToOthers) {
  Gate gate;
  std::atomic<int> done{0};
  WorkerPool pool({4, 8});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(pool.TryRun([&] { gate.Pass(); }));
  gate.AwaitHeld(3);
  Gate last;
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(pool.TryRun([&] { ++done; }));
  ASSERT_TRUE(pool.TryRun([&] { last.Pass(); }));
  last.AwaitHeld(1);
  EXPECT_EQ(done, 5);
  last.Open();
  gate.Open();
}

TEST(WorkerPoolTest, ManyThreadsLoseNoJob) {
  std::atomic<int> ran{0}, taken{0};
  {
    WorkerPool pool({4, 16});
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i) {
      callers.emplace_back([&] {
        for (int j = 0; j < 5'000; ++j) taken += pool.TryRun([&] { ++ran; }) ? 1 : 0;
      });
    }
    for (std::thread& caller : callers) caller.join();
    EXPECT_EQ(static_cast<uint64_t>(taken) + pool.refused(), 20'000u);
  }
  EXPECT_EQ(ran, taken);
}

}  // namespace
}  // namespace tandem
