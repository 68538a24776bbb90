// Asks running services the questions of a data set and scores their answers. `tools/eval` starts the services for it.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sys/utsname.h>
#include <thread>
#include <unistd.h>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "common/base/mutex.h"
#include "common/base/status.h"
#include "tests/bench/eval/invest_folder.h"
#include "tests/bench/eval/metrics.h"
#include "tests/bench/eval/service_clients.h"

namespace tandem::eval {
namespace {

struct Options {
  std::string server = "127.0.0.1:7100";
  std::string folder;
  std::string rankings_file;
  std::string edition = "eval";
  int threads = 2;
  int server_pid = 0;
  bool shipped = false;
};

// What counts of an answer list: after dropping, until 50 remain and the first hit is known or cannot count any more.
constexpr size_t kEnough = 50;
constexpr size_t kLastRank = 1000;

struct Answered {
  std::vector<std::string> ranked;  // external ids, after dropping
};

class Run {
 public:
  explicit Run(Options options) : options_(std::move(options)), clients_(options_.server) {}

  absl::Status Execute() {
    PrintMachine();
    TANDEM_ASSIGN_OR_RETURN(folder_, ReadInvestFolder(options_.folder, options_.edition));
    TANDEM_RETURN_IF_ERROR(Load());
    if (!options_.shipped) TANDEM_RETURN_IF_ERROR(Learn());
    std::ofstream rankings;
    if (!options_.rankings_file.empty()) {
      rankings.open(options_.rankings_file);
      if (!rankings) return absl::FailedPreconditionError(absl::StrCat(options_.rankings_file, ": cannot be written"));
      rankings << "task,query,rank,external_id\n";
    }
    for (const char task : {'A', 'B'}) TANDEM_RETURN_IF_ERROR(Ask(task, rankings.is_open() ? &rankings : nullptr));
    PrintMemory("after the questions");
    rankings.flush();
    return rankings.good() ? absl::OkStatus()
                           : absl::DataLossError(absl::StrCat(options_.rankings_file, ": not written whole"));
  }

 private:
  void PrintMachine() const {
    utsname name = {};
    uname(&name);
    std::ifstream info("/proc/cpuinfo");
    std::string line, model = name.machine;
    while (std::getline(info, line)) {
      if (line.rfind("model name", 0) == 0) model = line.substr(line.find(':') + 2);
    }
    std::printf("machine: %s, %u processors, %s %s\ndate: %s\ninput: %s\n", model.c_str(),
                std::thread::hardware_concurrency(), name.sysname, name.release,
                absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::Now(), absl::UTCTimeZone()).c_str(),
                options_.folder.c_str());
  }

  void PrintMemory(const char* when) const {
    if (options_.server_pid == 0) return;
    std::ifstream status(absl::StrCat("/proc/", options_.server_pid, "/status"));
    std::string line;
    while (std::getline(status, line)) {
      if (line.rfind("VmHWM", 0) == 0 || line.rfind("VmRSS", 0) == 0)
        std::printf("server memory %s: %s\n", when, line.c_str());
    }
  }

  absl::Status Load() {
    const std::string parent = folder_.edition.name();
    TANDEM_ASSIGN_OR_RETURN(const std::string edition_token, clients_.CreateEdition(folder_.edition));
    TANDEM_ASSIGN_OR_RETURN(ImportResult investors, clients_.Import(parent, folder_.investors, edition_token));
    TANDEM_ASSIGN_OR_RETURN(ImportResult deals, clients_.Import(parent, folder_.deals, edition_token));
    TANDEM_ASSIGN_OR_RETURN(ImportResult projects, clients_.Import(parent, folder_.projects, edition_token));
    const int records = investors.records + deals.records + projects.records;
    const double seconds = investors.seconds + deals.seconds + projects.seconds;
    std::printf("import: records=%d (investors=%d deals=%d projects=%d) seconds=%.2f records_per_second=%.0f\n",
                records, investors.records, deals.records, projects.records, seconds, records / seconds);
    PrintMemory("after the import");
    TANDEM_ASSIGN_OR_RETURN(
        const pairing::v1::Statistics statistics,
        clients_.FreezeStatistics(parent, absl::StrCat(deals.consistency_token, ",", projects.consistency_token)));
    token_ = statistics.consistency_token();
    std::printf("statistics: number=%lld projects=%lld deals=%lld features=%d\n",
                static_cast<long long>(statistics.number()), static_cast<long long>(statistics.project_count()),
                static_cast<long long>(statistics.deal_count()), statistics.features_size());
    std::fflush(stdout);
    investor_names_ = std::move(investors.names);
    project_names_ = std::move(projects.names);
    return absl::OkStatus();
  }

  absl::Status Learn() {
    const auto started = std::chrono::steady_clock::now();
    TANDEM_ASSIGN_OR_RETURN(const pairing::v1::RankingProfile profile,
                            clients_.TrainProfile(folder_.edition.name(), token_));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    std::printf("profile: %s seconds=%.1f deals=%lld examples=%lld learned_up_to=%s", profile.name().c_str(), seconds,
                static_cast<long long>(profile.counts().deal_count()),
                static_cast<long long>(profile.counts().example_count()), profile.as_of_date().c_str());
    for (const auto& metric : profile.metrics()) {
      std::printf(" inner:%s:%s=%.4f (shipped %.4f)", metric.task().c_str(), metric.name().c_str(),
                  static_cast<double>(metric.value_millionths()) / 1e6,
                  static_cast<double>(metric.default_value_millionths()) / 1e6);
    }
    std::printf("\n");
    TANDEM_ASSIGN_OR_RETURN(const std::string chosen, clients_.ChooseProfile(profile.name()));
    absl::StrAppend(&token_, ",", chosen);
    return absl::OkStatus();
  }

