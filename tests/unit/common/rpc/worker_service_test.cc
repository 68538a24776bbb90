#include "common/rpc/worker_service.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"

#include "common/base/status.h"
#include "tandem/pairing/v1/profile_service.grpc.pb.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"
#include "tests/unit/common/rpc/served_fixture.h"

namespace tandem::rpc {
namespace {

using projects::v1::GetProjectRequest;
using projects::v1::ListProjectsRequest;
using projects::v1::ListProjectsResponse;
using projects::v1::Project;
using projects::v1::ProjectService;
using projects::v1::WatchProjectsRequest;
using projects::v1::WatchProjectsResponse;
using std::chrono::milliseconds;

WorkerOptions Few() {
  WorkerOptions options;
  options.calls = {1, 2};
  options.waiting = {1, 1};
  options.watches = {2, 0};
  return options;
}

// Answers by the last part of the name: `blocks` and every listing wait at the gate.
class FewWorkers final : public WorkerService<ProjectService> {
 public:
  FewWorkers() : WorkerService(Few()) {
    On("GetProject", &FewWorkers::GetProject);
    On("ListProjects", &FewWorkers::ListProjects, Pool::kWaiting);
    On("WatchProjects", &FewWorkers::WatchProjects, Pool::kWatches);
  }

  Gate gate;
  std::atomic<int> worked{0};
  std::atomic<bool> left{false};  // a watch was told that its caller is gone
  size_t waiting() { return WorkersOf(Pool::kCalls)->waiting(); }

 private:
  grpc::Status GetProject(grpc::ServerContextBase* context, const GetProjectRequest* request, Project* response) {
    if (request->name() == "editions/a/projects/throws") throw std::runtime_error("secret");
    return Serve(context, *request, response,
                 [this](const Caller& caller, const GetProjectRequest& valid) -> absl::StatusOr<Project> {
                   ++worked;
                   if (valid.name() == "editions/a/projects/blocks") gate.Pass();
                   Project project;
                   project.set_name(valid.name());
                   project.set_etag(caller.actor);
                   return project;
                 });
  }
  grpc::Status ListProjects(grpc::ServerContextBase*, const ListProjectsRequest*, ListProjectsResponse*) {
    gate.Pass();
    return grpc::Status::OK;
  }
  // Sends what the token says, for ever if it says so.
  grpc::Status WatchProjects(grpc::ServerContextBase*, const WatchProjectsRequest* request,
                             StreamWriter<WatchProjectsResponse>* writer) {
    WatchProjectsResponse response;
    for (int i = 0; i < 3 || request->resume_token() == "for ever"; ++i) {
      response.set_resume_token(std::to_string(i));
      if (!writer->Write(response)) {
        left = true;
        break;
      }
    }
    return grpc::Status(grpc::StatusCode::OUT_OF_RANGE, "that was it");
  }
};

class WorkerServiceTest : public ServedTest<FewWorkers> {
 protected:
  // Occupies the one thread for calls.
  std::thread Block() {
    std::thread caller([this] { EXPECT_TRUE(Get("editions/a/projects/blocks").ok()); });
    service_.gate.AwaitHeld(1);
    return caller;
  }
  // The server knows of a cancellation, and of the end of a deadline, a little after the caller; nobody is shown when.
  static void LetTheServerHear() { std::this_thread::sleep_for(milliseconds(200)); }
  void AwaitWaiting(size_t count) {
    while (service_.waiting() != count) std::this_thread::yield();
  }
};

TEST_F(WorkerServiceTest, AnswersOnAWorker) {
  Caller caller;
  caller.actor = "people/7";
  const auto project = Get("editions/a/projects/p", caller);
  ASSERT_TRUE(project.ok()) << project.status();
  EXPECT_EQ(project->name(), "editions/a/projects/p");
  EXPECT_EQ(project->etag(), "people/7");
  EXPECT_EQ(ReasonOf("nonsense"), "FIELD_INVALID");
}

TEST_F(WorkerServiceTest, AnExceptionIsInternalAndSaysNothing) {
  const absl::Status status = Get("editions/a/projects/throws").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(status.message(), "internal error");
}

TEST_F(WorkerServiceTest, WhenTooManyWaitTheNextIsRefusedAtOnceWithADelay) {
  std::vector<std::thread> callers;
  callers.push_back(Block());
  for (int i = 0; i < 2; ++i) {
    callers.emplace_back([&] { EXPECT_EQ(Get("editions/a/projects/waits").status(), absl::OkStatus()); });
  }
  AwaitWaiting(2);
  // Undecodable too: what is refused is not looked at.
  const absl::Status refused = Get("nonsense").status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorDetail(refused).reason, "OVERLOADED");
  EXPECT_GT(GetErrorDetail(refused).retry_delay, absl::ZeroDuration());
  service_.gate.Open();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(service_.worked, 3);
}

TEST_F(WorkerServiceTest, WhatWaitsForOthersLeavesTheThreadsToTheRest) {
  std::thread lister([&] {
    grpc::ClientContext context;
    ListProjectsResponse response;
    EXPECT_TRUE(stub_->ListProjects(&context, {}, &response).ok());
  });
  service_.gate.AwaitHeld(1);
  EXPECT_TRUE(Get("editions/a/projects/p").ok());
  service_.gate.Open();
  lister.join();
}

TEST_F(WorkerServiceTest, ACallWhoseDeadlinePassesBeforeItsTurnIsNotWorkedOn) {
  std::thread blocker = Block();
  EXPECT_EQ(Get("editions/a/projects/p", {}, milliseconds(50)).status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(service_.waiting(), 1u);
  LetTheServerHear();
  service_.gate.Open();
  blocker.join();
  EXPECT_TRUE(Get("editions/a/projects/p").ok());
  EXPECT_EQ(service_.worked, 2) << "the blocker and the last one";
}

TEST_F(WorkerServiceTest, ACallThatIsCancelledBeforeItsTurnIsNotWorkedOn) {
  std::thread blocker = Block();
  grpc::ClientContext context;
  std::thread cancelled(
      [&] { EXPECT_EQ(Get("editions/a/projects/p", {}, &context).status().code(), absl::StatusCode::kCancelled); });
  AwaitWaiting(1);
  context.TryCancel();
  cancelled.join();
  LetTheServerHear();
  service_.gate.Open();
  blocker.join();
  EXPECT_TRUE(Get("editions/a/projects/p").ok());
  EXPECT_EQ(service_.worked, 2) << "the blocker and the last one";
}

TEST_F(WorkerServiceTest, ADrainAnswersWhatIsQueued) {
  std::vector<std::thread> callers;
  callers.push_back(Block());
  for (int i = 0; i < 2; ++i) {
    callers.emplace_back([&] { EXPECT_EQ(Get("editions/a/projects/waits").status(), absl::OkStatus()); });
  }
  AwaitWaiting(2);
  std::thread drain([&] { server_->Drain(); });
  std::this_thread::sleep_for(milliseconds(50));
  service_.gate.Open();
  drain.join();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(service_.worked, 3);
}

TEST_F(WorkerServiceTest, AnEndWithoutDrainDropsWhatIsQueued) {
  std::thread blocker([this] { EXPECT_FALSE(Get("editions/a/projects/blocks").ok()); });
  service_.gate.AwaitHeld(1);
  std::thread waiter([&] { EXPECT_FALSE(Get("editions/a/projects/waits").ok()); });
  AwaitWaiting(1);
  std::thread end([&] { server_.reset(); });
  blocker.join();
  waiter.join();
  LetTheServerHear();
  service_.gate.Open();
  end.join();
  EXPECT_EQ(service_.worked, 1);
}

TEST_F(WorkerServiceTest, BytesThatAreNoRequestAreRefused) {
  grpc::GenericStub stub(server_->InProcessChannel());
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const grpc::Slice slice(std::string("\x0a\xff"));
  auto call = stub.PrepareUnaryCall(&context, "/tandem.projects.v1.ProjectService/GetProject",
                                    grpc::ByteBuffer(&slice, 1), &queue);
  call->StartCall();
  grpc::ByteBuffer response;
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  ASSERT_TRUE(queue.Next(&tag, &ok));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(service_.worked, 0);
}

TEST_F(WorkerServiceTest, AStreamBringsEverythingInOrderAndThenItsStatus) {
  grpc::ClientContext context;
  const auto reader = stub_->WatchProjects(&context, {});
  WatchProjectsResponse response;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(reader->Read(&response));
    EXPECT_EQ(response.resume_token(), std::to_string(i));
  }
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::OUT_OF_RANGE);
}

