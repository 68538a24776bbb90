#include "tools/tandem/agenda_slots.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"

#include "tools/tandem/stamps.h"

namespace tandem::cli {

std::vector<AgendaSlot> SlotsOf(const pairing::v1::Session& session) {
  absl::flat_hash_set<int64_t> closed;
  for (const auto& stamp : session.closed_slots()) closed.insert(stamp.seconds());
  const absl::Duration length = absl::Minutes(session.slot_minutes());
  const absl::Duration step = absl::Minutes(std::max(session.slot_minutes() + session.buffer_minutes(), 1));
  std::vector<AgendaSlot> slots;
  for (absl::Time start = TimeOf(session.start_time()); start + length <= TimeOf(session.end_time()); start += step) {
    slots.push_back({start, start + length, closed.contains(absl::ToUnixSeconds(start))});
  }
  return slots;
}

}  // namespace tandem::cli
