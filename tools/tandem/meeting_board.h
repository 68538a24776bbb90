// The board of an edition: its slots times its places, with who meets there.
#ifndef TANDEM_TOOLS_TANDEM_MEETING_BOARD_H_
#define TANDEM_TOOLS_TANDEM_MEETING_BOARD_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/pairing/v1/meeting.pb.h"
#include "tools/tandem/agenda_slots.h"
#include "tools/tandem/edition_zone.h"

namespace tandem::cli {

struct BoardOptions {
  std::string day;          // local date; empty: all
  std::string hall;         // empty: all, and what is at a distance
  bool taken_only = false;  // leave out places without a meeting on the day
  size_t width = 0;         // columns that a line may take; at least one place is on it. 0: kBoardWidth
};

inline constexpr size_t kBoardWidth = 160;

// Not thread-safe. REQUIRES: `edition` outlives it.
class MeetingBoard {
 public:
  MeetingBoard(const pairing::v1::Edition& edition, EditionZone zone, std::vector<pairing::v1::Meeting> meetings);

  // For people: a table for each day and hall, broken into several where it is wider than allowed.
  std::string Render(const BoardOptions& options) const;

  // For programs: JSON, an object for each slot and place in which somebody meets, and one for each meeting that stands
  // on neither.
  std::vector<std::string> Lines(const BoardOptions& options) const;

 private:
  struct Slot : AgendaSlot {
    std::string session;
  };
  using Place = pairing::v1::MeetingPlace;
  using Held = std::vector<const pairing::v1::Meeting*>;

  std::vector<const Place*> PlacesOf(const std::string& hall, const std::vector<Slot>& slots, bool taken_only) const;
  const Held& At(const Slot& slot, const Place& place) const;
  std::string Cell(const Slot& slot, const Place& place) const;
  std::string RenderHall(const std::vector<Slot>& slots, const std::vector<const Place*>& places, size_t width) const;

  const pairing::v1::Edition& edition_;
  const EditionZone zone_;
  const std::vector<pairing::v1::Meeting> meetings_;
  std::map<std::string, std::vector<Slot>> days_;          // by local date, in the order of time
  std::vector<std::string> halls_;                         // in the order of the agenda
  std::map<std::pair<int64_t, std::string>, Held> taken_;  // by start (Unix seconds) and place
  Held elsewhere_;
};

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_TANDEM_MEETING_BOARD_H_
