#include "common/rpc/client_stream.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "common/rpc/server.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"

namespace tandem::rpc {
namespace {

using projects::v1::ProjectService;
using projects::v1::WatchProjectsRequest;
using projects::v1::WatchProjectsResponse;
using ::testing::ElementsAre;
using Writer = grpc::ServerWriter<WatchProjectsResponse>;

// Answers a watch as the test says.
class ScriptedService final : public ProjectService::Service {
 public:
  grpc::Status WatchProjects(grpc::ServerContext* context, const WatchProjectsRequest* request,
                             Writer* writer) override {
    return script(context, *request, writer);
  }
  std::function<grpc::Status(grpc::ServerContext*, const WatchProjectsRequest&, Writer*)> script;
};

class ClientStreamTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ServerOptions options;
    options.addresses = {"127.0.0.1:0"};
    options.services = {{ProjectService::service_full_name(), &service_}};
    auto server = Server::Start(options);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = NewChannel(server_->addresses().front());
  }
  std::unique_ptr<ClientStream> Call(const std::string& method = "WatchProjects") {
    WatchProjectsRequest request;
    request.set_parent("editions/e");
    return std::make_unique<ClientStream>(channel_, absl::StrCat("/", ProjectService::service_full_name(), "/", method),
                                          Caller{"reader", CallerSide::kOperator, "", {}}, request);
  }
  static WatchProjectsResponse Message(const std::string& token) {
    WatchProjectsResponse message;
    message.set_resume_token(token);
    return message;
  }

  ScriptedService service_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

// What is read until nothing follows.
std::vector<std::string> TokensOf(ClientStream* stream) {
  std::vector<std::string> tokens;
  WatchProjectsResponse message;
  while (stream->Read(&message)) tokens.push_back(message.resume_token());
  return tokens;
}

TEST_F(ClientStreamTest, ReadsWhatTheServerWritesThenHowItEnded) {
  service_.script = [](grpc::ServerContext* context, const WatchProjectsRequest& request, Writer* writer) {
    EXPECT_EQ(context->client_metadata().count("x-tandem-actor"), 1u);
    for (const char* token : {"one", "two"}) writer->Write(Message(absl::StrCat(request.parent(), " ", token)));
    return grpc::Status(grpc::StatusCode::OUT_OF_RANGE, "compacted");
  };
  const auto stream = Call();
  EXPECT_THAT(TokensOf(stream.get()), ElementsAre("editions/e one", "editions/e two"));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_EQ(stream->Finish().error_message(), "compacted");
  WatchProjectsResponse message;
  EXPECT_FALSE(stream->Read(&message)) << "after the end there is nothing more";
}

TEST_F(ClientStreamTest, AnEndWithoutAMessageIsNoError) {
  service_.script = [](auto*, const auto&, auto*) { return grpc::Status::OK; };
  const auto stream = Call();
  EXPECT_THAT(TokensOf(stream.get()), ElementsAre());
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ClientStreamTest, CancelByAnotherThreadEndsAReadThatWaits) {
  service_.script = [](grpc::ServerContext* context, const WatchProjectsRequest&, Writer* writer) {
    writer->Write(Message("first"));
    while (!context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return grpc::Status::CANCELLED;
  };
  const auto stream = Call();
  WatchProjectsResponse message;
  ASSERT_TRUE(stream->Read(&message));
  std::thread other([&] { stream->Cancel(); });
  EXPECT_FALSE(stream->Read(&message));
  other.join();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(ClientStreamTest, WhoLeavesInTheMiddleCancels) {
  std::atomic<bool> cancelled = false;
  service_.script = [&](grpc::ServerContext* context, const WatchProjectsRequest&, Writer* writer) {
    writer->Write(Message("first"));
    while (!context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    cancelled = true;
    return grpc::Status::CANCELLED;
  };
  WatchProjectsResponse message;
  {
    const auto stream = Call();
    ASSERT_TRUE(stream->Read(&message));
  }
  server_->Drain();  // returns when no handler runs
  EXPECT_TRUE(cancelled);
}

TEST_F(ClientStreamTest, AMessageThatCannotBeDecodedEndsTheCall) {
  service_.script = [](grpc::ServerContext* context, const WatchProjectsRequest&, Writer* writer) {
    WatchProjectsResponse message;
    message.GetReflection()->MutableUnknownFields(&message)->AddVarint(2000, 1);
    // Not UTF-8, in a field that is text.
    message.GetReflection()->MutableUnknownFields(&message)->AddLengthDelimited(
        WatchProjectsResponse::kResumeTokenFieldNumber, std::string("\xff\xfe"));
    writer->Write(message);
    while (!context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return grpc::Status::CANCELLED;
  };
  const auto stream = Call();
  EXPECT_THAT(TokensOf(stream.get()), ElementsAre());
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(ClientStreamTest, AMethodThatIsNotThereAndAServerThatIsGoneSaySo) {
  const auto unknown = Call("WatchNothing");
  EXPECT_THAT(TokensOf(unknown.get()), ElementsAre());
  EXPECT_EQ(unknown->Finish().error_code(), grpc::StatusCode::UNIMPLEMENTED);
  server_.reset();
  const auto gone = Call();
  EXPECT_THAT(TokensOf(gone.get()), ElementsAre());
  EXPECT_EQ(gone->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace tandem::rpc
