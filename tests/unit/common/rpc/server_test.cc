#include "common/rpc/server.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"

#include "common/base/status.h"
#include "common/rpc/call_context.h"
#include "common/rpc/channel.h"
#include "common/rpc/status_conversion.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"

namespace tandem::rpc {
namespace {

using projects::v1::GetProjectRequest;
using projects::v1::Project;
using projects::v1::ProjectService;
using ::testing::HasSubstr;

// Answers with the name that was asked for; its watch goes on until the gate closes or the caller leaves.
class EchoService final : public ProjectService::Service {
 public:
  explicit EchoService(WatchGate* gate) : gate_(gate) {}
  grpc::Status GetProject(grpc::ServerContext* context, const GetProjectRequest* request, Project* response) override {
    deadline_left = DeadlineOf(*context) - std::chrono::steady_clock::now();
    response->set_name(request->name());
    return grpc::Status::OK;
  }
  grpc::Status WatchProjects(grpc::ServerContext* context, const projects::v1::WatchProjectsRequest*,
                             grpc::ServerWriter<projects::v1::WatchProjectsResponse>* writer) override {
    auto pass = gate_->Enter();
    if (!pass.ok()) return ToGrpc(pass.status());
    writer->Write({});
    while (!gate_->closed() && !context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return grpc::Status::OK;
  }
  std::atomic<std::chrono::steady_clock::duration> deadline_left{};

 private:
  WatchGate* gate_;
};

class ServerTest : public ::testing::Test {
 protected:
  ServerOptions Options(std::vector<std::string> addresses) {
    ServerOptions options;
    options.addresses = std::move(addresses);
    options.services = {{ProjectService::service_full_name(), &service_}};
    options.watches = &gate_;
    return options;
  }

  static absl::Status Get(const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    SetDeadline(&context, absl::Seconds(10));
    GetProjectRequest request;
    request.set_name("editions/a/projects/p");
    Project project;
    return FromGrpc(ProjectService::NewStub(channel)->GetProject(&context, request, &project));
  }

  // The raw answer of grpc.health.v1: field 1 is the status, 1 SERVING and 2 NOT_SERVING.
  static std::string Health(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
    const std::string bytes =
        service.empty() ? "" : absl::StrCat(std::string("\x0a"), std::string(1, char(service.size())), service);
    return RawCall(channel, "/grpc.health.v1.Health/Check", bytes);
  }

