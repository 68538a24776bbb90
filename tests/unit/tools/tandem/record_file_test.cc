#include "tools/tandem/record_file.h"

#include "gtest/gtest.h"

#include "tests/unit/tools/tandem/temporary_file.h"

namespace tandem::cli {
namespace {

class RecordFileTest : public testing::Test {
 protected:
  std::vector<RawRecord> ReadAll(const std::string& name, const std::string& content) {
    const auto file = RecordFile::Open(folder_.Write(name, content), FormatOf(name));
    EXPECT_TRUE(file.ok()) << file.status();
    std::vector<RawRecord> records;
    RawRecord record;
    while (file.ok() && (*file)->Next(&record)) records.push_back(record);
    return records;
  }

  TemporaryFolder folder_;
};

TEST_F(RecordFileTest, NumbersLinesAndPassesOverEmptyOnes) {
  const auto records = ReadAll("a.jsonl", "\xEF\xBB\xBF{}\r\n\n{\"a\":1}\n");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].text, "{}");
  EXPECT_EQ(records[0].line, 1);
  EXPECT_EQ(records[1].line, 3);
  EXPECT_TRUE(records[1].complete);
}

TEST_F(RecordFileTest, KnowsAHalfWrittenLastLine) {
  const auto records = ReadAll("a.jsonl", "{}\n{\"external_id\":\"p-");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_FALSE(records[1].complete);
}

TEST_F(RecordFileTest, ReadsQuotedCsvOverSeveralLines) {
  const auto records = ReadAll("a.csv", "id,text\n1,\"a, \"\"b\"\"\nc\"\n2,深圳\n");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].fields, (std::vector<std::string>{"1", "a, \"b\"\nc"}));
  EXPECT_EQ(records[0].line, 2);
  EXPECT_EQ(records[1].fields[1], "深圳");
  EXPECT_EQ(records[1].line, 4);
}

TEST_F(RecordFileTest, NamesWhatIsWrongWithACsvRow) {
  const auto records = ReadAll("a.csv", "id,text\n1\n2,a\"b\n3,\"x\"y\n4,\"open\n");
  ASSERT_EQ(records.size(), 4u);
  for (const RawRecord& record : records) EXPECT_NE(record.problem, "") << record.text;
  EXPECT_FALSE(records[3].complete);
}

TEST_F(RecordFileTest, MissesAFileAndAHeader) {
  EXPECT_TRUE(absl::IsNotFound(RecordFile::Open("/nowhere/a.csv", RecordFormat::kCsv).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(RecordFile::Open(folder_.Write("e.csv", "\n"), RecordFormat::kCsv).status()));
}

}  // namespace
}  // namespace tandem::cli
