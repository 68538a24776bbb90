// The proof of every hard rule of meetings that have a slot. Shares nothing with what makes schedules. Pure.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_PROOF_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_PROOF_H_

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

#include "services/pairing/meetings/schedules/participants.h"
#include "tandem/pairing/v1/schedule.pb.h"

namespace tandem::pairing::meetings {

// One meeting where it is, or would be.
struct ProvedMeeting {
  std::string pairing, meeting;                // names; one of them may be empty
  std::array<std::string, 2> parties, people;  // names: the project's, the investor's
  absl::Time start, end;
  bool at_a_distance = false;
  std::string place, interpreter;  // ids
  bool touched = false;            // for who asks which of them broke a rule; means nothing here
};

// A broken rule, and the meetings that break it (indices).
struct Breach {
  v1::ScheduleViolation violation;
  std::vector<size_t> meetings;
};

// What `meetings` break by the agenda and the calendars of `participants`: slots, availability, nobody twice, whoever
// meets for a party free for what it has by itself, limits of people and parties, places, interpreters, ways; and
// `orders` of pairings, the earlier one first. In a fixed order.
std::vector<Breach> Prove(Participants* participants, const std::vector<ProvedMeeting>& meetings,
                          const std::vector<std::pair<std::string, std::string>>& orders);

// A meeting of a stored schedule that has a slot; of one of its bookings.
ProvedMeeting ProvedOf(const v1::SchedulePlacement& placement);
ProvedMeeting ProvedOf(const Booking& booking, const std::string& pairing);

// `2026-11-14T01:00:00Z`.
std::string TimeText(absl::Time time);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_PROOF_H_
