#include "tests/fault/faults/points.h"

#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::check {
namespace {

using ::testing::ElementsAre;

TEST(FindPointsTest, FindsEveryPointOfTheFoldersOnceAndNothingElse) {
  const std::filesystem::path root = std::filesystem::path(::testing::TempDir()) / "tandem_find_points";
  std::filesystem::create_directories(root / "a" / "deep");
  std::filesystem::create_directories(root / "b");
  std::filesystem::create_directories(root / "other");
  std::ofstream(root / "a" / "deep" / "x.cc") << "PassPoint(\"x.after\"); if (y) PassPoint(\"x.before\");";
  std::ofstream(root / "b" / "y.h") << "PassPoint(\"x.after\");";
  std::ofstream(root / "b" / "y.md") << "PassPoint(\"prose\");";
  std::ofstream(root / "other" / "z.cc") << "PassPoint(\"other\");";
  const auto points = FindPoints(root.string(), {"a", "b"});
  ASSERT_TRUE(points.ok()) << points.status();
  EXPECT_THAT(*points, ElementsAre("x.after", "x.before"));
  EXPECT_EQ(FindPoints(root.string(), {"c"}).status().code(), absl::StatusCode::kNotFound);
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace tandem::check
