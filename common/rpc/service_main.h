// What every service's main shares: flags, log, signals, banner, exit code.
//
//   int main(int argc, char** argv) {
//     rpc::ServiceMain service("tandem-projects", "Keeps the projects of all editions.", "127.0.0.1:7401");
//     std::string data = "tandem-data";
//     service.app().add_option("--data", data, "Folder of the store");
//     return service.Run(argc, argv, [&](rpc::StopSignal& stop) -> absl::Status {
//       ... open the store, build the adapters with service.watches() ...
//       TANDEM_ASSIGN_OR_RETURN(auto server, rpc::Server::Start(service.NewServerOptions({{name, &adapter}})));
//       service.Announce(server->addresses(), "sqlite " + data, "nothing");
//       server->SetReady(true);
//       service.AnnounceReady();
//       stop.Wait();
//       server->Drain();
//       return absl::OkStatus();
//     });
//   }
#ifndef TANDEM_COMMON_RPC_SERVICE_MAIN_H_
#define TANDEM_COMMON_RPC_SERVICE_MAIN_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "common/rpc/stop_signal.h"
#include "common/rpc/watch_gate.h"

namespace tandem::rpc {

// Version of this build, such as `0.1.0`.
absl::string_view Version();

// Exit codes of every service.
inline constexpr int kExitOk = 0;        // stopped as asked
inline constexpr int kExitFailure = 1;   // could not start, or failed while running; the reason is on stderr
inline constexpr int kExitBadFlags = 2;  // the flags are wrong; the reason is on stderr

// Used by main's thread only. Standard output gets the lines of Announce and AnnounceReady and nothing else; the log
// goes to standard error.
class ServiceMain {
 public:
  // `default_address` is what --listen says when it is not given.
  ServiceMain(std::string name, std::string summary, std::string default_address);

  // For the flags of one's own. --help, --version and those of serving (--listen, --tls-*, --trust-network,
  // --drain-seconds, --lame-duck-seconds, --max-watches, --log-level) are there already.
  CLI::App& app() { return app_; }

  // Reads the flags, then runs `body`, which serves until `stop`. Returns the exit code.
  int Run(int argc, char** argv, const std::function<absl::Status(StopSignal& stop)>& body);

  // What the flags say. REQUIRES: called from `body`.
  ServerOptions NewServerOptions(std::vector<ServedService> services);
  ChannelOptions NewChannelOptions() const;  // to services of the same mesh: one's own certificate, the same CA
  WatchGate* watches() { return watches_.get(); }

  // One line: name, version, where it listens, its store, and what it waits for before it is ready.
  void Announce(const std::vector<std::string>& addresses, absl::string_view store, absl::string_view waits_for) const;
  // The line "ready".
  void AnnounceReady() const;

 private:
  int RunParsed(const std::function<absl::Status(StopSignal& stop)>& body);

  const std::string name_;
  CLI::App app_;
  std::vector<std::string> listen_;
  TlsFiles tls_;
  bool trust_network_ = false;
  double drain_seconds_ = 10;
  double lame_duck_seconds_ = 0;
  int max_watches_ = WatchGate::kDefaultMost;
  std::string log_level_ = "info";
  std::unique_ptr<WatchGate> watches_;
};

}  // namespace tandem::rpc

#endif  // TANDEM_COMMON_RPC_SERVICE_MAIN_H_
