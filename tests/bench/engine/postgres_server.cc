#include "tests/bench/engine/postgres_server.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "absl/strings/str_cat.h"

namespace tandem::bench {
namespace {

constexpr char kPrograms[] = "/usr/lib/postgresql/15/bin/";
constexpr char kUser[] = "postgres";

// Starts a program whose output goes to a file; as `user` unless that is null. It is told to end when we do.
pid_t Spawn(const std::vector<std::string>& words, const passwd* user, const std::string& log) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child != 0) return child;
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  if (user != nullptr && (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))
    _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (getppid() != parent || chdir("/") != 0) _exit(126);
  execv(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

absl::StatusOr<std::unique_ptr<PostgresServer>> PostgresServer::Start() {
  const std::string programs = kPrograms;
  if (access((programs + "postgres").c_str(), X_OK) != 0) {
    return absl::UnavailableError(absl::StrCat("there is no ", programs, "postgres; install the package `postgresql`"));
  }
  const passwd* user = geteuid() == 0 ? getpwnam(kUser) : nullptr;
  if (geteuid() == 0 && user == nullptr) {
    return absl::UnavailableError(absl::StrCat("root may not run PostgreSQL, and there is no user `", kUser, "`"));
  }
  std::string folder = (std::filesystem::temp_directory_path() / "tandem-postgres-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return absl::InternalError(absl::StrCat("cannot make the folder ", folder));
  std::unique_ptr<PostgresServer> server(new PostgresServer(folder));
  if (user != nullptr && chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0) {
    return absl::InternalError(absl::StrCat("cannot give ", folder, " to ", kUser));
  }
  const std::string data = folder + "/data", log = folder + "/log";
  int status = -1;
  waitpid(
      Spawn({programs + "initdb", "-D", data, "-U", "tandem", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"},
            user, log),
      &status, 0);
  if (status != 0) return absl::UnavailableError(absl::StrCat("initdb ended with ", status));
  // A quarter of the memory, as PostgreSQL's own documentation advises, up to what the largest market needs.
  const uint64_t memory =
      static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGE_SIZE));
  const uint64_t shared_mb = std::clamp<uint64_t>(memory / 4 >> 20, 128, 4096);
  std::vector<std::string> words = {programs + "postgres", "-D", data, "-k", folder};
  // No JIT and no parallel workers: tried in turn over the same queries, neither was faster.
  for (const std::string& setting :
       {std::string("listen_addresses="), absl::StrCat("shared_buffers=", shared_mb, "MB"),
        absl::StrCat("effective_cache_size=", 3 * shared_mb, "MB"), std::string("work_mem=256MB"),
        std::string("maintenance_work_mem=1GB"), std::string("jit=off"), std::string("fsync=off"),
        std::string("synchronous_commit=off"), std::string("full_page_writes=off"), std::string("wal_level=minimal"),
        std::string("max_wal_senders=0"), std::string("max_wal_size=8GB"), std::string("autovacuum=off"),
        std::string("random_page_cost=1.1"), std::string("max_parallel_workers_per_gather=0"),
        std::string("huge_pages=try")}) {
    words.insert(words.end(), {"-c", setting});
  }
  server->process_ = Spawn(words, user, log);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (PQping(server->connection().c_str()) != PQPING_OK) {
    if (std::chrono::steady_clock::now() > deadline)
      return absl::UnavailableError("PostgreSQL did not answer within 30 s");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return server;
}

PostgresServer::~PostgresServer() {
  if (process_ > 0) {
    kill(process_, SIGQUIT);
    waitpid(process_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string PostgresServer::connection() const {
  return absl::StrCat("host=", folder_, " user=tandem dbname=postgres");
}

}  // namespace tandem::bench
