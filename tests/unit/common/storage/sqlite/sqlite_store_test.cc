#include "common/storage/sqlite/sqlite_store.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sqlite3.h>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem {
namespace {

using testing::HasSubstr;

class SqliteStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/tandem_sqlite_XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    options_.path = folder_ + "/store.db";
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  absl::Status Open() {
    store_.reset();
    auto store = OpenSqliteStore(options_);
    if (store.ok()) store_ = *std::move(store);
    return store.status();
  }

  absl::Status Put(const std::string& key, const std::string& value) {
    return store_->Commit({{{}, {Write::Put(key, value)}}}).at(0).status;
  }

  std::string ValueOf(const std::string& key) {
    const auto record = store_->Get(key);
    if (!record.ok()) return record.status().ToString();
    return record->has_value() ? (*record)->value : "<absent>";
  }

  // Runs SQL on the closed file, as a stranger would.
  void Tamper(const std::string& sql) {
    store_.reset();
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(options_.path.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
  }

  // Overwrites bytes of the closed file.
  void Scribble(std::streamoff offset, const std::string& bytes) {
    store_.reset();
    std::fstream file(options_.path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(offset);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    ASSERT_TRUE(file.good());
  }

  std::string folder_;
  SqliteOptions options_;
  std::unique_ptr<RecordStore> store_;
};

TEST_F(SqliteStoreTest, ReopeningKeepsEverything) {
  ASSERT_TRUE(Open().ok());
  for (int i = 1; i <= 10; ++i) ASSERT_TRUE(Put(absl::StrCat("k", i), std::to_string(i)).ok());
  ASSERT_TRUE(store_->CompactLog(4).ok());
  const Head before = *store_->GetHead();
  ASSERT_TRUE(Open().ok());
  const Head after = *store_->GetHead();
  EXPECT_EQ(after.epoch, before.epoch);
  EXPECT_EQ(after.revision, 10);
  EXPECT_EQ(after.log_floor, 4);
  EXPECT_EQ(ValueOf("k3"), "3");
  EXPECT_EQ(store_->Changes(4, 100)->changes.size(), 6u);
  EXPECT_TRUE(absl::IsOutOfRange(store_->Changes(3, 100).status()));
  EXPECT_TRUE(store_->WaitForChange(9, std::chrono::steady_clock::now())) << "the head is known from the start";
  ASSERT_TRUE(Put("k11", "11").ok());
  EXPECT_EQ(store_->GetHead()->revision, 11);
}

TEST_F(SqliteStoreTest, ARestoredBackupBeginsANewEpochWhenAsked) {
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(Put("a", "1").ok());
  const Head before = *store_->GetHead();
  options_.begin_new_epoch = true;
  ASSERT_TRUE(Open().ok());
  EXPECT_NE(store_->GetHead()->epoch, before.epoch);
  EXPECT_EQ(store_->GetHead()->revision, 1);
  EXPECT_EQ(ValueOf("a"), "1");
  options_.least_revision = 50;
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(store_->GetHead()->revision, 50);
  options_.least_revision = 20;
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(Put("b", "1").ok());
  EXPECT_EQ(store_->GetHead()->revision, 51);
}

TEST_F(SqliteStoreTest, TheFileIsForItsOwnerOnly) {
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(Put("a", "1").ok());
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    struct stat info {};
    ASSERT_EQ(stat((options_.path + suffix).c_str(), &info), 0) << suffix;
    EXPECT_EQ(info.st_mode & 0777, 0600u) << suffix;
  }
}

TEST_F(SqliteStoreTest, ASecondOpenerIsRefusedUntilTheFirstIsGone) {
  ASSERT_TRUE(Open().ok());
  const auto second = OpenSqliteStore(options_);
  EXPECT_TRUE(absl::IsFailedPrecondition(second.status())) << second.status();
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("is open already"));
  store_.reset();
  EXPECT_TRUE(Open().ok());
}

TEST_F(SqliteStoreTest, APathThatIsNoFileIsRefused) {
  for (const char* path : {"", ":memory:"}) {
    options_.path = path;
    EXPECT_TRUE(absl::IsInvalidArgument(Open())) << path;
  }
  options_.path = folder_ + "/missing/store.db";
  EXPECT_TRUE(absl::IsNotFound(Open()));
}

TEST_F(SqliteStoreTest, AFileThatIsNoDatabaseIsRefusedAndLeftAlone) {
  const std::string text(5000, 'x');
  std::ofstream(options_.path) << text;
  const absl::Status status = Open();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("is not a SQLite database"));
  std::ifstream file(options_.path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text);
}

