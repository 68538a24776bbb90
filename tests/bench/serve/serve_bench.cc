// What FindMatches costs where its answer is cached and where it is not, beside a bare echo of the same bytes; and what
// is left under three times the load that can be served.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <sys/utsname.h>
#include <thread>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/server_builder.h"

#include "common/base/lock_cycles.h"
#include "common/base/status.h"
#include "common/redis/redis_port.h"
#include "common/rpc/channel.h"
#include "services/all_in_one/all_in_one.h"
#include "tests/bench/serve/load_generator.h"
#include "tests/bench/serve/served_process.h"
#include "tests/integration/pairing/zone_client.h"
#include "tests/support/redis_server.h"

namespace tandem {
namespace {

using pairing::v1::FindMatchesRequest;
using pairing::v1::PairingService;
using Served = ServedProcess::Served;
using Serving = ServedProcess::Serving;

constexpr int kServerCore = 0, kGeneratorCore = 1;
constexpr char kMethod[] = "/tandem.pairing.v1.PairingService/FindMatches";
constexpr int kMatches = 20;
constexpr size_t kSubjects = 300;
constexpr int kOutstanding[] = {1, 8, 32, 128};

struct Flags {
  int projects = 4000, investors = 800;
  int milliseconds = 3000;
  std::string only;  // empty: all
};

// Answers every FindMatches with the same bytes, as many as an answer has, and nothing else: as bare as gRPC can.
class Echo final : public PairingService::WithRawCallbackMethod_FindMatches<PairingService::CallbackService> {
 public:
  explicit Echo(size_t bytes) {
    const grpc::Slice slice(std::string(bytes, 'e'));
    answer_ = grpc::ByteBuffer(&slice, 1);
  }
  grpc::ServerUnaryReactor* FindMatches(grpc::CallbackServerContext* context, const grpc::ByteBuffer*,
                                        grpc::ByteBuffer* response) override {
    *response = answer_;
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  grpc::ByteBuffer answer_;
};

void ServeEcho(size_t bytes, const Serving& serving) {
  StopSeekingLockCycles();  // as rpc::Server does
  Echo echo(bytes);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&echo);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  serving({port, bytes, {}});
  server->Shutdown();
}

// Investors with enough matches.
absl::StatusOr<Served> SubjectsOf(ZoneClient* client, const LoadedEdition& edition) {
  Served served;
  for (const std::string& investor : edition.investors) {
    TANDEM_ASSIGN_OR_RETURN(const auto found, client->Find(investor, "", kMatches));
    if (found.matches_size() < kMatches) continue;
    if (served.subjects.empty()) served.bytes = found.ByteSizeLong();
    served.subjects.push_back(investor);
    if (served.subjects.size() == kSubjects) break;
  }
  if (served.subjects.empty()) return absl::NotFoundError("no investor has 20 matches");
  return served;
}

// The three services with made-up data. `redis`: socket of one, or empty. Ends the process when that fails.
void ServeMatches(const Flags& flags, int cache_megabytes, const std::string& redis_socket, const Serving& serving) {
  const auto body = [&]() -> absl::Status {
    char folder[] = "/tmp/tandem-serve-XXXXXX";
    if (mkdtemp(folder) == nullptr) return absl::InternalError("no folder can be made in /tmp");
    AllInOneOptions options;
    options.folder.path = folder;
    options.folder.store = "memory";
    options.server.addresses = {"127.0.0.1:0"};
    options.cache.megabytes = cache_megabytes;
    if (!redis_socket.empty()) options.cache.redis = absl::StrCat("unix://", redis_socket);
    TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<RedisPort> redis, options.cache.OpenRedis());
    options.redis = redis.get();
    TANDEM_ASSIGN_OR_RETURN(const auto all, StartAllInOne(std::move(options)));
    TANDEM_RETURN_IF_ERROR(all->WaitUntilReady(std::chrono::steady_clock::now() + std::chrono::minutes(1)));
    ZoneClient client(rpc::NewChannel(absl::StrCat("127.0.0.1:", all->port())));
    TANDEM_ASSIGN_OR_RETURN(const LoadedEdition edition, client.LoadDemo("serve", flags.projects, flags.investors));
    TANDEM_RETURN_IF_ERROR(client.AwaitApplied(edition));
    TANDEM_ASSIGN_OR_RETURN(Served served, SubjectsOf(&client, edition));
    served.port = all->port();
    serving(served);
    all->Stop();
    return absl::OkStatus();
  };
  const absl::Status status = body();
  if (status.ok()) return;
  std::fprintf(stderr, "tandem-serve-bench: %s\n", status.ToString().c_str());
  _exit(1);
}

// `most` of them.
std::vector<std::string> RequestsFor(const std::vector<std::string>& subjects, size_t most) {
  std::vector<std::string> requests;
  for (size_t i = 0; i < std::min(most, subjects.size()); ++i) {
    FindMatchesRequest request;
    request.set_subject(subjects[i]);
    request.set_page_size(kMatches);
    requests.push_back(request.SerializeAsString());
  }
  return requests;
}

void Print(const std::string& name, int outstanding, const LoadResult& result) {
  std::printf("%-22s %11d %10.0f %9.1f %9.1f %9.1f %9.2f %8llu %9zu\n", name.c_str(), outstanding, result.PerSecond(),
              Quantile(result.ok_micros, 0.5), Quantile(result.ok_micros, 0.99), result.ServerMicros(),
              result.processor_share, static_cast<unsigned long long>(result.failed + result.refused),
              result.response_bytes);
  if (result.failed > 0) std::printf("  last failure: %s\n", result.last_failure.c_str());
  std::fflush(stdout);
}

double Part(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return Quantile(values, part);
}

// What is left of the peak when three times as much is asked for: the median of many short rounds, each of which
// measures the peak anew just before and just after. A shared machine's own pace changes by more from second to second
// than what is measured.
double MeasureOverload(const ServedProcess* server, std::chrono::milliseconds time) {
  constexpr int kRounds = 31;
  LoadGenerator generator(server, kMethod, RequestsFor(server->served().subjects, kSubjects));
  const auto measure_peak = [&] { return generator.Closed(kOutstanding[std::size(kOutstanding) - 1], time / 2); };
  (void)measure_peak();
  std::vector<double> ratios, refusals, peaks, answered, answers_ms, refused_ms;
  uint64_t refused = 0, without_delay = 0, failed = 0;
  double generator_share = 0, answer_micros = 0;
  std::string failure;
  LoadResult before = measure_peak();
  for (int round = 0; round < kRounds; ++round) {
    const LoadResult overload = generator.Open(3 * before.PerSecond(), time / 2, std::chrono::seconds(2));
    const LoadResult after = measure_peak();
    const double peak = (before.PerSecond() + after.PerSecond()) / 2;
    const double micros = (before.ServerMicros() + after.ServerMicros()) / 2;
    // Whatever the server did beyond its answers, at what they cost at the peak, counts as refusing.
    const double refusing = overload.server_seconds * 1e6 - static_cast<double>(overload.ok) * micros;
    refusals.push_back(refusing / static_cast<double>(std::max<uint64_t>(1, overload.refused)));
    ratios.push_back(overload.PerSecond() / peak);
    peaks.push_back(peak);
    answered.push_back(overload.PerSecond());
    answers_ms.push_back(Quantile(overload.ok_micros, 0.99) / 1000);
    refused_ms.push_back(Quantile(overload.refused_micros, 0.99) / 1000);
    refused += overload.refused;
    without_delay += overload.refused - overload.refused_with_delay;
    failed += overload.failed;
    if (overload.failed != 0) failure = overload.last_failure;
    generator_share = std::max(generator_share, overload.processor_share);
    answer_micros += micros / kRounds;
    before = after;
  }
  std::printf(
      "\noverload on the miss path, %d rounds of %lld ms: peak %.0f/s, asked three times as much, answered %.0f/s\n",
      kRounds, static_cast<long long>((time / 2).count()), Part(peaks, 0.5), Part(answered, 0.5));
  std::printf("of the peak: median %.3f, quartiles %.3f to %.3f; p99 of answers %.1f ms, of refusals %.1f ms\n",
              Part(ratios, 0.5), Part(ratios, 0.25), Part(ratios, 0.75), Part(answers_ms, 0.5), Part(refused_ms, 0.5));
  std::printf("refused %llu (%llu without a retry delay), failed %llu %s; generator at most %.2f of its core\n",
              static_cast<unsigned long long>(refused), static_cast<unsigned long long>(without_delay),
              static_cast<unsigned long long>(failed), failure.c_str(), generator_share);
  std::printf("an answer took %.0f us of the server's core at the peak, a refusal %.1f us\n", answer_micros,
              Part(refusals, 0.5));
  return Part(ratios, 0.5);
}

absl::Status Run(const Flags& flags) {
  const bool pinned = std::thread::hardware_concurrency() >= 2;
  const auto start = [](const auto& body) { return ServedProcess::Start(kServerCore, body); };
  std::unique_ptr<testing::RedisServer> redis;
  std::string socket;
  if (testing::RedisServer::Installed()) {
    TANDEM_ASSIGN_OR_RETURN(redis, testing::RedisServer::Start());
    socket = redis->socket();
  }
  std::fprintf(stderr, "loading %d projects and %d investors into each server\n", flags.projects, flags.investors);
  TANDEM_ASSIGN_OR_RETURN(const auto cached,
                          start([&](const Serving& serving) { ServeMatches(flags, 64, "", serving); }));
  TANDEM_ASSIGN_OR_RETURN(const auto missed,
                          start([&](const Serving& serving) { ServeMatches(flags, 0, "", serving); }));
  std::unique_ptr<ServedProcess> shared;
  if (redis != nullptr) {
    TANDEM_ASSIGN_OR_RETURN(shared, start([&](const Serving& serving) { ServeMatches(flags, 0, socket, serving); }));
  }
  TANDEM_ASSIGN_OR_RETURN(const auto echo,
                          start([&](const Serving& serving) { ServeEcho(cached->served().bytes, serving); }));
  PinTo(kGeneratorCore);

  utsname machine{};
  uname(&machine);
  std::printf("machine: %s %s %s, %u cores%s\n", machine.sysname, machine.release, machine.machine,
              std::thread::hardware_concurrency(), pinned ? ", servers on one, generator on another" : "");
  std::printf("date:    %s\n", absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::Now(), absl::UTCTimeZone()).c_str());
  std::printf("input:   demo data, seed 1: %d projects, %d investors; FindMatches of 20 matches, %zu bytes asked\n\n",
              flags.projects, flags.investors, RequestsFor(cached->served().subjects, 1)[0].size());
  std::printf("%-22s %11s %10s %9s %9s %9s %9s %8s %9s\n", "answer", "outstanding", "calls/s", "p50 us", "p99 us",
              "server us", "generator", "failed", "bytes");
  const std::chrono::milliseconds time(flags.milliseconds);
  struct Server {
    std::string name;
    const ServedProcess* process;
  };
  std::vector<Server> servers = {{"bare echo", echo.get()}, {"hit in process", cached.get()}};
  if (shared != nullptr) servers.push_back({"hit in Redis", shared.get()});
  servers.push_back({"miss", missed.get()});
  LoadResult echo32, hit32;
  for (const Server& server : servers) {
    if (!flags.only.empty() && !absl::StrContains(flags.only, server.name)) continue;
    // Hits of one subject, as the echo has one answer; misses of many, so that nobody waits for an equal question.
    const auto& subjects = server.process == echo.get() ? cached->served().subjects : server.process->served().subjects;
    LoadGenerator generator(server.process, kMethod,
                            RequestsFor(subjects, server.process == missed.get() ? kSubjects : 1));
    for (const int outstanding : kOutstanding) {
      const LoadResult result = generator.Closed(outstanding, time);
      Print(server.name, outstanding, result);
      if (outstanding == 32 && server.process == echo.get()) echo32 = result;
      if (outstanding == 32 && server.process == cached.get()) hit32 = result;
    }
  }
  if (redis == nullptr) std::printf("hit in Redis: skipped, redis-server is not installed\n");

