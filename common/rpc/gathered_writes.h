// GatheredWrites: while calls are refused, the small answers of a connection leave together.
//
// gRPC 1.51 writes each refusal by itself, and sending a segment and waking its reader is a good part of what a refusal
// costs. So while a process refuses calls, its connections go without TCP_NODELAY: the kernel then holds back what is
// smaller than a segment as long as the one before is not acknowledged (Nagle's algorithm, RFC 896), which takes 40 ms
// at most, a fraction of what calls wait in an overload. Unix sockets have none of this.
#ifndef TANDEM_COMMON_RPC_GATHERED_WRITES_H_
#define TANDEM_COMMON_RPC_GATHERED_WRITES_H_

#include <chrono>
#include <vector>

namespace tandem::rpc {

// How long nothing may be refused until all is as before.
constexpr std::chrono::seconds kRefusalPause(1);

// Tells that a call was refused. Cheap: for the thread that refuses.
void NoteRefusal();

// While this exists, the connections that this process has accepted on the TCP `ports` are switched as above: soon
// after the first refusal, those made since then within kRefusalPause, and back when nothing was refused for as long.
// gRPC gives away no connection, so they are found among the open files; without /proc nothing changes. Thread-safe.
class GatheredWrites {
 public:
  explicit GatheredWrites(std::vector<int> ports);
  ~GatheredWrites();  // the connections that are open then are switched back
  GatheredWrites(const GatheredWrites&) = delete;
  GatheredWrites& operator=(const GatheredWrites&) = delete;

 private:
  const std::vector<int> ports_;
};

// The open connections of this process that were accepted on one of `ports`, as file descriptors.
std::vector<int> AcceptedOn(const std::vector<int>& ports);

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_GATHERED_WRITES_H_
