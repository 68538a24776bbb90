// Exports of past editions as deals that stand beside this edition's own.
#ifndef TANDEM_SERVICES_PAIRING_PROFILES_PAST_RECORDS_H_
#define TANDEM_SERVICES_PAIRING_PROFILES_PAST_RECORDS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"
#include "google/protobuf/repeated_ptr_field.h"

#include "common/base/status.h"
#include "services/pairing/matching/facts.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/pairing/v1/profile.pb.h"

namespace tandem::pairing {

using PastRecords = google::protobuf::RepeatedPtrField<v1::TrainingRecord>;
using Deals = std::vector<std::shared_ptr<const investors::v1::Deal>>;

// What breaks the rules of an export, message by message. Not thread-safe.
class PastRecordChecks {
 public:
  // At most about a hundred; paths count from the message's first record.
  std::vector<FieldViolation> Violations(const PastRecords& records);

 private:
  absl::flat_hash_set<std::string> investors_;  // external ids of those that came
};

// The deals of `records`. An investor, a company or a co-investor that this edition knows under an id whose pseudonym
// is in the export is taken for that one; others stay who their pseudonym says. Deals that `deals` has already are left
// out, and so are repeated ones. Pure.
Deals PastDeals(const PastRecords& records, absl::Span<const std::shared_ptr<const matching::InvestorFacts>> investors,
                const Deals& deals);

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_PROFILES_PAST_RECORDS_H_
