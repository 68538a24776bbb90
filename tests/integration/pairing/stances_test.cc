// What is said in the ledger shows in lists and explanations, at every replica, from the token of the write on.
#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/storage/postgres/schema.h"
#include "tandem/pairing/v1/ledger_service.grpc.pb.h"
#include "tests/integration/pairing/all_in_one_fixture.h"
#include "tests/support/postgres/server.h"

namespace tandem {
namespace {

namespace pb = pairing::v1;

class StancesTest : public AllInOneTest {
 protected:
  // A pair that is a match.
  void Begin() {
    ledger_ = pb::LedgerService::NewStub(rpc::NewChannel(absl::StrCat("127.0.0.1:", all_->port())));
    project_ = SubjectWithMatches(edition_.projects, 3);
    ASSERT_FALSE(project_.empty());
    investor_ = ListOf(client_.get(), project_, "").front();
  }

  // Returns the token of the write, after which nothing older is shown.
  std::string Say(pb::Side side, pb::StanceKind kind, const std::string& project, const std::string& investor) {
    pb::SetStanceRequest request;
    request.set_project(project);
    request.set_investor(investor);
    request.set_side(side);
    request.set_kind(kind);
    const auto said = client_->Call(ledger_.get(), &pb::LedgerService::Stub::SetStance, request);
    EXPECT_TRUE(said.ok()) << said.status();
    return said.ok() ? said->consistency_token() : "";
  }
  std::string Say(pb::Side side, pb::StanceKind kind) { return Say(side, kind, project_, investor_); }

  // Names of the whole list.
  static std::vector<std::string> ListOf(ZoneClient* client, const std::string& subject, const std::string& token) {
    const auto found = client->Find(subject, token, 200);
    EXPECT_TRUE(found.ok()) << found.status();
    std::vector<std::string> names;
    if (!found.ok()) return names;
    const bool of_project = subject.find("/projects/") != std::string::npos;
    for (const pb::Match& match : found->matches()) names.push_back(of_project ? match.investor() : match.project());
    EXPECT_EQ(static_cast<size_t>(found->metadata().total_size()), names.size());
    return names;
  }
  static bool Lists(ZoneClient* client, const std::string& subject, const std::string& counterpart,
                    const std::string& token) {
    const std::vector<std::string> names = ListOf(client, subject, token);
    return std::find(names.begin(), names.end(), counterpart) != names.end();
  }

  pb::MatchExplanation Explain(CallerSide side, const std::string& token) {
    grpc::ClientContext context;
    Caller caller;
    caller.side = side;
    rpc::SetCaller(&context, caller);
    rpc::SetDeadline(&context, absl::Seconds(30));
    pb::ExplainMatchRequest request;
    request.set_project(project_);
    request.set_investor(investor_);
    request.mutable_consistency()->set_at_least_as_fresh(token);
    pb::MatchExplanation explanation;
    const grpc::Status status = client_->pairing()->ExplainMatch(&context, request, &explanation);
    EXPECT_TRUE(status.ok()) << status.error_message();
    explanation.clear_consistency_token();
    return explanation;
  }

  std::unique_ptr<pb::LedgerService::Stub> ledger_;
  std::string project_, investor_;
};

class StancesOfOneTest : public StancesTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(StartWith(OptionsOf(folder_), 60, 30));
    ASSERT_NO_FATAL_FAILURE(Begin());
  }
};

TEST_F(StancesOfOneTest, WhatIsSkippedIsGoneFromTheNextListAndBackWhenItIsTakenBack) {
  const std::vector<std::string> of_project = ListOf(client_.get(), project_, "");
  for (int round = 0; round < 3; ++round) {
    std::string token = Say(pb::SIDE_INVESTOR, pb::STANCE_KIND_SKIPPED);
    EXPECT_FALSE(Lists(client_.get(), investor_, project_, token));
    EXPECT_EQ(ListOf(client_.get(), project_, token), of_project) << "a skip is private";
    token = Say(pb::SIDE_INVESTOR, pb::STANCE_KIND_UNSPECIFIED);
    EXPECT_TRUE(Lists(client_.get(), investor_, project_, token));
  }
}

TEST_F(StancesOfOneTest, ABlockTakesBothOutOfEachOthersLists) {
  std::string token = Say(pb::SIDE_PROJECT, pb::STANCE_KIND_BLOCKED);
  EXPECT_FALSE(Lists(client_.get(), investor_, project_, token));
  EXPECT_FALSE(Lists(client_.get(), project_, investor_, token));
  token = Say(pb::SIDE_PROJECT, pb::STANCE_KIND_UNSPECIFIED);
  EXPECT_TRUE(Lists(client_.get(), investor_, project_, token));
  EXPECT_TRUE(Lists(client_.get(), project_, investor_, token));
}

