// Whether what is stored of an edition's meetings agrees with itself and keeps every rule.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_VERIFYING_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_VERIFYING_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "common/storage/record_store.h"
#include "services/pairing/meetings/schedules/proof.h"
#include "services/pairing/meetings/schedules/snapshot.h"

namespace tandem::pairing::meetings {

// Of meetings and bookings that say different things, and of rows of calendars, places, interpreters and counts that
// are not those of the bookings: what differs. Reads those rows, so that whoever booked since the snapshot was read
// shows too: `head` of it tells.
absl::StatusOr<std::vector<v1::ScheduleViolation>> FindDisagreements(RecordStore* store, const Snapshot& snapshot);

// The meetings that are booked, as their records say.
std::vector<ProvedMeeting> MeetingsOf(const Snapshot& snapshot);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_VERIFYING_H_
