// The command line as an operator uses it, against the three services in this process.
#include "tools/tandem/cli.h"

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "services/pairing/editions/profile_log.h"
#include "services/pairing/matching/profile_codec.h"
#include "tests/integration/cli/cli_fixture.h"
#include "tools/tandem/exit_code.h"

namespace tandem::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST_F(CliIntegrationTest, DemoDataIsImportedAndMatched) {
  LoadDemo();
  EXPECT_THAT(out_, HasSubstr("projects: 200 created, 0 updated, 0 unchanged, 0 rejected"));
  EXPECT_THAT(err_, HasSubstr("frozen over 200 projects"));
  // It covers the editions, the projects and the investors, so nothing is waited for in vain.
  EXPECT_THAT(token_, HasSubstr(","));
  EXPECT_EQ(RunWith({"status", "--token", token_}), kExitOk);
  EXPECT_THAT(out_, HasSubstr("pairing    serving"));
  EXPECT_THAT(out_, HasSubstr("EFFECTS DONE"));
  EXPECT_EQ(RunWith({"match", "find", "--project", "p-000004", "--limit", "3", "--token", token_}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("(73 take part) as of 2026-11-20"));
  EXPECT_EQ(RunWith({"match", "find", "investors/i-0003", "--explain", "--limit", "1"}), kExitOk) << err_;
  EXPECT_EQ(RunWith({"match", "explain", "--project", "p-000004", "--investor", "i-0003"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("total"));
  EXPECT_THAT(out_, HasSubstr("investor.deployment"));
}

TEST_F(CliIntegrationTest, DemoFilesGoInThroughImportsAndASecondTimeChangeNothing) {
  const std::string out = folder_.Write("token", "") + ".files";
  ASSERT_EQ(RunWith({"demo-data", "--projects", "30", "--investors", "10", "--out", out}), kExitOk) << err_;
  ASSERT_EQ(RunWith({"edition", "create", "demo", "--file", out + "/edition.json"}), kExitOk) << err_;
  ASSERT_EQ(RunWith({"taxonomy", "import", out + "/taxonomy.json"}), kExitOk) << err_;
  const std::string token = out_.substr(out_.find("token ") + 6, out_.size() - out_.find("token ") - 7);
  ASSERT_EQ(RunWith({"--token", token, "investor", "import", out + "/investors.jsonl", "--verify"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("investors: 10 created"));
  const std::string investors_token = out_.substr(out_.find("token ") + 6, out_.size() - out_.find("token ") - 7);
  ASSERT_EQ(RunWith({"deal", "import", out + "/deals.jsonl"}), kExitOk) << err_;
  ASSERT_EQ(RunWith({"--token", token, "project", "import", out + "/projects.jsonl", "--publish"}), kExitOk) << err_;
  const std::string projects_token = out_.substr(out_.find("token ") + 6, out_.size() - out_.find("token ") - 7);
  ASSERT_EQ(RunWith({"match", "find", "--project", "p-000001", "--token", investors_token, "--token", projects_token}),
            kExitOk)
      << err_;
  EXPECT_THAT(out_, HasSubstr("(10 take part)"));
  ASSERT_EQ(RunWith({"project", "import", out + "/projects.jsonl", "--publish"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("projects: 0 created, 0 updated, 30 unchanged, 0 rejected"));
  std::filesystem::remove_all(out);
}

TEST_F(CliIntegrationTest, WhatTheServiceRefusesIsSetAside) {
  LoadDemo();
  const std::string file = folder_.Write("projects.csv",
                                         "external_id,language,title,sectors,ask_target,ask_currency,country\n"
                                         "n-1,zh-Hans,新项目,tandem-demo/1:ENE-BAT,2500000.50,CNY,CN\n"
                                         "n-2,en,No such country,tandem-demo/1:ENE-BAT,1,CNY,XQ\n"
                                         "n-3,en,Too many decimals,tandem-demo/1:ENE-BAT,1.234,CNY,CN\n"
                                         "n-4,en,\"Half wri");
  EXPECT_EQ(RunWith({"project", "import", file, "--publish"}), kExitPartial) << err_;
  EXPECT_THAT(out_, HasSubstr("1 created, 0 updated, 0 unchanged, 3 rejected"));
  const std::string rejected = folder_.Read(file + ".rejected.jsonl");
  EXPECT_THAT(rejected, HasSubstr("\"line\":3,\"external_id\":\"n-2\""));
  EXPECT_THAT(rejected, HasSubstr("country_code"));
  EXPECT_THAT(rejected, HasSubstr("ask_target: '1.234' has more than 2 decimals"));
  EXPECT_THAT(rejected, HasSubstr("half-written"));
  EXPECT_EQ(RunWith({"-o", "json", "project", "get", "n-1"}), kExitOk);
  EXPECT_THAT(out_, HasSubstr("\"targetMinor\":\"250000050\""));
  EXPECT_THAT(out_, HasSubstr("STATE_PUBLISHED"));
}

TEST_F(CliIntegrationTest, WhatIsListedAsJsonCanBeImported) {
  LoadDemo();
  ASSERT_EQ(RunWith({"-o", "json", "investor", "list"}), kExitOk);
  const std::string file = folder_.Write("investors.jsonl", out_);
  ASSERT_EQ(RunWith({"investor", "import", file, "--verify"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("0 created, 0 updated, 80 unchanged, 0 rejected"));
}

TEST_F(CliIntegrationTest, TheLifeOfAProject) {
  LoadDemo();
  EXPECT_EQ(RunWith({"project", "pause", "p-000001"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("is paused"));
  EXPECT_EQ(RunWith({"project", "pause", "p-000001"}), kExitError);
  EXPECT_THAT(err_, HasSubstr("STATE_CONFLICT"));
  EXPECT_EQ(RunWith({"project", "resume", "p-000001", "--external-id"}), kExitOk) << err_;
  EXPECT_EQ(RunWith({"project", "delete", "p-000001"}), kExitOk) << err_;
  EXPECT_EQ(RunWith({"project", "list"}), kExitOk);
  EXPECT_THAT(out_, Not(HasSubstr("p-000001")));
  EXPECT_EQ(RunWith({"project", "undelete", "p-000001"}), kExitOk) << err_;
  EXPECT_EQ(RunWith({"project", "withdraw", "p-000001"}), kExitOk) << err_;
  EXPECT_EQ(RunWith({"project", "review", "p-000002", "--reject"}), kExitError);
  EXPECT_THAT(err_, HasSubstr("reason"));
  EXPECT_EQ(RunWith({"investor", "pause", "i-0001"}), kExitOk) << err_;
  EXPECT_EQ(RunWith({"project", "get", "p-999999"}), kExitError);
  EXPECT_THAT(err_, HasSubstr("p-999999"));
}

TEST_F(CliIntegrationTest, EditionsAndDeals) {
  LoadDemo();
  EXPECT_EQ(RunWith({"edition", "update", "demo", "--reference-date", "2026-11-21"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("2026-11-21"));
  EXPECT_EQ(RunWith({"edition", "list"}), kExitOk);
  EXPECT_EQ(RunWith({"edition", "freeze-statistics"}), kExitOk);
  EXPECT_THAT(out_, HasSubstr("Statistics 2 of editions/demo"));
  EXPECT_EQ(RunWith({"taxonomy", "list"}), kExitOk);
  EXPECT_THAT(out_, HasSubstr("tandem-demo"));
  EXPECT_EQ(RunWith({"-o", "yaml", "deal", "list", "--limit", "1"}), kExitOk);
  const size_t name = out_.find("editions/demo");
  EXPECT_EQ(RunWith({"deal", "delete", out_.substr(name, out_.find('"', name) - name)}), kExitOk) << err_;
}

TEST_F(CliIntegrationTest, ProfilesAndRuns) {
  LoadDemo();
  pairing::v1::RankingProfile made = pairing::matching::ToProto(pairing::matching::DefaultProfile(), "editions/demo");
  made.mutable_weights(0)->set_weight_thousandths(5000);
  ASSERT_TRUE(pairing::ProfileLog(all_->store("editions"), SystemClock()).Add("demo", made).ok());
  EXPECT_EQ(RunWith({"profile", "list"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("default    now"));
  EXPECT_THAT(out_, HasSubstr("trained-1"));
  EXPECT_EQ(RunWith({"profile", "show", "trained-1"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("fingerprint"));
  EXPECT_EQ(RunWith({"profile", "diff", "default", "trained-1", "--sample", "5", "--token", token_}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("projects-for-investor"));
  EXPECT_THAT(out_, HasSubstr("KENDALL TAU"));
  EXPECT_EQ(RunWith({"profile", "rollback"}), kExitError);
  EXPECT_THAT(err_, HasSubstr("STATE_CONFLICT"));
  EXPECT_EQ(RunWith({"profile", "choose", "trained-1", "--reason", "to try"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("editions/demo ranks by trained-1; before it was default"));
  EXPECT_EQ(RunWith({"profile", "rollback"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("editions/demo ranks by default; before it was trained-1"));
  EXPECT_EQ(RunWith({"profile", "choose", "trained-7"}), kExitError);
  EXPECT_THAT(err_, HasSubstr("ListProfiles"));
  EXPECT_EQ(RunWith({"edition", "update", "demo", "--ranking-profile", "trained-7"}), kExitError);
  EXPECT_THAT(err_, HasSubstr("must be a profile of this edition"));
  EXPECT_EQ(RunWith({"profile", "export-training-data", "--token", token_}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("{\"investor\":"));
  EXPECT_THAT(out_, HasSubstr("{\"deal\":"));
  EXPECT_EQ(RunWith({"run", "list"}), kExitOk) << err_;
  EXPECT_EQ(RunWith({"run", "show", "train-1"}), kExitError);
  EXPECT_THAT(err_, HasSubstr("RESOURCE_NOT_FOUND"));
}

TEST_F(CliIntegrationTest, TrainingSaysWhatCameOfIt) {
  ASSERT_EQ(RunWith({"demo-data", "--seed", "1", "--projects", "100", "--investors", "300", "--import"}), kExitOk)
      << err_;
  EXPECT_EQ(RunWith({"train", "--seed", "4", "--examples", "100", "--choose", "--reason", "learned"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("editions/demo/runs/train-1 succeeded: made editions/demo/profiles/trained-1"));
  EXPECT_THAT(out_, HasSubstr("editions/demo ranks by trained-1; before it was default"));
  EXPECT_EQ(RunWith({"profile", "export-training-data"}), kExitOk) << err_;
  const std::string past = folder_.Write("past.jsonl", out_);
  EXPECT_EQ(RunWith({"train", "--examples", "100", "--past", past}), kExitOk) << err_;
  EXPECT_EQ(RunWith({"train", "--as-of", "1999-01-01"}), kExitError);
  EXPECT_THAT(err_, HasSubstr("too few deals"));
  EXPECT_EQ(RunWith({"train", "--past", folder_.Write("bad.jsonl", "{}\n{\"deal\": 7}\n")}), kExitError);
  EXPECT_THAT(err_, HasSubstr("bad.jsonl:2: not a line of `profile export-training-data`"));
  EXPECT_EQ(RunWith({"train", "--no-wait", "--choose"}), kExitUsage);
  EXPECT_EQ(RunWith({"train", "--no-wait"}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("editions/demo/runs/train-4"));
  EXPECT_EQ(RunWith({"run", "wait", "train-4"}), kExitOk) << err_;
}

}  // namespace
}  // namespace tandem::cli
