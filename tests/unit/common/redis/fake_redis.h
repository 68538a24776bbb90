// A server that answers commands as a test tells it to, right or wrong.
#ifndef TANDEM_TESTS_UNIT_COMMON_REDIS_FAKE_REDIS_H_
#define TANDEM_TESTS_UNIT_COMMON_REDIS_FAKE_REDIS_H_

#include <chrono>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/base/mutex.h"
#include "tests/support/sockets.h"

namespace tandem::testing {

struct FakeAnswer {
  std::string bytes = {};
  std::chrono::milliseconds delay{0};     // before the first byte
  std::chrono::milliseconds byte_gap{0};  // between two bytes, when above zero
  bool then_close = false;
};

// A thread for each connection. AUTH and SELECT are answered OK and PING PONG unless the script says otherwise.
class FakeRedis {
 public:
  // Called for each command, by several threads. An answer without bytes is none at all; nullopt is the usual one.
  using Script = std::function<std::optional<FakeAnswer>(const std::vector<std::string>& words)>;

  explicit FakeRedis(Script script);
  ~FakeRedis();

  int port() const { return port_; }
  // Every command so far, words joined by a space.
  std::vector<std::string> commands() const;

 private:
  void Accept();
  void Serve(Socket client);
  // False when the end or the other side came first.
  bool Answer(const Socket& client, const FakeAnswer& answer);
  bool Pause(std::chrono::milliseconds time);

  const Script script_;
  const Socket listener_;
  const int port_;
  const Socket event_;
  mutable Mutex mutex_;
  std::vector<std::string> commands_ ABSL_GUARDED_BY(mutex_);
  std::list<std::thread> threads_;  // of the accepting thread only, until it has ended
  std::thread thread_;
};

}  // namespace tandem::testing

#endif  // TANDEM_TESTS_UNIT_COMMON_REDIS_FAKE_REDIS_H_
