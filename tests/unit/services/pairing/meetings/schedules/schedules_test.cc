// Schedules over every store: random editions, and what each verb promises.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/pairing/meetings/schedules/schedules_fixture.h"

namespace tandem::pairing::meetings {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

INSTANTIATE_TEST_SUITE_P(Store, SchedulesTest, testing::ValuesIn(Backends()), BackendName);

TEST_P(SchedulesTest, WhatIsPublishedIsWhatWasShownAndKeepsEveryRule) {
  const int editions = GetParam().name == "memory" ? 40 : 3;
  for (int edition = 0; edition < editions; ++edition) {
    const uint64_t seed = 100 + static_cast<uint64_t>(edition);
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    if (edition > 0) {
      TearDown();
      SetUp();
    }
    DrawEdition(seed);
    // Some are booked before, and one of them is locked.
    for (int p = 0; p < projects_; p += 3) BookIt(kProject, p, p % investors_).status().IgnoreError();
    const v1::Schedule preview = Generated(GenerateRequest());
    EXPECT_EQ(preview.state(), v1::Schedule::STATE_PREVIEW);
    EXPECT_THAT(Broken(preview.name()), IsEmpty());
    const auto shown = PlacementsOf(preview.name());
    EXPECT_EQ(static_cast<int>(shown.size()), preview.wished());
    const auto published = PublishIt(preview.name());
    ASSERT_TRUE(published.ok()) << published.status();
    EXPECT_THAT(Broken(), IsEmpty());
    const auto board = Board();
    EXPECT_EQ(static_cast<int>(board.size()), preview.placed());
    int placed = 0;
    for (const auto& [pairing, placement] : shown) {
      if (!placement.has_start_time()) {
        EXPECT_FALSE(board.contains(pairing));
        EXPECT_NE(placement.rule(), v1::SCHEDULE_RULE_UNSPECIFIED) << placement.ShortDebugString();
        continue;
      }
      ++placed;
      EXPECT_EQ(board.at(pairing), absl::StrCat(placement.project_attendee(), " ", placement.investor_attendee(), " ",
                                                TimeText(ledger::FromStamp(placement.start_time())), " ",
                                                TimeText(ledger::FromStamp(placement.end_time())), " ",
                                                placement.place(), " ", placement.interpreter()));
    }
    EXPECT_EQ(placed, preview.placed());
    EXPECT_LE(preview.people().value(), preview.people().bound());
    EXPECT_LE(preview.value().value(), preview.value().bound());
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace tandem::pairing::meetings
