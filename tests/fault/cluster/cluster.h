// Everything that a check runs against: the services as processes, their database, their Redis, and what stands
// between.
#ifndef TANDEM_TESTS_FAULT_CLUSTER_CLUSTER_H_
#define TANDEM_TESTS_FAULT_CLUSTER_CLUSTER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "tests/e2e/reserved_port.h"
#include "tests/fault/cluster/supervisor.h"
#include "tests/support/postgres/proxy.h"
#include "tests/support/postgres/server.h"
#include "tests/support/redis_server.h"
#include "tests/support/tcp_proxy.h"

namespace tandem::check {

enum class Layout {
  kReplicas,  // two of each service on one PostgreSQL, with a Redis that the pairing replicas share
  kAllInOne,  // one process on SQLite, without Redis
};

struct ClusterOptions {
  Layout layout = Layout::kReplicas;
  int replicas = 2;
  int cache_megabytes = 1;  // of answers in each pairing process: little, so that Redis has a part
  std::string log_level = "info";
};

// Used by one thread, which outlives it; the supervisor may be used by any.
class Cluster {
 public:
  // Starts all of it and waits until every process is ready. UNAVAILABLE, naming the package, when this machine lacks a
  // server.
  static absl::StatusOr<std::unique_ptr<Cluster>> Start(const ClusterOptions& options);
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  Layout layout() const { return options_.layout; }
  // Where a service listens, one for each replica; the same over restarts. Of kAllInOne all three are one.
  const std::vector<std::string>& projects() const { return projects_; }
  const std::vector<std::string>& investors() const { return investors_; }
  const std::vector<std::string>& pairing() const { return pairing_; }

  // Logs, keys and control pages; removed with the cluster unless it is kept.
  const std::string& folder() const { return folder_; }
  void KeepFolder() { keep_folder_ = true; }
  std::string keys_file() const { return folder_ + "/keys"; }
  // Of kAllInOne: where the SQLite files are.
  std::string data_folder() const { return folder_ + "/data"; }

  Supervisor& processes() { return *processes_; }
  // The numbers of the processes whose names begin so, such as `pairing`.
  std::vector<size_t> ProcessesOf(absl::string_view service) const;

  // REQUIRES: kReplicas, for these four.
  PostgresServer& postgres() const { return *postgres_; }
  PostgresProxy& postgres_proxy() const { return *postgres_proxy_; }
  testing::RedisServer& redis() const { return *redis_; }
  testing::TcpProxy& redis_proxy() const { return *redis_proxy_; }

 private:
  explicit Cluster(const ClusterOptions& options) : options_(options) {}
  absl::Status StartServers();
  absl::Status Migrate();
  std::vector<std::string> Reserve(int count);
  std::vector<Program> Programs();

  const ClusterOptions options_;
  std::string folder_;
  bool keep_folder_ = false;
  std::vector<std::unique_ptr<e2e::ReservedPort>> ports_;
  std::vector<std::string> projects_, investors_, pairing_;
  std::unique_ptr<PostgresServer> postgres_;
  std::unique_ptr<PostgresProxy> postgres_proxy_;
  std::unique_ptr<testing::RedisServer> redis_;
  std::unique_ptr<testing::TcpProxy> redis_proxy_;
  std::unique_ptr<Supervisor> processes_;
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_CLUSTER_CLUSTER_H_
