// The rules of editions, worked out once for each version of an edition.
#ifndef TANDEM_SERVICES_PAIRING_LEDGER_RULES_CACHE_H_
#define TANDEM_SERVICES_PAIRING_LEDGER_RULES_CACHE_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

#include "common/base/mutex.h"
#include "common/storage/record_store.h"
#include "services/pairing/ledger/rules.h"
#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::pairing::ledger {

// What the agenda of `edition` says; of one without an agenda: the defaults, and no slots.
absl::StatusOr<std::shared_ptr<const Rules>> RulesOf(const v1::Edition& edition);

// Thread-safe. Keeps one version of each edition.
class RulesCache {
 public:
  // Of the edition whose record is `record`; INTERNAL when it cannot be read.
  absl::StatusOr<std::shared_ptr<const Rules>> Of(const Record& record);

 private:
  struct Kept {
    Revision revision = 0;
    std::shared_ptr<const Rules> rules;
  };
  Mutex mutex_;
  absl::flat_hash_map<std::string, Kept> kept_ ABSL_GUARDED_BY(mutex_);  // by key of the record
};

}  // namespace tandem::pairing::ledger

#endif  // TANDEM_SERVICES_PAIRING_LEDGER_RULES_CACHE_H_
