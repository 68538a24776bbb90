#include "common/storage/postgres/sessions.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace tandem::postgres {
namespace {

// Everything here is reached by a primary key, and tables may grow a thousandfold before their statistics are renewed:
// the planner is told once instead of being left to guess from them.
std::string Settings(const Place& place) {
  const int64_t operation = place.operation.count();
  return absl::StrCat("SET search_path = ''; SET client_encoding = 'UTF8'; SET jit = off; SET enable_seqscan = off;",
                      "SET enable_bitmapscan = off; SET plan_cache_mode = force_generic_plan; SET statement_timeout = ",
                      operation, "; SET lock_timeout = ", operation / 2 + 1,
                      // A process that vanishes in the middle of a batch must not hold the head for ever.
                      "; SET idle_in_transaction_session_timeout = ", operation, ";");
}

std::vector<Prepared> Named(const Place& place, const std::vector<std::pair<const char*, const char*>>& statements) {
  std::vector<Prepared> prepared;
  prepared.reserve(statements.size());
  for (const auto& [name, sql] : statements) prepared.push_back({name, WithSchema(sql, place.schema)});
  return prepared;
}

constexpr char kSetLimit[] = "SELECT set_config('statement_timeout', $1::text, false)";

constexpr char kSelectHead[] = "SELECT epoch, revision, log_floor FROM {s}.head";

// Sizes are known without reading long values. The page ends with the revision in which it is full.
constexpr char kSelectChanges[] = R"sql(
  WITH page AS MATERIALIZED (
    SELECT position,
           sum(octet_length(key) + coalesce(octet_length(value), 0)) OVER (ORDER BY position) AS bytes
    FROM (SELECT position, key, value FROM {s}.log WHERE position >= $1::int8 ORDER BY position LIMIT $2::int8) AS first
  ), beyond AS MATERIALIZED (
    SELECT ((coalesce(min(position) FILTER (WHERE bytes >= $3::int8), max(position)) >> 20) + 1) << 20 AS position
    FROM page
  )
  SELECT position, key, value,
         (SELECT count(*) FROM (SELECT 1 FROM {s}.log
                                WHERE position >= (SELECT position FROM beyond) LIMIT 1) AS more)
  FROM {s}.log
  WHERE position >= $1::int8 AND position < (SELECT position FROM beyond)
  ORDER BY position
)sql";

}  // namespace

std::string WithSchema(absl::string_view sql, absl::string_view schema) {
  return absl::StrReplaceAll(sql, {{"{s}", absl::StrCat("\"", schema, "\"")}});
}

Session ReaderSession(const Place& place) {
  return {absl::StrCat(Settings(place), "SET default_transaction_read_only = on"),
          Named(place, {{kLimit, kSetLimit},
                        {kBegin, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"},
                        {kCommit, "COMMIT"},
                        {kGet, "SELECT key, revision, create_revision, value FROM {s}.records WHERE key = $1::bytea"},
                        {kBatchGet,
                         "SELECT key, revision, create_revision, value FROM {s}.records WHERE key = ANY($1::bytea[])"},
                        {kScan,
                         "SELECT key, revision, create_revision, value FROM {s}.records "
                         "WHERE key >= $1::bytea AND key < $2::bytea ORDER BY key LIMIT $3::int8"},
                        {kScanOn,
                         "SELECT key, revision, create_revision, value FROM {s}.records "
                         "WHERE key >= $1::bytea ORDER BY key LIMIT $2::int8"},
                        {kChanges, kSelectChanges},
                        {kHead, kSelectHead}}),
          place.operation, kLimit};
}

Session WriterSession(const Place& place, const std::string& writer) {
  // Where an administrator chose a stronger or a local commit it stays; what is acknowledged must be durable.
  return {absl::StrCat(Settings(place), "SELECT set_config('synchronous_commit', 'on', false) ",
                       "WHERE current_setting('synchronous_commit') = 'off'; SET application_name = '", writer, "'"),
          Named(place, {{kLimit, kSetLimit},
                        {kBegin, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"},
                        {kCommit, "COMMIT"},
                        {kRollback, "ROLLBACK"},
                        {kLock, "SELECT revision, log_floor FROM {s}.head FOR UPDATE"},
                        {kFind, "SELECT key, revision, create_revision FROM {s}.records WHERE key = ANY($1::bytea[])"},
                        {kInsert,
                         "INSERT INTO {s}.records (key, revision, create_revision, value) "
                         "SELECT * FROM unnest($1::bytea[], $2::int8[], $3::int8[], $4::bytea[])"},
                        {kReplace,
                         "INSERT INTO {s}.records (key, revision, create_revision, value) "
                         "SELECT * FROM unnest($1::bytea[], $2::int8[], $3::int8[], $4::bytea[]) "
                         "ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, "
                         "create_revision = excluded.create_revision, value = excluded.value"},
                        {kRemove, "DELETE FROM {s}.records WHERE key = ANY($1::bytea[])"},
                        {kLog,
                         "INSERT INTO {s}.log (position, key, value) "
                         "SELECT * FROM unnest($1::int8[], $2::bytea[], $3::bytea[])"},
                        {kAdvance, "UPDATE {s}.head SET revision = $1::int8"},
                        {kMark,
                         "INSERT INTO {s}.writers (writer, batch, at) VALUES ($1::text, $2::int8, now()) "
                         "ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch, at = excluded.at"},
                        {kFindMark, "SELECT batch FROM {s}.writers WHERE writer = $1::text AND batch = $2::int8"},
                        {kForgetWriters, "DELETE FROM {s}.writers WHERE at < now() - interval '1 day'"},
                        {kEnd,
                         "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                         "WHERE application_name = $1::text AND pid = $2::int8"},
                        {kRaiseFloor, "UPDATE {s}.head SET log_floor = $1::int8"},
                        {kForget,
                         "DELETE FROM {s}.log WHERE position = ANY(ARRAY(SELECT position FROM {s}.log "
                         "WHERE position < $1::int8 ORDER BY position LIMIT $2::int8))"}}),
          place.operation, kLimit};
}

Session ListenerSession(const Place& place) {
  // A notification is a transaction too, but nothing is lost with it.
  return {absl::StrCat(Settings(place), "SET synchronous_commit = off; ", WithSchema("LISTEN {s}", place.schema)),
          Named(place, {{kHead, kSelectHead}, {kNotify, "SELECT pg_notify($1::text, '')"}}), place.operation};
}

}  // namespace tandem::postgres
