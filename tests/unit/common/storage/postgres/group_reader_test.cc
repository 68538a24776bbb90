#include "common/storage/postgres/group_reader.h"

#include <atomic>
#include <functional>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "common/base/ambient_deadline.h"

namespace tandem::postgres {
namespace {

using std::chrono::steady_clock;

// One connection for groups, as many as needed for whoever reads alone. Records of keys "k..." exist; their revisions
// count the statements.
class FakeSource final : public GroupReader::Source {
 public:
  absl::StatusOr<GroupReader::Found> Read(absl::FunctionRef<const std::vector<std::string>&()> keys,
                                          bool once) override {
    std::optional<MutexLock> connection;
    if (once) connection.emplace(&connection_);
    if (once && before_keys) before_keys();
    if (!connected) return EverythingBusy();
    const std::vector<std::string>& wanted = keys();
    if (once && fail_once && fail_once()) return absl::UnavailableError("lost");
    const int64_t statement = ++statements;
    largest = std::max<int64_t>(largest, static_cast<int64_t>(wanted.size()));
    GroupReader::Found found;
    for (const std::string& key : wanted) {
      std::optional<Record> record;
      if (key.front() == 'k') record = Record{key, absl::StrCat(statement), statement, 1};
      found.push_back(std::move(record));
    }
    return found;
  }

  std::function<void()> before_keys;
  std::function<bool()> fail_once;
  bool connected = true;
  std::atomic<int64_t> statements{0}, largest{0};

 private:
  Mutex connection_;
};

TEST(GroupReaderTest, OneThreadReadsForItself) {
  FakeSource source;
  GroupReader reader(&source, std::chrono::seconds(10));
  const auto found = reader.Read({"k1", "none", "k2"});
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->size(), 3u);
  EXPECT_EQ((*found)[0]->key, "k1");
  EXPECT_FALSE((*found)[1].has_value());
  EXPECT_EQ((*found)[2]->key, "k2");
  EXPECT_EQ(source.statements, 1);
  EXPECT_TRUE(reader.Read({})->empty());
  EXPECT_EQ(source.statements, 1);
}

// The second has joined when it gives up; what it asked for is part of the first one's statement then.
TEST(GroupReaderTest, WhoComesWhileAnotherWaitsJoinsIt) {
  FakeSource source;
  GroupReader reader(&source, std::chrono::seconds(10));
  source.before_keys = [&] {
    std::thread second([&] {
      const AmbientDeadline soon(steady_clock::now() + std::chrono::milliseconds(20));
      const auto found = reader.Read({"k2", "k3"});
      EXPECT_EQ(found.status().code(), absl::StatusCode::kUnavailable);
    });
    second.join();
  };
  const auto found = reader.Read({"k1"});
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->front()->key, "k1");
  EXPECT_EQ(source.largest, 3);
  EXPECT_EQ(source.statements, 1);
}

TEST(GroupReaderTest, WhatFailsForAGroupIsReadAlone) {
  FakeSource source;
  GroupReader reader(&source, std::chrono::seconds(10));
  source.fail_once = [] { return true; };
  const auto found = reader.Read({"k1"});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->front()->key, "k1");
}

TEST(GroupReaderTest, WithoutAConnectionNobodyWaitsTwice) {
  FakeSource source;
  GroupReader reader(&source, std::chrono::seconds(10));
  int waits = 0;
  source.connected = false;
  source.before_keys = [&] { ++waits; };
  EXPECT_EQ(reader.Read({"k1"}).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(waits, 1);
  source.connected = true;
  EXPECT_TRUE(reader.Read({"k1"}).ok());
}

TEST(GroupReaderTest, WhoAsksForMuchGoesAlone) {
  FakeSource source;
  GroupReader reader(&source, std::chrono::seconds(10));
  std::vector<std::string> many;
  for (int i = 0; i < 65; ++i) many.push_back(absl::StrCat("k", i));
  source.before_keys = [&] {
    std::thread([&] {
      const AmbientDeadline soon(steady_clock::now() + std::chrono::seconds(5));
      const auto found = reader.Read(many);
      ASSERT_TRUE(found.ok()) << found.status();
      EXPECT_EQ(found->size(), many.size());
    }).join();
  };
  ASSERT_TRUE(reader.Read({"k1"}).ok());
  EXPECT_EQ(source.statements, 2);
}

// Everybody gets its own records, read after it asked, whatever fails and whoever leaves.
TEST(GroupReaderTest, ManyThreadsGetTheirOwn) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  FakeSource source;
  std::atomic<uint64_t> reads{0};
  source.fail_once = [&] { return ++reads % 7 == 0; };
  GroupReader reader(&source, std::chrono::seconds(60));
  std::vector<std::thread> threads;
  for (uint64_t t = 0; t < 16; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937_64 random(seed + t);
      for (int i = 0; i < 500; ++i) {
        std::vector<std::string> keys;
        for (uint64_t n = 1 + random() % 5; n > 0; --n)
          keys.push_back(absl::StrCat(random() % 4 == 0 ? "none" : "k", random() % 20));
        const int64_t before = source.statements;
        const auto found = reader.Read(keys);
        ASSERT_TRUE(found.ok()) << found.status();
        ASSERT_EQ(found->size(), keys.size());
        for (size_t k = 0; k < keys.size(); ++k) {
          ASSERT_EQ((*found)[k].has_value(), keys[k].front() == 'k');
          if (!(*found)[k].has_value()) continue;
          EXPECT_EQ((*found)[k]->key, keys[k]);
          EXPECT_GT((*found)[k]->revision, before) << "read before it was asked for";
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace tandem::postgres
