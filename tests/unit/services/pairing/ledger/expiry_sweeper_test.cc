#include "services/pairing/ledger/expiry_sweeper.h"

#include <gtest/gtest.h>

#include "common/storage/memory/memory_store.h"
#include "tests/unit/services/pairing/ledger/ledger_fixture.h"

namespace tandem::pairing::ledger {
namespace {

using SweeperTest = LedgerTest;

INSTANTIATE_TEST_SUITE_P(Store, SweeperTest,
                         testing::Values(Backend{"memory", [](const std::string&) { return NewMemoryStore(); }}),
                         BackendName);

TEST_P(SweeperTest, DueRequestsExpireByThemselves) {
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(Ask(v1::SIDE_PROJECT, i % 7, i).ok());
  ExpirySweeper sweeper(ledger_.get(), std::chrono::milliseconds(1));
  clock_.Advance(absl::Hours(3 * 24));
  const auto deadline = In(std::chrono::seconds(30));
  while (CountsOf(ProjectName(0)).outgoing.pending > 0 && std::chrono::steady_clock::now() < deadline) {
    store_->WaitForChange(HeadRevision(), In(std::chrono::milliseconds(20)));
  }
  sweeper.Stop();
  EXPECT_EQ(CountsOf(ProjectName(0)).outgoing.pending, 0);
}

TEST_P(SweeperTest, StopsAtOnceAndOnce) {
  ExpirySweeper sweeper(ledger_.get(), std::chrono::hours(1));
  sweeper.Stop();
  sweeper.Stop();
}

}  // namespace
}  // namespace tandem::pairing::ledger
