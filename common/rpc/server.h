// Server: one gRPC server with health, reflection, limits and an orderly end.
#ifndef TANDEM_COMMON_RPC_SERVER_H_
#define TANDEM_COMMON_RPC_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/server.h"

#include "common/base/mutex.h"
#include "common/rpc/channel.h"
#include "common/rpc/gathered_writes.h"
#include "common/rpc/open_calls.h"
#include "common/rpc/readers.h"
#include "common/rpc/tls_files.h"
#include "common/rpc/watch_gate.h"

namespace tandem::rpc {

// A service to serve. Unowned; must outlive the server.
struct ServedService {
  std::string name;  // full name, `ProjectService::service_full_name()`; its health goes by it too
  grpc::Service* service = nullptr;
};

struct ServerOptions {
  // `host:port`, `[v6]:port` (port 0: any free one) or `unix:/path`; none for a server that is called in process only.
  std::vector<std::string> addresses;
  std::vector<ServedService> services;
  TlsFiles tls;                  // mTLS on every TCP address; Unix sockets stay plain
  bool trust_network = false;    // allows plaintext beyond loopback: whoever can connect is trusted with everything
  WatchGate* watches = nullptr;  // closed by Drain; unowned, must outlive the server
  absl::Duration lame_duck =
      absl::ZeroDuration();                  // from NOT_SERVING to the end of listening, so that callers turn away
  absl::Duration drain = absl::Seconds(10);  // for the calls that are open when listening ends
  absl::Duration max_connection_age = absl::Minutes(5);  // so that clients find new replicas; gRPC adds jitter
};

// Thread-safe. Health: every service and "" are NOT_SERVING until SetReady.
class Server {
 public:
  // Listens and serves. FAILED_PRECONDITION when an address is in use or not allowed without TLS, INVALID_ARGUMENT when
  // it is malformed.
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options);
  ~Server();  // drains without waiting for open calls

  // What it listens on, in the order of the options, with the ports that were bound.
  const std::vector<std::string>& addresses() const { return addresses_; }
  // Port of the first TCP address; 0 without one.
  int port() const { return port_; }

  // Health of every service and of the whole. Without effect once draining.
  void SetReady(bool ready);

  // Called by Drain before open calls are waited for: ends what would never end by itself.
  void OnDrain(std::function<void()> callback);

  // Stops in order: health NOT_SERVING, `lame_duck`, watches and callbacks, no new calls, open calls up to `drain`,
  // then cancels the rest; streams of health and reflection are not waited for. Returns when no handler runs any more.
  // Idempotent; one call drains, others wait for it.
  void Drain();

  // A channel into this server that passes by the network. The server must outlive it.
  std::shared_ptr<grpc::Channel> InProcessChannel();

 private:
  explicit Server(ServerOptions options) : options_(std::move(options)) {}
  void Stop(absl::Duration lame_duck, absl::Duration drain);
  void ShutDown(absl::Duration drain);

  ServerOptions options_;
  OpenCalls open_calls_;
  std::vector<std::string> addresses_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<ReadersOnCores> readers_;  // ends before the server
  std::unique_ptr<GatheredWrites> writes_;   // as well
  Mutex drain_mutex_;                        // held while draining
  bool drained_ ABSL_GUARDED_BY(drain_mutex_) = false;
  Mutex mutex_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::function<void()>> on_drain_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_SERVER_H_
