#include "common/rpc/channel.h"

#include <algorithm>
#include <chrono>

#include "grpcpp/create_channel.h"
#include "spdlog/spdlog.h"

namespace tandem::rpc {
namespace {

constexpr int kConnectMilliseconds = 10'000;

constexpr char kClientConfig[] =
#include "client_config.inc"
    ;

grpc::ChannelArguments Arguments(const ChannelOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMostResponseBytes);
  arguments.SetMaxSendMessageSize(kMostRequestBytes);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMostMetadataBytes);
  // The server allows a ping every 15 s and without calls; more than that would be "too many pings".
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetServiceConfigJSON(kClientConfig);
  arguments.SetInt(GRPC_ARG_INHIBIT_HEALTH_CHECKING, options.only_healthy ? 0 : 1);
  // Above this a request is not sent again: it would have to be kept until it is answered.
  arguments.SetInt(GRPC_ARG_PER_RPC_RETRY_BUFFER_SIZE, kMostRequestBytes + kMostMetadataBytes);
  const int backoff = static_cast<int>(absl::ToInt64Milliseconds(options.max_backoff));
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, std::min(100, backoff));
  // In spite of its name this bounds one attempt to connect, handshake included: a busy server may need seconds for its
  // first frame. An attempt that is refused fails at once whatever this says.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMilliseconds);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, backoff);
  return arguments;
}

}  // namespace

std::shared_ptr<grpc::Channel> NewChannel(const std::string& target, const ChannelOptions& options) {
  grpc::ChannelArguments arguments = Arguments(options);
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 10'000);
  if (options.tls.empty()) return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
  if (!options.tls_server_name.empty()) arguments.SetSslTargetNameOverride(options.tls_server_name);
  auto credentials = NewChannelCredentials(options.tls);
  if (!credentials.ok()) {
    spdlog::error("no TLS towards {}: {}", target, credentials.status().ToString());
    return grpc::CreateCustomChannel(target, nullptr, arguments);  // a lame channel: every call fails
  }
  return grpc::CreateCustomChannel(target, *credentials, arguments);
}

std::shared_ptr<grpc::Channel> NewInProcessChannel(grpc::Server* server, const ChannelOptions& options) {
  return server->InProcessChannel(Arguments(options));
}

void SetDeadline(grpc::ClientContext* context, absl::Duration timeout) {
  if (timeout == absl::InfiniteDuration()) return;
  context->set_deadline(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(timeout));
}

}  // namespace tandem::rpc
