// How long after a write is acknowledged FindMatches shows it, without a token; and whether reads with the write's
// token are ever stale (they must not be).
//
// The three services run in this process on SQLite in a fresh folder, called over loopback. A write pauses a project or
// brings it back; its own list of investors then becomes empty or full. After each write one thread asks with the
// write's token at once, and another asks without one, again and again, until the change shows. What is measured
// therefore includes one answer of FindMatches, which ranks all investors.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <sys/utsname.h>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "services/all_in_one/all_in_one.h"
#include "tests/integration/pairing/scratch_folder.h"
#include "tests/integration/pairing/zone_client.h"

namespace tandem {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kProjects = 2000;
constexpr int kInvestors = 800;

struct Figures {
  std::vector<double> write_ms;    // the write itself, until acknowledged
  std::vector<double> visible_ms;  // from then on until a read without a token shows it
  std::vector<double> read_ms;     // a read with the token, from the acknowledgement on
  int reads = 0;                   // without a token, until the change showed
  int stale = 0;                   // reads with the token that did not show the write
};

double Since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

void Print(const char* what, std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double part) {
    return values[std::min(values.size() - 1, static_cast<size_t>(part * static_cast<double>(values.size())))];
  };
  std::printf("%-44s p50 %8.3f ms   p99 %8.3f ms   max %8.3f ms\n", what, at(0.50), at(0.99), values.back());
}

absl::Status Measure(ZoneClient* client, const std::vector<std::string>& subjects, int writes, Figures* figures) {
  for (int i = 0; i < writes; ++i) {
    // Each subject is paused and, in the next round, brought back.
    const std::string& subject = subjects[static_cast<size_t>(i) % subjects.size()];
    const bool matched = static_cast<size_t>(i) / subjects.size() % 2 == 1;
    const auto begin = Clock::now();
    TANDEM_ASSIGN_OR_RETURN(const projects::v1::Project written, client->SetMatched(subject, matched));
    figures->write_ms.push_back(Since(begin));
    const auto acknowledged = Clock::now();
    auto with_token = std::async(std::launch::async, [&]() -> absl::StatusOr<bool> {
      const auto found = client->Find(subject, written.consistency_token());
      if (!found.ok()) return found.status();
      figures->read_ms.push_back(Since(acknowledged));  // read by no other thread before get()
      return (found->metadata().total_size() > 0) == matched;
    });
    for (;;) {
      TANDEM_ASSIGN_OR_RETURN(const auto found, client->Find(subject));
      ++figures->reads;
      if ((found.metadata().total_size() > 0) == matched) break;
      if (Since(acknowledged) > 30'000) return absl::DeadlineExceededError("a write did not show within 30 s");
    }
    figures->visible_ms.push_back(Since(acknowledged));
    TANDEM_ASSIGN_OR_RETURN(const bool fresh, with_token.get());
    if (!fresh) ++figures->stale;
  }
  return absl::OkStatus();
}

absl::Status Run(int writes) {
  const ScratchFolder folder;
  AllInOneOptions options;
  options.folder.path = folder.path();
  options.server.addresses = {"127.0.0.1:0"};
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<AllInOne> all, StartAllInOne(std::move(options)));
  TANDEM_RETURN_IF_ERROR(all->WaitUntilReady(Clock::now() + std::chrono::seconds(30)));
  ZoneClient client(rpc::NewChannel(absl::StrCat("127.0.0.1:", all->port())));
  const auto begin = Clock::now();
  TANDEM_ASSIGN_OR_RETURN(const LoadedEdition edition, client.LoadDemo("bench", kProjects, kInvestors));
  TANDEM_RETURN_IF_ERROR(client.AwaitApplied(edition));
  const double loaded_ms = Since(begin);

  std::vector<std::string> subjects;
  for (const std::string& project : edition.projects) {
    TANDEM_ASSIGN_OR_RETURN(const auto found, client.Find(project));
    if (found.metadata().total_size() > 0) subjects.push_back(project);
    if (subjects.size() == 100) break;
  }
  if (subjects.empty()) return absl::InternalError("no project of the demo data has a match");

  Figures figures;
  TANDEM_RETURN_IF_ERROR(Measure(&client, subjects, writes, &figures));

  utsname machine{};
  uname(&machine);
  std::printf("machine: %s %s %s, %u cores\n", machine.sysname, machine.release, machine.machine,
              std::thread::hardware_concurrency());
  std::printf("date:    %s\n", absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::Now(), absl::UTCTimeZone()).c_str());
  std::printf("input:   demo data, seed 1: %d projects, %d investors; loaded and applied in %.1f s\n", kProjects,
              kInvestors, loaded_ms / 1000);
  std::printf(
      "work:    %d writes to %zu projects, one after the other, each with one read with its token and %.1f without\n\n",
      writes, subjects.size(), static_cast<double>(figures.reads) / writes);
  Print("write, until acknowledged", figures.write_ms);
  Print("then until a read without a token shows it", figures.visible_ms);
  Print("then until the read with its token answers", figures.read_ms);
  std::printf("%-44s %d of %d\n", "stale reads with a token", figures.stale, writes);
  return figures.stale == 0 ? absl::OkStatus() : absl::InternalError("a read with a token was stale");
}

}  // namespace
}  // namespace tandem

int main(int argc, char** argv) {
  int writes = 1000;
  if (argc > 2 || (argc == 2 && (!absl::SimpleAtoi(argv[1], &writes) || writes < 1))) {
    std::fprintf(stderr, "usage: tandem-visibility-bench [WRITES]\n");
    return 2;
  }
  const absl::Status status = tandem::Run(writes);
  if (!status.ok()) std::fprintf(stderr, "tandem-visibility-bench: %s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
