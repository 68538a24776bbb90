#include "common/rpc/listen_address.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "common/base/status.h"

namespace tandem::rpc {
namespace {

absl::Status Malformed(absl::string_view text) {
  return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
                   absl::StrCat("\"", text, "\" is not an address; write host:port, [v6]:port or unix:/path"),
                   {{"field", "listen"}});
}

absl::Status NotFree(absl::string_view address, absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("cannot listen on ", address, ": ", why, "; choose another address with --listen"));
}

absl::Status CheckUnixFree(const ListenAddress& address) {
  sockaddr_un socket_address{};
  socket_address.sun_family = AF_UNIX;
  if (address.path.size() >= sizeof(socket_address.sun_path)) {
    return NotFree(address.ToString(0),
                   absl::StrCat("the path is longer than ", sizeof(socket_address.sun_path) - 1, " bytes"));
  }
  std::memcpy(socket_address.sun_path, address.path.data(), address.path.size());
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return absl::OkStatus();  // the server itself will say
  // gRPC removes a socket file that it finds. That is right for one left behind, wrong for one in use.
  const bool answered = connect(fd, reinterpret_cast<sockaddr*>(&socket_address), sizeof(socket_address)) == 0;
  close(fd);
  return answered ? NotFree(address.ToString(0), "the address is in use") : absl::OkStatus();
}

}  // namespace

bool ListenAddress::IsLocal() const {
  if (IsUnix() || host == "localhost") return true;
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

std::string ListenAddress::ToString(int actual_port) const {
  if (IsUnix()) return absl::StrCat("unix:", path);
  return absl::StrContains(host, ':') ? absl::StrCat("[", host, "]:", actual_port)
                                      : absl::StrCat(host, ":", actual_port);
}

absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text) {
  ListenAddress address;
  absl::string_view rest = text;
  if (absl::ConsumePrefix(&rest, "unix:")) {
    if (!absl::StartsWith(rest, "/")) return Malformed(text);
    address.path = std::string(rest);
    return address;
  }
  const size_t colon = rest.rfind(':');
  if (colon == absl::string_view::npos || colon == 0) return Malformed(text);
  absl::string_view host = rest.substr(0, colon);
  const bool bracketed = absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]");
  if (host.empty() || absl::StrContains(host, '[') || absl::StrContains(host, ']') || absl::StrContains(host, '/') ||
      bracketed != absl::StrContains(host, ':')) {
    return Malformed(text);
  }
  if (!absl::SimpleAtoi(rest.substr(colon + 1), &address.port) || address.port < 0 || address.port > 65535) {
    return Malformed(text);
  }
  address.host = std::string(host);
  return address;
}

absl::Status CheckFree(const ListenAddress& address) {
  if (address.IsUnix()) return CheckUnixFree(address);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const std::string port = absl::StrCat(address.port);
  if (const int error = getaddrinfo(address.host.c_str(), port.c_str(), &hints, &found); error != 0) {
    return NotFree(address.ToString(address.port), gai_strerror(error));
  }
  absl::Status status = absl::OkStatus();
  for (const addrinfo* info = found; info != nullptr && status.ok(); info = info->ai_next) {
    const int fd = socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC, info->ai_protocol);
    if (fd < 0) continue;  // such as IPv6 on a machine without it
    const int one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(fd, info->ai_addr, info->ai_addrlen) != 0) {
      status =
          NotFree(address.ToString(address.port), errno == EADDRINUSE ? "the address is in use" : std::strerror(errno));
    }
    close(fd);
  }
  freeaddrinfo(found);
  return status;
}

}  // namespace tandem::rpc
