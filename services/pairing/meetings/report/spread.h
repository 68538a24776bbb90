// How evenly something is shared, in integers, so that it is the same on every machine.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_REPORT_SPREAD_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_REPORT_SPREAD_H_

#include <cstdint>
#include <vector>

#include "absl/types/optional.h"

#include "tandem/pairing/v1/meeting_report.pb.h"

namespace tandem::pairing::meetings {

// Millionths, rounded half up; none of nothing. REQUIRES: 0 <= part, 0 <= whole < 2^40.
absl::optional<int32_t> ShareMillionths(int64_t part, int64_t whole);

// Minimum, median, maximum and Gini coefficient of the counts, one for each party; all 0 without any. REQUIRES: no
// count is negative.
v1::MeetingSpread SpreadOf(std::vector<int32_t> counts);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_REPORT_SPREAD_H_
