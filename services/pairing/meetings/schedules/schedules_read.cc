// What is shown of schedules: single ones, lists, placements beside what is booked now.
#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "common/tokens/page_token.h"
#include "services/pairing/ledger/decision.h"
#include "services/pairing/ledger/rows.h"
#include "services/pairing/meetings/book/meeting_rows.h"
#include "services/pairing/meetings/schedules/schedules.h"

namespace tandem::pairing::meetings {
namespace {

using v1::Schedule;
using v1::SchedulePlacement;

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 500;
// Read for one page at most: who asks for what is rare gets pages that end early.
constexpr int kMostRows = 20;

int PageSize(int asked) { return asked == 0 ? kDefaultPage : std::min(asked, kLargestPage); }

bool SamePlace(const SchedulePlacement& placement, const Booking& booking) {
  return ledger::FromStamp(placement.start_time()) == booking.start && placement.place() == booking.place &&
         placement.interpreter() == booking.interpreter;
}

// Says what publishing would do to `placements` as things are now.
absl::Status CompareToNow(RecordStore* store, std::vector<SchedulePlacement>* placements) {
  std::vector<std::string> keys;
  for (const SchedulePlacement& placement : *placements) {
    const std::string& name = placement.pairing();
    keys.push_back(
        catalog::RecordKey(ledger::kPairings, {std::string(EditionOf(name)), name.substr(name.rfind('/') + 1)}));
  }
  TANDEM_ASSIGN_OR_RETURN(const Rows pairings, ReadRowsOf(store, keys));
  std::vector<std::string> meetings(placements->size()), booking_keys;
  for (size_t i = 0; i < keys.size(); ++i) {
    const std::optional<Record>& record = pairings.at(keys[i]);
    if (!record.has_value()) continue;
    TANDEM_ASSIGN_OR_RETURN(const v1::Pairing pairing, ledger::ParsePairing(*record));
    meetings[i] = pairing.meeting();
    if (!meetings[i].empty()) booking_keys.push_back(BookingKey(EditionOf(meetings[i]), meetings[i]));
  }
  TANDEM_ASSIGN_OR_RETURN(const Rows bookings, ReadRowsOf(store, booking_keys));
  for (size_t i = 0; i < placements->size(); ++i) {
    SchedulePlacement& placement = (*placements)[i];
    placement.set_meeting(meetings[i]);
    placement.clear_booked_start_time();
    placement.clear_booked_place();
    const bool placed = placement.has_start_time();
    const auto row =
        meetings[i].empty() ? bookings.end() : bookings.find(BookingKey(EditionOf(meetings[i]), meetings[i]));
    if (row == bookings.end() || !row->second.has_value()) {
      placement.set_change(placed ? SchedulePlacement::CHANGE_ADDED : SchedulePlacement::CHANGE_UNSPECIFIED);
      continue;
    }
    TANDEM_ASSIGN_OR_RETURN(const Booking booking, DecodeBooking(row->second->value));
    *placement.mutable_booked_start_time() = ledger::ToStamp(booking.start);
    placement.set_booked_place(booking.place);
    placement.set_change(!placed                         ? SchedulePlacement::CHANGE_REMOVED
                         : SamePlace(placement, booking) ? SchedulePlacement::CHANGE_KEPT
                                                         : SchedulePlacement::CHANGE_MOVED);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Schedule> Schedules::Get(const Caller& caller, const v1::GetScheduleRequest& request) const {
  TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "GetSchedule"));
  TANDEM_ASSIGN_OR_RETURN(StoredSchedule stored, ReadSchedule(options_.store, request.name()));
  return Show(std::move(stored.schedule), stored.record.revision);
}

absl::StatusOr<v1::ListSchedulesResponse> Schedules::List(const Caller& caller,
                                                          const v1::ListSchedulesRequest& request) const {
  TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "ListSchedules"));
  const auto edition = options_.store->Get(EditionKey(EditionOf(request.parent())));
  if (!edition.ok()) return catalog::FromStore(edition.status());
  if (!edition->has_value()) {
    return MakeError(absl::StatusCode::kNotFound, "EDITION_NOT_FOUND",
                     absl::StrCat("there is no ", request.parent(), ": create it first"),
                     {{"edition", request.parent()}});
  }
  TANDEM_ASSIGN_OR_RETURN(std::vector<StoredSchedule> all, ReadSchedules(options_.store, EditionOf(request.parent())));
  std::reverse(all.begin(), all.end());
  const std::string arguments = absl::StrCat("ListSchedules|", request.parent());
  auto next = all.begin();
  if (!request.page_token().empty()) {
    TANDEM_ASSIGN_OR_RETURN(const std::string last, DecodePageToken(*options_.keys, arguments, request.page_token()));
    next = std::find_if(all.begin(), all.end(), [&](const StoredSchedule& one) { return one.schedule.name() < last; });
  }
  v1::ListSchedulesResponse response;
  for (; next != all.end() && response.schedules_size() < PageSize(request.page_size()); ++next)
    *response.add_schedules() = Show(std::move(next->schedule), next->record.revision);
  if (next != all.end()) {
    response.set_next_page_token(
        EncodePageToken(*options_.keys, arguments, response.schedules(response.schedules_size() - 1).name()));
  }
  return response;
}

