// What Get, BatchGet and Scan promise.
#include <string>
#include <vector>

#include "gmock/gmock.h"

#include "tests/conformance/storage/store_fixture.h"

namespace tandem {
namespace {

using ReadTest = StoreTest;
using testing::ElementsAre;
using testing::IsEmpty;
INSTANTIATE_TEST_SUITE_P(Backends, ReadTest, testing::ValuesIn(Backends()), BackendName);

std::vector<std::string> Keys(const absl::StatusOr<std::vector<Record>>& records) {
  if (!records.ok()) return {records.status().ToString()};
  std::vector<std::string> keys;
  for (const Record& record : *records) keys.push_back(record.key);
  return keys;
}

TEST_P(ReadTest, BatchGetAnswersInTheOrderOfTheKeys) {
  Put("a", "1");
  Put("c", "3");
  const auto found = store_->BatchGet({"c", "b", "a", "c"});
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->size(), 4u);
  EXPECT_EQ((*found)[0]->value, "3");
  EXPECT_FALSE((*found)[1].has_value());
  EXPECT_EQ((*found)[2]->value, "1");
  EXPECT_EQ((*found)[2]->revision, 1);
  EXPECT_EQ((*found)[3]->value, "3");
  EXPECT_THAT(*store_->BatchGet({}), IsEmpty());
}

TEST_P(ReadTest, ScanReturnsTheHalfOpenRangeInOrder) {
  for (const char* key : {"b", "d", "a", "c", "e"}) Put(key, "v");
  EXPECT_THAT(Keys(store_->Scan("b", "d", 10)), ElementsAre("b", "c"));
  EXPECT_THAT(Keys(store_->Scan("", "c", 10)), ElementsAre("a", "b"));
  EXPECT_THAT(Keys(store_->Scan("c", "", 10)), ElementsAre("c", "d", "e"));
  EXPECT_THAT(Keys(store_->Scan("", "", 10)), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(Keys(store_->Scan("bb", "cc", 10)), ElementsAre("c"));
  EXPECT_THAT(Keys(store_->Scan("c", "c", 10)), IsEmpty());
  EXPECT_THAT(Keys(store_->Scan("d", "b", 10)), IsEmpty());
  EXPECT_THAT(Keys(store_->Scan("f", "", 10)), IsEmpty());
}

TEST_P(ReadTest, ScanStopsAtItsLimit) {
  for (const char* key : {"a", "b", "c"}) Put(key, "v");
  EXPECT_THAT(Keys(store_->Scan("", "", 2)), ElementsAre("a", "b"));
  EXPECT_THAT(Keys(store_->Scan("a", "c", 1)), ElementsAre("a"));
  EXPECT_THAT(Keys(store_->Scan(std::string("b\0", 2), "", 2)), ElementsAre("c"));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->Scan("", "", 0).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->Scan("", "", -1).status()));
}

TEST_P(ReadTest, KeysAreOrderedAsUnsignedBytes) {
  using namespace std::string_literals;
  const std::vector<std::string> ordered = {"\0"s, "\0\0"s, "A"s,    "a"s,    "a\0"s,  "a\0z"s,
                                            "aa"s, "b"s,    "\x7f"s, "\x80"s, "\xff"s, "\xff\xff"s};
  for (auto it = ordered.rbegin(); it != ordered.rend(); ++it) Put(*it, "v");
  EXPECT_EQ(Keys(store_->Scan("", "", 100)), ordered);
  EXPECT_THAT(Keys(store_->Scan("a\0"s, "aa"s, 100)), ElementsAre("a\0"s, "a\0z"s));
  EXPECT_THAT(Keys(store_->Scan("\x80"s, "\xff\xff"s, 100)), ElementsAre("\x80"s, "\xff"s));
}

TEST_P(ReadTest, ScanReturnsWholeRecords) {
  Put("a", "1");
  const Revision second = Put("a", std::string(100'000, 'x'));
  const auto records = store_->Scan("a", "b", 1);
  ASSERT_TRUE(records.ok());
  ASSERT_EQ(records->size(), 1u);
  EXPECT_EQ((*records)[0].value.size(), 100'000u);
  EXPECT_EQ((*records)[0].revision, second);
  EXPECT_EQ((*records)[0].create_revision, 1);
}

}  // namespace
}  // namespace tandem
