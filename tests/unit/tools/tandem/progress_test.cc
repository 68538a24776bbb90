#include "tools/tandem/progress.h"

#include <sstream>

#include "gtest/gtest.h"

namespace tandem::cli {
namespace {

TEST(ProgressTest, AShortRunSaysNothing) {
  std::ostringstream err;
  Terminal terminal;
  terminal.err = &err;
  Progress progress(&terminal, "import", 100);
  progress.Update(50, "half");
  progress.Clear();
  EXPECT_EQ(err.str(), "");
  EXPECT_GE(progress.Seconds(), 0.001);
}

}  // namespace
}  // namespace tandem::cli
