// Who could meet for each party of an edition, and who does in a schedule.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_PARTICIPANTS_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_PARTICIPANTS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "services/pairing/meetings/calendar.h"
#include "services/pairing/meetings/schedules/snapshot.h"
#include "services/pairing/meetings/scheduling/slot_set.h"

namespace tandem::pairing::meetings {

// One calendar, with its slots as sets. Slots are those of the agenda.
struct Participant {
  Calendar calendar;
  scheduling::SlotSet on_site, at_a_distance;
  int64_t load = 0;  // meetings and wishes that it has been given
};

// Of one snapshot, which must outlive it. Participants are found by index; for one thread.
class Participants {
 public:
  static absl::StatusOr<Participants> Of(const Snapshot& snapshot);

  // The one of that name: a representative, or else a party that meets by itself.
  int Find(const std::string& name);
  // Those who meet for a party: its representatives in order of their names, or the party itself. Until the next call.
  const std::vector<int>& Of(const std::string& party);

  Participant& at(int index) { return all_[static_cast<size_t>(index)]; }
  const Participant& at(int index) const { return all_[static_cast<size_t>(index)]; }
  int size() const { return static_cast<int>(all_.size()); }
  const Agenda& agenda() const { return *agenda_; }

  // Who meets for the two parties: of all pairs of different people the one with a slot in common (none of `within`,
  // unless that is null) and without need of an interpreter, if there is one; among those the least busy two, by what
  // they were given so far for each slot that they have; then by name. {kNone, kNone} when it would be one person only.
  std::pair<int, int> Choose(const std::string& project, const std::string& investor,
                             const scheduling::SlotSet* within);

 private:
  explicit Participants(const Agenda* agenda) : agenda_(agenda) {}
  int Add(Calendar calendar);

  const Agenda* agenda_;
  std::vector<Participant> all_;
  absl::flat_hash_map<std::string, int> by_name_;
  absl::flat_hash_map<std::string, std::vector<int>> by_party_;
};

// How many slots are in a set.
int CountSlots(const scheduling::SlotSet& set);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_PARTICIPANTS_H_
