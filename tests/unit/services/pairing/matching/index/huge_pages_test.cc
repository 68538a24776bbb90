#include "services/pairing/matching/index/huge_pages.h"

#include <cstdint>
#include <cstring>

#include "gtest/gtest.h"

namespace tandem::pairing::matching {
namespace {

TEST(HugePages, VectorsGrowAcrossThePageSize) {
  HugeVector<uint32_t> numbers;
  for (uint32_t i = 0; i < 1'500'000; ++i) numbers.push_back(i);
  for (uint32_t i = 0; i < numbers.size(); ++i) ASSERT_EQ(numbers[i], i);
}

TEST(LineArena, PiecesBeginWithALineAndAreReusedBySize) {
  LineArena arena;
  void* first = arena.Allocate(100);
  void* second = arena.Allocate(1);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(first) % LineArena::kLine, 0u);
  EXPECT_EQ(static_cast<char*>(second) - static_cast<char*>(first), 128);
  arena.Free(first, 100);
  EXPECT_NE(arena.Allocate(64), first);
  EXPECT_EQ(arena.Allocate(128), first);
}

TEST(LineArena, FewPiecesDoNotTakeAHugePageAndManyDo) {
  LineArena arena;
  arena.Allocate(100);
  EXPECT_LT(arena.bytes(), size_t{64} << 10);
  for (int i = 0; i < 100'000; ++i) arena.Allocate(100);
  EXPECT_GE(arena.bytes(), size_t{100'000} * 128);
  EXPECT_LT(arena.bytes(), size_t{100'000} * 128 + 3 * kHugePage);
}

TEST(LineArena, TakesPiecesOfAnySize) {
  LineArena arena;
  for (const size_t bytes : {size_t{1}, kHugePage - 64, kHugePage + 1, size_t{64}, 3 * kHugePage}) {
    std::memset(arena.Allocate(bytes), 1, bytes);
  }
  EXPECT_GE(arena.bytes(), 5 * kHugePage);
}

}  // namespace
}  // namespace tandem::pairing::matching
