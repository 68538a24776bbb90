// Ranking profiles as the edition's organiser uses them.
#include <gtest/gtest.h>
#include <memory>

#include "services/pairing/editions/profile_log.h"
#include "services/pairing/matching/profile_codec.h"
#include "tandem/pairing/v1/profile_service.grpc.pb.h"
#include "tandem/pairing/v1/run_service.grpc.pb.h"
#include "tests/integration/pairing/all_in_one_fixture.h"

namespace tandem {
namespace {

namespace pb = pairing::v1;
using Stub = pb::ProfileService::Stub;

class ProfilesTest : public AllInOneTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(StartWith(OptionsOf(folder_), 60, 30));
    const auto channel = rpc::NewChannel(absl::StrCat("127.0.0.1:", all_->port()));
    profiles_ = pb::ProfileService::NewStub(channel);
    runs_ = pb::RunService::NewStub(channel);
  }

  // Adds a profile by which every pair is worth nothing but what `signal` says.
  std::string Make(pb::Signal signal) {
    pb::RankingProfile made = pairing::matching::ToProto(pairing::matching::DefaultProfile(), edition_.name);
    for (pb::SignalWeight& weight : *made.mutable_weights()) {
      if (weight.signal() != signal) weight.set_weight_thousandths(0);
    }
    const auto kept = pairing::ProfileLog(all_->store("editions"), SystemClock()).Add("e", made);
    EXPECT_TRUE(kept.ok()) << kept.status();
    return kept.ok() ? kept->profile.name() : "";
  }

  absl::StatusOr<pb::Edition> Choose(const std::string& name, const std::string& etag = "",
                                     const std::string& request_id = "") {
    pb::ChooseProfileRequest request;
    request.set_name(name);
    request.set_etag(etag);
    request.set_reason("to see");
    request.set_request_id(request_id);
    return client_->Call(profiles_.get(), &Stub::ChooseProfile, request);
  }

  absl::StatusOr<pb::Edition> RollBack(const std::string& request_id = "") {
    pb::RollBackProfileRequest request;
    request.set_name(edition_.name);
    request.set_request_id(request_id);
    return client_->Call(profiles_.get(), &Stub::RollBackProfile, request);
  }

  std::string ProfileOf(const std::string& token) {
    const auto found = client_->Find(edition_.projects[0], token);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? found->metadata().ranking_profile() : "";
  }

  std::unique_ptr<Stub> profiles_;
  std::unique_ptr<pb::RunService::Stub> runs_;
};

TEST_F(ProfilesTest, AChosenProfileRanksFromItsTokenOnAndCanBeRolledBack) {
  const std::string shipped = ProfileOf("");
  const std::string name = Make(pb::SIGNAL_CAPACITY);
  const auto chosen = Choose(name);
  ASSERT_TRUE(chosen.ok()) << chosen.status();
  EXPECT_EQ(chosen->ranking_profile(), "trained-1");
  EXPECT_EQ(chosen->ranking_profile_reason(), "to see");
  EXPECT_EQ(chosen->previous_ranking_profile(), "default");
  EXPECT_EQ(ProfileOf(chosen->consistency_token()).substr(0, 11), "trained-1@1");
  const auto back = RollBack();
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->ranking_profile(), "default");
  EXPECT_EQ(ProfileOf(back->consistency_token()), shipped);
  EXPECT_EQ(RollBack()->ranking_profile(), "trained-1") << "back and forth";
}

TEST_F(ProfilesTest, ChoosingAndRollingBackAreRepeatableAndGuarded) {
  const std::string name = Make(pb::SIGNAL_CAPACITY);
  EXPECT_EQ(ReasonOf(RollBack().status()), "STATE_CONFLICT");
  EXPECT_EQ(ReasonOf(Choose(name, "stale").status()), "ETAG_MISMATCH");
  EXPECT_EQ(ReasonOf(Choose(edition_.name + "/profiles/trained-9").status()), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Choose("editions/none/profiles/default").status()), "EDITION_NOT_FOUND");
  const std::string once = "0f8fad5b-d9cb-469f-a165-70867728950e";
  ASSERT_TRUE(Choose(name).ok());
  const auto first = RollBack(once);
  const auto second = RollBack(once);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->etag(), second->etag());
  EXPECT_EQ(second->ranking_profile(), "default");

  grpc::ClientContext context;
  Caller caller;
  caller.side = CallerSide::kProject;
  rpc::SetCaller(&context, caller);
  pb::ChooseProfileRequest request;
  request.set_name(name);
  pb::Edition edition;
  EXPECT_EQ(ReasonOf(rpc::FromGrpc(profiles_->ChooseProfile(&context, request, &edition))), "PERMISSION_DENIED");
}

