#include "services/pairing/matching/index/project_index.h"

#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/differential/random_market.h"

namespace tandem::pairing::matching {
namespace {

using testing::ElementsAre;
using testing::FieldsAre;

struct ByNumber final : SlotOrder {
  bool Before(uint32_t a, uint32_t b) const override { return a < b; }
};
const ByNumber kByNumber;

ProjectRow RowOf(int16_t points, std::initializer_list<uint16_t> sectors = {}) {
  ProjectRow row;
  row.points = points;
  for (const uint16_t sector : sectors) row.sectors[row.sector_count++] = sector;
  return row;
}

TEST(ProjectIndex, EmptyIndexAnswersNothing) {
  ProjectIndex index(&kByNumber);
  const auto snapshot = index.Publish();
  const TopList top = snapshot->Top(InvestorForm(), 0, 10, nullptr);
  EXPECT_TRUE(top.best.empty());
  EXPECT_EQ(top.passed, 0u);
  EXPECT_EQ(snapshot->size(), 0u);
  EXPECT_FALSE(snapshot->Row(3).has_value());
}

TEST(ProjectIndex, ProjectInSeveralAcceptedSectorsIsListedOnce) {
  ProjectIndex index(&kByNumber);
  index.Put(4, RowOf(10, {7, 2, 5}));
  InvestorForm form;
  form.sectors.required = true;
  form.sectors.listed = {{2, 1, true, false}, {5, 2, true, false}, {7, 4, true, false}};
  const TopList top = index.Publish()->Top(form, 0, 10, nullptr);
  EXPECT_THAT(top.best, ElementsAre(FieldsAre(4, 17)));
  EXPECT_EQ(top.passed, 1u);
}

TEST(ProjectIndex, EqualScoresKeepTheOrderOfNames) {
  ProjectIndex index(&kByNumber);
  for (const uint32_t slot : {9u, 3u, 5u}) index.Put(slot, RowOf(1));
  const TopList top = index.Publish()->Top(InvestorForm(), 0, 2, nullptr);
  EXPECT_THAT(top.best, ElementsAre(FieldsAre(3, 1), FieldsAre(5, 1)));
  EXPECT_EQ(top.passed, 3u);
  EXPECT_EQ(top.considered, 3u);
}

TEST(ProjectIndex, SnapshotDoesNotSeeLaterChangesAndOutlivesTheIndex) {
  auto index = std::make_unique<ProjectIndex>(&kByNumber);
  index->Put(1, RowOf(10));
  index->Put(2, RowOf(20));
  const auto before = index->Publish();
  index->Put(1, RowOf(30));
  index->Remove(2);
  const auto after = index->Publish();
  index.reset();
  EXPECT_THAT(before->Top(InvestorForm(), 0, 9, nullptr).best, ElementsAre(FieldsAre(2, 20), FieldsAre(1, 10)));
  EXPECT_THAT(after->Top(InvestorForm(), 0, 9, nullptr).best, ElementsAre(FieldsAre(1, 30)));
  EXPECT_FALSE(after->Row(2).has_value());
  EXPECT_EQ(before->Row(2)->points, 20);
}

TEST(ProjectIndex, WhatIsNotPublishedIsNotSeen) {
  ProjectIndex index(&kByNumber);
  const auto snapshot = index.Publish();
  index.Put(1, RowOf(10));
  EXPECT_EQ(snapshot->size(), 0u);
  EXPECT_EQ(index.Publish()->size(), 1u);
}

TEST(ProjectIndex, HeldSnapshotCostsOnlyWhatChanged) {
  Random random(1);
  const MarketShape shape;
  ProjectIndex index(&kByNumber);
  for (uint32_t slot = 0; slot < 20'000; ++slot) index.Put(slot, RandomRow(random, shape));
  const auto held = index.Publish();
  const IndexMemory before = index.memory();
  for (int i = 0; i < 20; ++i) {
    index.Put(random.Below(20'000), RandomRow(random, shape));
    index.Publish();
  }
  const IndexMemory after = index.memory();
  EXPECT_LT(after.structured + after.bookkeeping, before.structured + before.bookkeeping + (1 << 20));
}

TEST(ProjectIndex, MemoryOfReplacedRowsIsUsedAgain) {
  Random random(1);
  MarketShape shape;
  shape.with_text = 100;
  ProjectIndex index(&kByNumber);
  const auto replace_all = [&] {
    for (uint32_t slot = 0; slot < 3000; ++slot) {
      index.Put(slot, RandomRow(random, shape));
      if (slot % 100 == 0) index.Publish();
    }
    const IndexMemory memory = index.memory();
    return memory.structured + memory.text + memory.bookkeeping;
  };
  for (int i = 0; i < 3; ++i) replace_all();
  const size_t before = replace_all();
  for (int i = 0; i < 10; ++i) replace_all();
  EXPECT_LT(replace_all(), before + before / 5);
}

}  // namespace
}  // namespace tandem::pairing::matching
