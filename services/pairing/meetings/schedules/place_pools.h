// The places of an agenda as pools of interchangeable ones, and concrete places again.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_PLACE_POOLS_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_PLACE_POOLS_H_

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "services/pairing/meetings/agenda.h"
#include "services/pairing/meetings/booking_rows.h"
#include "services/pairing/meetings/scheduling/problem.h"

namespace tandem::pairing::meetings {

// One seat of one place, as in Booking.
struct PlaceSeat {
  std::string place;
  int number = 0;
  std::string hall;  // empty: at a distance
};

// Pools are: the booths of one owner in a hall, the tables of a hall (of all halls when nobody walks), all virtual
// rooms. Places that the agenda does not know, where something is booked, are closed pools of their own. `agenda` must
// outlive it; for one thread.
class PlacePools {
 public:
  explicit PlacePools(const Agenda* agenda);

  // The pool of a booked meeting's place.
  int PoolOf(const Booking& booking);

  // The pools that a meeting of two parties may use: their booths, tables, then rooms (the order of bookings.h).
  std::vector<int32_t> Allowed(const std::string& project, const std::string& investor, bool on_site,
                               bool at_a_distance) const;
  // Whether there are any of one of the two kinds.
  bool AllowsAny(const std::string& project, const std::string& investor, bool on_site) const;
  // Whether those are all that are open.
  bool IsEverything(const std::vector<int32_t>& allowed) const;
  bool any_on_site() const { return any_on_site_; }

  // Adds halls, ways and pools to `problem`, whose slots are there; `agenda_slots` are those of the agenda (or kNone).
  void Fill(const std::vector<int>& agenda_slots, scheduling::Problem* problem) const;

  // Whether the seat of a booked meeting is one of `pool` that is open in a slot of the agenda.
  bool IsOpen(const Booking& booking, int pool, int slot) const;
  // The seats of `pool` that are open in a slot of the agenda, in the order of the agenda.
  std::vector<PlaceSeat> SeatsOf(int pool, int slot) const;

 private:
  struct Pool {
    v1::PlaceKind kind = v1::PLACE_KIND_TABLE;
    int hall = kNone;
    std::string owner;
    std::vector<int> places;  // of the agenda; none: closed
  };
  // kind, hall, owner
  using Key = std::tuple<int, int, std::string>;
  int PoolAt(const Key& key);

  const Agenda* agenda_;
  bool walks_ = false;
  bool any_on_site_ = false;
  bool any_tables_ = false, any_rooms_ = false;
  std::vector<Pool> pools_;
  std::map<Key, int> by_key_;
  std::vector<int> of_place_;
  std::map<std::string, std::vector<int32_t>> booths_;  // by owner
};

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_PLACE_POOLS_H_
