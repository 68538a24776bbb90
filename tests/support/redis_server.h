// A private Redis in a temporary folder: started, stopped, paused and started again as a test wants.
#ifndef TANDEM_TESTS_SUPPORT_REDIS_SERVER_H_
#define TANDEM_TESTS_SUPPORT_REDIS_SERVER_H_

#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tandem::testing {

// Listens on a Unix socket in its folder and on a free port of loopback; both stay the same over restarts. Keeps
// nothing on disk. Ends with this object, or with the thread that started it. Not thread-safe.
class RedisServer {
 public:
  // Whether the package `redis-server` is installed; a test skips by name if not.
  static bool Installed();

  // `arguments` are added to its command line, such as {"--requirepass", "secret"}.
  static absl::StatusOr<std::unique_ptr<RedisServer>> Start(std::vector<std::string> arguments = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  const std::string& socket() const { return socket_; }
  int port() const { return port_; }

  // One command over a connection of its own, which authenticates with `password` first unless that is empty. The whole
  // reply as it came, such as "+OK\r\n"; for a bulk string only its payload. INTERNAL with the text of an error reply.
  absl::StatusOr<std::string> Command(const std::vector<std::string>& words, const std::string& password = "") const;

  // Ends it by the signal and waits for that.
  void Kill(int signal);
  // Starts it again, empty, on the same socket and port, and waits until it answers.
  absl::Status Restart();
  // SIGSTOP and SIGCONT: it accepts connections (the kernel does) and answers nothing.
  void Pause();
  void Resume();

 private:
  explicit RedisServer(std::string folder, std::vector<std::string> arguments);

  const std::string folder_;
  const std::string socket_;
  const std::vector<std::string> arguments_;
  int port_ = 0;
  pid_t process_ = -1;
};

}  // namespace tandem::testing

#endif  // TANDEM_TESTS_SUPPORT_REDIS_SERVER_H_
