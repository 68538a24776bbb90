// How long a fresh pairing replica takes until it is ready: tools/bench ready. See README.md.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <sys/utsname.h>
#include <thread>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "tests/bench/ready/fill.h"
#include "tests/bench/ready/running_service.h"
#include "tests/integration/pairing/zone_client.h"
#include "tests/support/child.h"
#include "tests/support/sockets.h"

namespace tandem {
namespace {

namespace fs = std::filesystem;
using pairing::v1::FindMatchesRequest;
using pairing::v1::FindMatchesResponse;
using pairing::v1::PairingService;

constexpr char kEdition[] = "ready";
constexpr int kSubjects = 40;  // of each side, of which the first lists are asked
constexpr absl::Duration kPatience = absl::Minutes(3);

struct Flags {
  EditionSize size;
  int runs = 3;
  std::string data;      // empty: a folder of its own, removed at the end
  std::string programs;  // empty: those beside this one
};

// What one start came to.
struct Run {
  double ready = 0, first_list = 0;                             // seconds from its start
  double pairing_cpu = 0, projects_cpu = 0, investors_cpu = 0;  // seconds from its start to the first list
  int64_t pairing_kib = 0, projects_kib = 0, investors_kib = 0;
  std::vector<std::string> lists;
};

class Bench {
 public:
  explicit Bench(Flags flags) : flags_(std::move(flags)) {}
  ~Bench() {
    pairing_.reset();
    projects_.reset();
    investors_.reset();
    std::error_code ignored;
    if (made_) fs::remove_all(folder_.path, ignored);
  }

