#include "common/rpc/serve.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "gtest/gtest.h"

#include "common/base/ambient_deadline.h"
#include "common/base/status.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"
#include "tests/unit/common/rpc/served_fixture.h"

namespace tandem::rpc {
namespace {

using projects::v1::GetProjectRequest;
using projects::v1::Project;
using projects::v1::ProjectService;

// Until the ambient deadline.
int32_t SecondsLeft() {
  const auto left = AmbientDeadline::Current() - std::chrono::steady_clock::now();
  return static_cast<int32_t>(std::chrono::duration_cast<std::chrono::seconds>(left).count());
}

// Answers by the last part of the name.
class NameService final : public ProjectService::Service {
 public:
  grpc::Status GetProject(grpc::ServerContext* context, const GetProjectRequest* request, Project* response) override {
    return Serve(context, *request, response,
                 [](const Caller& caller, const GetProjectRequest& valid) -> absl::StatusOr<Project> {
                   if (valid.name() == "editions/a/projects/throws") throw std::runtime_error("secret");
                   if (valid.name() == "editions/a/projects/throws-other") throw 7;
                   if (valid.name() == "editions/a/projects/missing") {
                     return MakeError(absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND", "no such project",
                                      {{"resource", valid.name()}});
                   }
                   if (valid.name() == "editions/a/projects/late") {
                     // As what waits until it has to give up.
                     std::this_thread::sleep_until(AmbientDeadline::Current() - std::chrono::milliseconds(100));
                     return MakeError(absl::StatusCode::kUnavailable, "NOT_READY", "not in time", {});
                   }
                   Project project;
                   project.set_name(valid.name());
                   project.set_etag(caller.actor);
                   project.set_team_size(SecondsLeft());
                   return project;
                 });
  }
};

using ServeTest = ServedTest<NameService>;

TEST_F(ServeTest, HandsTheCallerToTheWorkAndItsAnswerBack) {
  Caller caller;
  caller.actor = "people/7";
  caller.side = CallerSide::kInvestor;
  caller.edition = "editions/a";
  caller.roles = {"analyst"};
  const auto project = Get("editions/a/projects/p", caller);
  ASSERT_TRUE(project.ok()) << project.status();
  EXPECT_EQ(project->name(), "editions/a/projects/p");
  EXPECT_EQ(project->etag(), "people/7");
}

TEST_F(ServeTest, ChecksTheRequestTheEditionAndTheMetadata) {
  EXPECT_EQ(ReasonOf(""), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf("projects/p"), "FIELD_INVALID");
  Caller caller;
  caller.edition = "editions/b";
  const absl::Status denied = Get("editions/a/projects/p", caller).status();
  EXPECT_EQ(denied.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(GetErrorDetail(denied).metadata[1].second, "GetProject");
  caller.edition = "b";
  EXPECT_EQ(ReasonOf("editions/a/projects/p", caller), "FIELD_INVALID");
}

TEST_F(ServeTest, TheDeadlineOfTheCallHoldsForWhateverItsThreadDoes) {
  const auto project = Get("editions/a/projects/p");
  ASSERT_TRUE(project.ok()) << project.status();
  EXPECT_GT(project->team_size(), 90);
  EXPECT_LE(project->team_size(), 100);
  EXPECT_EQ(AmbientDeadline::Current(), AmbientDeadline::TimePoint::max());
}

TEST_F(ServeTest, PassesOnTheErrorsOfTheWork) {
  EXPECT_EQ(ReasonOf("editions/a/projects/missing"), "RESOURCE_NOT_FOUND");
}

TEST_F(ServeTest, AStrayExceptionIsInternalAndSecret) {
  for (const char* name : {"editions/a/projects/throws", "editions/a/projects/throws-other"}) {
    const absl::Status status = Get(name).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
    EXPECT_EQ(status.message(), "internal error");
  }
}

TEST_F(ServeTest, AnUnavailableAnswerThatComesLateIsNotTriedAgainOverItsReason) {
  stub_ = ProjectService::NewStub(NewChannel(server_->addresses().front()));
  const absl::Status status = Get("editions/a/projects/late", {}, std::chrono::seconds(1)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_EQ(GetErrorDetail(status).reason, "NOT_READY");
}

}  // namespace
}  // namespace tandem::rpc
