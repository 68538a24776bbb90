#include "services/pairing/meetings/schedules/schedule_rows.h"

#include <algorithm>
#include <functional>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "common/base/status.h"
#include "common/catalog/each_record.h"
#include "common/catalog/fields.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "services/pairing/meetings/book/meeting_rows.h"
#include "tandem/pairing/v1/schedule_service.pb.h"

namespace tandem::pairing::meetings {
namespace {

using v1::SchedulePlacement;

constexpr int kLinesOfBooking = 12;
constexpr size_t kBookingsOfRow = 1000;

absl::string_view IdOf(absl::string_view name) { return name.substr(name.rfind('/') + 1); }

absl::Status Unreadable(absl::string_view what) {
  return MakeError(absl::StatusCode::kInternal, "INTERNAL",
                   absl::StrCat("a stored ", what, " cannot be read: restore the store from a backup"));
}

// Calls `change` with each name in a placement.
template <typename Change>
void ForNames(SchedulePlacement* placement, const Change& change) {
  change(placement->mutable_pairing());
  change(placement->mutable_project());
  change(placement->mutable_investor());
  change(placement->mutable_project_attendee());
  change(placement->mutable_investor_attendee());
  change(placement->mutable_meeting());
}

void AddRowWrite(absl::string_view name, const std::vector<SchedulePlacement>& placements, size_t row,
                 Transaction* transaction) {
  const size_t begin = row * kPlacementsOfRow;
  const size_t end = std::min(placements.size(), begin + kPlacementsOfRow);
  transaction->writes.push_back(
      Write::PutUnlogged(PlacementsKey(name, static_cast<int>(row)),
                         EncodePlacements(EditionOf(name), placements.data() + begin, placements.data() + end)));
}

std::string RowKey(absl::string_view kind, absl::string_view name, int row) {
  return absl::StrCat(kind, "/", EditionOf(name), "/", IdOf(name), "/", absl::StrFormat("%06d", row));
}

absl::StatusOr<StoredSchedule> Parse(Record record) {
  StoredSchedule stored;
  if (!stored.schedule.ParseFromString(record.value)) return Unreadable("schedule");
  stored.record = std::move(record);
  return stored;
}

}  // namespace

std::string ScheduleParts::Encode() const {
  return absl::StrCat(rows, "\n", absl::StrJoin(orders, "\n", [](std::string* out, const auto& order) {
                        absl::StrAppend(out, order.first, " ", order.second);
                      }));
}

absl::StatusOr<ScheduleParts> ScheduleParts::Decode(absl::string_view row) {
  const std::vector<absl::string_view> lines = absl::StrSplit(row, '\n', absl::SkipEmpty());
  ScheduleParts parts;
  if (lines.empty() || !absl::SimpleAtoi(lines[0], &parts.rows)) return Unreadable("row of a schedule");
  for (size_t i = 1; i < lines.size(); ++i) parts.orders.push_back(absl::StrSplit(lines[i], ' '));
  return parts;
}

std::string ScheduleKey(absl::string_view name) {
  return catalog::RecordKey(kSchedules, {std::string(EditionOf(name)), std::string(IdOf(name))});
}
std::string PartsKey(absl::string_view name) {
  return absl::StrCat("schedule-parts/", EditionOf(name), "/", IdOf(name));
}
std::string PlacementsKey(absl::string_view name, int row) { return RowKey("schedule-placements", name, row); }
std::string BeforeKey(absl::string_view name, int row) { return RowKey("schedule-before", name, row); }

std::string EncodePlacements(absl::string_view edition, const SchedulePlacement* begin, const SchedulePlacement* end) {
  // One after the other, in the same message: what is put together of messages reads as one with all their elements,
  // and a name is shortened where it stands.
  v1::ListPlacementsResponse one_of_row;
  SchedulePlacement* const placement = one_of_row.add_placements();
  const std::string prefix = absl::StrCat("editions/", edition, "/");
  std::string row;
  for (const SchedulePlacement* one = begin; one != end; ++one) {
    *placement = *one;
    if (placement->project_attendee() == placement->project()) placement->clear_project_attendee();
    if (placement->investor_attendee() == placement->investor()) placement->clear_investor_attendee();
    ForNames(placement, [&](std::string* name) {
      if (absl::StartsWith(*name, prefix)) name->erase(0, prefix.size());
    });
    one_of_row.AppendToString(&row);
  }
  return row;
}

absl::StatusOr<std::vector<SchedulePlacement>> DecodePlacements(absl::string_view edition, absl::string_view text) {
  v1::ListPlacementsResponse row;
  if (!row.ParseFromArray(text.data(), static_cast<int>(text.size()))) return Unreadable("row of placements");
  const std::string prefix = absl::StrCat("editions/", edition, "/");
  std::vector<SchedulePlacement> placements;
  for (SchedulePlacement& placement : *row.mutable_placements()) {
    if (placement.project_attendee().empty()) placement.set_project_attendee(placement.project());
    if (placement.investor_attendee().empty()) placement.set_investor_attendee(placement.investor());
    ForNames(&placement, [&](std::string* name) {
      if (!name->empty()) name->insert(0, prefix);
    });
    placements.push_back(std::move(placement));
  }
  return placements;
}

std::string EncodeBookings(const std::vector<Booking>& bookings) {
  return absl::StrJoin(bookings, "\n", [](std::string* out, const Booking& booking) { out->append(Encode(booking)); });
}

absl::StatusOr<std::vector<Booking>> DecodeBookings(absl::string_view row) {
  std::vector<Booking> bookings;
  if (row.empty()) return bookings;
  const std::vector<absl::string_view> lines = absl::StrSplit(row, '\n');
  if (lines.size() % kLinesOfBooking != 0) return Unreadable("row of bookings");
  for (size_t i = 0; i < lines.size(); i += kLinesOfBooking) {
    TANDEM_ASSIGN_OR_RETURN(
        Booking booking,
        DecodeBooking(absl::StrJoin(lines.begin() + static_cast<std::ptrdiff_t>(i),
                                    lines.begin() + static_cast<std::ptrdiff_t>(i + kLinesOfBooking), "\n")));
    bookings.push_back(std::move(booking));
  }
  return bookings;
}

absl::StatusOr<StoredSchedule> ReadSchedule(RecordStore* store, absl::string_view name) {
  auto record = store->Get(ScheduleKey(name));
  if (!record.ok()) return catalog::FromStore(record.status());
  if (!record->has_value()) {
    return MakeError(absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND",
                     absl::StrCat("there is no ", name, "; ListSchedules says which are kept"),
                     {{"resource", std::string(name)}});
  }
  return Parse(**std::move(record));
}

absl::StatusOr<ScheduleParts> ReadParts(RecordStore* store, absl::string_view name) {
  const auto record = store->Get(PartsKey(name));
  if (!record.ok()) return catalog::FromStore(record.status());
  if (!record->has_value()) return ScheduleParts();
  return ScheduleParts::Decode((*record)->value);
}

absl::StatusOr<std::vector<SchedulePlacement>> ReadPlacements(RecordStore* store, absl::string_view name) {
  std::vector<SchedulePlacement> placements;
  const std::string prefix = absl::StrCat("schedule-placements/", EditionOf(name), "/", IdOf(name), "/");
  TANDEM_RETURN_IF_ERROR(catalog::ForEachRecord(store, prefix, [&](const Record& record) -> absl::Status {
    TANDEM_ASSIGN_OR_RETURN(std::vector<SchedulePlacement> row, DecodePlacements(EditionOf(name), record.value));
    std::move(row.begin(), row.end(), std::back_inserter(placements));
    return absl::OkStatus();
  }));
  return placements;
}

absl::StatusOr<std::vector<Booking>> ReadBefore(RecordStore* store, absl::string_view name) {
  std::vector<Booking> bookings;
  const std::string prefix = absl::StrCat("schedule-before/", EditionOf(name), "/", IdOf(name), "/");
  TANDEM_RETURN_IF_ERROR(catalog::ForEachRecord(store, prefix, [&](const Record& record) -> absl::Status {
    TANDEM_ASSIGN_OR_RETURN(std::vector<Booking> row, DecodeBookings(record.value));
    std::move(row.begin(), row.end(), std::back_inserter(bookings));
    return absl::OkStatus();
  }));
  return bookings;
}

absl::StatusOr<std::vector<StoredSchedule>> ReadSchedules(RecordStore* store, absl::string_view edition) {
  std::vector<StoredSchedule> all;
  TANDEM_RETURN_IF_ERROR(catalog::ForEachRecord(
      store, catalog::RecordPrefix(kSchedules, {std::string(edition)}), [&](Record& record) -> absl::Status {
        TANDEM_ASSIGN_OR_RETURN(StoredSchedule stored, Parse(std::move(record)));
        all.push_back(std::move(stored));
        return absl::OkStatus();
      }));
  return all;
}

void AddPlacementWrites(absl::string_view name, const std::vector<SchedulePlacement>& placements,
                        Transaction* transaction) {
  for (size_t row = 0; row * kPlacementsOfRow < placements.size(); ++row)
    AddRowWrite(name, placements, row, transaction);
}

void AddPlacementWritesOf(absl::string_view name, const std::vector<SchedulePlacement>& placements,
                          const std::vector<size_t>& changed, Transaction* transaction) {
  for (size_t k = 0; k < changed.size(); ++k) {
    const size_t row = changed[k] / kPlacementsOfRow;
    if (k == 0 || changed[k - 1] / kPlacementsOfRow != row) AddRowWrite(name, placements, row, transaction);
  }
}

void AddBeforeWrites(absl::string_view name, const std::vector<Booking>& bookings, Transaction* transaction) {
  for (size_t begin = 0, row = 0; begin < bookings.size(); begin += kBookingsOfRow, ++row) {
    const auto from = bookings.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto to = bookings.begin() + static_cast<std::ptrdiff_t>(std::min(bookings.size(), begin + kBookingsOfRow));
    transaction->writes.push_back(
        Write::PutUnlogged(BeforeKey(name, static_cast<int>(row)), EncodeBookings({from, to})));
  }
}

int RowsOf(size_t placements) { return static_cast<int>((placements + kPlacementsOfRow - 1) / kPlacementsOfRow); }

void AddScheduleDeletes(absl::string_view name, const ScheduleParts& parts, Transaction* transaction) {
  transaction->writes.push_back(Write::DeleteUnlogged(ScheduleKey(name)));
  transaction->writes.push_back(Write::DeleteUnlogged(PartsKey(name)));
  for (int row = 0; row < parts.rows; ++row)
    transaction->writes.push_back(Write::DeleteUnlogged(PlacementsKey(name, row)));
}

absl::StatusOr<v1::Schedule> StoreSchedule(RecordStore* store, absl::string_view edition, v1::Schedule schedule,
                                           const std::vector<SchedulePlacement>& placements,
                                           const std::vector<std::pair<std::string, std::string>>& orders,
                                           const std::function<void(const v1::Schedule&, Transaction*)>& join,
                                           Revision* revision) {
  constexpr int kAttempts = 16;
  const std::string number_key = absl::StrCat("n/schedules/", edition);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto number = store->Get(number_key);
    if (!number.ok()) return catalog::FromStore(number.status());
    int64_t last = 0;
    if (number->has_value() && !absl::SimpleAtoi((*number)->value, &last)) return Unreadable("number of schedules");
    schedule.set_name(absl::StrFormat("editions/%s/schedules/s%08d", edition, last + 1));
    Transaction transaction;
    if (join) join(schedule, &transaction);
    transaction.conditions.push_back(number->has_value() ? Condition::AtRevision(number_key, (*number)->revision)
                                                         : Condition::Absent(number_key));
    transaction.writes.push_back(Write::PutUnlogged(number_key, absl::StrCat(last + 1)));
    transaction.writes.push_back(
        Write::PutUnlogged(ScheduleKey(schedule.name()), catalog::SerializeDeterministically(schedule)));
    transaction.writes.push_back(
        Write::PutUnlogged(PartsKey(schedule.name()), ScheduleParts{RowsOf(placements.size()), orders}.Encode()));
    AddPlacementWrites(schedule.name(), placements, &transaction);
    TANDEM_ASSIGN_OR_RETURN(const std::vector<StoredSchedule> all, ReadSchedules(store, edition));
    size_t previews = 1;
    for (auto one = all.rbegin(); one != all.rend(); ++one) {
      if (one->schedule.state() != v1::Schedule::STATE_PREVIEW || ++previews <= kKeptPreviews) continue;
      TANDEM_ASSIGN_OR_RETURN(const ScheduleParts parts, ReadParts(store, one->schedule.name()));
      transaction.conditions.push_back(Condition::AtRevision(one->record.key, one->record.revision));
      AddScheduleDeletes(one->schedule.name(), parts, &transaction);
    }
    const CommitOutcome outcome = store->Commit({std::move(transaction)}).front();
    if (outcome.status.ok()) {
      *revision = outcome.revision;
      return schedule;
    }
    if (outcome.status.code() != absl::StatusCode::kAborted) return catalog::FromStore(outcome.status);
  }
  return MakeError(absl::StatusCode::kAborted, "CONTENTION", "others make schedules of this edition: retry",
                   {{"resource", absl::StrCat("editions/", edition)}});
}

}  // namespace tandem::pairing::meetings
