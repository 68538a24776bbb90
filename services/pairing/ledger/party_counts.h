// How much of its quotas a project or an investor has used.
#ifndef TANDEM_SERVICES_PAIRING_LEDGER_PARTY_COUNTS_H_
#define TANDEM_SERVICES_PAIRING_LEDGER_PARTY_COUNTS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "tandem/pairing/v1/agenda.pb.h"

namespace tandem::pairing::ledger {

// Requests in one direction.
struct Traffic {
  int64_t pending = 0;
  int64_t total = 0;
  int32_t day = 0;  // of the newest one: days since 1970-01-01
  int64_t on_day = 0;

  // Counts one that is sent on `on`. What is sent just after midnight and then, by the clock of another replica or one
  // that was set back, just before it is of one day: the newer one. Else each would forget the other's count.
  void Add(int32_t on);
  int64_t On(int32_t date) const { return date == day || date + 1 == day ? on_day : 0; }
};

// One party's row.
struct PartyCounts {
  Traffic outgoing, incoming;
  int64_t pairings = 0;  // mutual ones
  // How often the party has left the edition. Not a count of what is used: it tells who has looked at the party before
  // from who looks after.
  int64_t departures = 0;
};

bool operator==(const Traffic& a, const Traffic& b);
// Whether as much is used.
bool operator==(const PartyCounts& a, const PartyCounts& b);

// As it is stored; INTERNAL for a row of another format.
std::string Encode(const PartyCounts& counts);
absl::StatusOr<PartyCounts> DecodePartyCounts(absl::string_view row);

// QUOTA_EXCEEDED (RESOURCE_EXHAUSTED), naming the quota, unless `party` may send, get or take on one more.
absl::Status CheckOutgoing(absl::string_view party, const v1::Quotas& quotas, const PartyCounts& counts, int32_t day);
absl::Status CheckIncoming(absl::string_view party, const v1::Quotas& quotas, const PartyCounts& counts, int32_t day);
absl::Status CheckPairings(absl::string_view party, const v1::Quotas& quotas, const PartyCounts& counts);

}  // namespace tandem::pairing::ledger

#endif  // TANDEM_SERVICES_PAIRING_LEDGER_PARTY_COUNTS_H_
