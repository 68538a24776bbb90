#include "common/rpc/server.h"

#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/server_builder.h"

#include "common/base/lock_cycles.h"
#include "common/base/status.h"
#include "common/rpc/listen_address.h"
#include "grpc/grpc.h"

namespace tandem::rpc {
namespace {

// For reflection, the one service of gRPC 1.51 that is synchronous, and for whatever in tests is; a WorkerService has
// its own.
constexpr int kSynchronousThreads = 64;

// Health and reflection are switched on for the process, before its first server is built.
void EnableExtensions() {
  static std::once_flag once;
  std::call_once(once, [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
#ifdef NDEBUG
    StopSeekingLockCycles();
#endif
  });
}

int Milliseconds(absl::Duration duration) { return static_cast<int>(absl::ToInt64Milliseconds(duration)); }

void SetLimits(const ServerOptions& options, grpc::ServerBuilder* builder) {
  grpc::ResourceQuota quota("tandem");
  quota.SetMaxThreads(kSynchronousThreads);
  builder->SetResourceQuota(quota);
  builder->SetMaxReceiveMessageSize(kMostRequestBytes);
  builder->SetMaxSendMessageSize(kMostResponseBytes);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMostMetadataBytes);
  // What each call would pay for though nobody asks for it: no answer is compressed, and no channelz is served.
  builder->AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_COMPRESSION, 0);
  builder->AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
  // Without this a second process could share the port and take every other connection.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // Ours ping every 30 s; who pings more than every 15 s is sent away.
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 15'000);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 2);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, Milliseconds(options.max_connection_age));
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 60'000);
}

absl::Status CheckAllowed(const ListenAddress& address, const std::string& text, const ServerOptions& options) {
  if (address.IsLocal() || !options.tls.empty() || options.trust_network) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "will not listen on ", text,
      " in plaintext: callers name themselves, which is trusted on loopback or behind mTLS "
      "only; listen on 127.0.0.1, give --tls-cert, --tls-key and --tls-client-ca, or --trust-network if the network "
      "itself keeps strangers out"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options) {
  EnableExtensions();
  std::unique_ptr<Server> server(new Server(std::move(options)));
  const ServerOptions& kept = server->options_;
  grpc::ServerBuilder builder;
  SetLimits(kept, &builder);

  std::shared_ptr<grpc::ServerCredentials> tcp_credentials = grpc::InsecureServerCredentials();
  if (!kept.tls.empty()) {
    TANDEM_ASSIGN_OR_RETURN(tcp_credentials, NewServerCredentials(kept.tls));
  }
  std::vector<ListenAddress> parsed;
  for (const std::string& text : kept.addresses) {
    TANDEM_ASSIGN_OR_RETURN(ListenAddress address, ParseListenAddress(text));
    TANDEM_RETURN_IF_ERROR(CheckAllowed(address, text, kept));
    TANDEM_RETURN_IF_ERROR(CheckFree(address));
    parsed.push_back(std::move(address));
  }
  std::vector<int> ports(parsed.size(), 0);
  for (size_t i = 0; i < parsed.size(); ++i) {
    builder.AddListeningPort(parsed[i].ToString(parsed[i].port),
                             parsed[i].IsUnix() ? grpc::InsecureServerCredentials() : tcp_credentials, &ports[i]);
  }
  for (const ServedService& served : kept.services) builder.RegisterService(served.service);
  builder.experimental().SetInterceptorCreators(server->open_calls_.Interceptors());
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr) {
    return absl::FailedPreconditionError(absl::StrCat("cannot listen on ", absl::StrJoin(kept.addresses, ", "),
                                                      ": the address is in use or not of this machine; choose another "
                                                      "with --listen"));
  }
  server->readers_ = std::make_unique<ReadersOnCores>();
  server->SetReady(false);
  std::vector<int> tcp_ports;
  for (size_t i = 0; i < parsed.size(); ++i) {
    server->addresses_.push_back(parsed[i].ToString(ports[i]));
    if (!parsed[i].IsUnix()) tcp_ports.push_back(ports[i]);
  }
  if (!tcp_ports.empty()) server->port_ = tcp_ports.front();
  server->writes_ = std::make_unique<GatheredWrites>(std::move(tcp_ports));
  return server;
}

Server::~Server() {
  if (server_ != nullptr) Stop(absl::ZeroDuration(), absl::ZeroDuration());
}

void Server::SetReady(bool ready) {
  // Under the lock, so that a late SetReady(true) cannot undo the start of a drain.
  MutexLock lock(&mutex_);
  if (draining_) return;
  auto* health = server_->GetHealthCheckService();
  for (const ServedService& served : options_.services) health->SetServingStatus(served.name, ready);
  health->SetServingStatus("", ready);
}

void Server::OnDrain(std::function<void()> callback) {
  {
    MutexLock lock(&mutex_);
    if (!draining_) {
      on_drain_.push_back(std::move(callback));
      return;
    }
  }
  callback();  // too late to be remembered
}

void Server::Drain() { Stop(options_.lame_duck, options_.drain); }

void Server::Stop(absl::Duration lame_duck, absl::Duration drain) {
  MutexLock drain_lock(&drain_mutex_);
  if (drained_) return;
  SetReady(false);
  std::vector<std::function<void()>> callbacks;
  {
    MutexLock lock(&mutex_);
    draining_ = true;
  }
  // Callers that watch the health see it and go elsewhere before the door closes.
  if (lame_duck > absl::ZeroDuration()) absl::SleepFor(lame_duck);
  if (options_.watches != nullptr) options_.watches->Close();
  {
    MutexLock lock(&mutex_);
    callbacks.swap(on_drain_);
  }
  for (const auto& callback : callbacks) callback();
  ShutDown(drain);
  drained_ = true;
}

// gRPC waits for every connection to close, health watchers and clients that are slow to notice included. Once none of
// our calls is open there is nothing left to wait for.
void Server::ShutDown(absl::Duration drain) {
  Mutex mutex;
  CondVar ended;
  bool done = false;
  std::thread shutdown([&] {
    server_->Shutdown(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(drain));
    server_->Wait();
    MutexLock lock(&mutex);
    done = true;
    ended.SignalAll();
  });
  {
    MutexLock lock(&mutex);
    // Twice without an open call, so that the last answer is on its way before its connection is cut.
    for (int idle = 0; !done;) {
      ended.WaitUntil(&mutex, std::chrono::steady_clock::now() + std::chrono::milliseconds(50));
      idle = open_calls_.count() == 0 ? idle + 1 : 0;
      if (!done && idle >= 2) grpc_server_cancel_all_calls(server_->c_server());
    }
  }
  shutdown.join();
}

std::shared_ptr<grpc::Channel> Server::InProcessChannel() { return NewInProcessChannel(server_.get()); }

}  // namespace tandem::rpc