TEST_F(StancesOfOneTest, AnExplanationTellsASideOnlyWhatItSaidItself) {
  const pb::MatchExplanation before = Explain(CallerSide::kProject, "");
  ASSERT_TRUE(before.eligible());
  EXPECT_EQ(before.rank_for_project(), 1);
  for (const pb::StanceKind kind : {pb::STANCE_KIND_SKIPPED, pb::STANCE_KIND_BLOCKED}) {
    const std::string token = Say(pb::SIDE_INVESTOR, kind);
    EXPECT_EQ(Explain(CallerSide::kProject, token).DebugString(), before.DebugString()) << "nothing is betrayed";
    for (const CallerSide side : {CallerSide::kInvestor, CallerSide::kOrganiser, CallerSide::kOperator}) {
      const pb::MatchExplanation told = Explain(side, token);
      EXPECT_FALSE(told.eligible());
      EXPECT_EQ(told.gates(0).kind(), pb::Gate::KIND_STANCE);
      EXPECT_EQ(told.gates(0).side(), type::v1::SIDE_INVESTOR);
      EXPECT_EQ(told.gates(0).result(), pb::Gate::RESULT_FAIL);
      EXPECT_EQ(told.gates(0).investor_value(), kind == pb::STANCE_KIND_SKIPPED ? "skipped" : "blocked");
      EXPECT_EQ(told.rank_for_project(), 0);
      EXPECT_EQ(told.score(), before.score());
    }
  }
}

TEST_F(StancesOfOneTest, ASideAsksForTheListsOfItsOwnSideOnly) {
  for (const CallerSide side : {CallerSide::kProject, CallerSide::kInvestor, CallerSide::kOrganiser}) {
    for (const std::string& subject : {project_, investor_}) {
      const bool allowed = side == CallerSide::kOrganiser || (side == CallerSide::kProject) == (subject == project_);
      Caller caller;
      caller.side = side;
      grpc::ClientContext context;
      rpc::SetCaller(&context, caller);
      pb::FindMatchesRequest request;
      request.set_subject(subject);
      pb::FindMatchesResponse response;
      const absl::Status found = rpc::FromGrpc(client_->pairing()->FindMatches(&context, request, &response));
      EXPECT_EQ(ReasonOf(found), allowed ? "" : "PERMISSION_DENIED");
      grpc::ClientContext batch_context;
      rpc::SetCaller(&batch_context, caller);
      pb::BatchFindMatchesRequest batch;
      batch.set_parent(edition_.name);
      batch.add_subjects(subject);
      const auto stream = client_->pairing()->BatchFindMatches(&batch_context, batch);
      pb::BatchFindMatchesResponse each;
      while (stream->Read(&each)) {
      }
      EXPECT_EQ(ReasonOf(rpc::FromGrpc(stream->Finish())), allowed ? "" : "PERMISSION_DENIED");
    }
  }
}

TEST_F(StancesOfOneTest, PagesGoOnWithoutThoseWhoAreGone) {
  const std::vector<std::string> all = ListOf(client_.get(), project_, "");
  const std::string token = Say(pb::SIDE_PROJECT, pb::STANCE_KIND_SKIPPED, project_, all[1]);
  std::vector<std::string> paged;
  std::string page_token;
  do {
    const auto page = client_->Find(project_, token, 1, page_token);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(static_cast<size_t>(page->metadata().total_size()), all.size() - 1);
    for (const pb::Match& match : page->matches()) paged.push_back(match.investor());
    page_token = page->next_page_token();
  } while (!page_token.empty());
  std::vector<std::string> wanted = all;
  wanted.erase(wanted.begin() + 1);
  EXPECT_EQ(paged, wanted);
}

