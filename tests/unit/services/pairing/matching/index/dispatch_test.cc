#include "services/pairing/matching/index/dispatch.h"

#include "gtest/gtest.h"

namespace tandem::pairing::matching {
namespace {

TEST(Dispatch, ForcedSetIsUsedUntilItIsGivenBack) {
  const ScanBlock fastest = CurrentScan();
  ASSERT_EQ(InstructionSets().front(), InstructionSet::kPortable);
  ForceInstructionSet(InstructionSet::kPortable);
  EXPECT_EQ(CurrentScan(), &portable_kernel::Scan);
  ForceInstructionSet(std::nullopt);
  EXPECT_EQ(CurrentScan(), fastest);
}

TEST(Dispatch, SetsOfThisMachine) {
  for (const InstructionSet set : InstructionSets()) RecordProperty(InstructionSetName(set), "runs");
}

}  // namespace
}  // namespace tandem::pairing::matching
