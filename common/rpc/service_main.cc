#include "common/rpc/service_main.h"

#include <cstdio>
#include <exception>
#include <signal.h>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

#include "common/rpc/listen_address.h"
#include "grpc/support/log.h"

namespace tandem::rpc {
namespace {

// What gRPC has to say joins our log; it reports as errors what a caller's mistake can cause.
void LogOfGrpc(gpr_log_func_args* args) {
  const auto level = args->severity == GPR_LOG_SEVERITY_ERROR ? spdlog::level::warn : spdlog::level::debug;
  spdlog::log(level, "grpc: {}", args->message);
}

void SetUpLog(const std::string& name, const std::string& level) {
  auto logger = spdlog::stderr_logger_mt(name);
  logger->set_level(spdlog::level::from_str(level));
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %n %v", spdlog::pattern_time_type::utc);
  spdlog::set_default_logger(std::move(logger));
  gpr_set_log_function(LogOfGrpc);
}

}  // namespace

absl::string_view Version() { return TANDEM_VERSION; }

ServiceMain::ServiceMain(std::string name, std::string summary, std::string default_address)
    : name_(std::move(name)), app_(std::move(summary), name_), listen_{std::move(default_address)} {
  app_.set_version_flag("--version", absl::StrCat(name_, " ", Version()));
  app_.add_option("--listen", listen_, "Addresses to listen on: host:port, [v6]:port (port 0: any) or unix:/path")
      ->capture_default_str()
      ->check([](const std::string& text) { return std::string(ParseListenAddress(text).status().message()); });
  auto* certificate = app_.add_option("--tls-cert", tls_.certificate, "PEM file with the certificate and its chain");
  auto* key = app_.add_option("--tls-key", tls_.key, "PEM file with the private key of --tls-cert");
  auto* ca = app_.add_option("--tls-client-ca", tls_.peer_ca,
                             "PEM file with the authorities that vouch for callers (and for the services called)");
  certificate->needs(key)->needs(ca)->check(CLI::ExistingFile);
  key->needs(certificate)->needs(ca)->check(CLI::ExistingFile);
  ca->needs(certificate)->needs(key)->check(CLI::ExistingFile);
  app_.add_flag("--trust-network", trust_network_,
                "Allow plaintext beyond loopback: whoever can connect is trusted with everything");
  app_.add_option("--drain-seconds", drain_seconds_, "How long open calls may go on after SIGTERM")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 3600.0));
  app_.add_option("--lame-duck-seconds", lame_duck_seconds_,
                  "How long to go on serving as NOT_SERVING after SIGTERM, so that callers turn away first")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 3600.0));
  app_.add_option("--max-watches", max_watches_, "Most open watches; each holds a thread")
      ->capture_default_str()
      ->check(CLI::Range(1, 4096));
  app_.add_option("--log-level", log_level_, "What to log on standard error")
      ->capture_default_str()
      ->check(CLI::IsMember({"trace", "debug", "info", "warning", "error", "off"}));
}

int ServiceMain::Run(int argc, char** argv, const std::function<absl::Status(StopSignal& stop)>& body) {
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Prints help and version on stdout, what is wrong on stderr.
    return app_.exit(error) == 0 ? kExitOk : kExitBadFlags;
  }
  try {
    return RunParsed(body);
  } catch (const std::exception& exception) {
    std::fprintf(stderr, "%s: %s\n", name_.c_str(), exception.what());
    return kExitFailure;
  }
}

int ServiceMain::RunParsed(const std::function<absl::Status(StopSignal& stop)>& body) {
  signal(SIGPIPE, SIG_IGN);
  StopSignal stop;  // before any other thread
  SetUpLog(name_, log_level_);
  watches_ = std::make_unique<WatchGate>(max_watches_);
  const absl::Status status = body(stop);
  // A start that the stop cut short is no failure.
  if (!status.ok() && !stop.stopped()) {
    std::fprintf(stderr, "%s: %s\n", name_.c_str(), std::string(status.message()).c_str());
    return kExitFailure;
  }
  if (!status.ok()) spdlog::warn("stopped with {}", status.ToString());
  return kExitOk;
}

ServerOptions ServiceMain::NewServerOptions(std::vector<ServedService> services) {
  ServerOptions options;
  options.addresses = listen_;
  options.services = std::move(services);
  options.tls = tls_;
  options.trust_network = trust_network_;
  options.watches = watches_.get();
  options.drain = absl::Seconds(drain_seconds_);
  options.lame_duck = absl::Seconds(lame_duck_seconds_);
  return options;
}

ChannelOptions ServiceMain::NewChannelOptions() const {
  ChannelOptions options;
  options.tls = tls_;
  return options;
}

void ServiceMain::Announce(const std::vector<std::string>& addresses, absl::string_view store,
                           absl::string_view waits_for) const {
  const std::string line = absl::StrCat(name_, " ", Version(), " listens on ", absl::StrJoin(addresses, ", "),
                                        "; store: ", store, "; waits for: ", waits_for, "\n");
  std::fputs(line.c_str(), stdout);
  std::fflush(stdout);
}

void ServiceMain::AnnounceReady() const {
  std::fputs("ready\n", stdout);
  std::fflush(stdout);
}

}  // namespace tandem::rpc
