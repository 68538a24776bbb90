#include "common/rpc/tls_files.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_credentials_options.h"

#include "common/base/status.h"

namespace tandem::rpc {
namespace {

constexpr unsigned int kRefreshSeconds = 60;

absl::Status CheckFile(const std::string& path, absl::string_view what) {
  if (path.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
                     absl::StrCat("TLS needs a certificate, a key and a CA of the peers; the ", what, " is not given"),
                     {{"field", std::string(what)}});
  }
  std::ifstream file(path);
  if (!file || file.peek() == std::ifstream::traits_type::eof()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the ", what, " ", path, " cannot be read or is empty: ", std::strerror(errno)));
  }
  return absl::OkStatus();
}

std::shared_ptr<grpc::experimental::FileWatcherCertificateProvider> NewProvider(const TlsFiles& files) {
  return std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(files.key, files.certificate,
                                                                              files.peer_ca, kRefreshSeconds);
}

}  // namespace

absl::Status CheckTlsFiles(const TlsFiles& files) {
  TANDEM_RETURN_IF_ERROR(CheckFile(files.certificate, "certificate"));
  TANDEM_RETURN_IF_ERROR(CheckFile(files.key, "key"));
  return CheckFile(files.peer_ca, "peer CA");
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> NewServerCredentials(const TlsFiles& files) {
  TANDEM_RETURN_IF_ERROR(CheckTlsFiles(files));
  grpc::experimental::TlsServerCredentialsOptions options(NewProvider(files));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc::experimental::TlsServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> NewChannelCredentials(const TlsFiles& files) {
  TANDEM_RETURN_IF_ERROR(CheckTlsFiles(files));
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(NewProvider(files));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  return grpc::experimental::TlsCredentials(options);
}

}  // namespace tandem::rpc
