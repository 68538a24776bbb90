#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/storage/archive/archive_file.h"
#include "common/storage/archive/restore.h"
#include "common/storage/archive/snapshot.h"
#include "common/storage/memory/memory_store.h"

namespace tandem::archive {
namespace {

using testing::HasSubstr;

void Put(RecordStore* store, const std::string& key, const std::string& value, bool logged = true) {
  Transaction transaction;
  transaction.writes.push_back(logged ? Write::Put(key, value) : Write::PutUnlogged(key, value));
  ASSERT_TRUE(store->Commit({transaction})[0].status.ok());
}

std::map<std::string, std::string> Content(RecordStore* store) {
  std::map<std::string, std::string> content;
  const auto records = store->Scan("", "", 1'000'000);
  for (const Record& record : *records) content[record.key] = record.value;
  return content;
}

void Nothing(int64_t) {}
void NothingOf(int64_t, int64_t) {}

class ArchiveTest : public testing::Test {
 protected:
  ArchiveTest() {
    std::string pattern = testing::TempDir() + "archive_XXXXXX";
    root_ = mkdtemp(pattern.data());
    path_ = root_ + "/file";
  }
  ~ArchiveTest() override { std::filesystem::remove_all(root_); }

  // An archive of two stores, the first with binary keys and many records.
  std::vector<StoreHeader> WriteTwo() {
    auto first = NewMemoryStore();
    Put(first.get(), std::string("a\0b", 3), std::string("\0\xff\n", 3));
    Put(first.get(), "empty", "", /*logged=*/false);
    for (int i = 0; i < 5001; ++i) Put(first.get(), absl::StrCat("k/", i), absl::StrCat("value ", i));
    Put(first.get(), "large", std::string(size_t{5} << 20, 'x'));
    auto second = NewMemoryStore();
    Put(second.get(), "only", "one");
    content_ = {Content(first.get()), Content(second.get())};
    std::vector<Source> sources(2);
    sources[0] = {"first", *SnapshotOfOwn(std::move(first))};
    sources[1] = {"second", *SnapshotOfOwn(std::move(second))};
    const auto written = WriteArchive(path_, std::move(sources), Nothing);
    EXPECT_TRUE(written.ok()) << written.status();
    return written.value_or(std::vector<StoreHeader>());
  }

  std::string Read() const {
    std::ifstream stream(path_, std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
  }
  absl::Status OpenOf(const std::string& bytes) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
    return ArchiveReader::Open(path_, NothingOf).status();
  }

  std::string root_;
  std::string path_;
  std::vector<std::map<std::string, std::string>> content_;
};

TEST_F(ArchiveTest, WhatIsRestoredIsWhatWasThere) {
  const std::vector<StoreHeader> written = WriteTwo();
  ASSERT_EQ(written.size(), 2u);
  EXPECT_EQ(written[0].records, 5004);
  EXPECT_EQ(written[0].revision, 5004);
  EXPECT_EQ(std::filesystem::status(path_).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);

  auto reader = ArchiveReader::Open(path_, NothingOf);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ((*reader)->stores()[1].name, "second");
  EXPECT_EQ((*reader)->stores()[0].epoch, written[0].epoch);
  for (const size_t index : {1, 0}) {  // in any order
    auto store = NewMemoryStore();
    Put(store.get(), "old", "gone after the restore");
    const absl::Status restored = Restore(reader->get(), index, store.get(), Nothing);
    ASSERT_TRUE(restored.ok()) << restored;
    EXPECT_TRUE(Content(store.get()) == content_[index]);
    EXPECT_TRUE(CheckRestored(store.get()).ok());
    EXPECT_FALSE(store->Changes(0, 10).ok()) << "nobody may go on from before";
  }
}

TEST_F(ArchiveTest, AFileThatIsCutShortOrAlteredAnywhereIsRefused) {
  std::vector<Source> sources(1);
  auto store = NewMemoryStore();
  Put(store.get(), "key", "value");
  Put(store.get(), "other", "value");
  sources[0] = {"things", *SnapshotOfOwn(std::move(store))};
  ASSERT_TRUE(WriteArchive(path_, std::move(sources), Nothing).ok());
  const std::string whole = Read();
  ASSERT_TRUE(OpenOf(whole).ok());
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(OpenOf(whole.substr(0, size)))) << size;
  }
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string altered = whole;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(OpenOf(altered).ok()) << i;
  }
  EXPECT_TRUE(absl::IsDataLoss(OpenOf(whole + "x")));
  EXPECT_THAT(std::string(OpenOf("PK\x03\x04 something else").message()), HasSubstr(path_));
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenOf("tandem-export 2\nwhatever\n")));
  EXPECT_TRUE(absl::IsNotFound(ArchiveReader::Open(root_ + "/none", NothingOf).status()));
}

TEST_F(ArchiveTest, AFailedExportLeavesTheFileOfBefore) {
  WriteTwo();
  const std::string before = Read();
  auto store = NewMemoryStore();
  RecordStore* const raw = store.get();
  Put(raw, "key", "value");
  std::vector<Source> sources(1);
  sources[0] = {"things", *SnapshotOfOwn(std::move(store))};
  Put(raw, "key", "changed meanwhile");
  EXPECT_TRUE(absl::IsAborted(WriteArchive(path_, std::move(sources), Nothing).status()));
  EXPECT_TRUE(Read() == before);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
  EXPECT_TRUE(absl::IsFailedPrecondition(WriteArchive(root_ + "/no/folder", {}, Nothing).status()));
}

TEST_F(ArchiveTest, OnlyAnEmptyStoreOrOneWhoseRestoreDidNotEndIsRestoredUnasked) {
  auto store = NewMemoryStore();
  EXPECT_TRUE(CheckMayRestore(store.get()).ok());
  Put(store.get(), "key", "value");
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckMayRestore(store.get())));

  // Ends in the middle: the file loses its records after it was verified.
  WriteTwo();
  auto reader = ArchiveReader::Open(path_, NothingOf);
  ASSERT_TRUE(reader.ok());
  std::filesystem::resize_file(path_, 100'000);
  EXPECT_FALSE(Restore(reader->get(), 0, store.get(), Nothing).ok());
  EXPECT_THAT(std::string(CheckRestored(store.get()).message()), HasSubstr("repeat `tandem admin import`"));
  EXPECT_TRUE(CheckMayRestore(store.get()).ok());
}

}  // namespace
}  // namespace tandem::archive
