#include "common/rpc/raw_unary.h"

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
#include "common/rpc/worker_service.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"
#include "tests/unit/common/rpc/served_fixture.h"

namespace tandem::rpc {
namespace {

using projects::v1::GetProjectRequest;
using projects::v1::Project;
using projects::v1::ProjectService;

// Answers at once for names that begin with `quick`, else by its workers; `blocks` waits until it is let go.
class NameService final : public WorkerService<ProjectService> {
 public:
  NameService() {
    OnBytes("GetProject", [this](grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                 grpc::ByteBuffer* response) { return GetProject(context, request, response); });
  }
  grpc::ServerUnaryReactor* GetProject(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) {
    const auto answer = [](const GetProjectRequest& valid) {
      Project name, summary;
      name.set_name(valid.name());
      summary.set_organisation(std::string(1'000, 'x'));
      return ResponseParts{std::make_shared<const std::string>(name.SerializeAsString()), nullptr,
                           std::make_shared<const std::string>(summary.SerializeAsString())};
    };
    const auto known = [&](const GetProjectRequest& any) -> absl::optional<absl::StatusOr<ResponseParts>> {
      if (any.name() == "editions/a/projects/quick-throws") throw std::runtime_error("secret");
      if (any.name().find("/quick") == std::string::npos) return absl::nullopt;
      ++quick_;
      return absl::StatusOr<ResponseParts>(answer(any));
    };
    const auto admit = [](const Caller& caller, const GetProjectRequest&) {
      if (caller.actor != "banned") return absl::OkStatus();
      return MakeError(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED", "banned", {});
    };
    const auto work = [this, answer](const Caller&, const GetProjectRequest& valid) -> absl::StatusOr<ResponseParts> {
      ++worked_;
      if (valid.name() == "editions/a/projects/throws") throw std::runtime_error("secret");
      if (valid.name() == "editions/a/projects/missing") {
        return MakeError(absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND", "no such project", {});
      }
      if (valid.name() == "editions/a/projects/blocks") gate_.Pass();
      return answer(valid);
    };
    const auto choose = [this, context](const GetProjectRequest& any) {
      if (any.name() == "editions/a/projects/waits") waits_until_ = DeadlineOf(*context);
      return &workers_;
    };
    return ServeRaw<GetProjectRequest>(context, request, response, known, choose, admit, work);
  }

  Gate* gate() { return &gate_; }
  size_t waiting() const { return workers_.waiting(); }
  // Until when the server lets the call `waits` wait, a little after its caller has left.
  std::chrono::steady_clock::time_point waits_until() const { return waits_until_; }
  int quick() const { return quick_; }
  int worked() const { return worked_; }

 private:
  Gate gate_;
  std::atomic<int> quick_{0}, worked_{0};
  std::atomic<std::chrono::steady_clock::time_point> waits_until_{};
  Workers workers_{{2, 1}};
};

using RawUnaryTest = ServedTest<NameService>;

TEST_F(RawUnaryTest, AnswersInPartsFromEitherSide) {
  for (const std::string name : {"editions/a/projects/quick", "editions/a/projects/slow"}) {
    const auto project = Get(name);
    ASSERT_TRUE(project.ok()) << project.status();
    EXPECT_EQ(project->name(), name);
    EXPECT_EQ(project->organisation().size(), 1'000u);
  }
  EXPECT_EQ(service_.quick(), 1);
}

TEST_F(RawUnaryTest, RefusesWhatServeRefuses) {
  EXPECT_EQ(ReasonOf("nonsense"), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf("editions/a/projects/p", {"x", CallerSide::kOperator, "editions/b", {}}), "PERMISSION_DENIED");
  EXPECT_EQ(ReasonOf("editions/a/projects/missing"), "RESOURCE_NOT_FOUND");
}

TEST_F(RawUnaryTest, WhatIsKnownIsGivenToAdmittedCallersOnly) {
  EXPECT_EQ(GetErrorDetail(Get("editions/a/projects/quick/").status()).reason, "FIELD_INVALID");
  EXPECT_EQ(
      GetErrorDetail(Get("editions/a/projects/quick", {"x", CallerSide::kOperator, "editions/b", {}}).status()).reason,
      "PERMISSION_DENIED");
  for (const char* name : {"editions/a/projects/quick", "editions/a/projects/slow"}) {
    const absl::Status status = Get(name, {"banned", CallerSide::kOperator, "", {}}).status();
    EXPECT_EQ(GetErrorDetail(status).reason, "PERMISSION_DENIED") << name;
  }
  EXPECT_EQ(service_.worked(), 0);
}

TEST_F(RawUnaryTest, AnExceptionIsInternalAndSaysNothing) {
  for (const std::string name : {"editions/a/projects/throws", "editions/a/projects/quick-throws"}) {
    const absl::Status status = Get(name).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
    EXPECT_EQ(status.message().find("secret"), absl::string_view::npos);
  }
}

TEST_F(RawUnaryTest, BytesThatAreNoRequestAreRefused) {
  grpc::GenericStub stub(server_->InProcessChannel());
  for (const std::string& bytes : {std::string("\x0a\xff"), std::string("\x0a\x02\xc3\x28", 4)}) {
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    const grpc::Slice slice(bytes);
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
  }
}

TEST_F(RawUnaryTest, WhenTooManyWaitTheNextIsRefusedAtOnceWithADelayAndQuickAnswersGoOn) {
  std::vector<std::thread> callers;
  for (int i = 0; i < 2; ++i) {
    callers.emplace_back([&] { EXPECT_TRUE(Get("editions/a/projects/blocks").ok()); });
  }
  service_.gate()->AwaitHeld(2);
  callers.emplace_back([&] { EXPECT_TRUE(Get("editions/a/projects/waits").ok()); });
  while (service_.waiting() < 1) std::this_thread::yield();
  const absl::Status refused = Get("editions/a/projects/too-many").status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorDetail(refused).reason, "OVERLOADED");
  EXPECT_GT(GetErrorDetail(refused).retry_delay, absl::ZeroDuration());
  EXPECT_TRUE(Get("editions/a/projects/quick").ok());
  service_.gate()->Open();
  for (std::thread& caller : callers) caller.join();
}

TEST_F(RawUnaryTest, ACallWhoseDeadlinePassesBeforeItsTurnIsNotWorkedOn) {
  std::vector<std::thread> callers;
  for (int i = 0; i < 2; ++i) {
    callers.emplace_back([&] { EXPECT_TRUE(Get("editions/a/projects/blocks").ok()); });
  }
  service_.gate()->AwaitHeld(2);
  EXPECT_EQ(Get("editions/a/projects/waits", {}, std::chrono::milliseconds(500)).status().code(),
            absl::StatusCode::kDeadlineExceeded);
  ASSERT_EQ(service_.waiting(), 1u);
  while (std::chrono::steady_clock::now() <= service_.waits_until()) std::this_thread::yield();
  service_.gate()->Open();
  for (std::thread& caller : callers) caller.join();
  while (service_.waiting() > 0) std::this_thread::yield();
  EXPECT_TRUE(Get("editions/a/projects/slow").ok());
  EXPECT_EQ(service_.worked(), 3) << "both that blocked and the last one";
}

TEST(ParseBytesTest, SlicesAreReadAsOne) {
  Project sent;
  sent.set_name("editions/a/projects/p");
  sent.set_organisation(std::string(100'000, 'x'));
  const std::string bytes = sent.SerializeAsString();
  const auto cut = [](const std::string& all, size_t step) {
    std::vector<grpc::Slice> slices;
    for (size_t at = 0; at < all.size(); at += step) slices.emplace_back(all.substr(at, step));
    return grpc::ByteBuffer(slices.data(), slices.size());
  };
  for (const size_t step : {size_t{1}, size_t{7}, size_t{8192}, bytes.size() - 1, bytes.size()}) {
    Project read;
    EXPECT_TRUE(ParseBytes(cut(bytes, step), &read)) << step;
    EXPECT_EQ(read.SerializeAsString(), bytes) << step;
    EXPECT_FALSE(ParseBytes(cut(bytes.substr(0, bytes.size() - 1), step), &read)) << step;
  }
  Project read;
  EXPECT_FALSE(ParseBytes(grpc::ByteBuffer(), &read));
}

}  // namespace
}  // namespace tandem::rpc
