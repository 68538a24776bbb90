#include "common/base/parallel.h"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace tandem {
namespace {

TEST(ParallelForTest, EveryPlaceIsVisitedOnce) {
  for (const size_t count : {0u, 1u, 7u, 1000u}) {
    for (const size_t grain : {0u, 1u, 3u, 2000u}) {
      std::vector<std::atomic<int>> visits(count);
      ParallelFor(count, grain, [&](size_t begin, size_t end) {
        ASSERT_LT(begin, end);
        for (size_t i = begin; i < end; ++i) ++visits[i];
      });
      for (const auto& each : visits) EXPECT_EQ(each, 1);
    }
  }
}

TEST(ParallelForTest, ManyCallersAndOneInsideAnotherDoNotWaitForEver) {
  std::atomic<int> sum{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        ParallelFor(8, 1, [&](size_t, size_t) { ParallelFor(4, 1, [&](size_t, size_t) { ++sum; }); });
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(sum, 4 * 50 * 8 * 4);
}

}  // namespace
}  // namespace tandem
