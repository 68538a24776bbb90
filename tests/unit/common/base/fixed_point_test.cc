#include "common/base/fixed_point.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>

#include "gtest/gtest.h"

namespace tandem {
namespace {

uint64_t NewSeed() {
  const uint64_t seed = std::random_device{}();
  ::testing::Test::RecordProperty("seed", std::to_string(seed));
  return seed;
}

// Positive and of every magnitude alike.
uint64_t RandomMagnitude(std::mt19937_64& random) {
  const uint64_t value = random() >> (random() % 64);
  return value == 0 ? 1 : value;
}

long double Log(uint64_t n, uint64_t d) {
  return 1e6L * (std::log(static_cast<long double>(n)) - std::log(static_cast<long double>(d)));
}

long double HalfLife(int64_t age, int64_t half_life) {
  return 1e6L * std::exp2(-static_cast<long double>(age) / static_cast<long double>(half_life));
}

TEST(LogMicroTest, KnownValues) {
  EXPECT_EQ(LogMicro(1, 1), 0);
  EXPECT_EQ(LogMicro(2, 1), 693147);
  EXPECT_EQ(LogMicro(1, 2), -693147);
  EXPECT_EQ(LogMicro(10, 1), 2302585);
  EXPECT_EQ(LogMicro(uint64_t{1} << 63, 1), 43668272);
  EXPECT_EQ(LogMicro(UINT64_MAX, 1), 44361420);
  EXPECT_EQ(LogMicro(1, UINT64_MAX), -44361420);
  EXPECT_EQ(LogMicro(UINT64_MAX, UINT64_MAX), 0);
}

TEST(LogMicroTest, IsWithinOneOfTheTruthForSmallCounts) {
  for (uint64_t n = 1; n <= 20000; ++n) ASSERT_NEAR(static_cast<double>(LogMicro(n, 1) - Log(n, 1)), 0, 1) << n;
}

TEST(LogMicroTest, IsWithinOneOfTheTruthAndAntisymmetricOnRandomRatios) {
  const uint64_t seed = NewSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 200000; ++i) {
    const uint64_t n = RandomMagnitude(random);
    const uint64_t d = RandomMagnitude(random);
    ASSERT_NEAR(static_cast<double>(LogMicro(n, d) - Log(n, d)), 0, 1) << n << "/" << d;
    ASSERT_EQ(LogMicro(n, d), -LogMicro(d, n)) << n << "/" << d;
  }
}

TEST(LogMicroTest, NeverDecreasesInTheNumerator) {
  const uint64_t seed = NewSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 200000; ++i) {
    const uint64_t d = RandomMagnitude(random);
    const uint64_t n = RandomMagnitude(random);
    const uint64_t more = n + std::min(RandomMagnitude(random), UINT64_MAX - n);
    ASSERT_LE(LogMicro(n, d), LogMicro(more, d)) << n << " " << more << " over " << d;
    ASSERT_LE(LogMicro(n, d), LogMicro(n + (n < UINT64_MAX ? 1 : 0), d)) << n << " over " << d;
  }
  // Across the borders of the table's steps and of the powers of two.
  for (int shift = 11; shift < 64; ++shift) {
    for (uint64_t step = 1024; step < 2048; ++step) {
      const uint64_t border = step << (shift - 10);
      ASSERT_LE(LogMicro(border - 1, 1), LogMicro(border, 1)) << border;
    }
  }
}

TEST(LogMicroTest, TheSameOnEveryMachine) {
  // A fingerprint of many values: it changes only when scores do.
  uint64_t hash = 14695981039346656037u;
  for (uint64_t n = 1; n <= 5000; ++n) {
    hash = (hash ^ static_cast<uint64_t>(LogMicro(n * 7919, 104729 + n))) * 1099511628211u;
    hash = (hash ^ static_cast<uint64_t>(HalfLifeMicro(static_cast<int64_t>(n), 365))) * 1099511628211u;
  }
  EXPECT_EQ(hash, 561913766667824321u);
}

TEST(HalfLifeMicroTest, KnownValues) {
  EXPECT_EQ(HalfLifeMicro(0, 365), kMicro);
  EXPECT_EQ(HalfLifeMicro(-5, 365), kMicro);
  EXPECT_EQ(HalfLifeMicro(INT64_MIN, 1), kMicro);
  EXPECT_EQ(HalfLifeMicro(365, 365), 500000);
  EXPECT_EQ(HalfLifeMicro(730, 365), 250000);
  EXPECT_EQ(HalfLifeMicro(1, 2), 707107);
  EXPECT_EQ(HalfLifeMicro(20, 1), 1);
  EXPECT_EQ(HalfLifeMicro(21, 1), 0);
  EXPECT_EQ(HalfLifeMicro(INT64_MAX, 1), 0);
  EXPECT_EQ(HalfLifeMicro(INT64_MAX, INT64_MAX), 500000);
  EXPECT_EQ(HalfLifeMicro(1, INT64_MAX), kMicro);
}

TEST(HalfLifeMicroTest, IsWithinOneOfTheTruthAndNeverIncreasesWithAge) {
  for (const int64_t half_life : {1, 2, 3, 7, 30, 90, 180, 365, 1000, 3650}) {
    int64_t before = kMicro;
    for (int64_t age = 0; age <= 22 * half_life; ++age) {
      const int64_t left = HalfLifeMicro(age, half_life);
      ASSERT_NEAR(static_cast<double>(left - HalfLife(age, half_life)), 0, 1) << age << " of " << half_life;
      ASSERT_LE(left, before) << age << " of " << half_life;
      before = left;
    }
    EXPECT_EQ(before, 0);
  }
}

TEST(HalfLifeMicroTest, HoldsForRandomLargeNumbers) {
  const uint64_t seed = NewSeed();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 200000; ++i) {
    const auto age = static_cast<int64_t>(RandomMagnitude(random) >> 1);
    const auto half_life = static_cast<int64_t>((RandomMagnitude(random) >> 1) | 1);
    const int64_t left = HalfLifeMicro(age, half_life);
    ASSERT_NEAR(static_cast<double>(left - HalfLife(age, half_life)), 0, 1) << age << " of " << half_life;
    ASSERT_GE(left, HalfLifeMicro(age + (age < INT64_MAX ? 1 : 0), half_life)) << age << " of " << half_life;
  }
}

}  // namespace
}  // namespace tandem
