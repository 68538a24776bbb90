#include "common/base/program_id.h"

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <unistd.h>

#include "gtest/gtest.h"

namespace tandem {
namespace {

TEST(ProgramIdTest, IsTheDigestOfTheProgramsFile) {
  const std::string command = "sha256sum /proc/" + std::to_string(getpid()) + "/exe";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  ASSERT_NE(pipe, nullptr);
  std::array<char, 65> digest{};
  ASSERT_NE(fgets(digest.data(), digest.size(), pipe.get()), nullptr);
  EXPECT_EQ(ProgramId(), std::string(digest.data()));
}

}  // namespace
}  // namespace tandem