  // Whether an answer of task A counts: an eligible investor without an earlier deal in the startup.
  bool CountsForRound(const Query& query, const std::string& investor) const {
    if (!folder_.eligible.contains(investor)) return false;
    const std::string pair = absl::StrCat(investor, "|", folder_.startup_of_round.at(query.id));
    if (folder_.backed_before.contains(pair)) return false;
    const auto in_window = folder_.backed_in_window.find(pair);
    return in_window == folder_.backed_in_window.end() || in_window->second >= query.as_of_date;
  }

  // Whether an answer of task B counts: a startup not backed before, by its first round in the window.
  bool CountsForInvestor(const Query& query, const std::string& round, const std::string& startup) const {
    return folder_.first_round_of_startup.at(startup) == round &&
           !folder_.backed_before.contains(absl::StrCat(query.id, "|", startup));
  }

  absl::StatusOr<Answered> AskOne(char task, const Query& query) {
    Answered answered;
    bool found = false;
    const auto& names = task == 'A' ? project_names_ : investor_names_;
    const auto name = names.find(query.id);
    if (name == names.end()) return absl::InternalError(absl::StrCat(query.id, ": was not imported"));
    TANDEM_RETURN_IF_ERROR(
        clients_.FindMatches(name->second, query.as_of_date, token_, [&](const pairing::v1::Match& match) {
          std::string answer = match.counterpart_external_id();
          if (task == 'A') {
            if (!CountsForRound(query, answer)) return true;
          } else {
            const std::string& startup = folder_.startup_of_round.at(answer);
            if (!CountsForInvestor(query, answer, startup)) return true;
            answer = startup;
          }
          found |= query.relevant.contains(answer);
          answered.ranked.push_back(std::move(answer));
          return answered.ranked.size() < kEnough || (!found && answered.ranked.size() < kLastRank);
        }));
    return answered;
  }

  absl::Status Ask(char task, std::ofstream* rankings) {
    const std::vector<Query>& queries = task == 'A' ? folder_.task_a : folder_.task_b;
    std::vector<Answered> answers(queries.size());
    std::atomic<size_t> next = 0;
    Mutex mutex;
    absl::Status failed;
    const auto started = std::chrono::steady_clock::now();
    const auto work = [&] {
      for (size_t i = next.fetch_add(1); i < queries.size(); i = next.fetch_add(1)) {
        absl::StatusOr<Answered> answered = AskOne(task, queries[i]);
        if (!answered.ok()) {
          MutexLock lock(&mutex);
          failed.Update(
              absl::Status(answered.status().code(), absl::StrCat(queries[i].id, ": ", answered.status().message())));
          return;
        }
        answers[i] = *std::move(answered);
        if (isatty(STDERR_FILENO) != 0 && i % 100 == 0)
          std::fprintf(stderr, "\rtask %c: %zu of %zu", task, i, queries.size());
      }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < options_.threads; ++i) threads.emplace_back(work);
    for (std::thread& thread : threads) thread.join();
    if (isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "\r\033[K");
    TANDEM_RETURN_IF_ERROR(failed);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    Metrics metrics;
    for (size_t i = 0; i < queries.size(); ++i) {
      metrics.Add(answers[i].ranked, queries[i].relevant);
      if (rankings == nullptr) continue;
      for (size_t rank = 0; rank < answers[i].ranked.size(); ++rank) {
        *rankings << task << ',' << queries[i].id << ',' << rank + 1 << ',' << answers[i].ranked[rank] << '\n';
      }
    }
    std::printf("%s\n", metrics.Line(std::string(1, task), seconds).c_str());
    std::fflush(stdout);
    return absl::OkStatus();
  }

  Options options_;
  ServiceClients clients_;
  InvestFolder folder_;
  std::string token_;
  absl::flat_hash_map<std::string, std::string> investor_names_, project_names_;
};

}  // namespace
}  // namespace tandem::eval

int main(int argc, char** argv) {
  tandem::eval::Options options;
  CLI::App app("Loads a data set into running Tandem services, asks for matches, and scores the answers.");
  app.require_subcommand(1);
  app.add_option("--server", options.server, "Address of an all-in-one server")->capture_default_str();
  app.add_option("--server-pid", options.server_pid, "Process whose memory to state");
  app.add_option("--threads", options.threads, "Questions asked at a time")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
  CLI::App* invest =
      app.add_subcommand("invest", "Deals split in time: which investors for a round, which startups for an investor");
  invest
      ->add_option("DIR", options.folder,
                   "Folder with projects.jsonl, investors.jsonl, train_edges.csv, test_edges.csv, stats.json")
      ->required();
  invest->add_flag("--shipped", options.shipped, "Rank by the shipped profile; by default one is learned first");
  invest->add_option("--rankings", options.rankings_file,
                     "Write the rankings to this CSV file: task,query,rank,external_id");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = tandem::eval::Run(std::move(options)).Execute();
  if (status.ok()) return 0;
  std::fprintf(stderr, "tandem-eval: %s\n", std::string(status.message()).c_str());
  return 1;
}
