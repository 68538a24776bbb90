// ServedTest: a project service of the test's own behind a server of its own.
#ifndef TANDEM_TESTS_UNIT_COMMON_RPC_SERVED_FIXTURE_H_
#define TANDEM_TESTS_UNIT_COMMON_RPC_SERVED_FIXTURE_H_

#include <chrono>
#include <memory>
#include <string>

#include "grpcpp/client_context.h"
#include "gtest/gtest.h"

#include "common/base/status.h"
#include "common/rpc/call_context.h"
#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "common/rpc/status_conversion.h"
#include "tandem/projects/v1/project_service.grpc.pb.h"
#include "tests/support/gate.h"

namespace tandem::rpc {

template <typename Service>
class ServedTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ServerOptions options;
    options.addresses = {"127.0.0.1:0"};
    options.services = {{projects::v1::ProjectService::service_full_name(), &service_}};
    auto server = Server::Start(options);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = projects::v1::ProjectService::NewStub(NewChannel(server_->addresses()[0]));
  }
  absl::StatusOr<projects::v1::Project> Get(const std::string& name, const Caller& caller = {},
                                            std::chrono::milliseconds timeout = std::chrono::seconds(100)) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + timeout);
    return Get(name, caller, &context);
  }
  absl::StatusOr<projects::v1::Project> Get(const std::string& name, const Caller& caller,
                                            grpc::ClientContext* context) {
    SetCaller(context, caller);
    projects::v1::GetProjectRequest request;
    request.set_name(name);
    projects::v1::Project project;
    const absl::Status status = FromGrpc(stub_->GetProject(context, request, &project));
    if (!status.ok()) return status;
    return project;
  }
  std::string ReasonOf(const std::string& name, const Caller& caller = {}) {
    return GetErrorDetail(Get(name, caller).status()).reason;
  }

  Service service_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<projects::v1::ProjectService::Stub> stub_;
};

}  // namespace tandem::rpc

#endif  // TANDEM_TESTS_UNIT_COMMON_RPC_SERVED_FIXTURE_H_