  if (!flags.only.empty() && !absl::StrContains(flags.only, "overload")) return absl::OkStatus();
  std::fflush(stdout);
  const double goodput = MeasureOverload(missed.get(), time);
  std::printf("\nserve echo_ratio=%.2f p99_ratio=%.2f goodput_ratio=%.2f\n", hit32.PerSecond() / echo32.PerSecond(),
              Quantile(hit32.ok_micros, 0.99) / Quantile(echo32.ok_micros, 0.99), goodput);
  return absl::OkStatus();
}

}  // namespace
}  // namespace tandem

int main(int argc, char** argv) {
  tandem::Flags flags;
  CLI::App app(
      "What FindMatches costs, cached and not, beside a bare gRPC echo of the same bytes, and under overload.");
  app.add_option("--projects", flags.projects, "Projects of the edition")
      ->capture_default_str()
      ->check(CLI::Range(100, 200000));
  app.add_option("--investors", flags.investors, "Investors of it")
      ->capture_default_str()
      ->check(CLI::Range(50, 50000));
  app.add_option("--milliseconds", flags.milliseconds, "How long each row is measured")
      ->capture_default_str()
      ->check(CLI::Range(100, 600000));
  app.add_option("--only", flags.only, "Measures only answers of these names, separated by commas");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = tandem::Run(flags);
  if (!status.ok()) std::fprintf(stderr, "tandem-serve-bench: %s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
