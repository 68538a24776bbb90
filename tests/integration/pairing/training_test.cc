// Profiles that are learned by a run of the pairing service.
#include <gtest/gtest.h>
#include <string>

#include "tests/integration/pairing/training_fixture.h"

namespace tandem {
namespace {

namespace pb = pairing::v1;

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
