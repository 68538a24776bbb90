#include "tools/tandem/batch_pipeline.h"

#include <atomic>
#include <set>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "tandem/projects/v1/project.pb.h"

namespace tandem::cli {
namespace {

BatchItem Item(int64_t line, size_t title_bytes = 1) {
  auto project = std::make_unique<projects::v1::Project>();
  project->add_texts()->set_title(std::string(title_bytes, 'x'));
  BatchItem item;
  item.line = line;
  item.message = std::move(project);
  return item;
}

BatchAnswer AllCreated(size_t size) {
  BatchAnswer answer;
  answer.items.resize(size);
  for (ItemAnswer& item : answer.items) item.outcome = ItemOutcome::kCreated;
  return answer;
}

TEST(BatchPipelineTest, ReportsInOrderAndNeverHasMoreUnderWayThanAllowed) {
  PipelineOptions options;
  options.batch_items = 2;
  options.in_flight = 2;
  std::atomic<int> flying = 0;
  std::atomic<int> most = 0;
  std::vector<int64_t> lines;
  BatchPipeline pipeline(
      options,
      [&](const std::vector<BatchItem>& items, const std::string&) -> absl::StatusOr<BatchAnswer> {
        const int now = ++flying;
        if (now > most) most = now;
        absl::SleepFor(absl::Milliseconds(2));  // so that batches have a chance to overlap
        --flying;
        return AllCreated(items.size());
      },
      [&](const std::vector<BatchItem>& items, const BatchAnswer&) {
        for (const BatchItem& item : items) lines.push_back(item.line);
        return absl::OkStatus();
      });
  for (int64_t line = 1; line <= 9; ++line) ASSERT_TRUE(pipeline.Add(Item(line)).ok());
  ASSERT_TRUE(pipeline.Finish().ok());
  EXPECT_EQ(lines, (std::vector<int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_LE(most, 2);
}

TEST(BatchPipelineTest, ABatchStaysBelowTheLargestRequest) {
  PipelineOptions options;
  options.batch_bytes = 1000;
  std::atomic<size_t> most = 0;
  BatchPipeline pipeline(
      options,
      [&](const std::vector<BatchItem>& items, const std::string&) -> absl::StatusOr<BatchAnswer> {
        if (items.size() > most) most = items.size();
        return AllCreated(items.size());
      },
      [](const auto&, const auto&) { return absl::OkStatus(); });
  for (int64_t line = 1; line <= 10; ++line) ASSERT_TRUE(pipeline.Add(Item(line, 400)).ok());
  ASSERT_TRUE(pipeline.Finish().ok());
  EXPECT_EQ(most, 2u);
}

TEST(BatchPipelineTest, RepeatsWithTheSameRequestId) {
  PipelineOptions options;
  options.first_backoff = absl::ZeroDuration();
  std::vector<std::string> ids;
  BatchPipeline pipeline(
      options,
      [&](const std::vector<BatchItem>& items, const std::string& request_id) -> absl::StatusOr<BatchAnswer> {
        ids.push_back(request_id);
        if (ids.size() < 3) return absl::UnavailableError("gone");
        return AllCreated(items.size());
      },
      [](const auto&, const auto&) { return absl::OkStatus(); });
  ASSERT_TRUE(pipeline.Add(Item(1)).ok());
  ASSERT_TRUE(pipeline.Finish().ok());
  EXPECT_EQ(ids.size(), 3u);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 1u);
}

TEST(BatchPipelineTest, GivesUpOnWhatRepeatingDoesNotHelp) {
  int calls = 0;
  BatchPipeline pipeline(
      {},
      [&](const std::vector<BatchItem>&, const std::string&) -> absl::StatusOr<BatchAnswer> {
        ++calls;
        return absl::PermissionDeniedError("no");
      },
      [](const auto&, const auto&) { return absl::OkStatus(); });
  ASSERT_TRUE(pipeline.Add(Item(1)).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(pipeline.Finish()));
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(absl::IsPermissionDenied(pipeline.Add(Item(2))));
}

TEST(BatchPipelineTest, AnAnswerThatMissesRecordsIsAnError) {
  BatchPipeline pipeline(
      {}, [](const auto&, const auto&) -> absl::StatusOr<BatchAnswer> { return BatchAnswer(); },
      [](const auto&, const auto&) { return absl::OkStatus(); });
  ASSERT_TRUE(pipeline.Add(Item(1)).ok());
  EXPECT_TRUE(absl::IsInternal(pipeline.Finish()));
}

}  // namespace
}  // namespace tandem::cli
