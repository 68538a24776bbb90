// The problem that an edition's wishes and bookings are, and the schedule back in names, places and times. Pure.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_PROBLEM_MAKER_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_PROBLEM_MAKER_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "services/pairing/meetings/schedules/interpreter_shares.h"
#include "services/pairing/meetings/schedules/participants.h"
#include "services/pairing/meetings/schedules/place_pools.h"
#include "services/pairing/meetings/schedules/snapshot.h"
#include "services/pairing/meetings/scheduling/schedule.h"
#include "tandem/pairing/v1/schedule.pb.h"

namespace tandem::pairing::meetings {

// What a wish counts for: kBaseValue, what matching says (0 to kMostScore), and kMustMeetValue for each side that must
// meet the other, which no number of points makes up for.
inline constexpr int64_t kBaseValue = 1'000;
inline constexpr int64_t kMostScore = 1'000;
inline constexpr int64_t kMustMeetValue = 10'000;

// What a schedule may place.
struct Choice {
  v1::ScheduleMode mode = v1::SCHEDULE_MODE_ALL;
  std::set<std::string> selected;                           // names of pairings, of SCHEDULE_MODE_SELECTED
  std::vector<std::pair<std::string, std::string>> orders;  // of pairings: the earlier one first
  absl::Time now;                                           // nothing that has begun by then changes
  // Pairings whose meeting people cancelled are not wished.
  bool leave_called_off = false;
  // Orders of what is not wished do not count, instead of being refused.
  bool lenient_orders = false;
  // What matching says of a pair, 0 to kMostScore; empty: 0.
  std::function<int64_t(const std::string& project, const std::string& investor)> score;
};

// One wish of the problem, in names.
struct WishFacts {
  std::string pairing, project, investor;
  std::array<int, 2> people{kNone, kNone};  // of Participants: the project's, the investor's
  int64_t value = 0;
  bool must_meet = false;
  bool locked = false;             // somebody locked its meeting
  std::string meeting;             // empty: there is none
  std::optional<Booking> booking;  // empty: it has no slot
  int kind = kNone;                // of InterpreterShares
  bool interpreted = false;        // it needs one, and the agenda manages them
};

// A problem with what its indices stand for. The snapshot must outlive it.
class ScheduleProblem {
 public:
  // FIELD_INVALID for orders that go round in a circle or of which an end is not wished.
  static absl::StatusOr<ScheduleProblem> Make(const Snapshot& snapshot, const Choice& choice);

  const scheduling::Problem& problem() const { return problem_; }
  const std::vector<WishFacts>& wishes() const { return wishes_; }
  const Participants& participants() const { return participants_; }
  // The person of the problem that a calendar is; kNone when no wish names it.
  int PersonOf(int participant) const;
  // Those that meet for a party, or are of that name.
  std::vector<int32_t> PeopleOf(const std::string& attendee) const;
  // The first slot that starts at `time` or later.
  int32_t FirstSlot(absl::Time time) const;

  // Where each wish is booked now.
  scheduling::Schedule Booked() const;

  // Takes out what a party has beyond its meetings of a day (`most per day`): a problem limits people, of whom a party
  // may have several. First what is not booked, then what is least worth. Returns how many.
  int TrimParties(scheduling::Schedule* schedule) const;

  // The schedule in the words of the contract, with concrete places and interpreters: what stays keeps its own.
  // REQUIRES: `schedule` keeps every rule, and has reasons or none.
  std::vector<v1::SchedulePlacement> Place(const scheduling::Schedule& schedule) const;

 private:
  struct Time {
    absl::Time start, end;
    int agenda = kNone;  // slot of the agenda; kNone: it has no such slot any more
  };
  // Slots of the problem that have not begun.
  struct PersonTimes {
    scheduling::SlotSet on_site, at_a_distance;
  };
  // A booking of the snapshot, in numbers.
  struct CountedBooking {
    std::array<int, 2> people{}, parties{};
    int date = 0;
  };

  ScheduleProblem(const Snapshot* snapshot, Participants participants)
      : snapshot_(snapshot),
        participants_(std::move(participants)),
        pools_(snapshot->agenda.get()),
        interpreters_(snapshot->agenda.get()) {}

  void MakeSlots(absl::Time now);
  void CountBooked();
  bool IsOverfull(const CountedBooking& booking) const;
  bool HasSuccessor(const std::string& person, const std::string& party);
  absl::Status AddBooked(const Choice& choice);
  absl::Status AddWished(const Choice& choice);
  absl::Status AddOrders(const Choice& choice);
  void AddWish(WishFacts facts, const PairingFacts* pairing, bool fixed);
  int32_t PersonFor(int participant);
  int PartyFor(const std::string& party);
  void LimitPeople();
  static std::vector<int64_t> ValuesOf(const std::vector<const PairingFacts*>& pairings, const Choice& choice);
  int32_t SlotSetOf(const scheduling::SlotSet& set);
  int32_t PoolSetOf(const std::vector<int32_t>& pools);
  void SetTimes(const WishFacts& facts, const PairingFacts* pairing, scheduling::Wish* wish);
  bool Stays(size_t wish, const scheduling::Placement& at) const;

  const Snapshot* snapshot_;
  Participants participants_;
  PlacePools pools_;
  InterpreterShares interpreters_;
  scheduling::Problem problem_;
  std::vector<WishFacts> wishes_;
  std::vector<Time> times_;        // by slot of the problem
  std::vector<int> agenda_slots_;  // the same, its slot of the agenda
  std::map<absl::Time, int32_t> by_start_;
  scheduling::SlotSet open_;                       // slots of the problem that have not begun
  std::vector<int32_t> slot_of_;                   // by slot of the agenda
  std::vector<int32_t> person_of_;                 // by participant; kNone: nobody of the problem
  std::vector<int> participant_of_;                // by person
  std::vector<PersonTimes> times_of_;              // by person
  absl::flat_hash_map<std::string, int> parties_;  // their numbers
  std::vector<CountedBooking> counted_;            // the bookings of the snapshot, in their order
  // Meetings that are booked, by participant, party and date. The last one: the most of a day.
  absl::flat_hash_map<int, int> of_person_;
  absl::flat_hash_map<std::pair<int, int>, int> of_person_day_, of_party_day_, most_of_both_;
  // Of meetings that parties have by themselves, with the ways there and back.
  absl::flat_hash_map<std::string, std::vector<std::pair<absl::Time, absl::Time>>> inherited_;
  std::map<std::vector<uint64_t>, int32_t> slot_sets_;
  std::map<std::vector<int32_t>, int32_t> pool_sets_;
};

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_PROBLEM_MAKER_H_
