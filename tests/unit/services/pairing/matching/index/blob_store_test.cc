#include "services/pairing/matching/index/blob_store.h"

#include <map>
#include <string>

#include "gtest/gtest.h"

#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

TEST(BlobStore, KeepsWhatWasSetAlsoPast64KiB) {
  VersionedPool pool;
  BlobStore store(VersionedPool::kText);
  Random random(1);
  std::map<uint32_t, std::string> expected;
  for (int i = 0; i < 2000; ++i) {
    const uint32_t slot = random.Below(100);
    const uint32_t length = random.Chance(2) ? 30'000 : random.Below(40);
    const std::string blob(length, static_cast<char>(random.Below(256)));
    store.Set(pool, slot, blob);
    expected[slot] = blob;
  }
  for (uint32_t slot = 0; slot < 100; ++slot) EXPECT_EQ(store.Get(slot), expected[slot]) << slot;
  EXPECT_EQ(store.Get(100'000), "");
}

TEST(BlobStore, OldVersionsStayAsTheyWere) {
  VersionedPool pool;
  BlobStore store(VersionedPool::kText);
  store.Set(pool, 1, "one");
  store.Set(pool, 2, "two");
  const BlobStore old = store;
  pool.Seal();
  store.Set(pool, 1, "uno");
  store.Set(pool, 2, "");
  EXPECT_EQ(old.Get(1), "one");
  EXPECT_EQ(old.Get(2), "two");
  EXPECT_EQ(store.Get(1), "uno");
  EXPECT_EQ(store.Get(2), "");
}

TEST(BlobStore, EmptyStoreUsesNoMemory) {
  VersionedPool pool;
  BlobStore store(VersionedPool::kText);
  store.Set(pool, 7, "seven");
  store.Set(pool, 7, "");
  EXPECT_EQ(pool.used(VersionedPool::kText), 0u);
}

}  // namespace
}  // namespace tandem::pairing::matching
