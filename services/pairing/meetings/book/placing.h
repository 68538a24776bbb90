// Where and when two parties can meet, and who meets for them.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_PLACING_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_PLACING_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "common/storage/record_store.h"
#include "services/pairing/meetings/book/meeting_steps.h"
#include "services/pairing/meetings/book/people.h"
#include "services/pairing/meetings/bookings.h"
#include "tandem/pairing/v1/meeting_service.pb.h"

namespace tandem::pairing::meetings {

// A meeting that looks for its place. Unowned pointers must live as long as it.
struct PlaceWish {
  std::string meeting;  // resource name
  const Agenda* agenda = nullptr;
  std::string project, investor;                    // resource names
  std::string project_attendee, investor_attendee;  // empty: whichever of the party's own can
  std::vector<absl::Time> slots;                    // that would do, best first; empty: any, in order of time
  std::vector<absl::Time> only;                     // no other one may be taken; empty: any may
  absl::Time now;                                   // what starts sooner does not do
  // The meeting has a place, which it leaves: its slot does not do, and what it has counts as free.
  bool moves = false;
  absl::Time from;
};

// A place that was found, and what claims it.
struct FoundPlace {
  Placed placed;
  std::string project_attendee, investor_attendee;
  Transaction rows;  // conditions and writes
};

// FIELD_INVALID for slots that the agenda does not have or that may not be taken, and for attendees who do not meet for
// their party; RESOURCE_NOT_FOUND for those that do not exist; SLOT_TAKEN, with what is left, when nothing does.
absl::StatusOr<FoundPlace> FindPlace(RecordStore* store, People* people, const PlaceWish& wish);

// FIELD_INVALID unless each of `slots` is one of the agenda and starts after `now`.
absl::Status CheckSlots(const Agenda& agenda, const std::vector<absl::Time>& slots, absl::Time now);

// All slots of the agenda with what keeps the meeting out of each, whoever meets. `slots` and `only` do not count.
absl::StatusOr<std::vector<v1::OpenSlot>> FindOpenSlots(RecordStore* store, People* people, const PlaceWish& wish);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_PLACING_H_
