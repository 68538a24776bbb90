// Reads the change log of pairing's store as it grows, and checks each commit.
#ifndef TANDEM_TESTS_FAULT_CONTEND_WITNESS_H_
#define TANDEM_TESTS_FAULT_CONTEND_WITNESS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"

#include "common/base/mutex.h"
#include "common/storage/record_store.h"
#include "services/pairing/ledger/rules.h"
#include "tests/fault/contend/promises.h"
#include "tests/fault/contend/steps.h"
#include "tests/support/pairing_history/ledger_history.h"
#include "tests/support/pairing_history/meeting_history.h"

namespace tandem::contend {

// Used by one thread at a time, but for RecordNow.
class Witness {
 public:
  // What is given must outlive it. Editions whose id does not begin with `prefix` are passed over.
  Witness(RecordStore* store, Promises* promises, std::string prefix, pairing::Problems* problems)
      : store_(store), promises_(promises), prefix_(std::move(prefix)), problems_(problems) {}

  // Reads all that is committed by now. `compact`: has the store forget what was read, now and then.
  absl::Status CatchUp(bool compact);

  // Whether quotas were used up when callers were told so. When all is read.
  void Check(const std::vector<QuotaRefusal>& refusals);

  // The value of a record of pairing, as far as the log was read. Thread-safe.
  std::optional<std::string> RecordNow(const std::string& key) const;

  Revision through() const { return through_; }
  int64_t commits() const { return commits_; }
  const pairing::ledger::LedgerHistory& ledger() const { return ledger_; }
  const pairing::meetings::MeetingHistory& meetings() const { return meetings_; }
  // Keys and values of records as the log has them.
  const absl::flat_hash_map<std::string, std::string>& records() const ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return records_;
  }
  const std::map<v1::Change::Cause, int64_t>& causes() const { return causes_; }

 private:
  void Apply(const Change& change);
  void Apply(const v1::Pairing& pairing, Revision revision, const std::string& where);
  void NoteQuotas(v1::Side side, const std::string& party, const pairing::ledger::Rules& rules, Revision revision);

  RecordStore* const store_;
  Promises* const promises_;
  const std::string prefix_;
  pairing::Problems* const problems_;
  Revision through_ = 0, compacted_ = 0;
  int64_t commits_ = 0;
  pairing::ledger::LedgerHistory ledger_{problems_};
  pairing::meetings::MeetingHistory meetings_{problems_};
  absl::flat_hash_map<std::string, std::shared_ptr<const pairing::ledger::Rules>> rules_;  // by edition's name
  mutable Mutex mutex_;
  absl::flat_hash_map<std::string, std::string> records_ ABSL_GUARDED_BY(mutex_);  // written by the one thread
  std::map<v1::Change::Cause, int64_t> causes_;
  // By party and quota: revisions from which it was used up, or was not.
  std::map<std::pair<std::string, std::string>, std::vector<std::pair<Revision, bool>>> used_up_;
};

}  // namespace tandem::contend

#endif  // TANDEM_TESTS_FAULT_CONTEND_WITNESS_H_
