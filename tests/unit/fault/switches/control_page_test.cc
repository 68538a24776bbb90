#include "tests/fault/switches/control_page.h"

#include <signal.h>
#include <stdlib.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "common/base/clock.h"
#include "common/base/test_switch.h"

namespace tandem::check {
namespace {

// One page for the whole process, as a check program has it: the switches look for it once.
ControlPage& Page() {
  static ControlPage* const page = [] {
    auto made = ControlPage::Create(absl::StrCat(testing::TempDir(), "/control_page_", getpid()));
    if (!made.ok()) abort();
    setenv(kControlPageVariable, (*made)->path().c_str(), 1);
    return made->release();
  }();
  return *page;
}

class ControlPageTest : public testing::Test {
 protected:
  void SetUp() override { Page(); }
  void TearDown() override {
    Page().BreakRule("");
    Page().CrashAt("", 0);
    Page().StepClock(absl::ZeroDuration());
  }
};

// What a process that passes `point` `times` times comes to: its signal, or 0.
int SignalAfter(absl::string_view point, int times) {
  const pid_t child = fork();
  if (child == 0) {
    for (int i = 0; i < times; ++i) PassPoint(point);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

TEST_F(ControlPageTest, NothingDeviatesUnlessAsked) {
  EXPECT_FALSE(Deviates("cache.marks"));
  EXPECT_EQ(Page().breaks(), 0u);
}

TEST_F(ControlPageTest, OnlyTheNamedRuleIsBrokenAndCounted) {
  Page().BreakRule("cache.marks");
  EXPECT_TRUE(Deviates("cache.marks"));
  EXPECT_FALSE(Deviates("cache.mark"));
  EXPECT_TRUE(Deviates("cache.marks"));
  EXPECT_EQ(Page().breaks(), 2u);
  Page().BreakRule("");
  EXPECT_FALSE(Deviates("cache.marks"));
  EXPECT_EQ(Page().breaks(), 0u);
}

TEST_F(ControlPageTest, SeveralRulesAreBrokenTogether) {
  Page().BreakRule("redis.close+cache.key");
  EXPECT_TRUE(Deviates("redis.close"));
  EXPECT_TRUE(Deviates("cache.key"));
  EXPECT_FALSE(Deviates("redis.close+cache.key"));
  EXPECT_EQ(Page().breaks(), 1u) << "of the first";
}

TEST_F(ControlPageTest, EveryThirdTimeOnly) {
  Page().BreakRule("feed.drop/3+feed.relist");
  std::string broken;
  for (int i = 0; i < 6; ++i) broken += Deviates("feed.drop") ? 'x' : '.';
  EXPECT_TRUE(Deviates("feed.relist"));
  EXPECT_EQ(broken, "..x..x");
  EXPECT_EQ(Page().breaks(), 2u);
}

TEST_F(ControlPageTest, TheProcessEndsAtTheNthPassOfTheArmedPointOnce) {
  const uint64_t before = Page().crashes();
  Page().CrashAt("storage.after-commit", 3);
  EXPECT_EQ(SignalAfter("storage.before-commit", 9), 0);
  EXPECT_EQ(SignalAfter("storage.after-commit", 2), 0);
  EXPECT_EQ(Page().crashes(), before);
  EXPECT_EQ(SignalAfter("storage.after-commit", 1), SIGKILL) << "passes are counted over restarts";
  EXPECT_EQ(Page().crashes(), before + 1);
  EXPECT_EQ(SignalAfter("storage.after-commit", 9), 0) << "disarmed by firing";
}

TEST_F(ControlPageTest, APointTakesItsTime) {
  Page().SlowAt("feed.before-apply", absl::Milliseconds(20));
  const absl::Time before = absl::Now();
  PassPoint("feed.before-position");
  PassPoint("feed.before-apply");
  EXPECT_GE(absl::Now(), before + absl::Milliseconds(20));
  Page().SlowAt("", absl::ZeroDuration());
}

TEST_F(ControlPageTest, TheSystemClockGoesAsToldAndTheRealOneIsLeftAlone) {
  const absl::Time before = SystemClock()->Now();
  Page().StepClock(absl::Hours(-2));
  EXPECT_LT(SystemClock()->Now(), before - absl::Hours(1));
  Page().StepClock(absl::ZeroDuration());
  EXPECT_GE(SystemClock()->Now(), before - absl::Minutes(1));
}

TEST_F(ControlPageTest, AFolderThatIsNotThereIsSaid) {
  const auto page = ControlPage::Create("/nowhere/at/all/page");
  EXPECT_EQ(page.status().code(), absl::StatusCode::kNotFound) << page.status();
}

}  // namespace
}  // namespace tandem::check
