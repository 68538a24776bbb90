#include "tests/fault/cluster/cluster.h"

#include <algorithm>
#include <filesystem>
#include <sys/wait.h>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "common/base/status.h"
#include "tests/e2e/server_process.h"
#include "tests/support/child.h"

namespace tandem::check {
namespace {

namespace fs = std::filesystem;

// What one channel connects to when a service has several replicas.
std::string Target(const std::vector<std::string>& addresses) {
  return absl::StrCat("ipv4:", absl::StrJoin(addresses, ","));
}

std::vector<std::string> DatabaseSettings() {
  std::vector<std::string> settings = PostgresServer::QuickSettings();
  settings.push_back("max_connections=200");
  return settings;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Cluster>> Cluster::Start(const ClusterOptions& options) {
  std::unique_ptr<Cluster> cluster(new Cluster(options));
  TANDEM_ASSIGN_OR_RETURN(cluster->folder_, testing::NewTemporaryFolder("tandem-check"));
  if (options.layout == Layout::kReplicas) TANDEM_RETURN_IF_ERROR(cluster->StartServers());
  cluster->projects_ = cluster->Reserve(options.layout == Layout::kAllInOne ? 1 : options.replicas);
  if (options.layout == Layout::kAllInOne) {
    cluster->investors_ = cluster->pairing_ = cluster->projects_;
  } else {
    cluster->investors_ = cluster->Reserve(options.replicas);
    cluster->pairing_ = cluster->Reserve(options.replicas);
  }
  TANDEM_ASSIGN_OR_RETURN(cluster->processes_, Supervisor::Start(cluster->folder_, cluster->Programs()));
  const absl::Status ready = cluster->processes_->WaitUntilAllReady();
  if (!ready.ok()) {
    cluster->KeepFolder();
    return absl::Status(ready.code(), absl::StrCat(ready.message(), "\nlogs: ", cluster->folder_));
  }
  return cluster;
}

Cluster::~Cluster() {
  processes_.reset();
  std::error_code ignored;
  if (keep_folder_ && postgres_ != nullptr) {
    fs::copy_file(postgres_->folder() + "/log", folder_ + "/postgres.log", ignored);
  }
  // The proxies end before what they connect to.
  redis_proxy_.reset();
  postgres_proxy_.reset();
  if (!keep_folder_ && !folder_.empty()) fs::remove_all(folder_, ignored);
}

absl::Status Cluster::StartServers() {
  TANDEM_ASSIGN_OR_RETURN(postgres_, PostgresServer::Start(DatabaseSettings()));
  postgres_proxy_ = std::make_unique<PostgresProxy>(postgres_->folder(), folder_);
  TANDEM_RETURN_IF_ERROR(Migrate());
  TANDEM_ASSIGN_OR_RETURN(redis_, testing::RedisServer::Start());
  testing::TcpProxy::Target target;
  target.port = redis_->port();
  TANDEM_ASSIGN_OR_RETURN(redis_proxy_, testing::TcpProxy::Start(target));
  return absl::OkStatus();
}

absl::Status Cluster::Migrate() {
  testing::ChildOptions child;
  child.words = {e2e::BinaryPath("tandem"), "admin", "migrate", "--postgres", postgres_->connection()};
  child.out = folder_ + "/migrate.log";
  int status = -1;
  waitpid(testing::StartChild(child), &status, 0);
  if (status == 0) return absl::OkStatus();
  KeepFolder();
  return absl::InternalError(absl::StrCat("`tandem admin migrate` ended with ", status, "; see ", child.out));
}

std::vector<std::string> Cluster::Reserve(int count) {
  std::vector<std::string> addresses;
  for (int i = 0; i < count; ++i) {
    ports_.push_back(std::make_unique<e2e::ReservedPort>());
    addresses.push_back(ports_.back()->address());
  }
  return addresses;
}

std::vector<Program> Cluster::Programs() {
  std::vector<Program> programs;
  const auto add = [&](const std::string& name, const std::string& binary, const std::string& address,
                       const std::vector<std::string>& flags) {
    Program program;
    program.name = name;
    program.words = {e2e::BinaryPath(binary), "--listen", address, "--data", data_folder(), "--keys", keys_file(),
                     "--log-level", options_.log_level,
                     // As in k8s/, where it is longer: callers see that a replica goes before it does.
                     "--lame-duck-seconds", "1"};
    program.words.insert(program.words.end(), flags.begin(), flags.end());
    programs.push_back(std::move(program));
  };
  if (options_.layout == Layout::kAllInOne) {
    add("all-in-one", "tandem-all-in-one-check", projects_[0], {});
    return programs;
  }
  const std::string conninfo = absl::StrCat("host=", folder_, " user=tandem dbname=postgres");
  const std::vector<std::string> store = {"--store", "postgres", "--postgres", conninfo};
  const auto with = [&](std::vector<std::string> flags) {
    flags.insert(flags.end(), store.begin(), store.end());
    return flags;
  };
  for (size_t i = 0; i < projects_.size(); ++i) {
    add(absl::StrCat("projects-", i), "tandem-projects-check", projects_[i], with({"--editions", Target(pairing_)}));
    add(absl::StrCat("investors-", i), "tandem-investors-check", investors_[i], with({"--editions", Target(pairing_)}));
    add(absl::StrCat("pairing-", i), "tandem-pairing-check", pairing_[i],
        with({"--projects", Target(projects_), "--investors", Target(investors_), "--redis",
              absl::StrCat("redis://127.0.0.1:", redis_proxy_->port()), "--cache-mb",
              absl::StrCat(options_.cache_megabytes)}));
  }
  return programs;
}

std::vector<size_t> Cluster::ProcessesOf(absl::string_view service) const {
  std::vector<size_t> found;
  for (size_t i = 0; i < processes_->size(); ++i) {
    if (absl::StartsWith(processes_->name(i), service)) found.push_back(i);
  }
  return found;
}

}  // namespace tandem::check
