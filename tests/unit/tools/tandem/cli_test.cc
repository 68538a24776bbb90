#include "tools/tandem/cli.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tools/tandem/exit_code.h"

namespace tandem::cli {
namespace {

using testing::HasSubstr;

class CliTest : public testing::Test {
 protected:
  CliTest() {
    terminal_.out = &out_;
    terminal_.err = &err_;
  }
  int RunWith(const std::vector<std::string>& arguments) { return cli::Run(arguments, terminal_); }

  std::ostringstream out_;
  std::ostringstream err_;
  Terminal terminal_;
};

TEST_F(CliTest, HelpHasExamplesAndExitCodes) {
  EXPECT_EQ(RunWith({"--help"}), kExitOk);
  EXPECT_THAT(out_.str(), HasSubstr("Examples:"));
  EXPECT_THAT(out_.str(), HasSubstr("3  an import went through"));
}

TEST_F(CliTest, EveryGroupHasExamples) {
  for (const char* group :
       {"project", "investor", "deal", "edition", "taxonomy", "match", "demo-data", "status", "admin"}) {
    out_.str("");
    EXPECT_EQ(RunWith({group, "--help"}), kExitOk) << group;
    EXPECT_THAT(out_.str(), HasSubstr("Example")) << group;
  }
}

TEST_F(CliTest, ImportHelpListsTheColumns) {
  EXPECT_EQ(RunWith({"project", "import", "--help"}), kExitOk);
  EXPECT_THAT(out_.str(), HasSubstr("ask_currency"));
}

TEST_F(CliTest, VersionIsPrinted) {
  EXPECT_EQ(RunWith({"--version"}), kExitOk);
  EXPECT_THAT(out_.str(), HasSubstr("tandem "));
}

TEST_F(CliTest, AWrongCommandLineIsAUsageError) {
  EXPECT_EQ(RunWith({}), kExitUsage);
  EXPECT_EQ(RunWith({"projects"}), kExitUsage);
  EXPECT_EQ(RunWith({"match", "find"}), kExitUsage);
  EXPECT_EQ(RunWith({"-o", "xml", "status"}), kExitUsage);
  EXPECT_EQ(RunWith({"match", "find", "p-1"}), kExitUsage);
  EXPECT_EQ(RunWith({"project", "list"}), kExitUsage);
  EXPECT_EQ(RunWith({"admin", "export", "--out", "f", "--data", "d", "--postgres", "p"}), kExitUsage);
  EXPECT_EQ(RunWith({"admin", "import", "--data", "d"}), kExitUsage);
  EXPECT_EQ(RunWith({"admin", "export", "--out", "f", "--data", "d", "--only", "none"}), kExitUsage);
  EXPECT_EQ(RunWith({"project", "review", "p-1", "--publish", "--reject"}), kExitUsage);
}

TEST_F(CliTest, AnUnreachableServiceIsSaidInOneSentenceWithAHint) {
  EXPECT_EQ(RunWith({"--server", "127.0.0.1:1", "--timeout", "2", "edition", "list"}), kExitError);
  EXPECT_THAT(err_.str(), HasSubstr("--server"));
}

TEST_F(CliTest, GlobalOptionsMayFollowTheCommand) {
  EXPECT_EQ(RunWith({"edition", "list", "--server", "127.0.0.1:1", "--timeout", "2"}), kExitError);
}

}  // namespace
}  // namespace tandem::cli
