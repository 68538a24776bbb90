// Addresses that a server listens on: `host:port`, `[v6]:port` (port 0: any free one) and `unix:/path`.
#ifndef TANDEM_COMMON_RPC_LISTEN_ADDRESS_H_
#define TANDEM_COMMON_RPC_LISTEN_ADDRESS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::rpc {

struct ListenAddress {
  std::string path;  // of a Unix socket; empty for TCP
  std::string host;  // without brackets
  int port = 0;

  bool IsUnix() const { return !path.empty(); }
  // Whether only this machine can reach it: a Unix socket, `localhost`, 127.0.0.0/8 or ::1.
  bool IsLocal() const;
  // As gRPC takes it, with `actual_port` in place of port 0.
  std::string ToString(int actual_port) const;
};

// INVALID_ARGUMENT when `text` is none.
absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text);

// Whether a server could listen there now: FAILED_PRECONDITION says why not (in use, no such host, ...).
absl::Status CheckFree(const ListenAddress& address);

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_LISTEN_ADDRESS_H_