TEST_F(SqliteStoreTest, ADatabaseOfAnotherProgramIsRefused) {
  Tamper("CREATE TABLE recipes (name TEXT)");
  const absl::Status status = Open();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("not one of this program"));
}

TEST_F(SqliteStoreTest, ANewerSchemaIsRefused) {
  ASSERT_TRUE(Open().ok());
  Tamper("UPDATE meta SET value = 2 WHERE name = 'schema_version'");
  const absl::Status status = Open();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("schema version 2"));
}

TEST_F(SqliteStoreTest, ARefusedDatabaseIsLeftAsItWasByteByByte) {
  const auto bytes_of = [](const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  // Another program's, then ours of a newer schema: without a write-ahead log, and with one that was left behind.
  Tamper("CREATE TABLE recipes (name TEXT)");
  std::string before = bytes_of(options_.path);
  EXPECT_FALSE(Open().ok());
  EXPECT_EQ(bytes_of(options_.path), before);

  std::filesystem::remove(options_.path);
  ASSERT_TRUE(Open().ok());
  Tamper("PRAGMA journal_mode = DELETE; UPDATE meta SET value = 2 WHERE name = 'schema_version'");
  before = bytes_of(options_.path);
  EXPECT_FALSE(Open().ok());
  EXPECT_EQ(bytes_of(options_.path), before) << "its journal mode is still its own";

  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(options_.path.c_str(), &database), SQLITE_OK);
  sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  const char* sql = "PRAGMA journal_mode = WAL; UPDATE meta SET value = 3 WHERE name = 'schema_version'";
  ASSERT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(database);
  before = bytes_of(options_.path);
  const std::string log = bytes_of(options_.path + "-wal");
  ASSERT_FALSE(log.empty());
  EXPECT_THAT(std::string(Open().message()), HasSubstr("schema version 3"));
  EXPECT_EQ(bytes_of(options_.path), before);
  EXPECT_EQ(bytes_of(options_.path + "-wal"), log);
}

TEST_F(SqliteStoreTest, LostBookkeepingIsDataLoss) {
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(Put("a", "1").ok());
  Tamper("DELETE FROM meta WHERE name = 'revision'");
  EXPECT_TRUE(absl::IsDataLoss(Open()));
  Tamper("INSERT INTO meta VALUES ('revision', 0)");
  const absl::Status status = Open();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("its log is ahead of its head"));
  Tamper("UPDATE meta SET value = 1 WHERE name = 'revision'; DROP TABLE records");
  EXPECT_FALSE(Open().ok());
}

TEST_F(SqliteStoreTest, DamageIsSaidOnceAndWithTheFile) {
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(Put("k", "v").ok());
  Scribble(4096, std::string(3 * 4096, '\x5a'));
  const std::string message(Open().message());
  EXPECT_THAT(message, HasSubstr(options_.path));
  EXPECT_EQ(message.find("damaged"), message.rfind("damaged")) << message;
  EXPECT_EQ(message.find("restore"), message.rfind("restore")) << message;
}

TEST_F(SqliteStoreTest, ADamagedPageIsDataLossAtOpen) {
  ASSERT_TRUE(Open().ok());
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(Put(absl::StrCat("k", i), std::string(500, 'v')).ok());
  Scribble(5 * 4096, std::string(4096, '\x5a'));
  const absl::Status status = Open();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("restore it from a backup"));
}

TEST_F(SqliteStoreTest, ATruncatedFileIsDataLoss) {
  ASSERT_TRUE(Open().ok());
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(Put(absl::StrCat("k", i), std::string(500, 'v')).ok());
  store_.reset();
  std::filesystem::resize_file(options_.path, 3 * 4096);
  EXPECT_TRUE(absl::IsDataLoss(Open()));
}

TEST_F(SqliteStoreTest, ADamagedLargeFileIsNoticedWhenRead) {
  options_.full_check_bytes = 0;
  ASSERT_TRUE(Open().ok());
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(Put(absl::StrCat("k", i), std::string(500, 'v')).ok());
  store_.reset();
  const auto size = std::filesystem::file_size(options_.path);
  for (std::streamoff page = 4; page < static_cast<std::streamoff>(size / 4096); ++page) {
    Scribble(page * 4096, std::string(4096, '\x5a'));
  }
  const absl::Status opened = Open();
  if (opened.ok()) {
    EXPECT_TRUE(absl::IsDataLoss(store_->Scan("", "", 1000).status()));
  } else {
    EXPECT_TRUE(absl::IsDataLoss(opened)) << opened;
  }
}

