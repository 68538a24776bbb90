// `tandem report exposure` over a generated edition.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "nlohmann/json.hpp"

#include "tests/integration/cli/cli_fixture.h"

namespace tandem::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class ReportIntegrationTest : public CliIntegrationTest {
 protected:
  // The lines of the last answer.
  std::vector<nlohmann::ordered_json> Lines() {
    std::vector<nlohmann::ordered_json> lines;
    std::istringstream in(out_);
    for (std::string line; std::getline(in, line);) {
      lines.push_back(nlohmann::ordered_json::parse(line, nullptr, /*allow_exceptions=*/false));
    }
    return lines;
  }

  // What happens in the course of an edition: who is shown most often has taken on most. Houses run four funds each.
  void SpendCapacityOfTheMostShown() {
    ASSERT_EQ(RunWith({"-o", "json", "project", "list"}), kExitOk) << err_;
    const auto projects = Lines();
    std::map<std::string, int> shown;
    for (const auto& project : projects) {
      ASSERT_EQ(RunWith({"-o", "json", "match", "find", project["name"], "--limit", "5"}), kExitOk) << err_;
      for (const auto& match : Lines()) ++shown[match["investor"]];
    }
    ASSERT_EQ(RunWith({"-o", "json", "investor", "list"}), kExitOk) << err_;
    auto investors = Lines();
    std::sort(investors.begin(), investors.end(),
              [&](const auto& a, const auto& b) { return shown[a["name"]] > shown[b["name"]]; });
    std::string file;
    for (size_t i = 0; i < investors.size(); ++i) {
      investors[i]["capacity"] = i < investors.size() / 5 ? 1 : 20;
      investors[i]["organisation"] = absl::StrCat("House ", i / 4);
      absl::StrAppend(&file, investors[i].dump(), "\n");
    }
    ASSERT_EQ(RunWith({"investor", "import", folder_.Write("spent.jsonl", file)}), kExitOk) << err_;
    token_ = out_.substr(out_.find("token ") + 6);
    token_.pop_back();
  }
};

TEST_F(ReportIntegrationTest, OptionsSpreadAttentionMoreEvenly) {
  ASSERT_NO_FATAL_FAILURE(LoadDemo());
  ASSERT_NO_FATAL_FAILURE(SpendCapacityOfTheMostShown());
  const std::vector<std::string> report = {"report", "exposure", "--top", "5", "--compare", "--token", token_};
  const auto with = [&](std::vector<std::string> arguments, std::vector<std::string> more) {
    arguments.insert(arguments.begin(), {"-o", "json"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunWith(arguments);
  };
  for (const std::vector<std::string>& options :
       std::vector<std::vector<std::string>>{{"--spare-spent-capacity"},
                                             {"--most-per-owner", "1"},
                                             {"--spare-spent-capacity", "--most-per-owner", "1"}}) {
    ASSERT_EQ(with(report, options), kExitOk) << err_;
    const auto lines = Lines();
    ASSERT_EQ(lines.size(), 4u) << out_;
    const auto& plain = lines[2];
    const auto& selected = lines[3];
    ASSERT_EQ(plain["shown"], "investors");
    EXPECT_FALSE(plain["spareSpentCapacity"]);
    EXPECT_EQ(plain["subjects"], 200);
    EXPECT_EQ(plain["counterparts"], selected["counterparts"]);
    EXPECT_LT(selected["gini"].get<double>(), plain["gini"].get<double>()) << options.front();
    EXPECT_GE(selected["coverage"].get<double>(), plain["coverage"].get<double>()) << options.front();
    EXPECT_LE(selected["shareOfMostShown10Percent"].get<double>(), plain["shareOfMostShown10Percent"].get<double>());
    // Projects have no capacity: that option alone does nothing to them.
    ASSERT_EQ(lines[0]["shown"], "projects");
    if (options.size() == 1) {
      EXPECT_EQ(lines[0]["gini"], lines[1]["gini"]);
    }
  }
}

TEST_F(ReportIntegrationTest, IsReadAsTableJsonOrYaml) {
  ASSERT_NO_FATAL_FAILURE(LoadDemo());
  ASSERT_EQ(RunWith({"report", "exposure", "--token", token_}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("Projects shown to investors, the first 10 of each list\n"));
  EXPECT_THAT(out_, HasSubstr("Investors shown to projects"));
  EXPECT_THAT(out_, HasSubstr("Gini"));
  EXPECT_THAT(out_, HasSubstr("share of the most shown 10 %"));
  EXPECT_THAT(out_, Not(HasSubstr("WITH OPTIONS")));
  ASSERT_EQ(RunWith({"report", "exposure", "--most-per-owner", "1", "--compare"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("PLAIN"));
  EXPECT_THAT(out_, HasSubstr("WITH OPTIONS"));
  ASSERT_EQ(RunWith({"-o", "yaml", "report", "exposure"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("---\nshown: \"projects\"\nto: \"investors\"\ntop: 10\n"));
  EXPECT_EQ(RunWith({"report", "exposure", "--compare"}), kExitUsage);
  EXPECT_THAT(err_, HasSubstr("--most-per-owner"));
  EXPECT_EQ(RunWith({"report", "exposure", "--most-per-owner", "201"}), kExitUsage);
}

TEST_F(ReportIntegrationTest, FindShowsWhatOptionsDid) {
  ASSERT_NO_FATAL_FAILURE(LoadDemo());
  ASSERT_NO_FATAL_FAILURE(SpendCapacityOfTheMostShown());
  ASSERT_EQ(RunWith({"match", "find", "--project", "p-000004", "--limit", "50", "--most-per-owner", "1",
                     "--spare-spent-capacity", "--token", token_}),
            kExitOk)
      << err_;
  EXPECT_THAT(out_, HasSubstr("RANK  PLAIN"));
  EXPECT_THAT(out_, HasSubstr(" passed over as more of one owner\n"));
  ASSERT_EQ(RunWith({"match", "find", "--project", "p-000004", "--spare-spent-capacity", "--explain", "--limit", "50"}),
            kExitOk)
      << err_;
  EXPECT_THAT(out_, HasSubstr("spent-capacity"));
  EXPECT_THAT(out_, HasSubstr(" without options\n"));
}

}  // namespace
}  // namespace tandem::cli