absl::StatusOr<v1::ListPlacementsResponse> Schedules::ListPlacements(const Caller& caller,
                                                                     const v1::ListPlacementsRequest& request) const {
  TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "ListPlacements"));
  TANDEM_ASSIGN_OR_RETURN(const StoredSchedule stored, ReadSchedule(options_.store, request.parent()));
  TANDEM_ASSIGN_OR_RETURN(const ScheduleParts parts, ReadParts(options_.store, request.parent()));
  const std::string arguments =
      absl::StrCat("ListPlacements|", request.parent(), "|", request.changes_only(), "|", request.unplaced_only());
  std::string after;  // the pairing before the page, behind the number of its row
  int row = 0;
  if (!request.page_token().empty()) {
    TANDEM_ASSIGN_OR_RETURN(const std::string cursor, DecodePageToken(*options_.keys, arguments, request.page_token()));
    const size_t space = cursor.find(' ');
    if (space == std::string::npos || !absl::SimpleAtoi(cursor.substr(0, space), &row))
      return MakeError(absl::StatusCode::kInternal, "INTERNAL", "a page token of this service cannot be read");
    after = cursor.substr(space + 1);
  }
  v1::ListPlacementsResponse response;
  const int size = PageSize(request.page_size());
  for (int read = 0; row < parts.rows; ++row, ++read) {
    if (read == kMostRows) {
      response.set_next_page_token(EncodePageToken(*options_.keys, arguments, absl::StrCat(row, " ", after)));
      return response;
    }
    const auto record = options_.store->Get(PlacementsKey(request.parent(), row));
    if (!record.ok()) return catalog::FromStore(record.status());
    if (!record->has_value()) break;  // it was just deleted
    TANDEM_ASSIGN_OR_RETURN(std::vector<SchedulePlacement> placements,
                            DecodePlacements(EditionOf(request.parent()), (*record)->value));
    placements.erase(std::remove_if(placements.begin(), placements.end(),
                                    [&](const SchedulePlacement& one) {
                                      return one.pairing() <= after ||
                                             (request.unplaced_only() && one.has_start_time());
                                    }),
                     placements.end());
    // Without a filter on changes what is beyond the page need not be looked up.
    if (!request.changes_only() && placements.size() > static_cast<size_t>(size) + 1)
      placements.resize(static_cast<size_t>(size) + 1);
    if (stored.schedule.state() == Schedule::STATE_PREVIEW)
      TANDEM_RETURN_IF_ERROR(CompareToNow(options_.store, &placements));
    for (SchedulePlacement& placement : placements) {
      if (request.changes_only() && (placement.change() == SchedulePlacement::CHANGE_UNSPECIFIED ||
                                     placement.change() == SchedulePlacement::CHANGE_KEPT))
        continue;
      if (response.placements_size() == size) {
        response.set_next_page_token(EncodePageToken(*options_.keys, arguments, absl::StrCat(row, " ", after)));
        return response;
      }
      after = placement.pairing();
      *response.add_placements() = std::move(placement);
    }
  }
  return response;
}

}  // namespace tandem::pairing::meetings
