// The few calls of libpq that a store needs, with statuses, deadlines and destructors. Not thread-safe: one thread at
// a time.
#ifndef TANDEM_COMMON_STORAGE_POSTGRES_CONNECTION_H_
#define TANDEM_COMMON_STORAGE_POSTGRES_CONNECTION_H_

#include <chrono>
#include <cstdint>
#include <libpq-fe.h>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/storage/postgres/parameters.h"

namespace tandem::postgres {

// What a failure means to a caller of the store. UNAVAILABLE is what may pass by itself: a lost or refused connection,
// a conflict, a time limit, a server that is read-only. `sqlstate` may be empty, `message` is PostgreSQL's.
absl::Status StatusOf(absl::string_view sqlstate, absl::string_view message);

// What one statement answered. Integers are int8, bytes are bytea or text.
class Result {
 public:
  explicit Result(PGresult* result) : result_(result) {}

  int rows() const { return PQntuples(result_.get()); }
  int64_t Int(int row, int column) const;
  // Valid as long as this is.
  absl::string_view Bytes(int row, int column) const;
  bool IsNull(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  // Of a command, such as "COMMIT", and the rows it changed.
  absl::string_view command() const { return PQcmdStatus(result_.get()); }
  int64_t changed() const;

 private:
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> result_;
};

struct Prepared {
  const char* name;
  std::string sql;
};

// What a connection is given before it is used.
struct Session {
  std::string settings;  // SQL, statements separated by semicolons
  std::vector<Prepared> statements;
  // Where statements can be limited (Connection::LimitStatements): the limit that `settings` set, and the statement
  // that sets another one, with the milliseconds as text. The statement is one of `statements`.
  std::chrono::milliseconds statement_limit{0};
  const char* limit_statement = nullptr;
};

struct Call {
  const char* statement;  // the name of a prepared one
  Parameters parameters;
};

class Connection {
 public:
  // `conninfo` is what libpq takes, a URL or words. Unless it says otherwise: connect_timeout is 3 s for each host, and
  // of several hosts the one that can be written is taken. `limit` is the longest that a call may go without an answer.
  // INVALID_ARGUMENT when `conninfo` cannot be understood; no error ever shows it.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& conninfo, const Session& session,
                                                          std::chrono::milliseconds limit);
  ~Connection() { PQfinish(connection_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs the calls in order in one round trip. On a failure the rest is skipped and the first error returned; nothing
  // is rolled back by itself.
  absl::StatusOr<std::vector<Result>> Run(const std::vector<Call>& calls);

  // From the next Run on the server gives up a statement after `limit`, and answers UNAVAILABLE. Costs no round trip,
  // and nothing at all where the limit stays the same. REQUIRES: opened with a limit_statement.
  void LimitStatements(std::chrono::milliseconds limit) { wanted_limit_ = limit; }

  // Runs SQL without parameters; the text of the last statement's first field, or "" when it has no row. Only for
  // connections that were opened without prepared statements.
  absl::StatusOr<std::string> Execute(const std::string& sql);

  // After an error: whether the connection is gone, so that what was sent may or may not have happened.
  bool lost() const { return lost_ || PQstatus(connection_) != CONNECTION_OK; }
  bool InTransaction() const { return PQtransactionStatus(connection_) != PQTRANS_IDLE; }

  int backend_pid() const { return PQbackendPID(connection_); }
  int socket() const { return PQsocket(connection_); }
  // Whether another connection's notification has arrived since the last time; reads what the socket has.
  bool TakeNotifications();

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  Connection(PGconn* connection, std::chrono::milliseconds limit) : connection_(connection), limit_(limit) {}

  absl::Status Prepare(const Session& session);
  absl::Status Send(const std::vector<Call>& calls);
  // The results of `count` statements and the sync after them.
  absl::StatusOr<std::vector<Result>> Receive(size_t count);
  // Until PQgetResult would not block.
  absl::Status AwaitResult(TimePoint deadline);
  absl::Status Failure(const PGresult* result);
  absl::Status Lost(absl::string_view why);

  PGconn* const connection_;
  const std::chrono::milliseconds limit_;
  const char* limit_statement_ = nullptr;
  std::chrono::milliseconds wanted_limit_{0}, set_limit_{0};
  bool lost_ = false;
};

}  // namespace tandem::postgres

#endif  // TANDEM_COMMON_STORAGE_POSTGRES_CONNECTION_H_
