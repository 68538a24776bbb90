#include "common/storage/postgres/connection.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "common/base/status.h"

namespace tandem::postgres {
namespace {

constexpr int kOldestServer = 130000;

absl::Status Unavailable(absl::string_view what, absl::string_view cause) {
  return MakeError(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE", what, {{"cause", std::string(cause)}});
}

// libpq's words for a connection that did not come about, without what the connection string may have put into them.
std::string ConnectFailure(absl::string_view message) {
  message = absl::StripAsciiWhitespace(message);
  const size_t line = message.rfind('\n');
  if (line != absl::string_view::npos) message.remove_prefix(line + 1);
  constexpr absl::string_view kFailed = " failed: ";
  const size_t reason = message.find(kFailed);
  if (reason != absl::string_view::npos) return std::string(message.substr(reason + kFailed.size()));
  std::string shown;
  bool quoted = false;
  for (const char c : message) {
    if (c == '"') quoted = !quoted;
    if (!quoted && c != '"') shown.push_back(c);
  }
  return shown;
}

struct ParsedInfo {
  PQconninfoOption* options = nullptr;
  ~ParsedInfo() { PQconninfoFree(options); }
};

void DropNotice(void*, const PGresult*) {}  // libpq would write it to the standard error

absl::StatusOr<PGconn*> Connect(const std::string& conninfo) {
  ParsedInfo parsed;
  char* error = nullptr;
  parsed.options = PQconninfoParse(conninfo.c_str(), &error);
  PQfreemem(error);  // may quote a password
  if (parsed.options == nullptr) {
    return absl::InvalidArgumentError(
        "the connection string of PostgreSQL cannot be understood (it is not shown, since it may hold a password): it "
        "is postgresql://USER@HOST:PORT/DATABASE or words such as host=HOST dbname=DATABASE");
  }
  std::vector<const char*> words, values;
  const auto given = [&](const char* word) {
    for (const char* have : words) {
      if (std::strcmp(have, word) == 0) return true;
    }
    return false;
  };
  const auto add = [&](const char* word, const char* value) {
    words.push_back(word);
    values.push_back(value);
  };
  for (const PQconninfoOption* option = parsed.options; option->keyword != nullptr; ++option) {
    if (option->val != nullptr) add(option->keyword, option->val);
  }
  if (!given("connect_timeout")) add("connect_timeout", "3");
  if (!given("target_session_attrs")) add("target_session_attrs", "read-write");
  if (!given("fallback_application_name")) add("fallback_application_name", "tandem");
  words.push_back(nullptr);
  values.push_back(nullptr);
  PGconn* const connection = PQconnectdbParams(words.data(), values.data(), 0);
  if (connection == nullptr) return Unavailable("out of memory while connecting to PostgreSQL", "memory");
  return connection;
}

}  // namespace

absl::Status StatusOf(absl::string_view sqlstate, absl::string_view message) {
  message = absl::StripAsciiWhitespace(message);
  const std::string said =
      absl::StrCat(" (PostgreSQL", sqlstate.empty() ? "" : " ", sqlstate, message.empty() ? "" : ": ", message, ")");
  if (sqlstate == "53100") {
    return MakeError(absl::StatusCode::kResourceExhausted, "STORE_FULL",
                     absl::StrCat("the database's disk is full", said, ": free some space and retry"));
  }
  if (sqlstate == "25006") {
    return Unavailable(
        absl::StrCat("the database is read-only, a standby perhaps", said, ": connect to the primary, or promote it"),
        "read-only");
  }
  if (sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "55P03") {
    return Unavailable(absl::StrCat("the database was held by others", said, ": retry"), "conflict");
  }
  if (sqlstate == "57014") {
    return Unavailable(absl::StrCat("the database did not finish in time", said, ": retry later"), "timeout");
  }
  // 08: connection; 53: resources; 57P: going down, coming up; 25P03, 57P05: idle for too long; 58: its system.
  if (sqlstate.empty() || absl::StartsWith(sqlstate, "08") || absl::StartsWith(sqlstate, "53") ||
      absl::StartsWith(sqlstate, "57P") || absl::StartsWith(sqlstate, "58") || sqlstate == "25P03") {
    return Unavailable(absl::StrCat("the database cannot be used now", said, ": retry later"), "connection");
  }
  if (sqlstate == "XX001" || sqlstate == "XX002") {
    return absl::DataLossError(absl::StrCat("the database is damaged", said, ": restore it from a backup"));
  }
  // Missing tables, columns and privileges.
  if (absl::StartsWith(sqlstate, "42") || absl::StartsWith(sqlstate, "3")) {
    return absl::FailedPreconditionError(absl::StrCat("the database is not as this program needs it", said,
                                                      ": check its user's rights and run `tandem admin migrate`"));
  }
  return absl::InternalError(absl::StrCat("unexpected answer", said));
}

int64_t Result::Int(int row, int column) const {
  const absl::string_view bytes = Bytes(row, column);
  uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return static_cast<int64_t>(number);
}

absl::string_view Result::Bytes(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column), static_cast<size_t>(PQgetlength(result_.get(), row, column))};
}

