// The rows of stored schedules, all unlogged. README.md lists them.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_SCHEDULE_ROWS_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_SCHEDULE_ROWS_H_

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/storage/record_store.h"
#include "services/pairing/meetings/booking_rows.h"
#include "tandem/pairing/v1/schedule.pb.h"

namespace tandem::pairing::meetings {

inline constexpr char kSchedules[] = "schedules";  // the collection

// Most placements of one row.
inline constexpr size_t kPlacementsOfRow = 1000;

// What is stored of a schedule beside the message and its placements.
struct ScheduleParts {
  int rows = 0;                                             // of placements
  std::vector<std::pair<std::string, std::string>> orders;  // of pairings: the earlier one first

  std::string Encode() const;
  // INTERNAL for a row of another format.
  static absl::StatusOr<ScheduleParts> Decode(absl::string_view row);
};

// Keys; `name` is that of a schedule.
std::string ScheduleKey(absl::string_view name);
std::string PartsKey(absl::string_view name);
std::string PlacementsKey(absl::string_view name, int row);
std::string BeforeKey(absl::string_view name, int row);

// A row of placements, without `editions/{edition}/` in names and without what repeats the party. `edition` is an id.
std::string EncodePlacements(absl::string_view edition, const v1::SchedulePlacement* begin,
                             const v1::SchedulePlacement* end);
absl::StatusOr<std::vector<v1::SchedulePlacement>> DecodePlacements(absl::string_view edition, absl::string_view row);

// A row of what was booked before a schedule was published.
std::string EncodeBookings(const std::vector<Booking>& bookings);
absl::StatusOr<std::vector<Booking>> DecodeBookings(absl::string_view row);

// A stored schedule with its record.
struct StoredSchedule {
  v1::Schedule schedule;  // without etag and token
  Record record;
};

// RESOURCE_NOT_FOUND.
absl::StatusOr<StoredSchedule> ReadSchedule(RecordStore* store, absl::string_view name);
absl::StatusOr<ScheduleParts> ReadParts(RecordStore* store, absl::string_view name);
absl::StatusOr<std::vector<v1::SchedulePlacement>> ReadPlacements(RecordStore* store, absl::string_view name);
absl::StatusOr<std::vector<Booking>> ReadBefore(RecordStore* store, absl::string_view name);
// All of an edition (an id), in order of their names.
absl::StatusOr<std::vector<StoredSchedule>> ReadSchedules(RecordStore* store, absl::string_view edition);

// Adds the writes of placements, which must be in order of their pairings.
void AddPlacementWrites(absl::string_view name, const std::vector<v1::SchedulePlacement>& placements,
                        Transaction* transaction);
// The same, only of the rows of which a placement is another one now: those of `changed`, indices in order.
void AddPlacementWritesOf(absl::string_view name, const std::vector<v1::SchedulePlacement>& placements,
                          const std::vector<size_t>& changed, Transaction* transaction);
void AddBeforeWrites(absl::string_view name, const std::vector<Booking>& bookings, Transaction* transaction);

// Previews of an edition that are kept, the newest ones.
inline constexpr size_t kKeptPreviews = 20;

// Gives a new schedule its name and stores it in one commit; the oldest previews beyond kKeptPreviews go. `schedule`
// has everything but its name. `join` (may be empty) adds others' writes to the transaction; when a condition of it
// does not hold the error is CONTENTION. Sets `revision`.
absl::StatusOr<v1::Schedule> StoreSchedule(RecordStore* store, absl::string_view edition, v1::Schedule schedule,
                                           const std::vector<v1::SchedulePlacement>& placements,
                                           const std::vector<std::pair<std::string, std::string>>& orders,
                                           const std::function<void(const v1::Schedule&, Transaction*)>& join,
                                           Revision* revision);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_SCHEDULE_ROWS_H_
