#include "tools/tandem/file_import.h"

#include <filesystem>
#include <map>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/base/mutex.h"
#include "common/base/status.h"
#include "tests/unit/tools/tandem/temporary_file.h"
#include "tools/tandem/checkpoint.h"

namespace tandem::cli {
namespace {

using testing::HasSubstr;

// A service that remembers external ids, refuses those that begin with "bad" and goes away after some batches.
class FakeService {
 public:
  BatchPipeline::Send Sender() {
    return [this](const std::vector<BatchItem>& items, const std::string&) -> absl::StatusOr<BatchAnswer> {
      MutexLock lock(&mutex_);
      if (batches_left_ == 0) return absl::PermissionDeniedError("the service is gone");
      --batches_left_;
      BatchAnswer answer;
      for (const BatchItem& item : items) {
        const std::string id = ExternalIdOf(*item.message);
        ItemAnswer result;
        if (id.substr(0, 3) == "bad") {
          result.status = InvalidFields({{"project.trl", "must be at most 9"}});
        } else {
          result.outcome = ++writes_[id] == 1 ? ItemOutcome::kCreated : ItemOutcome::kUnchanged;
        }
        answer.items.push_back(result);
      }
      answer.consistency_token = absl::StrCat("t", ++tokens_);
      return answer;
    };
  }

  int batches_left_ = 1000;
  std::map<std::string, int> writes_;

 private:
  Mutex mutex_;
  int tokens_ = 0;
};

class FileImportTest : public testing::Test {
 protected:
  FileImportTest() {
    terminal_.out = &out_;
    terminal_.err = &err_;
    options_.target = "projects of editions/demo";
    options_.pipeline.batch_items = 2;
    options_.pipeline.in_flight = 1;  // so that it is certain which batches the service still answers
  }

  absl::StatusOr<ImportSummary> Import() { return ImportFile(options_, ProjectKind(), service_.Sender(), terminal_); }

  static std::string Line(const std::string& id) { return absl::StrCat("{\"externalId\":\"", id, "\"}\n"); }
  static std::string Lines(int count) {
    std::string text;
    for (int i = 1; i <= count; ++i) text += Line(absl::StrCat("p-", i));
    return text;
  }