int64_t Result::changed() const { return std::strtoll(PQcmdTuples(result_.get()), nullptr, 10); }

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& conninfo, const Session& session,
                                                             std::chrono::milliseconds limit) {
  TANDEM_ASSIGN_OR_RETURN(PGconn * handle, Connect(conninfo));
  std::unique_ptr<Connection> connection(new Connection(handle, limit));
  if (PQstatus(handle) != CONNECTION_OK) return StatusOf("", ConnectFailure(PQerrorMessage(handle)));
  PQsetNoticeReceiver(handle, DropNotice, nullptr);
  if (PQserverVersion(handle) < kOldestServer) {
    return absl::FailedPreconditionError(absl::StrCat("the database server is PostgreSQL ",
                                                      PQserverVersion(handle) / 10000, "; the store needs ",
                                                      kOldestServer / 10000, " or newer"));
  }
  if (PQsetnonblocking(handle, 1) != 0) return connection->Lost("cannot make the connection non-blocking");
  if (!session.settings.empty()) TANDEM_RETURN_IF_ERROR(connection->Execute(session.settings).status());
  TANDEM_RETURN_IF_ERROR(connection->Prepare(session));
  connection->limit_statement_ = session.limit_statement;
  connection->wanted_limit_ = connection->set_limit_ = session.statement_limit;
  return connection;
}

absl::Status Connection::Prepare(const Session& session) {
  if (session.statements.empty()) return absl::OkStatus();
  if (PQenterPipelineMode(connection_) != 1) return Lost("cannot begin a pipeline");
  for (const Prepared& prepared : session.statements) {
    if (PQsendPrepare(connection_, prepared.name, prepared.sql.c_str(), 0, nullptr) != 1) return Lost("cannot send");
  }
  if (PQpipelineSync(connection_) != 1) return Lost("cannot send");
  return Receive(session.statements.size()).status();
}

absl::StatusOr<std::vector<Result>> Connection::Run(const std::vector<Call>& calls) {
  const bool limited = wanted_limit_ != set_limit_;
  // Apart from the calls: one that begins a transaction must be the first of its own.
  if (limited)
    TANDEM_RETURN_IF_ERROR(Send({{limit_statement_, Parameters().Bytes(std::to_string(wanted_limit_.count()))}}));
  TANDEM_RETURN_IF_ERROR(Send(calls));
  if (limited) {
    TANDEM_RETURN_IF_ERROR(Receive(1).status());
    set_limit_ = wanted_limit_;
  }
  return Receive(calls.size());
}

absl::Status Connection::Send(const std::vector<Call>& calls) {
  std::vector<const char*> values;
  std::vector<int> lengths, formats;
  for (const Call& call : calls) {
    values.clear();
    lengths.clear();
    for (const std::string& value : call.parameters.values()) {
      values.push_back(value.data());
      lengths.push_back(static_cast<int>(value.size()));
    }
    formats.assign(values.size(), 1);
    if (PQsendQueryPrepared(connection_, call.statement, static_cast<int>(values.size()), values.data(), lengths.data(),
                            formats.data(), 1) != 1) {
      return Lost(PQerrorMessage(connection_));
    }
  }
  return PQpipelineSync(connection_) == 1 ? absl::OkStatus() : Lost(PQerrorMessage(connection_));
}

