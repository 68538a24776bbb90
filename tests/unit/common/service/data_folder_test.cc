#include "common/service/data_folder.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem {
namespace {

using testing::HasSubstr;

class DataFolderTest : public testing::Test {
 protected:
  DataFolderTest() {
    std::string pattern = testing::TempDir() + "data_folder_XXXXXX";
    root_ = mkdtemp(pattern.data());
    folder_.path = root_ + "/a/b";
  }
  ~DataFolderTest() override { std::filesystem::remove_all(root_); }

  std::string root_;
  DataFolder folder_;
};

TEST_F(DataFolderTest, MakesTheFolderItsKeysAndItsStores) {
  ASSERT_TRUE(folder_.LoadKeys().ok());
  EXPECT_TRUE(std::filesystem::exists(folder_.path + "/keys"));
  ASSERT_TRUE(folder_.OpenStore("things").ok());
  EXPECT_TRUE(std::filesystem::exists(folder_.path + "/things.db"));
  EXPECT_EQ(folder_.Describe("things"), "sqlite " + folder_.path + "/things.db");
}

TEST_F(DataFolderTest, MakesNothingForStoresInMemoryWithKeysElsewhere) {
  folder_.store = "memory";
  folder_.keys = root_ + "/elsewhere";
  ASSERT_TRUE(folder_.LoadKeys().ok());
  ASSERT_TRUE(folder_.OpenStore("things").ok());
  EXPECT_FALSE(std::filesystem::exists(folder_.path));
  EXPECT_EQ(folder_.Describe("things"), "memory");
}

TEST_F(DataFolderTest, AnErrorNamesTheFolderOrTheFile) {
  std::ofstream(root_ + "/a") << "a file where a folder should be";
  EXPECT_THAT(std::string(folder_.LoadKeys().status().message()), HasSubstr("--data " + folder_.path));
  std::filesystem::remove(root_ + "/a");
  std::filesystem::create_directories(folder_.path);
  std::ofstream(folder_.path + "/things.db") << std::string(40000, 'x');
  const auto opened = folder_.OpenStore("things");
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(std::string(opened.status().message()), HasSubstr(folder_.path + "/things.db"));
}

}  // namespace
}  // namespace tandem
