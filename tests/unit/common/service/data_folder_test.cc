#include "common/service/data_folder.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/storage/postgres/schema.h"
#include "tests/support/postgres/server.h"

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

// Parses `arguments` as a program would; the text of what is wrong with them, or "".
std::string ErrorOf(std::vector<std::string> arguments, DataFolder* folder) {
  CLI::App app;
  folder->AddFlags(&app);
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return error.what();
  }
  return "";
}

TEST_F(DataFolderTest, TheDatabaseIsNamedByAFlagOrByTheEnvironment) {
  unsetenv("TANDEM_POSTGRES");
  EXPECT_THAT(ErrorOf({"--store", "postgres"}, &folder_), HasSubstr("TANDEM_POSTGRES"));
  DataFolder given;
  EXPECT_EQ(ErrorOf({"--store", "postgres", "--postgres", "host=h dbname=d"}, &given), "");
  EXPECT_EQ(given.postgres, "host=h dbname=d");
  setenv("TANDEM_POSTGRES", "host=e dbname=d", 1);
  DataFolder found;
  EXPECT_EQ(ErrorOf({"--store", "postgres"}, &found), "");
  EXPECT_EQ(found.postgres, "host=e dbname=d");
  DataFolder unused;
  EXPECT_EQ(ErrorOf({}, &unused), "");
  EXPECT_EQ(unused.store, "sqlite");
  unsetenv("TANDEM_POSTGRES");
}

TEST_F(DataFolderTest, ADatabaseIsShownWithoutItsUserAndPassword) {
  folder_.store = "postgres";
  folder_.postgres = "postgresql://someone:secret@db.example:5433/zone?sslmode=require";
  EXPECT_EQ(folder_.Describe("things"), "postgres db.example:5433/zone tandem_things");
  folder_.postgres = "user=someone password=secret dbname=zone host=a,b";
  EXPECT_EQ(folder_.Describe(), "postgres a,b/zone tandem_*");
  folder_.postgres = "password=secret nonsense";
  EXPECT_EQ(folder_.Describe("things"), "postgres ? tandem_things");
}

TEST_F(DataFolderTest, ADatabaseNeedsItsSchemaAndNoFolder) {
  const auto server = PostgresServer::Start();
  if (absl::IsUnavailable(server.status())) GTEST_SKIP() << server.status().message();
  ASSERT_TRUE(server.ok()) << server.status();
  folder_.store = "postgres";
  folder_.postgres = (*server)->connection();
  folder_.keys = root_ + "/elsewhere";
  ASSERT_TRUE(folder_.LoadKeys().ok());
  EXPECT_FALSE(std::filesystem::exists(folder_.path));

  const auto missing = folder_.OpenStore("things");
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr("tandem_things"));
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr("run `tandem admin migrate`"));

  ASSERT_TRUE(postgres::Migrate(folder_.postgres, "tandem_things").ok());
  const auto one = folder_.OpenStore("things");
  ASSERT_TRUE(one.ok()) << one.status();
  const auto other = folder_.OpenStore("things");
  ASSERT_TRUE(other.ok()) << other.status();
  Transaction write;
  write.writes = {Write::Put("a", "1")};
  ASSERT_TRUE((*one)->Commit({write})[0].status.ok());
  EXPECT_EQ((*other)->Get("a")->value().value, "1");
}

}  // namespace
}  // namespace tandem
