// What stands in the file of runs is not run again, counts in the totals, and is never taken for clean when it is not.
#include "tests/fault/results.h"

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::check {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

class ResultsTest : public ::testing::Test {
 protected:
  ResultsTest() { std::remove(file_.c_str()); }
  ~ResultsTest() override { std::remove(file_.c_str()); }

  Results Open() {
    auto results = Results::Open(file_);
    EXPECT_TRUE(results.ok()) << results.status();
    return *std::move(results);
  }

  static RunResult Run(const std::string& mode, uint64_t seed) {
    RunResult run;
    run.mode = mode;
    run.seed = seed;
    run.kills = 60;
    run.verdict.acked = 1000;
    run.verdict.reads = 2000;
    return run;
  }

  static std::string Printed(const Results& results) {
    char* text = nullptr;
    size_t size = 0;
    std::FILE* const out = open_memstream(&text, &size);
    results.Print(out);
    std::fclose(out);
    std::string printed(text, size);
    free(text);
    return printed;
  }

  const std::string file_ = ::testing::TempDir() + "/tandem_results_test.jsonl";
};

TEST_F(ResultsTest, GoesOnWhereAnEarlierProgramStopped) {
  {
    Results results = Open();
    ASSERT_TRUE(results.Add(Run("kills", 7)).ok());
    ASSERT_TRUE(results.Add(SabotageRun{"cache.token", 7, true, 1.5, "stale 1"}).ok());
  }
  Results results = Open();
  EXPECT_TRUE(results.Has("kills", 7));
  EXPECT_FALSE(results.Has("kills", 8));
  EXPECT_FALSE(results.Has("redis", 7));
  EXPECT_TRUE(results.Has("sabotage", 7, "cache.token"));
  EXPECT_FALSE(results.Has("sabotage", 7, "feed.gap"));
  ASSERT_TRUE(results.Add(Run("kills", 8)).ok());
  EXPECT_TRUE(results.ok());
  EXPECT_THAT(Printed(results),
              EndsWith("\ncheck kills=120 acked=2000 lost=0 reads=4000 stale=0 wrong=0 sabotages=1/1\n"));
}

TEST_F(ResultsTest, AViolationOfAnEarlierProgramIsStillOne) {
  RunResult run = Run("kills", 7);
  run.verdict.lost = 1;
  run.verdict.half = 2;
  run.verdict.stale = 3;
  run.verdict.wrong = 4;
  run.complaints = {"lost: ..."};
  ASSERT_TRUE(Open().Add(run).ok());
  const Results results = Open();
  EXPECT_FALSE(results.ok());
  EXPECT_THAT(Printed(results),
              EndsWith("\ncheck kills=60 acked=1000 lost=3 reads=2000 stale=3 wrong=4 sabotages=0/0\n"));
}

TEST_F(ResultsTest, ACallThatMayNotFailIsAViolationThoughNothingIsLost) {
  Results results = Open();
  RunResult run = Run("rolling", 7);
  run.complaints = {"rolling-restart: 1 reads and 0 writes failed, but none may"};
  ASSERT_TRUE(results.Add(run).ok());
  EXPECT_FALSE(results.ok());
}

TEST_F(ResultsTest, ASabotageThatNothingNoticesIsAViolation) {
  Results results = Open();
  ASSERT_TRUE(results.Add(SabotageRun{"cache.token", 7, true, 1, ""}).ok());
  ASSERT_TRUE(results.Add(SabotageRun{"feed.gap", 7, false, 20, "nothing noticed"}).ok());
  EXPECT_FALSE(results.ok());
  EXPECT_THAT(Printed(results), HasSubstr("sabotages=1/2"));
}

TEST_F(ResultsTest, FaultsAddUpOverRuns) {
  Results results = Open();
  for (const uint64_t seed : {1, 2}) {
    RunResult run = Run("postgres", seed);
    FaultRow& row = run.faults["postgres-restarted"];
    row.count = 2;
    row.failed_writes = 1;
    row.first_ack = {0.25, 4.5};
    row.all_done = {0.5, 5.5};
    ASSERT_TRUE(results.Add(run).ok());
  }
  EXPECT_THAT(Printed(results), ::testing::ContainsRegex("postgres-restarted +4 +2 +4.50 .max +4.5. +5.50 .max +5.5."));
}

TEST_F(ResultsTest, AFileOfSomethingElseIsNotWrittenTo) {
  std::ofstream(file_) << "not a run\n";
  EXPECT_EQ(Results::Open(file_).status().code(), absl::StatusCode::kFailedPrecondition);
  std::stringstream text;
  text << std::ifstream(file_).rdbuf();
  EXPECT_EQ(text.str(), "not a run\n");
}

}  // namespace
}  // namespace tandem::check
