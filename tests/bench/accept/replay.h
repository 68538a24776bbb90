// The transactions of one real request and its acceptance, committed again and again for other pairs: what the store
// alone takes for the same rows.
#ifndef TANDEM_TESTS_BENCH_ACCEPT_REPLAY_H_
#define TANDEM_TESTS_BENCH_ACCEPT_REPLAY_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "common/storage/record_store.h"

namespace tandem::bench {

// A store that remembers the last transaction committed through it, and counts what was read for it. For one thread.
class TapStore final : public RecordStore {
 public:
  explicit TapStore(RecordStore* store) : store_(store) {}

  std::vector<CommitOutcome> Commit(std::vector<Transaction> transactions) override {
    last_ = transactions.back();
    read_for_last_ = std::exchange(reads_, 0);
    return store_->Commit(std::move(transactions));
  }
  absl::StatusOr<std::optional<Record>> Get(absl::string_view key) override {
    ++reads_;
    return store_->Get(key);
  }
  absl::StatusOr<std::vector<std::optional<Record>>> BatchGet(const std::vector<std::string>& keys) override {
    ++reads_;
    return store_->BatchGet(keys);
  }
  absl::StatusOr<std::vector<Record>> Scan(absl::string_view begin, absl::string_view end, int limit) override {
    ++reads_;
    return store_->Scan(begin, end, limit);
  }
  absl::StatusOr<ChangeBatch> Changes(Revision after, int limit) override {
    ++reads_;
    return store_->Changes(after, limit);
  }
  bool WaitForChange(Revision after, std::chrono::steady_clock::time_point deadline) override {
    return store_->WaitForChange(after, deadline);
  }
  absl::StatusOr<Head> GetHead() override {
    ++reads_;
    return store_->GetHead();
  }
  absl::Status CompactLog(Revision through) override { return store_->CompactLog(through); }
  void Shutdown() override { store_->Shutdown(); }

  const Transaction& last() const { return last_; }
  // Calls that read, between the transaction before and the last one.
  int read_for_last() const { return read_for_last_; }

 private:
  RecordStore* const store_;
  Transaction last_;
  int reads_ = 0, read_for_last_ = 0;
};

// What was tapped. The ids of the pair are of fixed lengths, so that those of others take their place.
struct Tapped {
  Transaction request, accept;
  std::string edition, project, investor, pairing;  // ids
  int reads = 0;                                    // of the acceptance
};

// Thread-safe after construction.
class Replay {
 public:
  // `edition` is the id of one that has a record at `edition_revision`, as long as the tapped one's.
  Replay(Tapped tapped, std::string edition, Revision edition_revision);

  // Commits both transactions for the pair `number`; how long the second one took, in milliseconds.
  absl::StatusOr<double> Commit(RecordStore* store, int64_t number) const;

  // Reads, conditions, writes and bytes of the acceptance, in words.
  std::string Describe() const;

 private:
  Transaction Rewrite(const Transaction& tapped, int64_t number, Revision requested) const;

  const Tapped tapped_;
  const std::string edition_;
  const Revision edition_revision_;
};

}  // namespace tandem::bench

#endif  // TANDEM_TESTS_BENCH_ACCEPT_REPLAY_H_
