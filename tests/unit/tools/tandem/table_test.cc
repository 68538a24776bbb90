#include "tools/tandem/table.h"

#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

TEST(TableTest, IsStraightWithDoubleWidthText) {
  Table table({{"ID"}, {"标题"}, {"N", Align::kRight}});
  table.AddRow({"a", "深圳", "1"});
  table.AddRow({"bcd", "Shenzhen", "23"});
  EXPECT_EQ(table.Render(0),
            "ID   标题       N\n"
            "a    深圳       1\n"
            "bcd  Shenzhen  23\n");
}

TEST(TableTest, GivesWayInTheWidestColumnOnly) {
  Table table({{"ID"}, {"TITLE"}});
  table.AddRow({"p-000001", "面向海上风电的漂浮式平台与叶片检测"});
  const std::string text = table.Render(24);
  EXPECT_EQ(text,
            "ID        TITLE\n"
            "p-000001  面向海上风电…\n");
}

TEST(TableTest, IsNotCutWithoutALimit) {
  Table table({{"T"}});
  table.AddRow({std::string(500, 'x')});
  EXPECT_EQ(table.Render(0), "T\n" + std::string(500, 'x') + "\n");
}

TEST(TableTest, KeepsACellOnOneLine) {
  Table table({{"T"}});
  table.AddRow({"a\nb\tc"});
  EXPECT_EQ(table.Render(0), "T\na b c\n");
}

}  // namespace
}  // namespace tandem::cli
