// The three files that make a connection mutually authenticated.
#ifndef TANDEM_COMMON_RPC_TLS_FILES_H_
#define TANDEM_COMMON_RPC_TLS_FILES_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"

namespace tandem::rpc {

// Paths of PEM files; all empty means no TLS. They are read again every minute, so certificates rotate without restart.
struct TlsFiles {
  std::string certificate;  // own certificate, followed by its chain
  std::string key;          // private key of it
  std::string peer_ca;      // certificates of the authorities that may vouch for the other side

  bool empty() const { return certificate.empty() && key.empty() && peer_ca.empty(); }
};

// FAILED_PRECONDITION naming the file that cannot be read, INVALID_ARGUMENT when only some are given.
absl::Status CheckTlsFiles(const TlsFiles& files);

// Both sides show a certificate and verify the other's; a client also verifies the server's host name.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> NewServerCredentials(const TlsFiles& files);
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> NewChannelCredentials(const TlsFiles& files);

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_TLS_FILES_H_
