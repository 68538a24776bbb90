// Calendars: in which slots of an agenda a person can meet, alone and with another one. Pure.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_CALENDAR_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_CALENDAR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "services/pairing/meetings/agenda.h"
#include "tandem/pairing/v1/representative.pb.h"

namespace tandem::pairing::meetings {

// Where two people meet.
enum class Mode {
  kOnSite,   // both in a hall
  kVirtual,  // each wherever they are
};

// A meeting that stands on somebody's calendar, be its slot still one of the agenda or not.
struct Booked {
  Stretch time;
  int32_t date = 0;  // that it counts to: days since 1970-01-01, in the edition's time zone
  int hall = kNone;  // index; kNone: at a distance
};

// One in a slot of the agenda.
Booked BookedIn(const Agenda& agenda, int slot, int hall);

// The calendar of one person: a representative, or a party that has none. Never changes; thread-safe. Slots are those
// of the agenda it was made for.
class Calendar {
 public:
  // Slots in which the person is available for the whole time, and not unavailable for any of it; at a distance only
  // within the virtual hours of the person's own day, whatever its clocks do. INVALID_ARGUMENT when the time zone is
  // none, which no stored representative reaches.
  static absl::StatusOr<Calendar> Of(const v1::Representative& representative, const Agenda& agenda);

  // A party without representatives meets by itself: on site, in every slot, without limits, in any language.
  static Calendar OfParty(absl::string_view party, const Agenda& agenda);

  // Name of the representative or the party.
  const std::string& name() const { return name_; }
  // Whom the person meets for.
  const std::vector<std::string>& parties() const { return parties_; }
  // Primary languages such as `zh`, sorted, each once; empty: not known.
  const std::vector<std::string>& languages() const { return languages_; }
  // Caps; 0 is no limit.
  int most_meetings() const { return most_meetings_; }
  int most_meetings_per_day() const { return most_meetings_per_day_; }

  // Whether the person could meet in `slot`, were nothing booked.
  bool CanMeet(int slot, Mode mode) const {
    return (mode == Mode::kOnSite ? on_site_ : at_a_distance_)[static_cast<size_t>(slot)];
  }

 private:
  Calendar() = default;

  std::string name_;
  std::vector<std::string> parties_;
  std::vector<std::string> languages_;
  int most_meetings_ = 0, most_meetings_per_day_ = 0;
  std::vector<bool> on_site_, at_a_distance_;  // by slot
};

// A slot that suits two people.
struct CommonSlot {
  int slot = kNone;
  bool on_site = false, at_a_distance = false;  // at least one of them
  friend bool operator==(const CommonSlot& a, const CommonSlot& b) {
    return a.slot == b.slot && a.on_site == b.on_site && a.at_a_distance == b.at_a_distance;
  }
};

// The slots, in order of time, in which both could meet, were nothing booked.
std::vector<CommonSlot> CommonSlots(const Agenda& agenda, const Calendar& a, const Calendar& b);

// Whether the two have no language in common. Who states none is taken to have one.
bool NeedsInterpreter(const Calendar& a, const Calendar& b);

// The interpreters (indices) who work in `slot` and stand between the two, in the order of the agenda.
std::vector<int> InterpretersFor(const Agenda& agenda, const Calendar& a, const Calendar& b, int slot);

// Whether one who has `booked` can come to a meeting in `hall` (kNone: at a distance) in `slot` and on to the next one:
// nothing is in that slot, and between the end of one meeting and the start of another there is time to walk.
bool CanReach(const Agenda& agenda, absl::Span<const Booked> booked, int slot, int hall);

// Whether the person's caps leave room for one more meeting in `slot`.
bool HasRoom(const Agenda& agenda, const Calendar& calendar, absl::Span<const Booked> booked, int slot);

// The slots, in order of time, in which one who has `booked` can still come to a meeting: of `mode`, in `hall` (kNone
// when it is virtual).
std::vector<int> FreeSlots(const Agenda& agenda, const Calendar& calendar, absl::Span<const Booked> booked, Mode mode,
                           int hall);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_CALENDAR_H_
