// Channels to other services.
#ifndef TANDEM_COMMON_RPC_CHANNEL_H_
#define TANDEM_COMMON_RPC_CHANNEL_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/server.h"
#include "grpcpp/support/channel_arguments.h"

#include "common/rpc/tls_files.h"

namespace tandem::rpc {

// Largest messages, in bytes: requests are small, answers and watches may be long.
inline constexpr int kMostRequestBytes = 4 << 20;
inline constexpr int kMostResponseBytes = 16 << 20;
// Largest metadata of either direction, in bytes.
inline constexpr int kMostMetadataBytes = 16 << 10;

struct ChannelOptions {
  TlsFiles tls;                                   // empty: plaintext
  std::string tls_server_name;                    // expected in the certificate; empty: the host of the target
  absl::Duration max_backoff = absl::Seconds(1);  // longest wait between attempts to connect
  // Only replicas whose health says that they serve are called: one that is about to end gets no further call, one that
  // begins gets none yet. For callers; not for who follows a service, which must hear of it before it is ready.
  bool only_healthy = false;
};

// A channel to `target`, such as `127.0.0.1:7401`, `unix:/run/tandem.sock`, `dns:///projects:7401` or
// `ipv4:10.0.0.1:7401,10.0.0.2:7401`: of several addresses those that answer are used in turn. A call that is
// UNAVAILABLE is tried again, up to five times within its deadline, elsewhere if there is another address. These are
// the settings of protos/client-config.json; with `only_healthy` they are whole. Writes should carry a `request_id`, so
// that one which was done is not done twice. Connects lazily: that nobody listens shows at the first call, as
// UNAVAILABLE. Never null; unusable TLS files make every call fail with UNAVAILABLE (check them with CheckTlsFiles
// first).
std::shared_ptr<grpc::Channel> NewChannel(const std::string& target, const ChannelOptions& options = {});

// A channel into a server of this process. REQUIRES: `server` outlives it.
std::shared_ptr<grpc::Channel> NewInProcessChannel(grpc::Server* server, const ChannelOptions& options = {});

// The call fails with DEADLINE_EXCEEDED after `timeout`; never when infinite.
void SetDeadline(grpc::ClientContext* context, absl::Duration timeout);

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_CHANNEL_H_