TEST_F(StancesOfOneTest, AnInvestorWithoutAPlaceLeftRanksDown) {
  investors::v1::UpdateInvestorRequest update;
  update.mutable_investor()->set_name(investor_);
  update.mutable_investor()->set_capacity(1);
  update.mutable_update_mask()->add_paths("capacity");
  const auto updated =
      client_->Call(client_->investors(), &investors::v1::InvestorService::Stub::UpdateInvestor, update);
  ASSERT_TRUE(updated.ok()) << updated.status();
  const auto score = [&](const std::string& token) -> int64_t {
    const auto found = client_->Find(project_, token, 200);
    EXPECT_TRUE(found.ok()) << found.status();
    for (const pb::Match& match : found->matches()) {
      if (match.investor() == investor_) return match.score();
    }
    return 0;
  };
  const int64_t before = score(updated->consistency_token());
  const std::string other = ListOf(client_.get(), investor_, "").back();
  Say(pb::SIDE_PROJECT, pb::STANCE_KIND_INTERESTED, other, investor_);
  const std::string token = Say(pb::SIDE_INVESTOR, pb::STANCE_KIND_INTERESTED, other, investor_);
  EXPECT_EQ(score(token), before - 2'000'000);
  EXPECT_EQ(score(Say(pb::SIDE_INVESTOR, pb::STANCE_KIND_UNSPECIFIED, other, investor_)), before);
}

TEST_F(StancesOfOneTest, OnlyOperatorsWatchEditionsWithPairings) {
  Say(pb::SIDE_INVESTOR, pb::STANCE_KIND_SKIPPED);
  for (const CallerSide side :
       {CallerSide::kOperator, CallerSide::kOrganiser, CallerSide::kProject, CallerSide::kInvestor}) {
    for (const bool include : {false, true}) {
      grpc::ClientContext context;
      Caller caller;
      caller.side = side;
      rpc::SetCaller(&context, caller);
      rpc::SetDeadline(&context, absl::Seconds(30));
      pb::WatchEditionsRequest request;
      request.set_include_pairings(include);
      const auto stream = client_->editions()->WatchEditions(&context, request);
      pb::WatchEditionsResponse response;
      int pairings = 0;
      bool whole = false;
      while (!whole && stream->Read(&response)) {
        for (const auto& change : response.changes()) pairings += change.has_pairing();
        whole = !response.resume_token().empty();
      }
      if (whole) context.TryCancel();
      const absl::Status end = rpc::FromGrpc(stream->Finish());
      const bool allowed = !include || side == CallerSide::kOperator;
      EXPECT_EQ(whole, allowed);
      EXPECT_EQ(pairings, include && allowed ? 1 : 0);
      EXPECT_EQ(ReasonOf(end) == "PERMISSION_DENIED", !allowed);
    }
  }
}

class StancesOfReplicasTest : public StancesTest {
 protected:
  void SetUp() override {
    auto server = PostgresServer::Start();
    if (absl::IsUnavailable(server.status())) GTEST_SKIP() << server.status().message();
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    for (const char* schema : {"tandem_projects", "tandem_investors", "tandem_editions"}) {
      ASSERT_TRUE(postgres::Migrate(server_->connection(), schema).ok());
    }
    AllInOneOptions options = OptionsOf(folder_);
    options.folder.store = "postgres";
    options.folder.postgres = server_->connection();
    ASSERT_NO_FATAL_FAILURE(StartWith(options, 40, 20));
    auto started = StartAllInOne(options);
    ASSERT_TRUE(started.ok()) << started.status();
    other_ = *std::move(started);
    ASSERT_TRUE(other_->WaitUntilReady(In(std::chrono::seconds(30))).ok());
    other_client_ = std::make_unique<ZoneClient>(rpc::NewChannel(absl::StrCat("127.0.0.1:", other_->port())));
    ASSERT_NO_FATAL_FAILURE(Begin());
  }
  // The database goes last.
  void TearDown() override {
    client_.reset();
    all_.reset();
    other_client_.reset();
    other_.reset();
  }

  std::unique_ptr<PostgresServer> server_;
  std::unique_ptr<AllInOne> other_;
  std::unique_ptr<ZoneClient> other_client_;
};

TEST_F(StancesOfReplicasTest, WhatIsSaidThroughOneIsGoneAtTheOtherByItsToken) {
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(Lists(other_client_.get(), investor_, project_, "") || i > 0);
    const std::string said = Say(pb::SIDE_PROJECT, i % 2 == 0 ? pb::STANCE_KIND_SKIPPED : pb::STANCE_KIND_BLOCKED);
    EXPECT_FALSE(Lists(other_client_.get(), project_, investor_, said));
    EXPECT_EQ(Lists(other_client_.get(), investor_, project_, said), i % 2 == 0);
    const std::string back = Say(pb::SIDE_PROJECT, pb::STANCE_KIND_UNSPECIFIED);
    EXPECT_TRUE(Lists(other_client_.get(), project_, investor_, back));
    EXPECT_TRUE(Lists(other_client_.get(), investor_, project_, back));
  }
}

}  // namespace
}  // namespace tandem
