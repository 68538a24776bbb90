// Which zone an operation is in: a few at a time, each for so many operations, then fresh ones.
#ifndef TANDEM_TESTS_FAULT_CONTEND_ZONES_H_
#define TANDEM_TESTS_FAULT_CONTEND_ZONES_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "common/base/clock.h"
#include "common/base/mutex.h"
#include "common/storage/record_store.h"
#include "tests/fault/contend/zone.h"

namespace tandem::contend {

// Thread-safe.
class Zones {
 public:
  // What is not owned must outlive it.
  struct Options {
    RecordStore* store = nullptr;  // that of the editions
    const Clock* clock = nullptr;
    std::string prefix;  // of the editions' ids
    absl::Duration request_expiry, request_cooldown;
    // Writes what else a zone needs, before its edition is there.
    std::function<absl::Status(const Zone&)> prepare;
  };
  explicit Zones(Options options) : options_(std::move(options)) {}

  // Of that number, made when it is first asked for. Fails when it cannot be written.
  absl::StatusOr<std::shared_ptr<const Zone>> Of(int64_t operation);

  int64_t made() const;

 private:
  const Options options_;
  mutable Mutex mutex_;
  std::vector<std::pair<int64_t, std::shared_ptr<const Zone>>> zones_ ABSL_GUARDED_BY(mutex_);  // the newest
  int64_t made_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tandem::contend

#endif  // TANDEM_TESTS_FAULT_CONTEND_ZONES_H_
