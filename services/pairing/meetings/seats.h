// Seats: which place and interpreter of a slot nobody has.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SEATS_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SEATS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"

#include "common/storage/record_store.h"
#include "services/pairing/meetings/agenda.h"
#include "services/pairing/meetings/booking_rows.h"

namespace tandem::pairing::meetings {

struct MeetingWish;

// Where two people sit, and who interprets; indices of the agenda.
struct Seat {
  int place = kNone;
  int number = 0;           // which of the place's capacity, from 0
  int interpreter = kNone;  // kNone: none is needed
};

// Of one wish. Different meetings begin to search at different places, so that those that are booked at the same moment
// seldom want the same one. For one thread.
class Seats {
 public:
  // Unowned pointers must outlive this.
  Seats(RecordStore* store, const MeetingWish& wish);

  // Counts what `booking` has as free.
  void TakeForFree(const Booking& booking);

  struct Answer {
    std::optional<Seat> seat;
    bool no_interpreter = false;  // that is all that is missing
  };
  // A free seat of `slot`: a booth of one of the parties, then any table, both in one of `halls` (by index); then, if
  // `at_a_distance`, a virtual room.
  absl::StatusOr<Answer> Find(int slot, const std::vector<bool>& halls, bool at_a_distance);

 private:
  absl::StatusOr<std::optional<Seat>> FindPlace(int slot, const std::vector<int>& places);
  absl::StatusOr<std::optional<int>> FindInterpreter(int slot);

  RecordStore* const store_;
  const MeetingWish& wish_;
  const Agenda& agenda_;
  const uint64_t spread_;
  const bool interpreted_;
  absl::flat_hash_set<std::string> free_;  // keys
};

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SEATS_H_
