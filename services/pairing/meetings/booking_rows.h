// The rows that booked meetings leave in a store, all unlogged: what makes two meetings at one place, or of one person
// at one time, impossible.
//
//   booking/<edition>/<meeting>                       the booking itself
//   calendar/<edition>/<person>/<slot start>          the same again, on the calendar of each of the two
//   place/<edition>/<slot start>/<place>[/<n>]        the meeting's name; n counts where several meet at once, from 1
//   interpreter/<edition>/<slot start>/<interpreter>  the meeting's name
//   busy/<edition>/<person>                           the newest meeting's name: every booking of a person writes it,
//   so
//                                                     that what was decided on the whole calendar holds at the commit
//   slot/<edition>/<slot start>                       the newest meeting's name: every booking of a slot writes it, and
//                                                     none asks, so that a change of the agenda sees that one came
//   meetings-on/<edition>/<party>/<date>              how many meetings the party has on that day
//
// <person> and <party> are names without their edition: `representatives/r`, `projects/p`.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BOOKING_ROWS_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BOOKING_ROWS_H_

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "common/storage/record_store.h"

namespace tandem::pairing::meetings {

// One meeting on one slot at one place, as it is stored: it stays true when the agenda changes.
struct Booking {
  std::string meeting;  // resource name
  absl::Time start, end;
  std::string date;         // the slot's day in the edition's time zone, `YYYY-MM-DD`
  std::string place;        // id
  int number = 0;           // which of the place's capacity, from 0
  std::string hall;         // where the place stands; empty: at a distance
  std::string interpreter;  // id; empty: none
  // Names of the two representatives (or parties without any), and of the parties that they meet for.
  std::array<std::string, 2> people, parties;

  bool is_virtual() const { return hall.empty(); }
};

std::string Encode(const Booking& booking);
// INTERNAL for a row of another format.
absl::StatusOr<Booking> DecodeBooking(absl::string_view row);

// `edition` is an id; `meeting`, `person` and `party` are resource names.
std::string BookingKey(absl::string_view edition, absl::string_view meeting);
std::string CalendarPrefix(absl::string_view edition, absl::string_view person);
std::string CalendarKey(absl::string_view edition, absl::string_view person, absl::Time start);
std::string PlacePrefix(absl::string_view edition, absl::Time start);
std::string PlaceKey(absl::string_view edition, absl::Time start, absl::string_view place, int number);
std::string InterpreterKey(absl::string_view edition, absl::Time start, absl::string_view interpreter);
std::string BusyKey(absl::string_view edition, absl::string_view person);
std::string CountKey(absl::string_view edition, absl::string_view party, absl::string_view date);
std::string SlotKey(absl::string_view edition, absl::Time start);
// The prefix of the bookings of an edition.
std::string BookingPrefix(absl::string_view edition);

using Rows = absl::flat_hash_map<std::string, std::optional<Record>>;

// The number in a row of CountKey; 0 when there is none.
int CountOf(const std::optional<Record>& row);

// Bookings of one edition that are freed and claimed in one transaction, in any number.
class BookingChanges {
 public:
  explicit BookingChanges(absl::string_view edition) : edition_(edition) {}

  // Frees everything that `booking` claims. `row` is its row of BookingKey.
  void Free(const Booking& booking, const Record& row);
  // Claims everything; nobody else may have any of it at the commit, but for what is freed here. Afterwards.
  void Claim(const Booking& booking);

  // The keys whose rows Finish must know.
  std::vector<std::string> keys() const;

  // Adds conditions and writes to `transaction`. They hold as long as nobody has booked for any of the people who claim
  // something since `rows` were read. REQUIRES: `rows` has all of keys().
  void Finish(const Rows& rows, Transaction* transaction) const;

 private:
  void Take(const std::string& key, const std::string& value);

  const std::string edition_;
  std::vector<Condition> conditions_;
  std::map<std::string, std::optional<std::string>> writes_;
  std::map<std::string, int> counts_;        // what is added to a row of CountKey
  std::map<std::string, std::string> busy_;  // value by key
};

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BOOKING_ROWS_H_
