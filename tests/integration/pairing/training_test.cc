// Profiles that are learned by a run of the pairing service.
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "tandem/pairing/v1/edition_service.grpc.pb.h"
#include "tandem/pairing/v1/profile_service.grpc.pb.h"
#include "tandem/pairing/v1/run_service.grpc.pb.h"
#include "tests/integration/pairing/all_in_one_fixture.h"

namespace tandem {
namespace {

namespace pb = pairing::v1;
using Work = type::v1::Run;

class TrainingTest : public AllInOneTest {
 protected:
  void Load(int projects, int investors, bool freeze = true) {
    ASSERT_NO_FATAL_FAILURE(StartWith(OptionsOf(folder_), projects, investors));
    const auto channel = rpc::NewChannel(absl::StrCat("127.0.0.1:", all_->port()));
    profiles_ = pb::ProfileService::NewStub(channel);
    runs_ = pb::RunService::NewStub(channel);
    editions_ = pb::EditionService::NewStub(channel);
    if (!freeze) return;
    pb::FreezeStatisticsRequest request;
    request.set_parent(edition_.name);
    const auto frozen = client_->Call(editions_.get(), &pb::EditionService::Stub::FreezeStatistics, request);
    ASSERT_TRUE(frozen.ok()) << frozen.status();
    token_ = frozen->consistency_token();
  }

  pb::TrainProfileRequest Request(int64_t seed = 1) const {
    pb::TrainProfileRequest request;
    request.set_parent(edition_.name);
    request.set_seed(seed);
    request.set_consistency_token(token_);
    request.mutable_limits()->set_example_count(200);
    request.mutable_limits()->set_alternative_count(20);
    return request;
  }

  absl::StatusOr<Work> Start(const std::vector<pb::TrainProfileRequest>& messages, CallerSide side = CallerSide()) {
    grpc::ClientContext context;
    rpc::SetDeadline(&context, absl::Seconds(60));
    if (side != CallerSide()) {
      Caller caller;
      caller.side = side;
      rpc::SetCaller(&context, caller);
    }
    Work run;
    const auto writer = profiles_->TrainProfile(&context, &run);
    for (const auto& message : messages) {
      if (!writer->Write(message)) break;
    }
    writer->WritesDone();
    const absl::Status status = rpc::FromGrpc(writer->Finish());
    if (!status.ok()) return status;
    return run;
  }

  Work Await(const std::string& name) {
    pb::WaitRunRequest wait;
    wait.set_name(name);
    Work run;
    do {
      const auto waited = client_->Call(runs_.get(), &pb::RunService::Stub::WaitRun, wait);
      EXPECT_TRUE(waited.ok()) << waited.status();
      if (!waited.ok()) return Work();
      run = *waited;
    } while (run.state() < Work::STATE_SUCCEEDED);
    return run;
  }

  pb::RankingProfile Trained(const std::vector<pb::TrainProfileRequest>& messages) {
    const auto started = Start(messages);
    EXPECT_TRUE(started.ok()) << started.status();
    if (!started.ok()) return {};
    const Work run = Await(started->name());
    EXPECT_EQ(run.state(), Work::STATE_SUCCEEDED) << run.DebugString();
    pb::GetProfileRequest get;
    get.set_name(run.result());
    const auto profile = client_->Call(profiles_.get(), &pb::ProfileService::Stub::GetProfile, get);
    EXPECT_TRUE(profile.ok()) << profile.status();
    return profile.ok() ? *profile : pb::RankingProfile();
  }

  pb::TrainProfileRequest Exported() {
    pb::ExportTrainingDataRequest request;
    request.set_parent(edition_.name);
    grpc::ClientContext context;
    rpc::SetDeadline(&context, absl::Seconds(30));
    const auto stream = profiles_->ExportTrainingData(&context, request);
    pb::TrainProfileRequest message;
    message.set_parent(edition_.name);
    pb::ExportTrainingDataResponse response;
    while (stream->Read(&response)) message.mutable_past_records()->MergeFrom(response.records());
    EXPECT_TRUE(stream->Finish().ok());
    return message;
  }

