#include "tests/postgres/server.h"

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
#include <utility>

#include "absl/strings/str_cat.h"

namespace tandem {
namespace {

namespace fs = std::filesystem;

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

absl::StatusOr<std::unique_ptr<PostgresServer>> PostgresServer::Start(std::vector<std::string> settings) {
  if (access(absl::StrCat(kPrograms, "postgres").c_str(), X_OK) != 0) {
    return absl::UnavailableError(
        absl::StrCat("there is no ", kPrograms, "postgres; install the package `postgresql`"));
  }
  const absl::StatusOr<const passwd*> user = ServerUser();
  if (!user.ok()) return user.status();
  std::string folder = (fs::temp_directory_path() / "tandem-postgres-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return absl::InternalError(absl::StrCat("cannot make the folder ", folder));
  std::unique_ptr<PostgresServer> server(new PostgresServer(folder, std::move(settings)));
  if (*user != nullptr && chown(folder.c_str(), (*user)->pw_uid, (*user)->pw_gid) != 0) {
    return absl::InternalError(absl::StrCat("cannot give ", folder, " to ", kUser));
  }
  if (absl::Status made = MakeOrCopyData(folder + "/data", *user, folder + "/log"); !made.ok()) return made;
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
