#include "tools/tandem/checkpoint.h"

#include "gtest/gtest.h"

#include "tests/unit/tools/tandem/temporary_file.h"

namespace tandem::cli {
namespace {

TEST(CheckpointTest, ComesBackAsItWasSaved) {
  TemporaryFolder folder;
  const std::string file = folder.Write("a.jsonl", "{}\n");
  EXPECT_FALSE(LoadCheckpoint(file)->has_value());
  Checkpoint checkpoint;
  checkpoint.target = "projects of editions/demo";
  checkpoint.line = 1500;
  checkpoint.fingerprint = *FingerprintFile(file);
  checkpoint.created = 7;
  ASSERT_TRUE(SaveCheckpoint(file, checkpoint).ok());
  const auto loaded = LoadCheckpoint(file);
  ASSERT_TRUE(loaded.ok() && loaded->has_value());
  EXPECT_EQ((*loaded)->line, 1500);
  EXPECT_EQ((*loaded)->target, checkpoint.target);
  EXPECT_EQ((*loaded)->fingerprint, checkpoint.fingerprint);
  EXPECT_EQ((*loaded)->created, 7);
  RemoveCheckpoint(file);
  EXPECT_FALSE(LoadCheckpoint(file)->has_value());
}

TEST(CheckpointTest, DamageIsNotTakenForAFreshStart) {
  TemporaryFolder folder;
  const std::string file = folder.Write("a.jsonl", "{}\n");
  folder.Write("a.jsonl.progress", "{\"line\": 3");
  EXPECT_TRUE(absl::IsDataLoss(LoadCheckpoint(file).status()));
}

TEST(FingerprintTest, SurvivesGrowthButNotChange) {
  TemporaryFolder folder;
  const std::string before = *FingerprintFile(folder.Write("a", "one\n"));
  const std::string grown = folder.Write("a", "one\ntwo\n");
  EXPECT_EQ(*FingerprintFile(grown, before), before);
  EXPECT_NE(*FingerprintFile(grown), before);
  EXPECT_NE(*FingerprintFile(folder.Write("a", "One\ntwo\n"), before), before);
  EXPECT_TRUE(absl::IsNotFound(FingerprintFile("/nowhere/a").status()));
}

}  // namespace
}  // namespace tandem::cli
