// The rows of a meeting in the store beside its bookings (booking_rows.h).
//
//   r/meetings/<edition>/<id>              the Meeting without etag and token; logged
//   x/meetings/<edition>/<attendee>/<id>   nothing: lists by project, investor and representative; unlogged
//   meetings-of/<edition>/<pairing id>     see MeetingNumbers; unlogged
//
// <attendee> is a name without its edition: `representatives/r`. An id is that of the pairing, `-` and a number from 1.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_MEETING_ROWS_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_MEETING_ROWS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/storage/record_store.h"
#include "tandem/pairing/v1/meeting.pb.h"
#include "tandem/pairing/v1/pairing.pb.h"

namespace tandem::pairing::meetings {

inline constexpr char kMeetings[] = "meetings";  // the collection

// `pairing` is a name, `editions/{edition}/pairings/{pairing}`.
std::string MeetingName(absl::string_view pairing, int number);
// The keys of the rows of `name`, the name of a meeting, or of a pairing.
std::string MeetingKey(absl::string_view name);
std::string NumbersKey(absl::string_view pairing);
std::string EditionKey(absl::string_view edition);  // an id
// The id of the edition that `name` is of.
absl::string_view EditionOf(absl::string_view name);
// The prefix of the rows by which the meetings of an attendee (a name) are listed.
std::string MeetingListPrefix(absl::string_view attendee);

// INTERNAL when it cannot be read.
absl::StatusOr<v1::Meeting> ParseMeeting(const Record& record);

// The meetings that a pairing has had.
struct MeetingNumbers {
  int last = 0;           // number of the newest one; 0: none
  std::vector<int> kept;  // numbers of those that were not cancelled, in order

  std::string Encode() const;
  // INTERNAL for a row of another format.
  static absl::StatusOr<MeetingNumbers> Decode(absl::string_view row);
};

// Adds the write of `meeting`, with its lists when it is new.
void AddMeetingWrites(const v1::Meeting& meeting, bool is_new, Transaction* transaction);

// Adds the write by which the meeting `name` is listed for `attendee`.
void AddToList(absl::string_view name, absl::string_view attendee, Transaction* transaction);

// Adds all of `more` to `transaction`.
void Append(Transaction more, Transaction* transaction);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_MEETING_ROWS_H_