  TemporaryFolder folder_;
  std::ostringstream out_;
  std::ostringstream err_;
  Terminal terminal_;
  FakeService service_;
  FileImportOptions options_;
};

TEST_F(FileImportTest, SetsAsideWhatIsWrongAndTakesTheRest) {
  options_.file = folder_.Write(
      "a.jsonl", Line("p-1") + "oops\n" + Line("bad-1") + Line("p-2") + Line("p-1") + "{\"externalId\":\"p-3\",\"te");
  const auto summary = Import();
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->created, 2);
  EXPECT_EQ(summary->rejected, 4);
  EXPECT_EQ(service_.writes_.size(), 2u);
  const std::string rejected = folder_.Read(RejectedPath(options_.file));
  EXPECT_THAT(rejected, HasSubstr("{\"line\":2,"));
  EXPECT_THAT(rejected,
              HasSubstr("{\"line\":3,\"external_id\":\"bad-1\",\"reasons\":[\"project.trl: must be at most 9\"]"));
  EXPECT_THAT(rejected, HasSubstr("was already on line 1"));
  EXPECT_THAT(rejected, HasSubstr("{\"line\":6,"));
  EXPECT_THAT(rejected, HasSubstr("half-written"));
  EXPECT_FALSE(std::filesystem::exists(CheckpointPath(options_.file)));
}

TEST_F(FileImportTest, TheTokenIsThatOfTheLastBatch) {
  options_.file = folder_.Write("a.jsonl", Lines(9));
  EXPECT_EQ(Import()->consistency_token, "t5");
}

TEST_F(FileImportTest, ABatchThatChangesNothingDoesNotTakeTheTokenBack) {
  service_.writes_ = {{"p-5", 1}};
  options_.file = folder_.Write("a.jsonl", Lines(5));
  EXPECT_EQ(Import()->consistency_token, "t2");
}

TEST_F(FileImportTest, TheTokenCoversAllBatchesThatWereUnderWayTogether) {
  options_.pipeline.in_flight = 3;
  options_.file = folder_.Write("a.jsonl", Lines(9));
  // Which of the last three came last, and so which numbers they have, is chance.
  EXPECT_THAT(std::vector<std::string>(absl::StrSplit(Import()->consistency_token, ',')),
              testing::AllOf(testing::SizeIs(3), testing::Contains("t5")));
}

TEST_F(FileImportTest, TheTokenOutlivesTheCut) {
  options_.file = folder_.Write("a.jsonl", Lines(2) + Line("p-3") + Line("p-4") + "oops\n");
  service_.batches_left_ = 1;
  EXPECT_FALSE(Import().ok());
  EXPECT_EQ((*LoadCheckpoint(options_.file))->token, "t1");
  service_.batches_left_ = 1000;
  EXPECT_EQ(Import()->consistency_token, "t2");  // newer than t1

  options_.file = folder_.Write("b.jsonl", Lines(2) + "oops\n");
  ASSERT_TRUE(
      SaveCheckpoint(options_.file, {options_.target, 2, *FingerprintFile(options_.file), 2, 0, 0, 0, "t1"}).ok());
  EXPECT_EQ(Import()->consistency_token, "t1");  // nothing was written since
}

TEST_F(FileImportTest, GoesOnWhereItWasCutOff) {
  options_.file = folder_.Write("a.jsonl", Line("bad-0") + Lines(9));
  service_.batches_left_ = 2;
  EXPECT_FALSE(Import().ok());
  const auto checkpoint = LoadCheckpoint(options_.file);
  ASSERT_TRUE(checkpoint.ok() && checkpoint->has_value());
  EXPECT_EQ((*checkpoint)->line, 4);

  service_.batches_left_ = 1000;
  const auto summary = Import();
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->resumed_after_line, 4);
  EXPECT_EQ(summary->created, 9);
  EXPECT_EQ(summary->rejected, 1);
  for (const auto& [id, writes] : service_.writes_) EXPECT_EQ(writes, 1) << id;
}

TEST_F(FileImportTest, KnowsRepeatedIdsAcrossTheCut) {
  options_.file = folder_.Write("a.jsonl", Lines(5) + Line("p-1"));
  service_.batches_left_ = 1;
  EXPECT_FALSE(Import().ok());
  service_.batches_left_ = 1000;
  EXPECT_EQ(Import()->rejected, 1);
  EXPECT_EQ(service_.writes_["p-1"], 1);
}

TEST_F(FileImportTest, RestartBeginsAgainAndDoesNoHarm) {
  options_.file = folder_.Write("a.jsonl", Lines(5));
  service_.batches_left_ = 1;
  EXPECT_FALSE(Import().ok());
  service_.batches_left_ = 1000;
  options_.restart = true;
  const auto summary = Import();
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->unchanged, 2);
  EXPECT_EQ(summary->created, 3);
}

TEST_F(FileImportTest, DoesNotGoOnInAnotherFileOrEdition) {
  options_.file = folder_.Write("a.jsonl", Lines(5));
  service_.batches_left_ = 1;
  EXPECT_FALSE(Import().ok());
  service_.batches_left_ = 1000;
  options_.target = "projects of editions/other";
  EXPECT_TRUE(absl::IsFailedPrecondition(Import().status()));
  options_.target = "projects of editions/demo";
  folder_.Write("a.jsonl", "{\"externalId\":\"q-1\"}\n" + Lines(5));
  EXPECT_TRUE(absl::IsFailedPrecondition(Import().status()));
}

TEST_F(FileImportTest, AFileOfRejectedLinesOnlyIsNoError) {
  options_.file = folder_.Write("a.jsonl", "x\ny\nz\n");
  const auto summary = Import();
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->rejected, 3);
  EXPECT_EQ(service_.writes_.size(), 0u);
}

TEST_F(FileImportTest, RefusesCsvWithUnknownColumnsAtOnce) {
  options_.file = folder_.Write("a.csv", "external_id,colour\np-1,red\n");
  EXPECT_TRUE(absl::IsInvalidArgument(Import().status()));
  EXPECT_EQ(service_.writes_.size(), 0u);
}

}  // namespace
}  // namespace tandem::cli
