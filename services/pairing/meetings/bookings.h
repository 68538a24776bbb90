// Bookings: claims a slot on two calendars, a place and an interpreter in one transaction, and frees them again.
//
// Each function reads a store and returns conditions and writes for a transaction of the caller's, which may have more
// of its own. When that transaction is ABORTED on one of these conditions somebody was faster: plan again.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BOOKINGS_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BOOKINGS_H_

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "common/storage/record_store.h"
#include "services/pairing/meetings/agenda.h"
#include "services/pairing/meetings/booking_rows.h"
#include "services/pairing/meetings/calendar.h"

namespace tandem::pairing::meetings {

// One of the two who meet.
struct Attendee {
  const Calendar* calendar = nullptr;  // made for the wish's agenda
  std::string party;                   // that the person meets for
  int most_per_day = 0;                // the party's quota of meetings on one day; 0 is no limit
};

// A meeting that is to be booked. Unowned pointers must live as long as it.
struct MeetingWish {
  std::string edition;  // id
  std::string meeting;  // resource name
  const Agenda* agenda = nullptr;
  std::array<Attendee, 2> attendees;
  std::vector<int> slots;                        // those that would do, best first; empty: all, in order of time
  bool on_site = true;                           // whether they may meet on site, which goes first,
  bool at_a_distance = true;                     // or at a distance
  absl::Time not_before = absl::InfinitePast();  // slots that start sooner do not do
  // The meeting is booked: what it has is freed in the same transaction, and counts as free.
  bool moves = false;
};

// What keeps a meeting out of a slot: the first of these that does.
enum class Obstacle {
  kPassed,         // the slot starts too soon
  kNotAvailable,   // the two cannot both meet then, were nothing booked
  kBusy,           // one of them meets somebody else
  kCap,            // one of them, or a party, has as many meetings as it may have
  kTooFar,         // no place can be reached in time from, or on the way to, another meeting
  kNoPlace,        // all places are taken, or there is none
  kNoInterpreter,  // they have no language in common, and whoever could interpret is taken, or there is none
};

// A claim on everything that a meeting needs.
struct BookingClaim {
  Booking booking;
  int slot = kNone;
  Transaction rows;  // conditions and writes
};

struct BookingPlan {
  std::optional<BookingClaim> claim;              // of the best slot that does
  std::vector<std::pair<int, Obstacle>> refused;  // slots before it, or all that were wished
  // When nothing does: other slots that would, in order of time; at most kMostLeft, among the first kMostLooks that
  // suit the two.
  std::vector<int> left;
};

inline constexpr size_t kMostLeft = 10;
inline constexpr int kMostLooks = 200;

// Plans the booking of `wish`. A place is a booth of one of the two parties, or else any table in a hall that both can
// reach, or a virtual room. An agenda that names no interpreters does not manage them: nobody waits for one.
// STATE_CONFLICT when the meeting is booked already and does not move, or moves and is not booked. INVALID_ARGUMENT
// (FIELD_INVALID) when somebody would meet themselves. A failure of the store as it is.
absl::StatusOr<BookingPlan> PlanBooking(RecordStore* store, const MeetingWish& wish);

// What keeps the meeting of `wish` out of each slot of its agenda now, by slot; nothing where it is open. `wish.slots`
// does not count. Fails as PlanBooking does.
absl::StatusOr<std::vector<std::optional<Obstacle>>> SurveySlots(RecordStore* store, const MeetingWish& wish);

// What frees all that `meetings` (resource names) have; those that have nothing are passed over, and `freed` (may be
// null) gets the others as they were booked.
absl::StatusOr<Transaction> PlanRelease(RecordStore* store, absl::string_view edition,
                                        const std::vector<std::string>& meetings, std::vector<Booking>* freed);

// What is booked on the calendar of `person` (resource name), in order of time.
absl::StatusOr<std::vector<Booking>> BookingsOf(RecordStore* store, absl::string_view edition,
                                                absl::string_view person);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BOOKINGS_H_
