// Sockets for test tools.
#ifndef TANDEM_TESTS_SUPPORT_SOCKETS_H_
#define TANDEM_TESTS_SUPPORT_SOCKETS_H_

#include <string>

namespace tandem::testing {

// A descriptor that closes itself.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() { Close(); }
  Socket(Socket&& other) noexcept : fd_(other.Release()) {}
  Socket& operator=(Socket&& other) noexcept {
    if (this != &other) {
      Close();
      fd_ = other.Release();
    }
    return *this;
  }

  int fd() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  void Close();
  // Closes so that the other side sees a reset, not an end.
  void Reset();

 private:
  int Release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }
  int fd_ = -1;
};

// Listens on loopback, on `port` or a free one (0); invalid when that fails.
Socket ListenOnLoopback(int port = 0);
Socket AcceptFrom(const Socket& listener);
int PortOf(const Socket& socket);
// Sends at once what is written, as does AcceptFrom's.
Socket ConnectToPort(int port);
Socket ConnectToPath(const std::string& path);
void MakeNonBlocking(const Socket& socket);
// An eventfd that wakes a poll; readable once written to.
Socket MakeEvent();
void Signal(const Socket& event);

}  // namespace tandem::testing

#endif  // TANDEM_TESTS_SUPPORT_SOCKETS_H_
