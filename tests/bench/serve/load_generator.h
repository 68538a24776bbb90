// LoadGenerator: calls of one method with the same bytes, from one thread.
#ifndef TANDEM_TESTS_BENCH_SERVE_LOAD_GENERATOR_H_
#define TANDEM_TESTS_BENCH_SERVE_LOAD_GENERATOR_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"

#include "tests/bench/serve/served_process.h"

namespace tandem {

struct LoadResult {
  double seconds = 0;
  double processor_share = 0;  // of one core, by the generator
  double server_seconds = 0;   // of a core, by the server
  uint64_t sent = 0;
  uint64_t ok = 0;
  uint64_t refused = 0;             // RESOURCE_EXHAUSTED
  uint64_t refused_with_delay = 0;  // of these, with a google.rpc.RetryInfo
  uint64_t failed = 0;              // any other status
  std::string last_failure;
  size_t response_bytes = 0;
  std::vector<double> ok_micros, refused_micros;  // sorted

  double PerSecond() const { return static_cast<double>(ok) / seconds; }
  double ServerMicros() const { return server_seconds * 1e6 / static_cast<double>(ok + refused); }  // a call
};

// `part` of sorted values lie below it; 0 without values.
double Quantile(const std::vector<double>& sorted, double part);

class LoadGenerator {
 public:
  // Calls `method` (`/package.Service/Method`) of `server`, which must outlive this, with each of `requests` in turn.
  LoadGenerator(const ServedProcess* server, std::string method, std::vector<std::string> requests);

  // Keeps `outstanding` calls open for `time`, after a tenth of it for warming up.
  LoadResult Closed(int outstanding, std::chrono::milliseconds time);

  // Sends `per_second` calls evenly for `time`, each with `deadline`; at most `most_open` are open, further ones count
  // as failed.
  LoadResult Open(double per_second, std::chrono::milliseconds time, std::chrono::milliseconds deadline,
                  int most_open = 20'000);

 private:
  struct Call;
  class Run;

  const ServedProcess* const server_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  const std::string method_;
  const std::vector<std::string> requests_;
};

}  // namespace tandem

#endif  // TANDEM_TESTS_BENCH_SERVE_LOAD_GENERATOR_H_
