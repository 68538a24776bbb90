// What a step does to a meeting: pure, without I/O and without a clock. Where it takes place is decided elsewhere
// (bookings.h); here only whether the step may be taken, and what the record says afterwards.
//
// Between two steps this holds of every meeting: it is HELD exactly when somebody says that the other side came,
// NO_SHOW exactly when nobody does and somebody says that the other did not, IN_PROGRESS exactly when nothing of that
// is said and somebody has come; and only what is RESCHEDULE_PENDING has a proposal or no slot.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_MEETING_STEPS_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_MEETING_STEPS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "tandem/pairing/v1/meeting.pb.h"
#include "tandem/pairing/v1/meeting_service.pb.h"

namespace tandem::pairing::meetings {

// A side may say that it has come this long before the start, and that the other has not this long after it.
inline constexpr absl::Duration kEarly = absl::Minutes(15);
inline constexpr absl::Duration kGrace = absl::Minutes(5);

// Who takes a step, and when.
struct Acting {
  v1::Side side = v1::SIDE_UNSPECIFIED;  // unset: the organiser
  std::string actor;
  absl::Time now;  // whole microseconds
  std::string note;
};

// Where a meeting takes place.
struct Placed {
  absl::Time start, end;
  bool at_a_distance = false;
  std::string place, interpreter;  // ids
};

// Each of these takes one step; false when it changes nothing. On an error `meeting` is as it was; without another word
// it is STATE_CONFLICT.

// REQUIRES: `meeting` has its names, attendees and no state.
void Book(const Acting& acting, const Placed& placed, absl::string_view forced_reason, v1::Meeting* meeting);

// A side's wish to move the meeting; a newer one replaces its older one.
absl::StatusOr<bool> AskReschedule(const Acting& acting, const std::vector<absl::Time>& slots, v1::Meeting* meeting);
// Refuses the other side's wish, or takes back one's own; the organiser ends either.
absl::StatusOr<bool> RefuseReschedule(const Acting& acting, v1::Meeting* meeting);
// Whether a move may be made: by whom the wish was not, or at any time by the organiser.
absl::Status CheckMove(const Acting& acting, const v1::Meeting& meeting);
// REQUIRES: CheckMove.
void Move(const Acting& acting, const Placed& placed, v1::Meeting* meeting);

// A side cancels until the start, the organiser until somebody has come.
absl::StatusOr<bool> Cancel(const Acting& acting, v1::Meeting* meeting);
// The note of a meeting whose pairing ended because a side blocked the other: for the organiser only.
inline constexpr char kBlockedNote[] = "blocked";
// Cancels a meeting to come whose pairing has ended; false when there is nothing to cancel any more.
bool EndWithPairing(v1::MeetingChange::Cause cause, const Acting& acting, v1::Meeting* meeting);

// Takes slot, place and interpreter from a meeting to come, whose agenda has changed; a wish to move it stays open.
// False when there is nothing to take any more.
bool LosePlace(const Acting& acting, v1::Meeting* meeting);

// What a side says of a meeting. A result of one that took place says that the other side came; that it did not come
// takes such a result back. FIELD_INVALID when both are said at once, or nothing is said.
struct Said {
  bool check_in = false;
  v1::Presence other_side = v1::PRESENCE_UNSPECIFIED;
  int rating = 0;
  v1::MeetingResult result = v1::MEETING_RESULT_UNSPECIFIED;
};
// REQUIRES: a side acts.
absl::StatusOr<bool> ReportOn(const Acting& acting, const Said& said, v1::Meeting* meeting);

// Attests a rung of the ladder. `amount` may be null. FIELD_INVALID when LOST has no reason.
absl::StatusOr<bool> Attest(const Acting& acting, v1::OutcomeStage stage, const tandem::type::v1::Money* amount,
                            v1::Meeting* meeting);

absl::StatusOr<bool> Lock(const Acting& acting, bool lock, v1::Meeting* meeting);

// Small words about a meeting, for all who read one.

// Whether it stands in the way of another one of the same pairing: it is to come or under way.
bool IsLive(const v1::Meeting& meeting, absl::Time now);
// `CONFIRMED`.
std::string StateText(v1::Meeting::State state);
// STATE_CONFLICT of `step` on `meeting`.
absl::Status Conflict(const v1::Meeting& meeting, absl::string_view step, absl::string_view allowed,
                      absl::string_view why);

// Says in a pairing that its meeting was booked or cancelled.
void SetMeetingChange(const Acting& acting, v1::Pairing* pairing);

// What `side` may see: not how the other side rated it, nor who of the other side acted, nor which side ended the
// pairing. Whom the other side blocked reads that it has withdrawn, as if it had left the edition. All of it for
// SIDE_UNSPECIFIED.
v1::Meeting ViewFor(v1::Meeting meeting, v1::Side side);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_MEETING_STEPS_H_