TEST_F(WorkerServiceTest, AStreamEndsWhenItsCallerLeaves) {
  WatchProjectsRequest request;
  request.set_resume_token("for ever");
  grpc::ClientContext context;
  const auto reader = stub_->WatchProjects(&context, request);
  WatchProjectsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  context.TryCancel();
  while (reader->Read(&response)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  while (!service_.left) std::this_thread::yield();
}

// Counts the records that it is sent, up to the first that is of the profile `enough`.
class Counter final : public WorkerService<pairing::v1::ProfileService> {
 public:
  Counter() { On("TrainProfile", &Counter::TrainProfile); }

 private:
  grpc::Status TrainProfile(grpc::ServerContextBase*, StreamReader<pairing::v1::TrainProfileRequest>* reader,
                            type::v1::Run* response) {
    pairing::v1::TrainProfileRequest request;
    int count = 0;
    while (request.parent() != "enough" && reader->Read(&request)) ++count;
    response->set_name(std::to_string(count));
    return grpc::Status::OK;
  }
};

TEST(WorkerServiceStreamTest, ReadsWhatACallerSends) {
  Counter service;
  ServerOptions options;
  options.services = {{pairing::v1::ProfileService::service_full_name(), &service}};
  const auto server = Server::Start(options);
  ASSERT_TRUE(server.ok()) << server.status();
  const auto stub = pairing::v1::ProfileService::NewStub((*server)->InProcessChannel());
  for (const char* parent : {"all", "enough"}) {
    grpc::ClientContext context;
    type::v1::Run run;
    const auto writer = stub->TrainProfile(&context, &run);
    pairing::v1::TrainProfileRequest request;
    request.set_parent(parent);
    const int count = request.parent() == "enough" ? 1 : 3;
    for (int i = 0; i < count; ++i) ASSERT_TRUE(writer->Write(request));
    writer->WritesDone();
    ASSERT_TRUE(writer->Finish().ok());
    EXPECT_EQ(run.name(), std::to_string(count));
  }
}

}  // namespace
}  // namespace tandem::rpc
