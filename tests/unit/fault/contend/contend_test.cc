#include "tests/fault/contend/contend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>

namespace tandem::contend {
namespace {

class ContendTest : public testing::TestWithParam<const char*> {
 protected:
  static constexpr int64_t kInMemory = 12'000, kOnDisk = 2'000;
};

INSTANTIATE_TEST_SUITE_P(Store, ContendTest, testing::Values("memory", "sqlite", "postgres"),
                         [](const auto& store) { return std::string(store.param); });

TEST_P(ContendTest, NobodyAndNothingIsTwiceAndNoQuotaIsPassed) {
  Options options;
  options.store = GetParam();
  options.operations = options.store == "memory" ? kInMemory : kOnDisk;
  options.seed = std::random_device{}();
  SCOPED_TRACE(options.seed);
  const auto report = Contend(options);
  if (absl::IsUnavailable(report.status())) GTEST_SKIP() << report.status();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->problems.texts, testing::IsEmpty());
  EXPECT_GE(report->tally.all(), options.operations);
  EXPECT_GT(report->acked, options.operations / 5);
  if (options.store == "memory") {
    EXPECT_THAT(report->tally.Idle(), testing::IsEmpty());
    for (const char* reason : {"SLOT_TAKEN", "QUOTA_EXCEEDED", "STATE_CONFLICT", "PARTY_NOT_OPEN"})
      EXPECT_GT(report->tally.of_reason(reason), 0) << reason;
  }
  // Nobody starves.
  EXPECT_LT(report->tally.of_reason("CONTENTION"), options.operations / 20);
}

}  // namespace
}  // namespace tandem::contend