TEST_F(SqliteStoreTest, AFullStoreRefusesWritesWholeAndRecoversWithoutReopening) {
  options_.max_pages = 60;
  ASSERT_TRUE(Open().ok());
  int written = 0;
  absl::Status status;
  while (status.ok()) {
    status = Put(absl::StrCat("k", written), std::string(3000, 'v'));
    if (status.ok()) ++written;
  }
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("disk is full"));
  EXPECT_GT(written, 10);
  EXPECT_EQ(store_->GetHead()->revision, written);
  EXPECT_EQ(ValueOf(absl::StrCat("k", written)), "<absent>");
  EXPECT_EQ(store_->Scan("", "", 1000)->size(), static_cast<size_t>(written));
  EXPECT_EQ(store_->Changes(0, 1000)->changes.size(), static_cast<size_t>(written));
  ASSERT_TRUE(store_->CompactLog(written).ok());
  EXPECT_TRUE(Put("after", std::string(3000, 'v')).ok());
  EXPECT_EQ(store_->GetHead()->revision, written + 1);
  EXPECT_EQ(store_->Changes(written, 1000)->changes.size(), 1u);
}

// Lets no file grow past a size, for a scope: writes fail as they do on a failing disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limited = before_;
    limited.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limited);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(SqliteStoreTest, AFailedWriteToTheFileWritesNothingAndRecoversWithoutReopening) {
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(Put("a", "1").ok());
  {
    FileSizeLimit limit(128 << 10);
    const auto outcomes =
        store_->Commit({{{}, {Write::Put("small", "1")}}, {{}, {Write::Put("a", std::string(1 << 20, 'x'))}}});
    for (const CommitOutcome& outcome : outcomes) {
      EXPECT_TRUE(absl::IsUnavailable(outcome.status)) << outcome.status;
      EXPECT_EQ(outcome.revision, 0);
    }
    EXPECT_EQ(ValueOf("a"), "1");
    EXPECT_EQ(ValueOf("small"), "<absent>");
    EXPECT_EQ(store_->GetHead()->revision, 1);
  }
  EXPECT_TRUE(Put("a", "2").ok());
  EXPECT_EQ(store_->GetHead()->revision, 2);
  EXPECT_EQ(store_->Changes(0, 10)->changes.size(), 2u);
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(ValueOf("a"), "2");
}

TEST_F(SqliteStoreTest, TooMuchWaitingIsRefused) {
  options_.limits.queued_operations = 1;
  ASSERT_TRUE(Open().ok());
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([this, thread] {
      for (int i = 0; i < 50; ++i) {
        const absl::Status status = Put(std::to_string(thread), std::to_string(i));
        EXPECT_TRUE(status.ok() || absl::IsUnavailable(status)) << status;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(Put("later", "1").ok());
  const Revision head = store_->GetHead()->revision;
  EXPECT_EQ(store_->Changes(0, 10'000)->changes.size(), static_cast<size_t>(head)) << "the refused wrote nothing";
}

TEST_F(SqliteStoreTest, TheWriteAheadLogStaysBounded) {
  options_.checkpoint_pages = 100;
  ASSERT_TRUE(Open().ok());
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(Put(absl::StrCat("k", i % 10), std::string(8000, 'v')).ok());
  EXPECT_LT(std::filesystem::file_size(options_.path + "-wal"), 300u * 4096u);
}

TEST_F(SqliteStoreTest, TheWriteAheadLogShrinksAgainAfterALongReader) {
  options_.checkpoint_pages = 100;
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(Put("k", "v").ok());
  sqlite3* reader = nullptr;
  ASSERT_EQ(sqlite3_open_v2(options_.path.c_str(), &reader, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM records", nullptr, nullptr, nullptr), SQLITE_OK);
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(Put(absl::StrCat("k", i % 10), std::string(8000, 'v')).ok());
  EXPECT_GT(std::filesystem::file_size(options_.path + "-wal"), 1000u * 4096u);
  sqlite3_db_config(reader, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_exec(reader, "COMMIT", nullptr, nullptr, nullptr);
  sqlite3_close(reader);
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(Put(absl::StrCat("k", i % 10), std::string(8000, 'v')).ok());
  EXPECT_LT(std::filesystem::file_size(options_.path + "-wal"), 300u * 4096u);
}

}  // namespace
}  // namespace tandem
