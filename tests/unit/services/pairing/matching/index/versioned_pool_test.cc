#include "services/pairing/matching/index/versioned_pool.h"

#include <cstring>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace tandem::pairing::matching {
namespace {

constexpr auto kUse = VersionedPool::kStructured;

TEST(VersionedPool, MultiplesOf64AreAlignedTo64) {
  VersionedPool pool;
  for (const size_t bytes : {64u, 16u, 448u, 40u, 1856u, 24u, 64u}) {
    const auto at = reinterpret_cast<uintptr_t>(pool.Allocate(bytes, kUse));
    EXPECT_EQ(at % (bytes % 64 == 0 ? 64 : 16), 0u) << bytes;
  }
}

TEST(VersionedPool, NodeOfTheVersionBeingWrittenIsFreeAtOnce) {
  VersionedPool pool;
  void* node = pool.Allocate(128, kUse);
  pool.Retire(node, 128, kUse, pool.version());
  EXPECT_EQ(pool.kept(), 0u);
  EXPECT_EQ(pool.used(kUse), 0u);
  EXPECT_EQ(pool.Allocate(128, kUse), node);
}

TEST(VersionedPool, NodeStaysAsLongAsOneSealedVersionHasIt) {
  VersionedPool pool;
  const uint32_t born = pool.version();
  void* node = pool.Allocate(128, kUse);
  const uint32_t first = pool.Seal();
  const uint32_t second = pool.Seal();
  pool.Retire(node, 128, kUse, born);
  const uint32_t third = pool.Seal();
  EXPECT_EQ(pool.kept(), 128u);
  pool.Drop(second);
  pool.Seal();
  EXPECT_EQ(pool.kept(), 128u) << "the first version still has it";
  pool.Drop(third);
  pool.Seal();
  EXPECT_EQ(pool.kept(), 128u);
  pool.Drop(first);
  pool.Seal();
  EXPECT_EQ(pool.kept(), 0u);
}

TEST(VersionedPool, VersionBornLaterDoesNotKeepAnOlderNode) {
  VersionedPool pool;
  const uint32_t born = pool.version();
  void* node = pool.Allocate(128, kUse);
  pool.Drop(pool.Seal());
  pool.Retire(node, 128, kUse, born);
  pool.Seal();
  EXPECT_EQ(pool.kept(), 0u);
}

TEST(VersionedPool, LargeNodesGoBackToTheHeap) {
  VersionedPool pool;
  void* node = pool.Allocate(1 << 20, kUse);
  std::memset(node, 1, 1 << 20);
  const size_t reserved = pool.reserved();
  pool.Retire(node, 1 << 20, kUse, pool.version());
  EXPECT_EQ(pool.reserved(), reserved - (1 << 20));
}

TEST(VersionedPool, ManyThreadsDropWhileTheWriterSeals) {
  VersionedPool pool;
  std::vector<uint32_t> sealed;
  for (int i = 0; i < 400; ++i) {
    const uint32_t born = pool.version();
    void* node = pool.Allocate(64, kUse);
    sealed.push_back(pool.Seal());
    pool.Retire(node, 64, kUse, born);
  }
  std::vector<std::thread> threads;
  for (size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (size_t i = t; i < sealed.size(); i += 4) pool.Drop(sealed[i]);
    });
  }
  for (int i = 0; i < 50; ++i) pool.Drop(pool.Seal());
  for (std::thread& thread : threads) thread.join();
  pool.Seal();
  EXPECT_EQ(pool.kept(), 0u);
}

}  // namespace
}  // namespace tandem::pairing::matching
