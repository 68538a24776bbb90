#include "services/pairing/meetings/seats.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/base/status.h"
#include "common/catalog/each_record.h"
#include "common/catalog/store_status.h"
#include "services/pairing/meetings/bookings.h"

namespace tandem::pairing::meetings {
namespace {

// Seats that are asked for by name before all of a slot are read.
constexpr int64_t kProbes = 16;

// The same everywhere (FNV-1a).
uint64_t Hash(absl::string_view text) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash ^ (hash >> 32);
}

}  // namespace

Seats::Seats(RecordStore* store, const MeetingWish& wish)
    : store_(store),
      wish_(wish),
      agenda_(*wish.agenda),
      spread_(Hash(wish.meeting)),
      interpreted_(!agenda_.interpreters().empty() &&
                   NeedsInterpreter(*wish.attendees[0].calendar, *wish.attendees[1].calendar)) {}

void Seats::TakeForFree(const Booking& booking) {
  free_.insert(PlaceKey(wish_.edition, booking.start, booking.place, booking.number));
  if (!booking.interpreter.empty()) free_.insert(InterpreterKey(wish_.edition, booking.start, booking.interpreter));
}

absl::StatusOr<Seats::Answer> Seats::Find(int slot, const std::vector<bool>& halls, bool at_a_distance) {
  std::array<std::vector<int>, 3> ranks;  // booths, tables, rooms
  const int session = agenda_.slots()[static_cast<size_t>(slot)].session;
  for (size_t i = 0; i < agenda_.places().size(); ++i) {
    const Place& place = agenda_.places()[i];
    const bool reached = place.is_virtual() ? at_a_distance : halls[static_cast<size_t>(place.hall)];
    if (!reached || !place.sessions.Has(session)) continue;
    const bool booth = place.kind == v1::PLACE_KIND_BOOTH;
    if (booth && place.owner != wish_.attendees[0].party && place.owner != wish_.attendees[1].party) continue;
    ranks[place.is_virtual() ? 2 : booth ? 0 : 1].push_back(static_cast<int>(i));
  }
  Answer answer;
  for (const std::vector<int>& places : ranks) {
    TANDEM_ASSIGN_OR_RETURN(std::optional<Seat> seat, FindPlace(slot, places));
    if (!seat.has_value()) continue;
    if (interpreted_) {
      TANDEM_ASSIGN_OR_RETURN(const std::optional<int> interpreter, FindInterpreter(slot));
      answer.no_interpreter = !interpreter.has_value();
      if (answer.no_interpreter) return answer;
      seat->interpreter = *interpreter;
    }
    answer.seat = seat;
    break;
  }
  return answer;
}

absl::StatusOr<std::optional<Seat>> Seats::FindPlace(int slot, const std::vector<int>& places) {
  std::vector<int64_t> ends;  // of the seats of each place, counted through
  int64_t all = 0;
  for (const int place : places) ends.push_back(all += agenda_.places()[static_cast<size_t>(place)].capacity);
  if (all == 0) return std::nullopt;
  const absl::Time start = agenda_.slots()[static_cast<size_t>(slot)].start;
  const auto seat_at = [&](int64_t i) {
    const int64_t at = (static_cast<int64_t>(spread_ % static_cast<uint64_t>(all)) + i) % all;
    const size_t which = static_cast<size_t>(std::upper_bound(ends.begin(), ends.end(), at) - ends.begin());
    return Seat{places[which], static_cast<int>(at - (which == 0 ? 0 : ends[which - 1])), kNone};
  };
  const auto key_of = [&](const Seat& seat) {
    return PlaceKey(wish_.edition, start, agenda_.places()[static_cast<size_t>(seat.place)].id, seat.number);
  };

  std::vector<std::string> keys;
  for (int64_t i = 0; i < std::min(all, kProbes); ++i) keys.push_back(key_of(seat_at(i)));
  const auto rows = store_->BatchGet(keys);
  if (!rows.ok()) return catalog::FromStore(rows.status());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (!(*rows)[i].has_value() || free_.contains(keys[i])) return seat_at(static_cast<int64_t>(i));
  }
  if (all <= kProbes) return std::nullopt;

  absl::flat_hash_set<std::string> taken;
  TANDEM_RETURN_IF_ERROR(catalog::ForEachRecord(store_, PlacePrefix(wish_.edition, start), [&taken](Record& record) {
    taken.insert(std::move(record.key));
    return absl::OkStatus();
  }));
  for (int64_t i = kProbes; i < all; ++i) {
    const std::string key = key_of(seat_at(i));
    if (!taken.contains(key) || free_.contains(key)) return seat_at(i);
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<int>> Seats::FindInterpreter(int slot) {
  std::vector<int> who = InterpretersFor(agenda_, *wish_.attendees[0].calendar, *wish_.attendees[1].calendar, slot);
  if (who.empty()) return std::nullopt;
  std::rotate(who.begin(), who.begin() + static_cast<std::ptrdiff_t>(spread_ % who.size()), who.end());
  std::vector<std::string> keys;
  for (const int i : who) {
    keys.push_back(InterpreterKey(wish_.edition, agenda_.slots()[static_cast<size_t>(slot)].start,
                                  agenda_.interpreters()[static_cast<size_t>(i)].id));
  }
  const auto rows = store_->BatchGet(keys);
  if (!rows.ok()) return catalog::FromStore(rows.status());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (!(*rows)[i].has_value() || free_.contains(keys[i])) return who[i];
  }
  return std::nullopt;
}

}  // namespace tandem::pairing::meetings