  std::string token_;
  std::unique_ptr<pb::ProfileService::Stub> profiles_;
  std::unique_ptr<pb::RunService::Stub> runs_;
  std::unique_ptr<pb::EditionService::Stub> editions_;
};

TEST_F(TrainingTest, AProfileIsLearnedStoredWithWhatItKnowsAndRanksOnceChosen) {
  ASSERT_NO_FATAL_FAILURE(Load(300, 250));
  const pb::RankingProfile profile = Trained({Request()});
  EXPECT_EQ(profile.name(), edition_.name + "/profiles/trained-1");
  EXPECT_EQ(profile.run(), edition_.name + "/runs/train-1");
  EXPECT_EQ(profile.seed(), 1);
  EXPECT_EQ(profile.statistics_number(), 1);
  EXPECT_FALSE(profile.statistics_fingerprint().empty());
  EXPECT_FALSE(profile.data_fingerprint().empty());
  EXPECT_FALSE(profile.as_of_date().empty());
  EXPECT_GT(profile.counts().deal_count(), 300);
  EXPECT_GE(profile.counts().example_count(), 50);
  EXPECT_EQ(profile.counts().past_deal_count(), 0);
  EXPECT_EQ(profile.metrics_size(), 8);
  EXPECT_GT(profile.metrics(0).query_count(), 0);
  EXPECT_GT(profile.calibration_size(), 1);
  EXPECT_GT(profile.features_size(), 10);

  pb::ChooseProfileRequest choose;
  choose.set_name(profile.name());
  const auto chosen = client_->Call(profiles_.get(), &pb::ProfileService::Stub::ChooseProfile, choose);
  ASSERT_TRUE(chosen.ok()) << chosen.status();
  const std::string subject = SubjectWithMatches(edition_.investors, 5);
  ASSERT_FALSE(subject.empty());
  const auto found = client_->Find(subject, chosen->consistency_token(), 5);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->metadata().ranking_profile().substr(0, 11), "trained-1@1");
  // The score is still the sum of what is explained.
  const auto explained = client_->Explain(found->matches(0).project(), subject, chosen->consistency_token());
  ASSERT_TRUE(explained.ok()) << explained.status();
  EXPECT_EQ(explained->score(), found->matches(0).score());
}

TEST_F(TrainingTest, EqualDataDateSeedAndLimitsGiveEqualProfiles) {
  ASSERT_NO_FATAL_FAILURE(Load(200, 250));
  const pb::RankingProfile first = Trained({Request(3)});
  const pb::RankingProfile second = Trained({Request(3)});
  EXPECT_NE(first.name(), second.name());
  EXPECT_EQ(first.fingerprint(), second.fingerprint());
  EXPECT_EQ(first.data_fingerprint(), second.data_fingerprint());
}

TEST_F(TrainingTest, ExportsOfPastEditionsAreLearnedFrom) {
  ASSERT_NO_FATAL_FAILURE(Load(200, 250));
  pb::TrainProfileRequest past = Exported();
  // This edition's own export brings nothing new.
  EXPECT_EQ(Trained({Request(), past}).counts().past_deal_count(), 0);
  // The same deals as if of another edition: others made them, in other companies.
  int deals = 0;
  for (auto& record : *past.mutable_past_records()) {
    if (!record.has_deal()) continue;
    record.mutable_deal()->set_external_id(absl::StrCat("other-", record.deal().external_id()));
    record.mutable_deal()->mutable_company()->set_external_id(
        absl::StrCat("other-", record.deal().company().external_id()));
    ++deals;
  }
  const pb::RankingProfile profile = Trained({Request(), past});
  EXPECT_EQ(profile.counts().past_deal_count(), deals);
  EXPECT_GT(profile.counts().deal_count(), deals);
}

TEST_F(TrainingTest, WhatCannotBeLearnedFromIsSaid) {
  ASSERT_NO_FATAL_FAILURE(Load(20, 10));
  const auto started = Start({Request()});
  ASSERT_TRUE(started.ok()) << started.status();
  const Work run = Await(started->name());
  EXPECT_EQ(run.state(), Work::STATE_FAILED);
  EXPECT_NE(run.error().message().find("too few deals"), std::string::npos) << run.DebugString();
  EXPECT_EQ(ReasonOf(rpc::FromProto(run.error())), "STATE_CONFLICT");
  EXPECT_TRUE(run.result().empty());
}

TEST_F(TrainingTest, StatisticsComeFirst) {
  ASSERT_NO_FATAL_FAILURE(Load(20, 10, false));
  const auto started = Start({Request()});
  ASSERT_TRUE(started.ok()) << started.status();
  EXPECT_NE(Await(started->name()).error().message().find("freeze"), std::string::npos);
}

TEST_F(TrainingTest, BadRequestsStartNoRun) {
  ASSERT_NO_FATAL_FAILURE(Load(20, 10));
  EXPECT_EQ(ReasonOf(Start({}).status()), "FIELD_INVALID");
  pb::TrainProfileRequest bad = Request();
  bad.set_as_of_date("2026-02-31");
  EXPECT_EQ(ReasonOf(Start({bad}).status()), "FIELD_INVALID");
  bad = Request();
  bad.mutable_limits()->set_example_count(7);
  EXPECT_EQ(ReasonOf(Start({bad}).status()), "FIELD_INVALID");
  pb::TrainProfileRequest other = Request();
  other.set_parent("editions/other");
  EXPECT_EQ(ReasonOf(Start({Request(), other}).status()), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(Start({other}).status()), "EDITION_NOT_FOUND");
  pb::TrainProfileRequest garbage;
  garbage.set_parent(edition_.name);
  garbage.add_past_records();
  EXPECT_EQ(ReasonOf(Start({Request(), garbage}).status()), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(Start({Request()}, CallerSide::kInvestor).status()), "PERMISSION_DENIED");
  pb::ListRunsRequest list;
  list.set_parent(edition_.name);
  EXPECT_EQ(client_->Call(runs_.get(), &pb::RunService::Stub::ListRuns, list)->runs_size(), 0);
}

TEST_F(TrainingTest, ARepeatedRequestIsTheSameRunAndACancelledOneMakesNothing) {
  ASSERT_NO_FATAL_FAILURE(Load(200, 250));
  pb::TrainProfileRequest request = Request();
  request.set_request_id("0f8fad5b-d9cb-469f-a165-70867728950e");
  const auto first = Start({request});
  const auto second = Start({request});
  ASSERT_TRUE(first.ok() && second.ok()) << first.status() << second.status();
  EXPECT_EQ(first->name(), second->name());
  pb::TrainProfileRequest other = request;
  other.set_seed(99);
  EXPECT_EQ(ReasonOf(Start({other}).status()), "REQUEST_ID_REUSED");

  const auto waiting = Start({Request(5)});
  ASSERT_TRUE(waiting.ok()) << waiting.status();
  pb::CancelRunRequest cancel;
  cancel.set_name(waiting->name());
  ASSERT_TRUE(client_->Call(runs_.get(), &pb::RunService::Stub::CancelRun, cancel).ok());
  const Work ended = Await(waiting->name());
  if (ended.state() != Work::STATE_SUCCEEDED) {  // unless it was done before it heard
    EXPECT_EQ(ended.state(), Work::STATE_CANCELLED);
    EXPECT_TRUE(ended.result().empty());
  }
  EXPECT_EQ(Await(first->name()).state(), Work::STATE_SUCCEEDED);
}

}  // namespace
}  // namespace tandem
