#include "tests/support/postgres/server.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "tests/support/child.h"

namespace tandem {
namespace {

namespace fs = std::filesystem;

constexpr char kPrograms[] = "/usr/lib/postgresql/15/bin/";
constexpr char kUser[] = "postgres";

// As `user` unless that is null. It is told to end when we do.
pid_t Spawn(std::vector<std::string> words, const passwd* user, const std::string& log) {
  testing::ChildOptions child;
  child.words = std::move(words);
  child.out = log;
  child.user = user;
  child.last_signal = SIGQUIT;
  return testing::StartChild(child);
}

// As whom the server runs; null when that is who we are.
absl::StatusOr<const passwd*> ServerUser() {
  if (geteuid() != 0) return nullptr;
  const passwd* user = getpwnam(kUser);
  if (user == nullptr) {
    return absl::UnavailableError(absl::StrCat("root may not run PostgreSQL, and there is no user `", kUser, "`"));
  }
  return user;
}

absl::Status MakeData(const std::string& data, const passwd* user, const std::string& log) {
  int status = -1;
  waitpid(Spawn({absl::StrCat(kPrograms, "initdb"), "-D", data, "-U", "tandem", "-A", "trust", "--no-sync", "-E",
                 "UTF8", "--locale=C"},
                user, log),
          &status, 0);
  return status == 0 ? absl::OkStatus() : absl::UnavailableError(absl::StrCat("initdb ended with ", status));
}

// A second is saved for each server after the first: its data are copied from those of the first, kept in the build
// folder.
absl::Status MakeOrCopyData(const std::string& data, const passwd* user, const std::string& log) {
  std::error_code error;
  const fs::path build = fs::read_symlink("/proc/self/exe", error).parent_path().parent_path();
  const fs::path kept = build / "postgres-15-template";
  if (fs::exists(kept / "PG_VERSION", error)) {
    fs::copy(kept, data, fs::copy_options::recursive, error);
    if (error) return absl::InternalError(absl::StrCat("cannot copy ", kept.string(), ": ", error.message()));
    if (user == nullptr) return absl::OkStatus();
    bool given = chown(data.c_str(), user->pw_uid, user->pw_gid) == 0;
    for (const auto& entry : fs::recursive_directory_iterator(data)) {
      given &= chown(entry.path().c_str(), user->pw_uid, user->pw_gid) == 0;
    }
    return given ? absl::OkStatus() : absl::InternalError(absl::StrCat("cannot give ", data, " to ", kUser));
  }
  if (absl::Status made = MakeData(data, user, log); !made.ok()) return made;
  const fs::path copied = absl::StrCat(kept.string(), ".", getpid());
  fs::copy(data, copied, fs::copy_options::recursive, error);
  if (!error) fs::rename(copied, kept, error);
  if (error) fs::remove_all(copied, error);  // another one was quicker, or nothing may be kept there
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> PostgresServer::QuickSettings() {
  return {"fsync=off", "shared_buffers=32MB", "max_connections=100", "autovacuum_naptime=10s", "max_wal_size=256MB"};
}

absl::Status PostgresServer::Installed() {
  if (access(absl::StrCat(kPrograms, "postgres").c_str(), X_OK) != 0) {
    return absl::UnavailableError(
        absl::StrCat("there is no ", kPrograms, "postgres; install the package `postgresql`"));
  }
  return ServerUser().status();
}

absl::StatusOr<std::unique_ptr<PostgresServer>> PostgresServer::Start(std::vector<std::string> settings) {
  TANDEM_RETURN_IF_ERROR(Installed());
  TANDEM_ASSIGN_OR_RETURN(const passwd* user, ServerUser());
  TANDEM_ASSIGN_OR_RETURN(const std::string folder, testing::NewTemporaryFolder("tandem-postgres"));
  std::unique_ptr<PostgresServer> server(new PostgresServer(folder, std::move(settings)));
  if (user != nullptr && chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0) {
    return absl::InternalError(absl::StrCat("cannot give ", folder, " to ", kUser));
  }
  if (absl::Status made = MakeOrCopyData(folder + "/data", user, folder + "/log"); !made.ok()) return made;
  if (absl::Status resumed = server->Resume(); !resumed.ok()) return resumed;
  return server;
}

absl::Status PostgresServer::Resume() {
  const absl::StatusOr<const passwd*> user = ServerUser();
  if (!user.ok()) return user.status();
  std::vector<std::string> words = {absl::StrCat(kPrograms, "postgres"), "-D", folder_ + "/data", "-k", folder_};
  words.insert(words.end(), {"-c", "listen_addresses="});
  for (const std::string& setting : settings_) words.insert(words.end(), {"-c", setting});
  process_ = Spawn(words, *user, folder_ + "/log");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (PQping(connection().c_str()) != PQPING_OK) {
    if (waitpid(process_, nullptr, WNOHANG) == process_) {
      process_ = -1;
      return absl::UnavailableError("PostgreSQL ended by itself");
    }
    if (std::chrono::steady_clock::now() > deadline)
      return absl::UnavailableError("PostgreSQL did not answer within 30 s");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return absl::OkStatus();
}

void PostgresServer::StopImmediately() {
  if (process_ <= 0) return;
  kill(process_, SIGQUIT);
  waitpid(process_, nullptr, 0);
  process_ = -1;
}

std::vector<pid_t> PostgresServer::Processes() const {
  std::vector<pid_t> processes;
  if (process_ <= 0) return processes;
  processes.push_back(process_);
  std::ifstream children(absl::StrCat("/proc/", process_, "/task/", process_, "/children"));
  for (pid_t child = 0; children >> child;) processes.push_back(child);
  return processes;
}

absl::Status PostgresServer::LimitFiles(int64_t bytes) {
  TANDEM_ASSIGN_OR_RETURN(const passwd* user, ServerUser());
  const std::vector<pid_t> processes = Processes();
  const std::string limit = bytes < 0 ? "--fsize=unlimited:" : absl::StrCat("--fsize=", bytes, ":");
  for (size_t i = 1; i < processes.size(); ++i) {
    // Even root may limit another user's process only with a right that containers lack; that user always may.
    int status = -1;
    waitpid(Spawn({"/usr/bin/prlimit", "--pid", absl::StrCat(processes[i]), limit}, user, folder_ + "/log"), &status,
            0);
    const bool there = kill(processes[i], 0) == 0;
    if (status != 0 && there) return absl::UnavailableError(absl::StrCat("prlimit ended with ", status));
  }
  return absl::OkStatus();
}

PostgresServer::~PostgresServer() {
  StopImmediately();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string PostgresServer::connection() const {
  return absl::StrCat("host=", folder_, " user=tandem dbname=postgres");
}

absl::StatusOr<std::string> PostgresServer::Query(const std::string& sql) const {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(this->connection().c_str()), PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()), PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    return absl::InternalError(PQerrorMessage(connection.get()));
  }
  return std::string(PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "");
}

}  // namespace tandem
