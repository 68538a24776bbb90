// A loopback port that a server can be told before it starts, and again when it comes back.
#ifndef TANDEM_TESTS_E2E_RESERVED_PORT_H_
#define TANDEM_TESTS_E2E_RESERVED_PORT_H_

#include <string>

namespace tandem::e2e {

// Holds a socket that is bound and does not listen: the system gives the port to nobody who asks for any free one,
// while a server that names it may listen on it (both sides set SO_REUSEADDR, as gRPC does).
class ReservedPort {
 public:
  ReservedPort();
  ~ReservedPort();
  ReservedPort(const ReservedPort&) = delete;
  ReservedPort& operator=(const ReservedPort&) = delete;

  // `127.0.0.1:port`; empty when there is none to be had.
  const std::string& address() const { return address_; }

 private:
  int socket_ = -1;
  std::string address_;
};

}  // namespace tandem::e2e

#endif  // TANDEM_TESTS_E2E_RESERVED_PORT_H_
