// Random calls on a backend and on the memory store, which is simple enough to be believed, give the same answers.
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "common/storage/memory/memory_store.h"
#include "tests/conformance/storage/store_fixture.h"

namespace tandem {

bool operator==(const Record& a, const Record& b) {
  return a.key == b.key && a.value == b.value && a.revision == b.revision && a.create_revision == b.create_revision;
}
bool operator==(const Change& a, const Change& b) {
  return a.revision == b.revision && a.key == b.key && a.value == b.value;
}

namespace {

using DifferentialTest = StoreTest;
INSTANTIATE_TEST_SUITE_P(Backends, DifferentialTest, testing::ValuesIn(Backends()), BackendName);

// Few keys, so that they meet; some with NUL and high bytes.
class RandomCalls {
 public:
  explicit RandomCalls(uint64_t seed) : random_(seed) {}

  int Below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random_); }

  std::string Key() {
    static constexpr char kBytes[] = {'a', 'b', '\0', '\xff', '/'};
    std::string key;
    for (int i = 1 + Below(3); i > 0; --i) key += kBytes[Below(5)];
    return Below(60) == 0 ? std::string() : key;
  }

  std::string Value() {
    const int size = Below(50) == 0 ? Below(30'000) : Below(20);
    std::string value;
    for (int i = 0; i < size; ++i) value += static_cast<char>(Below(256));
    return value;
  }

  Transaction RandomTransaction(Revision head) {
    Transaction transaction;
    for (int i = Below(3); i > 0; --i) {
      const int kind = Below(3);
      if (kind == 0) transaction.conditions.push_back(Condition::Absent(Key()));
      if (kind == 1) transaction.conditions.push_back(Condition::Present(Key()));
      if (kind == 2) transaction.conditions.push_back(Condition::AtRevision(Key(), head - Below(5)));
    }
    for (int i = Below(5); i > 0; --i) {
      Write write{Key(), std::nullopt, Below(4) != 0};
      if (Below(3) != 0) write.value = Value();
      transaction.writes.push_back(std::move(write));
    }
    return transaction;
  }

 private:
  std::mt19937_64 random_;
};

void CompareCommits(RandomCalls* calls, RecordStore* a, RecordStore* b) {
  std::vector<Transaction> transactions;
  const Revision head = a->GetHead()->revision;
  for (int i = calls->Below(6); i > 0; --i) transactions.push_back(calls->RandomTransaction(head));
  const auto x = a->Commit(transactions);
  const auto y = b->Commit(transactions);
  ASSERT_EQ(x.size(), y.size());
  for (size_t i = 0; i < x.size(); ++i) {
    EXPECT_EQ(x[i].status, y[i].status);
    EXPECT_EQ(x[i].revision, y[i].revision);
    EXPECT_EQ(x[i].failed_condition, y[i].failed_condition);
  }
}

template <typename T>
void ExpectSame(const absl::StatusOr<T>& x, const absl::StatusOr<T>& y) {
  EXPECT_EQ(x.status(), y.status());
  if (x.ok() && y.ok()) {
    EXPECT_TRUE(*x == *y);
  }
}

void CompareReads(RandomCalls* calls, RecordStore* a, RecordStore* b) {
  const std::vector<std::string> keys = {calls->Key(), calls->Key(), calls->Key()};
  ExpectSame(a->Get(keys[0]), b->Get(keys[0]));
  ExpectSame(a->BatchGet(keys), b->BatchGet(keys));
  const int limit = calls->Below(20);
  ExpectSame(a->Scan(keys[1], keys[2], limit), b->Scan(keys[1], keys[2], limit));
  const Head x = *a->GetHead();
  const Head y = *b->GetHead();
  EXPECT_EQ(x.revision, y.revision);
  EXPECT_EQ(x.log_floor, y.log_floor);
  const Revision after = x.revision + 2 - calls->Below(40);
  const auto p = a->Changes(after, limit);
  const auto q = b->Changes(after, limit);
  EXPECT_EQ(p.status(), q.status());
  if (p.ok() && q.ok()) {
    EXPECT_TRUE(p->changes == q->changes);
    EXPECT_EQ(p->through, q->through);
  }
}

TEST_P(DifferentialTest, AnswersAsTheMemoryStoreDoes) {
  const char* given = std::getenv("TANDEM_TEST_SEED");
  const uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  SCOPED_TRACE(absl::StrCat("repeat with TANDEM_TEST_SEED=", seed));
  printf("TANDEM_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed));
  RandomCalls calls(seed);
  const auto oracle = NewMemoryStore();
  for (int step = 0; step < 3000 && !HasFailure(); ++step) {
    SCOPED_TRACE(absl::StrCat("step ", step));
    CompareCommits(&calls, store_.get(), oracle.get());
    CompareReads(&calls, store_.get(), oracle.get());
    if (calls.Below(100) == 0) {
      const Revision through = oracle->GetHead()->revision + 1 - calls.Below(30);
      EXPECT_EQ(store_->CompactLog(through), oracle->CompactLog(through));
    }
  }
}

}  // namespace
}  // namespace tandem
