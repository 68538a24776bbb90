// TrainingTest: AllInOneTest with statistics frozen, ready to learn profiles.
#ifndef TANDEM_TESTS_INTEGRATION_PAIRING_TRAINING_FIXTURE_H_
#define TANDEM_TESTS_INTEGRATION_PAIRING_TRAINING_FIXTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "tandem/pairing/v1/edition_service.grpc.pb.h"
#include "tandem/pairing/v1/profile_service.grpc.pb.h"
#include "tandem/pairing/v1/run_service.grpc.pb.h"
#include "tests/integration/pairing/all_in_one_fixture.h"

namespace tandem {

class TrainingTest : public AllInOneTest {
 protected:
  using Work = type::v1::Run;

  void Load(int projects, int investors, bool freeze = true) {
    ASSERT_NO_FATAL_FAILURE(StartWith(OptionsOf(folder_), projects, investors));
    const auto channel = rpc::NewChannel(absl::StrCat("127.0.0.1:", all_->port()));
    profiles_ = pairing::v1::ProfileService::NewStub(channel);
    runs_ = pairing::v1::RunService::NewStub(channel);
    editions_ = pairing::v1::EditionService::NewStub(channel);
    if (!freeze) return;
    pairing::v1::FreezeStatisticsRequest request;
    request.set_parent(edition_.name);
    const auto frozen = client_->Call(editions_.get(), &pairing::v1::EditionService::Stub::FreezeStatistics, request);
    ASSERT_TRUE(frozen.ok()) << frozen.status();
    token_ = frozen->consistency_token();
    statistics_ = *frozen;
  }

  pairing::v1::TrainProfileRequest Request(int64_t seed = 1) const {
    pairing::v1::TrainProfileRequest request;
    request.set_parent(edition_.name);
    request.set_seed(seed);
    request.set_consistency_token(token_);
    request.mutable_limits()->set_example_count(200);
    request.mutable_limits()->set_alternative_count(20);
    return request;
  }

  absl::StatusOr<Work> Start(const std::vector<pairing::v1::TrainProfileRequest>& messages,
                             CallerSide side = CallerSide()) {
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
    pairing::v1::WaitRunRequest wait;
    wait.set_name(name);
    Work run;
    do {
      const auto waited = client_->Call(runs_.get(), &pairing::v1::RunService::Stub::WaitRun, wait);
      EXPECT_TRUE(waited.ok()) << waited.status();
      if (!waited.ok()) return Work();
      run = *waited;
    } while (run.state() < Work::STATE_SUCCEEDED);
    return run;
  }

  pairing::v1::RankingProfile Trained(const std::vector<pairing::v1::TrainProfileRequest>& messages) {
    const auto started = Start(messages);
    EXPECT_TRUE(started.ok()) << started.status();
    if (!started.ok()) return {};
    const Work run = Await(started->name());
    EXPECT_EQ(run.state(), Work::STATE_SUCCEEDED) << run.DebugString();
    pairing::v1::GetProfileRequest get;
    get.set_name(run.result());
    const auto profile = client_->Call(profiles_.get(), &pairing::v1::ProfileService::Stub::GetProfile, get);
    EXPECT_TRUE(profile.ok()) << profile.status();
    return profile.ok() ? *profile : pairing::v1::RankingProfile();
  }

  pairing::v1::TrainProfileRequest Exported() {
    pairing::v1::ExportTrainingDataRequest request;
    request.set_parent(edition_.name);
    grpc::ClientContext context;
    rpc::SetDeadline(&context, absl::Seconds(30));
    const auto stream = profiles_->ExportTrainingData(&context, request);
    pairing::v1::TrainProfileRequest message;
    message.set_parent(edition_.name);
    pairing::v1::ExportTrainingDataResponse response;
    while (stream->Read(&response)) message.mutable_past_records()->MergeFrom(response.records());
    EXPECT_TRUE(stream->Finish().ok());
    return message;
  }

  std::string token_;
  pairing::v1::Statistics statistics_;
  std::unique_ptr<pairing::v1::ProfileService::Stub> profiles_;
  std::unique_ptr<pairing::v1::RunService::Stub> runs_;
  std::unique_ptr<pairing::v1::EditionService::Stub> editions_;
};

}  // namespace tandem

#endif  // TANDEM_TESTS_INTEGRATION_PAIRING_TRAINING_FIXTURE_H_