  absl::Status Measure() {
    TANDEM_RETURN_IF_ERROR(Prepare());
    std::vector<Run> runs;
    for (int i = 0; i < flags_.runs; ++i) {
      TANDEM_ASSIGN_OR_RETURN(Run run, RunOnce());
      runs.push_back(std::move(run));
    }
    Print(runs);
    for (const Run& run : runs) {
      if (run.lists != runs.front().lists) return absl::InternalError("the first lists differ between two starts");
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Prepare() {
    if (flags_.programs.empty()) flags_.programs = fs::read_symlink("/proc/self/exe").parent_path().string();
    folder_.path = flags_.data;
    if (folder_.path.empty()) {
      TANDEM_ASSIGN_OR_RETURN(folder_.path, testing::NewTemporaryFolder("tandem-ready"));
      made_ = true;
    }
    PickAddresses();
    const bool filled = fs::exists(folder_.path + "/editions.db");
    FilledEdition edition;
    if (!filled) {
      std::fprintf(stderr, "filling %s with %d projects, %d investors and %d deals\n", folder_.path.c_str(),
                   flags_.size.projects, flags_.size.investors, flags_.size.deals);
      TANDEM_ASSIGN_OR_RETURN(edition, FillStores(folder_, kEdition, flags_.size));
    }
    return filled ? StartSources() : MakeEdition(edition);
  }

  void PickAddresses() {
    // Held until all have theirs, so that they differ.
    const testing::Socket sockets[] = {testing::ListenOnLoopback(), testing::ListenOnLoopback(),
                                       testing::ListenOnLoopback()};
    for (int i = 0; i < 3; ++i) at_[i] = absl::StrCat("127.0.0.1:", testing::PortOf(sockets[i]));
  }

  std::vector<std::string> Arguments(int port, std::vector<std::string> more) const {
    std::vector<std::string> arguments = {"--data", folder_.path, "--listen", at_[port], "--log-level", "warning"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  absl::StatusOr<std::unique_ptr<RunningService>> Start(const std::string& name, std::vector<std::string> arguments) {
    return RunningService::Start(absl::StrCat(flags_.programs, "/tandem-", name), std::move(arguments),
                                 absl::StrCat(folder_.path, "/", name, ".log"));
  }

  absl::Status StartSources() {
    TANDEM_ASSIGN_OR_RETURN(projects_, Start("projects", Arguments(0, {"--editions", at_[2]})));
    TANDEM_ASSIGN_OR_RETURN(investors_, Start("investors", Arguments(1, {"--editions", at_[2]})));
    TANDEM_RETURN_IF_ERROR(projects_->AwaitReady(kPatience));
    return investors_->AwaitReady(kPatience);
  }

  absl::Status StartPairing() {
    TANDEM_ASSIGN_OR_RETURN(pairing_, Start("pairing", Arguments(2, {"--projects", at_[0], "--investors", at_[1]})));
    return absl::OkStatus();
  }

  std::unique_ptr<ZoneClient> NewClient() const {
    return std::make_unique<ZoneClient>(
        ZoneClient::Channels{rpc::NewChannel(at_[0]), rpc::NewChannel(at_[1]), rpc::NewChannel(at_[2])});
  }

  // The edition itself, with frozen statistics of what is there.
  absl::Status MakeEdition(const FilledEdition& filled) {
    using pairing::v1::EditionService;
    TANDEM_RETURN_IF_ERROR(StartSources());
    TANDEM_RETURN_IF_ERROR(StartPairing());
    TANDEM_RETURN_IF_ERROR(pairing_->AwaitReady(kPatience));
    const auto client = NewClient();
    pairing::v1::CreateEditionRequest create;
    create.set_edition_id(kEdition);
    *create.mutable_edition() = filled.edition;
    TANDEM_ASSIGN_OR_RETURN(const auto edition,
                            client->Call(client->editions(), &EditionService::Stub::CreateEdition, create));
    pairing::v1::ImportTaxonomyRequest import;
    import.set_parent(edition.name());
    *import.mutable_taxonomy() = filled.taxonomy;
    TANDEM_ASSIGN_OR_RETURN(const auto taxonomy,
                            client->Call(client->editions(), &EditionService::Stub::ImportTaxonomy, import, kPatience));
    pairing::v1::FreezeStatisticsRequest freeze;
    freeze.set_parent(edition.name());
    freeze.set_consistency_token(taxonomy.consistency_token());
    TANDEM_RETURN_IF_ERROR(
        client->Call(client->editions(), &EditionService::Stub::FreezeStatistics, freeze, kPatience).status());
    pairing_.reset();
    return absl::OkStatus();
  }

  absl::StatusOr<Run> RunOnce() {
    if (subjects_.empty()) TANDEM_RETURN_IF_ERROR(PickSubjects());
    Run run;
    const double projects_cpu = projects_->processor_seconds(), investors_cpu = investors_->processor_seconds();
    const absl::Time begin = absl::Now();
    TANDEM_RETURN_IF_ERROR(StartPairing());
    TANDEM_RETURN_IF_ERROR(pairing_->AwaitReady(kPatience));
    run.ready = absl::ToDoubleSeconds(absl::Now() - begin);
    const auto client = NewClient();
    for (const std::string& subject : subjects_) {
      TANDEM_ASSIGN_OR_RETURN(std::string list, ListOf(client.get(), subject));
      run.lists.push_back(std::move(list));
      if (run.lists.size() > 1) continue;
      run.first_list = absl::ToDoubleSeconds(absl::Now() - begin);
      run.pairing_cpu = pairing_->processor_seconds();
      run.projects_cpu = projects_->processor_seconds() - projects_cpu;
      run.investors_cpu = investors_->processor_seconds() - investors_cpu;
      run.pairing_kib = pairing_->peak_memory_kib();
      run.projects_kib = projects_->peak_memory_kib();
      run.investors_kib = investors_->peak_memory_kib();
    }
    pairing_.reset();
    std::fprintf(stderr, "ready after %.2f s, first list after %.2f s\n", run.ready, run.first_list);
    return run;
  }

  // From all over the edition.
  absl::Status PickSubjects() {
    const auto client = NewClient();
    const std::string parent = absl::StrCat("editions/", kEdition);
    projects::v1::ListProjectsRequest projects;
    projects.set_parent(parent);
    projects.set_page_size(kSubjects);
    TANDEM_ASSIGN_OR_RETURN(
        const auto some_projects,
        client->Call(client->projects(), &projects::v1::ProjectService::Stub::ListProjects, projects));
    investors::v1::ListInvestorsRequest investors;
    investors.set_parent(parent);
    investors.set_page_size(kSubjects);
    TANDEM_ASSIGN_OR_RETURN(
        const auto some_investors,
        client->Call(client->investors(), &investors::v1::InvestorService::Stub::ListInvestors, investors));
    for (const auto& investor : some_investors.investors()) subjects_.push_back(investor.name());
    for (const auto& project : some_projects.projects()) subjects_.push_back(project.name());
    return absl::OkStatus();
  }

  // All of an answer but its tokens, which are sealed anew each time.
  static absl::StatusOr<std::string> ListOf(ZoneClient* client, const std::string& subject) {
    FindMatchesRequest request;
    request.set_subject(subject);
    request.set_page_size(20);
    request.set_explain(true);
    FindMatchesResponse merged;
    TANDEM_ASSIGN_OR_RETURN(const FindMatchesResponse response,
                            client->Call(client->pairing(), &PairingService::Stub::FindMatches, request, kPatience));
    *merged.mutable_matches() = response.matches();
    return merged.SerializeAsString();
  }

  void Print(const std::vector<Run>& runs) const {
    utsname machine{};
    uname(&machine);
    std::printf("machine: %s %s %s, %u cores\n", machine.sysname, machine.release, machine.machine,
                std::thread::hardware_concurrency());
    std::printf("date:    %s\n", absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::Now(), absl::UTCTimeZone()).c_str());
    std::printf("input:   demo data: %d projects, %d investors, %d deals, SQLite, a process each; %zu lists of 20\n\n",
                flags_.size.projects, flags_.size.investors, flags_.size.deals, subjects_.size());
    std::printf("%-8s %8s %11s | %8s %9s %10s | %8s %9s %10s\n", "", "ready s", "first list", "pairing", "projects",
                "investors", "pairing", "projects", "investors");
    std::printf("%-8s %8s %11s | %29s | %29s\n", "", "", "", "processor seconds", "peak MiB");
    const auto line = [](const char* name, const Run& run) {
      std::printf("%-8s %8.2f %11.2f | %8.2f %9.2f %10.2f | %8.0f %9.0f %10.0f\n", name, run.ready, run.first_list,
                  run.pairing_cpu, run.projects_cpu, run.investors_cpu, static_cast<double>(run.pairing_kib) / 1024,
                  static_cast<double>(run.projects_kib) / 1024, static_cast<double>(run.investors_kib) / 1024);
    };
    std::vector<Run> sorted = runs;
    std::sort(sorted.begin(), sorted.end(), [](const Run& a, const Run& b) { return a.ready < b.ready; });
    const Run& median = sorted[sorted.size() / 2];
    line("median", median);
    line("best", sorted.front());
    size_t bytes = 0, hash = 0;
    for (const std::string& list : runs.front().lists) {
      bytes += list.size();
      hash = hash * 31 + std::hash<std::string>()(list);
    }
    std::printf("\nfirst lists: %zu bytes, fingerprint %016zx\n", bytes, hash);
    std::printf("ready median=%.2f best=%.2f first_list=%.2f processor=%.2f\n", median.ready, sorted.front().ready,
                median.first_list, median.pairing_cpu + median.projects_cpu + median.investors_cpu);
  }

  Flags flags_;
  DataFolder folder_;
  bool made_ = false;
  std::string at_[3];  // projects, investors, pairing
  std::unique_ptr<RunningService> projects_, investors_, pairing_;
  std::vector<std::string> subjects_;
};

}  // namespace
}  // namespace tandem

int main(int argc, char** argv) {
  tandem::Flags flags;
  CLI::App app("How long a fresh pairing replica takes until it is ready.");
  app.add_option("--projects", flags.size.projects, "Projects of the edition")
      ->capture_default_str()
      ->check(CLI::Range(10, 1000000));
  app.add_option("--investors", flags.size.investors, "Investors of it")
      ->capture_default_str()
      ->check(CLI::Range(10, 200000));
  app.add_option("--deals", flags.size.deals, "Deals of it")->capture_default_str()->check(CLI::Range(0, 2000000));
  app.add_option("--runs", flags.runs, "Replicas started one after the other")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  app.add_option("--data", flags.data, "Folder of the stores, kept; one that is filled is taken as it is");
  app.add_option("--programs", flags.programs, "Folder of the programs; the one of this program when not named");
  CLI11_PARSE(app, argc, argv);
  if (!flags.data.empty()) std::filesystem::create_directories(flags.data);
  tandem::Bench bench(std::move(flags));
  const absl::Status status = bench.Measure();
  if (!status.ok()) std::fprintf(stderr, "tandem-ready-bench: %s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
