#include "tools/tandem/interrupt.h"

#include <csignal>
#include <future>

#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

TEST(InterruptTest, ASignalCallsWhatIsToBeCalledInsteadOfEndingTheProcess) {
  for (const int signal : {SIGINT, SIGTERM}) {
    Interrupt interrupt;
    std::promise<void> called;
    interrupt.Call([&called] { called.set_value(); });
    EXPECT_FALSE(interrupt.came());
    std::raise(signal);
    called.get_future().wait();
    EXPECT_TRUE(interrupt.came());
    interrupt.Call(nullptr);
  }
}

TEST(InterruptTest, WhoIsThereAfterTheSignalIsCalledAtOnce) {
  Interrupt interrupt;
  std::promise<void> first;
  interrupt.Call([&first] { first.set_value(); });
  std::raise(SIGINT);
  first.get_future().wait();
  bool called = false;
  interrupt.Call([&called] { called = true; });
  EXPECT_TRUE(called);
  interrupt.Call(nullptr);
}

TEST(InterruptTest, AfterwardsSignalsAreWhatTheyWere) {
  struct sigaction before, after;
  sigaction(SIGINT, nullptr, &before);
  { Interrupt interrupt; }
  sigaction(SIGINT, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
}

}  // namespace
}  // namespace tandem::cli