absl::StatusOr<std::vector<Result>> Connection::Receive(size_t count) {
  const TimePoint deadline = std::chrono::steady_clock::now() + limit_;
  std::vector<Result> results;
  results.reserve(count);
  absl::Status failure;
  while (true) {
    TANDEM_RETURN_IF_ERROR(AwaitResult(deadline));
    PGresult* const answer = PQgetResult(connection_);
    if (answer == nullptr) {  // the end of one statement's results
      if (PQstatus(connection_) != CONNECTION_OK) return failure.ok() ? Lost(PQerrorMessage(connection_)) : failure;
      continue;
    }
    Result result(answer);
    switch (PQresultStatus(answer)) {
      case PGRES_PIPELINE_SYNC:
        if (!failure.ok()) return failure;
        return results;
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
        results.push_back(std::move(result));
        break;
      case PGRES_PIPELINE_ABORTED:
        break;
      default:
        if (failure.ok()) failure = Failure(answer);
        if (lost()) return failure;
    }
  }
}

absl::StatusOr<std::string> Connection::Execute(const std::string& sql) {
  if (PQsendQuery(connection_, sql.c_str()) != 1) return Lost(PQerrorMessage(connection_));
  const TimePoint deadline = std::chrono::steady_clock::now() + limit_;
  std::string field;
  absl::Status failure;
  while (true) {
    TANDEM_RETURN_IF_ERROR(AwaitResult(deadline));
    PGresult* const answer = PQgetResult(connection_);
    if (answer == nullptr) break;
    const Result result(answer);
    const ExecStatusType status = PQresultStatus(answer);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      if (failure.ok()) failure = Failure(answer);
      if (lost()) return failure;
    } else if (result.rows() > 0) {
      field = std::string(result.Bytes(0, 0));
    } else {
      field.clear();
    }
  }
  if (!failure.ok()) return failure;
  if (lost()) return Lost(PQerrorMessage(connection_));
  return field;
}

absl::Status Connection::AwaitResult(TimePoint deadline) {
  // Both ways at once: the server stops reading while nobody takes its answers.
  int unsent = PQflush(connection_);
  while (unsent == 1 || PQisBusy(connection_) == 1) {
    if (unsent < 0) return Lost(PQerrorMessage(connection_));
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return Lost("no answer in time");
    pollfd waiting{PQsocket(connection_), static_cast<short>(POLLIN | (unsent == 1 ? POLLOUT : 0)), 0};
    const int ready = poll(&waiting, 1, static_cast<int>(left));
    if (ready < 0 && errno != EINTR) return Lost("cannot wait for the connection");
    // What the server said before it hung up is still to be read.
    if (ready > 0 && (waiting.revents & (POLLIN | POLLHUP | POLLERR)) != 0 && PQconsumeInput(connection_) != 1) {
      if (PQisBusy(connection_) == 0) return absl::OkStatus();
      return Lost(PQerrorMessage(connection_));
    }
    unsent = PQflush(connection_);
  }
  return absl::OkStatus();
}

absl::Status Connection::Failure(const PGresult* result) {
  const auto field = [&](int code) {
    const char* value = PQresultErrorField(result, code);
    return absl::string_view(value == nullptr ? "" : value);
  };
  const absl::string_view sqlstate = field(PG_DIAG_SQLSTATE);
  const absl::string_view severity = field(PG_DIAG_SEVERITY_NONLOCALIZED);
  if (sqlstate.empty()) return Lost(PQresultErrorMessage(result));
  lost_ |= severity == "FATAL" || severity == "PANIC";
  return StatusOf(sqlstate, field(PG_DIAG_MESSAGE_PRIMARY));
}

absl::Status Connection::Lost(absl::string_view why) {
  lost_ = true;
  return StatusOf("", absl::StrCat("connection lost: ", absl::StripAsciiWhitespace(why)));
}

bool Connection::TakeNotifications() {
  if (PQconsumeInput(connection_) != 1) lost_ = true;
  bool others = false;
  while (PGnotify* notification = PQnotifies(connection_)) {
    others |= notification->be_pid != backend_pid();
    PQfreemem(notification);
  }
  return others;
}

}  // namespace tandem::postgres
