#include "tests/support/sockets.h"

#include <arpa/inet.h>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tandem::testing {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

template <typename Address>
const sockaddr* Any(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

void SendAtOnce(const Socket& socket) {
  const int on = 1;
  setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

void Socket::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

void Socket::Reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  if (fd_ >= 0) setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  Close();
}

Socket ListenOnLoopback(int port) {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in address = Loopback(port);
  if (bind(socket.fd(), Any(address), sizeof address) != 0 || listen(socket.fd(), 128) != 0) return Socket();
  return socket;
}

Socket AcceptFrom(const Socket& listener) {
  Socket socket(accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC));
  SendAtOnce(socket);
  return socket;
}

int PortOf(const Socket& socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

Socket ConnectToPort(int port) {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = Loopback(port);
  if (connect(socket.fd(), Any(address), sizeof address) != 0) return Socket();
  SendAtOnce(socket);
  return socket;
}

Socket ConnectToPath(const std::string& path) {
  Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return Socket();
  std::memcpy(address.sun_path, path.data(), path.size());
  if (connect(socket.fd(), Any(address), sizeof address) != 0) return Socket();
  return socket;
}

void MakeNonBlocking(const Socket& socket) { fcntl(socket.fd(), F_SETFL, fcntl(socket.fd(), F_GETFL) | O_NONBLOCK); }

Socket MakeEvent() { return Socket(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

void Signal(const Socket& event) {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(event.fd(), &one, sizeof one);
}

}  // namespace tandem::testing
