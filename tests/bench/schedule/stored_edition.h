// A generated edition in a store: people with their times, and pairings that both sides have agreed to.
#ifndef TANDEM_TESTS_BENCH_SCHEDULE_STORED_EDITION_H_
#define TANDEM_TESTS_BENCH_SCHEDULE_STORED_EDITION_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "common/base/clock.h"
#include "common/storage/record_store.h"
#include "services/pairing/matching/market_view.h"
#include "tandem/pairing/v1/representative.pb.h"
#include "tests/bench/schedule/generated_edition.h"
#include "tests/fault/contend/door.h"

namespace tandem::schedule_bench {

inline constexpr char kEditionName[] = "editions/bench";

// Everybody has a representative whose times are drawn; wishes are drawn as for the scheduler alone, and matching says
// what it says of made-up records. Made once, in memory, by the real ledger; stores get copies.
class StoredEdition {
 public:
  // The slots begin on the day after tomorrow of `now`. The last `late` investors are not announced: nobody agreed with
  // them yet.
  static absl::StatusOr<std::unique_ptr<StoredEdition>> Make(const EditionSpec& spec, uint64_t seed, int32_t late,
                                                             absl::Time now);

  // Writes all of it into an empty store.
  absl::Status CopyTo(RecordStore* store) const;

  const std::vector<absl::Time>& slots() const { return slots_; }
  size_t mutual() const { return mutual_; }
  const std::shared_ptr<const pairing::matching::MarketView>& view() const { return view_; }

  // One that came without being announced, by number: its representative, there in `from` and all later slots...
  pairing::v1::Representative Latecomer(int32_t number, size_t from) const;
  // ... and the projects (names) that want to meet it.
  const std::vector<std::string>& WantedBy(int32_t number) const { return wanted_[static_cast<size_t>(number)]; }
  static const std::string& InvestorOf(const pairing::v1::Representative& latecomer) { return latecomer.parties(0); }

 private:
  StoredEdition() = default;
  absl::Status WriteRecords(const EditionSpec& spec, const pairing::scheduling::Problem& problem, int32_t late);
  absl::Status AgreeOnAll(const EditionSpec& spec, const pairing::scheduling::Problem& problem, int32_t late,
                          absl::Time now);

  std::unique_ptr<RecordStore> made_;
  std::vector<absl::Time> slots_;                  // starts
  std::vector<std::string> projects_, investors_;  // names
  std::vector<std::vector<std::string>> wanted_;   // by latecomer
  std::shared_ptr<const pairing::matching::MarketView> view_;
  size_t mutual_ = 0;
};

// The key of a representative's record.
std::string RepresentativeKey(const pairing::v1::Representative& representative);

// Both sides say that they want to meet.
absl::Status Agree(contend::Door* door, const std::string& project, const std::string& investor);

// The time is what was set. Thread-safe.
class SetClock final : public Clock {
 public:
  explicit SetClock(absl::Time time) { Set(time); }
  absl::Time Now() const override { return absl::FromUnixMicros(micros_.load()); }
  void Set(absl::Time time) { micros_ = absl::ToUnixMicros(time); }

 private:
  std::atomic<int64_t> micros_{0};
};

}  // namespace tandem::schedule_bench

#endif  // TANDEM_TESTS_BENCH_SCHEDULE_STORED_EDITION_H_
