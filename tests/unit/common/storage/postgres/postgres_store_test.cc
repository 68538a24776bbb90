#include "common/storage/postgres/postgres_store.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "tests/unit/common/storage/postgres/store_test_base.h"

namespace tandem {
namespace {

using PostgresStoreTest = PostgresTest;
using std::chrono::milliseconds;

// A trigger on every row of the log that raises `sqlstate` as long as `times` is not used up (a sequence is not rolled
// back).
std::string Raising(const std::string& sqlstate, int times) {
  return absl::StrCat(
      "CREATE SEQUENCE {s}.raised; CREATE FUNCTION {s}.raise() RETURNS trigger LANGUAGE plpgsql AS $$ "
      "BEGIN IF nextval(TG_ARGV[0]) <= ",
      times, " THEN RAISE EXCEPTION 'made up' USING ERRCODE = '", sqlstate, "'; END IF; RETURN NEW; END $$; ");
}
constexpr char kOnLog[] =
    "CREATE TRIGGER raise BEFORE INSERT ON {s}.log FOR EACH ROW EXECUTE FUNCTION {s}.raise('{s}.raised')";
constexpr char kAtCommit[] =
    "CREATE CONSTRAINT TRIGGER raise AFTER INSERT ON {s}.log DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
    "EXECUTE FUNCTION {s}.raise('{s}.raised')";

TEST_F(PostgresStoreTest, ConflictsAreTriedAgain) {
  for (const char* sqlstate : {"40001", "40P01", "55P03"}) {
    SCOPED_TRACE(sqlstate);
    PostgresOptions options = Options();
    options.schema = schema_ += "x";
    auto store = Open(options);
    Query(Raising(sqlstate, 2) + kOnLog);
    const CommitOutcome outcome = CommitTo(store.get(), {Condition::Absent("a")}, {Write::Put("a", "1")});
    EXPECT_TRUE(outcome.status.ok()) << outcome.status;
    EXPECT_EQ(outcome.revision, 1);
    EXPECT_EQ(Query("SELECT count(*) FROM {s}.log"), "1");
  }
}

TEST_F(PostgresStoreTest, AConflictAtCommitIsTriedAgainToo) {
  auto store = Open();
  Query(Raising("40001", 2) + kAtCommit);
  EXPECT_EQ(CommitTo(store.get(), {Condition::Absent("a")}, {Write::Put("a", "1")}).revision, 1);
  EXPECT_EQ(Query("SELECT count(*) FROM {s}.log"), "1");
}

TEST_F(PostgresStoreTest, AnEndlessConflictIsUnavailableInTheEndAndNothingIsWritten) {
  PostgresOptions options = Options();
  options.retry_timeout = milliseconds(100);
  auto store = Open(options);
  Query(Raising("40001", 1000) + kOnLog);
  const CommitOutcome outcome = CommitTo(store.get(), {}, {Write::Put("a", "1")});
  EXPECT_TRUE(absl::IsUnavailable(outcome.status)) << outcome.status;
  EXPECT_EQ(GetErrorDetail(outcome.status).reason, "STORE_UNAVAILABLE");
  EXPECT_EQ(ValueOf(store.get(), "a"), "<absent>");
}

TEST_F(PostgresStoreTest, AFullDiskIsResourceExhaustedAndPassesWhenThereIsSpace) {
  auto store = Open();
  Query(Raising("53100", 1) + kOnLog);
  const CommitOutcome outcome = CommitTo(store.get(), {}, {Write::Put("a", "1")});
  EXPECT_TRUE(absl::IsResourceExhausted(outcome.status)) << outcome.status;
  EXPECT_EQ(GetErrorDetail(outcome.status).reason, "STORE_FULL");
  EXPECT_EQ(CommitTo(store.get(), {}, {Write::Put("a", "1")}).revision, 1);
}

TEST_F(PostgresStoreTest, AReadOnlyServerIsUnavailableAndSaysWhy) {
  Open();
  PostgresOptions options = Options();
  options.retry_timeout = milliseconds(100);
  absl::StrAppend(&options.conninfo, " options='-c default_transaction_read_only=on'");
  EXPECT_TRUE(absl::IsUnavailable(OpenPostgresStore(options).status()));
  EXPECT_TRUE(absl::StrContains(OpenPostgresStore(options).status().message(), "read-only"));
}

TEST_F(PostgresStoreTest, ALockHeldByAStrangerIsWaitedForAndThenUnavailable) {
  PostgresOptions options = Options();
  options.operation_timeout = milliseconds(400);
  options.retry_timeout = milliseconds(300);
  auto store = Open(options);
  std::atomic<bool> held = false;
  std::thread stranger([&] {
    EXPECT_TRUE(server_
                    ->Query(absl::StrCat("BEGIN; SELECT * FROM ", schema_, ".head FOR UPDATE; CREATE TABLE ", schema_,
                                         ".held (); SELECT pg_sleep(3); COMMIT"))
                    .ok());
    held = true;
  });
  while (Query("SELECT count(*) FROM pg_locks WHERE mode = 'RowShareLock' AND granted AND relation = "
               "'{s}.head'::regclass") == "0") {
  }
  const CommitOutcome outcome = CommitTo(store.get(), {}, {Write::Put("a", "1")});
  EXPECT_TRUE(absl::IsUnavailable(outcome.status)) << outcome.status;
  EXPECT_FALSE(held);
  EXPECT_EQ(ValueOf(store.get(), "a"), "<absent>") << "reads go on";
  stranger.join();
  EXPECT_EQ(CommitTo(store.get(), {}, {Write::Put("a", "1")}).revision, 1);
}

TEST_F(PostgresStoreTest, ACommitWithoutANotificationIsFoundAllTheSame) {
  auto store = Open();
  std::thread waiter([&] { EXPECT_TRUE(store->WaitForChange(0, In(std::chrono::seconds(30)))); });
  Query("UPDATE {s}.head SET revision = 1");
  waiter.join();
}

TEST_F(PostgresStoreTest, ConnectionsAreBounded) {
  PostgresOptions options = Options();
  options.reader_connections = 3;
  auto store = Open(options);
  CommitTo(store.get(), {}, {Write::Put("a", "1")});
  std::vector<std::thread> readers;
  for (int i = 0; i < 12; ++i) {
    readers.emplace_back([&] {
      for (int step = 0; step < 100; ++step) EXPECT_EQ(ValueOf(store.get(), "a"), "1");
    });
  }
  for (std::thread& reader : readers) reader.join();
  const std::string ours = Query(
      "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
      "AND backend_type = 'client backend'");
  EXPECT_LE(std::stoi(ours), 5);
}

TEST_F(PostgresStoreTest, AWriterHasOneMarkAndOldOnesAreForgotten) {
  auto store = Open();
  for (int i = 0; i < 5; ++i) CommitTo(store.get(), {}, {Write::Put("a", std::to_string(i))});
  EXPECT_EQ(Query("SELECT count(*) FROM {s}.writers"), "1");
  Query("UPDATE {s}.writers SET at = now() - interval '2 days'");
  auto next = Open();
  CommitTo(next.get(), {}, {Write::Put("a", "next")});
  EXPECT_EQ(Query("SELECT count(*) FROM {s}.writers"), "1");
}

TEST_F(PostgresStoreTest, NoErrorShowsAPassword) {
  const std::string password = "S3cret-pass";
  for (const std::string& conninfo :
       {absl::StrCat("host=/nowhere user=x dbname=y password=", password),
        absl::StrCat("password=", password, " = x y"), absl::StrCat("postgresql://u:", password, "@[::1"),
        absl::StrCat("postgresql://u:", password, "%zz@h/db"),
        absl::StrCat("postgresql://u:part@", password, "@h.invalid/db"), absl::StrCat("nonsense ", password)}) {
    PostgresOptions options = Options();
    options.retry_timeout = milliseconds(1);
    options.conninfo = conninfo;
    const absl::Status status = OpenPostgresStore(options).status();
    EXPECT_TRUE(absl::IsUnavailable(status) || absl::IsInvalidArgument(status)) << status;
    EXPECT_FALSE(absl::StrContains(status.message(), password)) << status;
  }
}

TEST_F(PostgresStoreTest, ALargeTableIsStillReadByKey) {
  auto store = Open();
  std::vector<Write> writes;
  for (int i = 0; i < 50'000; ++i) writes.push_back(Write::Put(absl::StrCat("key/", i), "v"));
  ASSERT_TRUE(CommitTo(store.get(), {}, std::move(writes)).status.ok());
  const auto read = [&] {
    return std::stoll(
        Query("SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_user_tables "
              "WHERE schemaname = '" +
              schema_ + "' AND relname IN ('records', 'log')"));
  };
  const int64_t before = read();
  for (int i = 0; i < 20; ++i) {
    CommitTo(
        store.get(), {Condition::Present("key/49999"), Condition::Absent("x")},
        {Write::Put("key/8", "w"), Write::Put(absl::StrCat("new/", i), "w"), Write::Delete(absl::StrCat("key/", i))});
    EXPECT_TRUE(store->BatchGet({"key/30", "key/31"}).ok());
    EXPECT_TRUE(store->Scan("key/", "", 10).ok());
    EXPECT_TRUE(store->Changes(i, 10).ok());
  }
  EXPECT_TRUE(store->CompactLog(1).ok());
  // A connection leaves its statistics when it ends.
  store.reset();
  while (Query("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'") != "1") {
  }
  EXPECT_EQ(read(), before);
}

}  // namespace
}  // namespace tandem
