#include "services/pairing/service/slots.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <random>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace tandem::pairing {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::seconds;

TEST(SlotsTest, ThereIsNoPlaceBeyondTheBoundAndTheDeadlineHolds) {
  Slots slots(2);
  EXPECT_TRUE(slots.TakeUntil(Clock::now()));
  EXPECT_TRUE(slots.TakeUntil(Clock::now()));
  EXPECT_FALSE(slots.TakeUntil(Clock::now() + std::chrono::milliseconds(5)));
  slots.GiveBack();
  EXPECT_TRUE(slots.TakeUntil(Clock::now()));
}

TEST(SlotsTest, NobodySleepsBesideAFreePlace) {
  Slots slots(4);
  std::atomic<int> inside{0};
  std::atomic<int64_t> late{0};
  const auto end = Clock::now() + seconds(2);
  std::vector<std::thread> threads;
  for (unsigned seed = 0; seed < 24; ++seed) {
    threads.emplace_back([&, seed] {
      std::minstd_rand random(seed + 1);
      while (Clock::now() < end) {
        if (!slots.TakeUntil(Clock::now() + seconds(10))) {
          ++late;
          continue;
        }
        EXPECT_LE(++inside, 4);
        for (const auto until = Clock::now() + microseconds(random() % 200); Clock::now() < until;) {
        }
        --inside;
        slots.GiveBack();
        if (random() % 16 == 0) std::this_thread::sleep_for(microseconds(random() % 3000));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(late, 0);
}

}  // namespace
}  // namespace tandem::pairing
