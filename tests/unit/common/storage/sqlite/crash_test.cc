// A process that is killed in mid-commit loses nothing that it acknowledged.
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <poll.h>
#include <random>
#include <set>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "common/storage/sqlite/sqlite_store.h"

namespace tandem {
namespace {

constexpr int kWriters = 4;

struct Ack {
  int writer = 0;
  int sequence = 0;
  Revision revision = 0;
};

std::string KeyOf(const Ack& ack) { return std::to_string(ack.writer) + absl::StrCat("/", ack.sequence); }

// Commits until killed and reports each commit after its acknowledgement. Writes smaller than PIPE_BUF are atomic.
[[noreturn]] void CommitUntilKilled(const std::string& path, int first, int pipe) {
  SqliteOptions options;
  options.path = path;
  options.checkpoint_pages = 20;  // so that kills hit checkpoints too
  auto store = OpenSqliteStore(options);
  if (!store.ok()) _exit(3);
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int sequence = first;; ++sequence) {
        Ack ack{writer, sequence, 0};
        const auto outcome = (*store)->Commit(
            {{{Condition::Absent(KeyOf(ack))},
              {Write::Put(KeyOf(ack), std::string(1500, 'v')), Write::PutUnlogged("twin/" + KeyOf(ack), "t")}}});
        if (!outcome.at(0).status.ok()) _exit(4);
        ack.revision = outcome.at(0).revision;
        if (write(pipe, &ack, sizeof(ack)) != sizeof(ack)) _exit(5);
      }
    });
  }
  for (std::thread& thread : writers) thread.join();
  _exit(6);
}

void ExpectWholeHistory(RecordStore* store, const std::vector<Ack>& acks) {
  for (const Ack& ack : acks) {
    const auto record = store->Get(KeyOf(ack));
    ASSERT_TRUE(record.ok()) << record.status();
    ASSERT_TRUE(record->has_value()) << "lost the acknowledged " << KeyOf(ack);
    EXPECT_EQ((*record)->revision, ack.revision);
    EXPECT_TRUE(store->Get("twin/" + KeyOf(ack))->has_value());
  }
  const Revision head = store->GetHead()->revision;
  Revision after = 0;
  while (after < head) {
    const auto batch = store->Changes(after, 1000);
    ASSERT_TRUE(batch.ok()) << batch.status();
    for (const Change& change : batch->changes) {
      EXPECT_EQ(change.revision, ++after) << "a gap in the log";
      EXPECT_TRUE(store->Get("twin/" + change.key)->has_value()) << "half a transaction";
    }
    ASSERT_EQ(batch->through, after);
  }
}

TEST(CrashTest, AKilledProcessLosesNoAcknowledgedCommit) {
  std::string folder = testing::TempDir() + "/tandem_crash_XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/store.db";
  std::mt19937 random(std::random_device{}());
  std::vector<Ack> acks;
  for (int round = 0; round < 10; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();  // no thread of this process is alive here
    ASSERT_GE(child, 0);
    if (child == 0) {
      close(ends[0]);
      CommitUntilKilled(path, round * 1'000'000, ends[1]);
    }
    close(ends[1]);
    // Killed after a random number of acknowledgements, wherever the writer is by then.
    const int enough = 1 + static_cast<int>(random() % 300);
    int seen = 0;
    Ack ack;
    while (read(ends[0], &ack, sizeof(ack)) == sizeof(ack)) {
      acks.push_back(ack);
      if (++seen == enough) kill(child, SIGKILL);
    }
    close(ends[0]);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
    SqliteOptions options;
    options.path = path;
    auto store = OpenSqliteStore(options);
    ASSERT_TRUE(store.ok()) << store.status();
    ExpectWholeHistory(store->get(), acks);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tandem
