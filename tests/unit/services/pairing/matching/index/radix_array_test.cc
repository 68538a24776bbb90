#include "services/pairing/matching/index/radix_array.h"

#include "gtest/gtest.h"

namespace tandem::pairing::matching {
namespace {

TEST(RadixArray, HoldsAnyIndex) {
  VersionedPool pool;
  RadixArray array;
  int values[6];
  const uint32_t indexes[] = {0, 63, 64, 4096, 300'000, UINT32_MAX};
  EXPECT_EQ(array.Get(0), nullptr);
  for (int i = 0; i < 6; ++i) array.Set(pool, indexes[i], &values[i]);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(array.Get(indexes[i]), &values[i]) << indexes[i];
  EXPECT_EQ(array.Get(65), nullptr);
  EXPECT_EQ(array.Get(UINT32_MAX - 1), nullptr);
}

TEST(RadixArray, IndexPastTheEndIsEmpty) {
  VersionedPool pool;
  RadixArray array;
  int value;
  array.Set(pool, 3, &value);
  EXPECT_EQ(array.Get(64 + 3), nullptr);
  EXPECT_EQ(array.Get(UINT32_MAX), nullptr);
}

TEST(RadixArray, OldVersionsStayAsTheyWere) {
  VersionedPool pool;
  RadixArray array;
  int one, two;
  array.Set(pool, 70, &one);
  const RadixArray old = array;
  pool.Seal();
  array.Set(pool, 70, &two);
  array.Set(pool, 1'000'000, &two);
  EXPECT_EQ(old.Get(70), &one);
  EXPECT_EQ(old.Get(1'000'000), nullptr);
  EXPECT_EQ(array.Get(70), &two);
}

}  // namespace
}  // namespace tandem::pairing::matching
