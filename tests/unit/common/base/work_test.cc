#include "common/base/work.h"

#include <atomic>
#include <vector>

#include "gtest/gtest.h"

namespace tandem {
namespace {

TEST(WorkTest, EveryPieceIsDoneOnce) {
  for (const int threads : {0, 1, 2, 5}) {
    Work work(threads, [] { return true; });
    for (const size_t count : {size_t{0}, size_t{1}, size_t{3}, size_t{1000}}) {
      std::vector<std::atomic<int>> done(count);
      EXPECT_TRUE(work.Each(count, [&](size_t i) { ++done[i]; }));
      for (const auto& times : done) ASSERT_EQ(times, 1);
    }
  }
}

TEST(WorkTest, AStopIsForGood) {
  int asked = 0;
  std::atomic<int> done{0};
  Work work(2, [&] { return ++asked < 3; });
  EXPECT_FALSE(work.Each(1'000'000, [&](size_t) { ++done; }));
  EXPECT_LT(done, 1'000'000);
  EXPECT_TRUE(work.stopped());
  const int before = done;
  EXPECT_FALSE(work.Each(10, [&](size_t) { ++done; }));
  EXPECT_EQ(done, before);
}

}  // namespace
}  // namespace tandem
