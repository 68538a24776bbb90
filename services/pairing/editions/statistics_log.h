// The frozen statistics of each edition: numbered, fingerprinted, the newest kept.
#ifndef TANDEM_SERVICES_PAIRING_EDITIONS_STATISTICS_LOG_H_
#define TANDEM_SERVICES_PAIRING_EDITIONS_STATISTICS_LOG_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/base/clock.h"
#include "common/catalog/request_log.h"
#include "common/storage/record_store.h"
#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::pairing {

// Prefix of the keys of their records.
inline constexpr char kStatisticsPrefix[] = "r/statistics/";

// Thread-safe. Unowned pointers must outlive it.
class StatisticsLog {
 public:
  StatisticsLog(RecordStore* store, const Clock* clock) : store_(store), clock_(clock), requests_(store, clock) {}

  struct Kept {
    v1::Statistics statistics;  // without a consistency token
    Revision revision = 0;
  };

  // Whose request it is; without an id nothing is remembered.
  struct Request {
    std::string actor, request_id;
    std::string hash;  // catalog::RequestLog::Hash of it
  };

  // What was kept for that request before, if anything; INVALID_ARGUMENT (REQUEST_ID_REUSED) when it had other content.
  absl::StatusOr<std::optional<Kept>> Find(absl::string_view edition, const Request& request);

  // Keeps what `counted` counts in `edition` (an id) under the next number, in place of what was there. Two that freeze
  // at the same moment get different numbers, unless they are the same request: that is carried out once.
  absl::StatusOr<Kept> Freeze(absl::string_view edition, v1::Statistics counted, const Request& request = {});

 private:
  RecordStore* const store_;
  const Clock* const clock_;
  catalog::RequestLog requests_;
};

// SHA-256 in hex over the counts of `statistics`: equal counts have equal fingerprints. REQUIRES: features are sorted.
std::string Fingerprint(const v1::Statistics& statistics);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_EDITIONS_STATISTICS_LOG_H_
