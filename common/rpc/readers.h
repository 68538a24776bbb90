// Readers: no more threads that read connections than there are cores to run them on.
//
// gRPC has at least two, of which one polls and hands that over to the other whenever it has something to do. On a
// single core (a pinned process, a container with a core of its own) each call then costs several switches of threads
// for nothing; under overload, when the computing threads want that core too, they are a good part of what a refused
// call costs.
#ifndef TANDEM_COMMON_RPC_READERS_H_
#define TANDEM_COMMON_RPC_READERS_H_

namespace tandem::rpc {

// While any of these exists, the readers that have no core of their own sleep. Handlers on the readers' threads must
// not wait for one another, as everywhere here. Thread-safe.
class ReadersOnCores {
 public:
  ReadersOnCores();
  ~ReadersOnCores();
  ReadersOnCores(const ReadersOnCores&) = delete;
  ReadersOnCores& operator=(const ReadersOnCores&) = delete;
};

// How many of gRPC's `readers` shall sleep when the process may run on `cores`: all but one for each core.
constexpr int ReadersToSleep(int readers, int cores) {
  const int awake = cores < 1 ? 1 : cores;
  return readers > awake ? readers - awake : 0;
}

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_READERS_H_