TEST_F(ProfilesTest, ProfilesAreListedReadAndCompared) {
  const std::string name = Make(pb::SIGNAL_CAPACITY);
  Make(pb::SIGNAL_TEXT);
  pb::ListProfilesRequest list;
  list.set_parent(edition_.name);
  list.set_page_size(1);
  const auto page = client_->Call(profiles_.get(), &Stub::ListProfiles, list);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->profiles_size(), 1);
  EXPECT_EQ(page->profiles(0).name(), name);
  EXPECT_FALSE(page->next_page_token().empty());
  pb::GetProfileRequest get;
  get.set_name(name);
  const auto read = client_->Call(profiles_.get(), &Stub::GetProfile, get);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_FALSE(read->consistency_token().empty());

  pb::CompareProfilesRequest compare;
  compare.set_first_profile(edition_.name + "/profiles/default");
  compare.set_second_profile(edition_.name + "/profiles/default");
  auto compared = client_->Call(profiles_.get(), &Stub::CompareProfiles, compare);
  ASSERT_TRUE(compared.ok()) << compared.status();
  ASSERT_EQ(compared->agreements_size(), 2);
  for (const auto& agreement : compared->agreements()) {
    EXPECT_GT(agreement.subject_count(), 0);
    EXPECT_EQ(agreement.overlap_at_10_millionths(), 1'000'000);
    EXPECT_EQ(agreement.kendall_tau_millionths(), 1'000'000);
  }
  EXPECT_EQ(compared->first_weights_size(), 0);
  compare.set_second_profile(name);
  compared = client_->Call(profiles_.get(), &Stub::CompareProfiles, compare);
  ASSERT_TRUE(compared.ok()) << compared.status();
  EXPECT_LT(compared->agreements(0).kendall_tau_millionths(), 1'000'000);
  EXPECT_GT(compared->first_weights_size(), 0);
  EXPECT_EQ(ProfileOf("").substr(0, 9), "default@1") << "comparing changes nothing";
  compare.set_second_profile("editions/other/profiles/default");
  EXPECT_EQ(ReasonOf(client_->Call(profiles_.get(), &Stub::CompareProfiles, compare).status()), "FIELD_INVALID");
}

TEST_F(ProfilesTest, TrainingDataIsExportedInTheSameFormEveryTime) {
  const auto exported = [&] {
    pb::ExportTrainingDataRequest request;
    request.set_parent(edition_.name);
    grpc::ClientContext context;
    rpc::SetDeadline(&context, absl::Seconds(30));
    const auto stream = profiles_->ExportTrainingData(&context, request);
    std::vector<std::string> records;
    pb::ExportTrainingDataResponse response;
    while (stream->Read(&response)) {
      for (const auto& record : response.records()) records.push_back(record.SerializeAsString());
    }
    EXPECT_TRUE(stream->Finish().ok());
    return records;
  };
  const auto first = exported();
  EXPECT_GT(first.size(), 30u);
  EXPECT_EQ(first, exported());
}

TEST_F(ProfilesTest, ThereIsNoRunUntilOneIsStarted) {
  pb::ListRunsRequest list;
  list.set_parent(edition_.name);
  const auto runs = client_->Call(runs_.get(), &pb::RunService::Stub::ListRuns, list);
  ASSERT_TRUE(runs.ok()) << runs.status();
  EXPECT_EQ(runs->runs_size(), 0);
  pb::WaitRunRequest wait;
  wait.set_name(edition_.name + "/runs/train-1");
  EXPECT_EQ(ReasonOf(client_->Call(runs_.get(), &pb::RunService::Stub::WaitRun, wait).status()), "RESOURCE_NOT_FOUND");
}

}  // namespace
}  // namespace tandem