  static std::string RawCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                             const std::string& bytes) {
    grpc::GenericStub stub(channel);
    grpc::ClientContext context;
    SetDeadline(&context, absl::Seconds(10));
    grpc::Slice slice(bytes);
    grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::CompletionQueue queue;
    grpc::Status status;
    auto call = stub.PrepareUnaryCall(&context, method, request, &queue);
    call->StartCall();
    call->Finish(&response, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    if (!status.ok()) return status.error_message();
    std::vector<grpc::Slice> slices;
    EXPECT_TRUE(response.Dump(&slices).ok());
    std::string all;
    for (const auto& part : slices) all.append(reinterpret_cast<const char*>(part.begin()), part.size());
    return all;
  }

  WatchGate gate_{2};
  EchoService service_{&gate_};
};

const std::string kServing("\x08\x01");
const std::string kNotServing("\x08\x02");

TEST_F(ServerTest, ServesOnAnyFreePortAndInProcess) {
  auto server = Server::Start(Options({"127.0.0.1:0"}));
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_GT((*server)->port(), 0);
  EXPECT_EQ((*server)->addresses().front(), absl::StrCat("127.0.0.1:", (*server)->port()));
  EXPECT_TRUE(Get(NewChannel((*server)->addresses().front())).ok());
  EXPECT_TRUE(Get((*server)->InProcessChannel()).ok());
}

TEST_F(ServerTest, ServesOnAUnixSocket) {
  const std::string address = absl::StrCat("unix:", ::testing::TempDir(), "tandem-", getpid(), ".sock");
  auto server = Server::Start(Options({address, "127.0.0.1:0"}));
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_TRUE(Get(NewChannel(address)).ok());
  const auto second = Server::Start(Options({address}));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("in use"));
  EXPECT_TRUE(Get(NewChannel(address)).ok()) << "the second server took the socket away";
}

TEST_F(ServerTest, SaysThatThePortIsInUse) {
  auto first = Server::Start(Options({"127.0.0.1:0"}));
  ASSERT_TRUE(first.ok());
  const auto second = Server::Start(Options({(*first)->addresses().front()}));
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr(absl::StrCat("cannot listen on ", (*first)->addresses().front(), ": the address is in use")));
}

TEST_F(ServerTest, ListensBeyondLoopbackOnlyWhenTheNetworkIsTrusted) {
  for (const char* address : {"0.0.0.0:0", "[::]:0"}) {
    EXPECT_EQ(Server::Start(Options({address})).status().code(), absl::StatusCode::kFailedPrecondition) << address;
  }
  ServerOptions options = Options({"0.0.0.0:0"});
  options.trust_network = true;
  auto server = Server::Start(options);
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_TRUE(Get(NewChannel(absl::StrCat("127.0.0.1:", (*server)->port()))).ok());
}

TEST_F(ServerTest, RefusesMalformedAddressesAndHalfTls) {
  for (const char* address : {"", "7401", ":7401", "127.0.0.1:", "127.0.0.1:65536", "::1:7401", "unix:relative"}) {
    EXPECT_EQ(Server::Start(Options({address})).status().code(), absl::StatusCode::kInvalidArgument) << address;
  }
  ServerOptions options = Options({"127.0.0.1:0"});
  options.tls.certificate = "cert.pem";
  EXPECT_FALSE(Server::Start(options).ok());
}

TEST_F(ServerTest, HealthFollowsReadinessAndDraining) {
  auto server = Server::Start(Options({"127.0.0.1:0"}));
  ASSERT_TRUE(server.ok());
  const auto channel = NewChannel((*server)->addresses().front());
  const std::string name = ProjectService::service_full_name();
  EXPECT_EQ(Health(channel, ""), kNotServing);
  EXPECT_EQ(Health(channel, name), kNotServing);
  (*server)->SetReady(true);
  EXPECT_EQ(Health(channel, ""), kServing);
  EXPECT_EQ(Health(channel, name), kServing);
  std::string while_draining;
  (*server)->OnDrain([&] { while_draining = Health(channel, name); });
  (*server)->Drain();
  EXPECT_EQ(while_draining, kNotServing);
}

TEST_F(ServerTest, ReflectionListsTheServices) {
  auto server = Server::Start(Options({"127.0.0.1:0"}));
  ASSERT_TRUE(server.ok());
  // ServerReflectionRequest{list_services: "*"}.
  const std::string answer =
      RawCall(NewChannel((*server)->addresses().front()),
              "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", std::string("\x3a\x01*"));
  EXPECT_THAT(answer, HasSubstr("tandem.projects.v1.ProjectService"));
}

TEST_F(ServerTest, DrainEndsWatchesWithOkAndRefusesNewCalls) {
  ServerOptions options = Options({"127.0.0.1:0"});
  options.drain = absl::Seconds(60);
  auto server = Server::Start(options);
  ASSERT_TRUE(server.ok());
  const auto channel = NewChannel((*server)->addresses().front());
  const auto stub = ProjectService::NewStub(channel);
  grpc::ClientContext context;
  auto reader = stub->WatchProjects(&context, {});
  projects::v1::WatchProjectsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  const auto begin = std::chrono::steady_clock::now();
  (*server)->Drain();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(Get(channel).code(), absl::StatusCode::kUnavailable);
  (*server)->Drain();
}

TEST_F(ServerTest, ADrainOfLessThanASecondIsNotNone) {
  ServerOptions options = Options({"127.0.0.1:0"});
  options.drain = absl::Milliseconds(999);
  auto server = Server::Start(options);
  ASSERT_TRUE(server.ok());
  const auto stub = ProjectService::NewStub(NewChannel((*server)->addresses().front()));
  grpc::ClientContext context;
  auto reader = stub->WatchProjects(&context, {});
  projects::v1::WatchProjectsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  (*server)->Drain();
  EXPECT_FALSE(reader->Read(&response));
  const grpc::Status end = reader->Finish();
  EXPECT_TRUE(end.ok()) << end.error_message();
}

TEST_F(ServerTest, DrainWaitsForNoHealthWatcherAndNoIdleClient) {
  ServerOptions options = Options({"127.0.0.1:0"});
  options.drain = absl::Hours(1);
  auto server = Server::Start(options);
  ASSERT_TRUE(server.ok());
  const auto idle = NewChannel((*server)->addresses().front());
  EXPECT_TRUE(Get(idle).ok());
  const auto watching = NewChannel((*server)->addresses().front());
  grpc::GenericStub stub(watching);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  auto call = stub.PrepareCall(&context, "/grpc.health.v1.Health/Watch", &queue);
  void* tag = nullptr;
  bool ok = false;
  call->StartCall(nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  const grpc::Slice nothing;  // an empty HealthCheckRequest
  call->Write(grpc::ByteBuffer(&nothing, 1), nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  grpc::ByteBuffer status;
  call->Read(&status, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  (*server)->Drain();  // an hour, if it waited
  context.TryCancel();
  grpc::Status end;
  call->Finish(&end, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok));
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
}

TEST_F(ServerTest, TooManyWatchesAreRefusedWithTheLimit) {
  auto server = Server::Start(Options({"127.0.0.1:0"}));
  ASSERT_TRUE(server.ok());
  const auto stub = ProjectService::NewStub(NewChannel((*server)->addresses().front()));
  projects::v1::WatchProjectsResponse response;
  grpc::ClientContext first;
  grpc::ClientContext second;
  grpc::ClientContext third;
  auto one = stub->WatchProjects(&first, {});
  auto two = stub->WatchProjects(&second, {});
  ASSERT_TRUE(one->Read(&response));
  ASSERT_TRUE(two->Read(&response));
  auto three = stub->WatchProjects(&third, {});
  EXPECT_FALSE(three->Read(&response));
  const absl::Status status = FromGrpc(three->Finish());
  EXPECT_EQ(GetErrorDetail(status).reason, "LIMIT_EXCEEDED") << status;
  first.TryCancel();
  one->Finish();
  second.TryCancel();
  two->Finish();
}

TEST_F(ServerTest, DeadlinesAreCappedAndGivenWhereMissing) {
  auto server = Server::Start(Options({}));
  ASSERT_TRUE(server.ok()) << server.status();
  const auto stub = ProjectService::NewStub((*server)->InProcessChannel());
  const auto left_with = [&](absl::Duration timeout) {
    grpc::ClientContext context;
    SetDeadline(&context, timeout);
    Project project;
    EXPECT_TRUE(stub->GetProject(&context, {}, &project).ok());
    return absl::FromChrono(service_.deadline_left.load());
  };
  EXPECT_GT(left_with(absl::InfiniteDuration()), absl::Seconds(25));
  EXPECT_LT(left_with(absl::InfiniteDuration()), absl::Seconds(31));
  EXPECT_GT(left_with(absl::Hours(10)), absl::Seconds(290));
  EXPECT_LT(left_with(absl::Hours(10)), absl::Seconds(301));
  EXPECT_LT(left_with(absl::Seconds(20)), absl::Seconds(21));
}

}  // namespace
}  // namespace tandem::rpc
