#include "services/pairing/meetings/book/agenda_change.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "common/base/civil_date.h"
#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "services/pairing/ledger/rows.h"
#include "services/pairing/meetings/agenda.h"
#include "services/pairing/meetings/book/meeting_rows.h"
#include "services/pairing/meetings/bookings.h"

namespace tandem::pairing::meetings {
namespace {

constexpr int kPage = 1000;
// Meetings that a refusal names.
constexpr size_t kMostNamed = 10;

// Whether a slot of `agenda` is `slot` of another one, to the minute and the day.
bool HasSlot(const Agenda& agenda, absl::Time start, absl::Time end, const std::string& date, int* session) {
  const int found = agenda.FindSlot(start);
  if (found == kNone) return false;
  const Slot& slot = agenda.slots()[static_cast<size_t>(found)];
  *session = slot.session;
  return slot.end == end && FormatDate(agenda.days()[static_cast<size_t>(slot.day)].date) == date;
}

// What `booking` has that `agenda` does not; empty: nothing.
std::string Missing(const Agenda& agenda, const Booking& booking) {
  int session = kNone;
  if (!HasSlot(agenda, booking.start, booking.end, booking.date, &session)) return "its slot";
  const int place = agenda.FindPlace(booking.place);
  if (place == kNone) return "its place";
  const Place& where = agenda.places()[static_cast<size_t>(place)];
  const std::string hall = where.is_virtual() ? std::string() : agenda.halls()[static_cast<size_t>(where.hall)];
  const bool owned =
      where.kind != v1::PLACE_KIND_BOOTH || where.owner == booking.parties[0] || where.owner == booking.parties[1];
  if (hall != booking.hall || booking.number >= where.capacity || !where.sessions.Has(session) || !owned)
    return "its place";
  if (booking.interpreter.empty()) return "";
  const int interpreter = agenda.FindInterpreter(booking.interpreter);
  if (interpreter == kNone || !agenda.interpreters()[static_cast<size_t>(interpreter)].sessions.Has(session))
    return "its interpreter";
  return "";
}

// Slots of `before` in which somebody could be booked what `after` does not have: all that are not the same in both,
// and every slot when places or interpreters went or changed.
std::vector<std::string> GuardedSlots(const std::string& edition, const Agenda& before, const Agenda& after,
                                      absl::Time now) {
  const auto added_only = [](const auto& old, const auto& now_there) {
    return std::all_of(old.begin(), old.end(), [&](const auto& each) {
      return std::any_of(now_there.begin(), now_there.end(),
                         [&](const auto& other) { return each.SerializeAsString() == other.SerializeAsString(); });
    });
  };
  const bool places_stay = added_only(before.contract().places(), after.contract().places()) &&
                           added_only(before.contract().interpreters(), after.contract().interpreters());
  std::vector<std::string> keys;
  for (const Slot& slot : before.slots()) {
    if (slot.start <= now) continue;
    int session = kNone;
    const std::string date = FormatDate(before.days()[static_cast<size_t>(slot.day)].date);
    const bool stays =
        HasSlot(after, slot.start, slot.end, date, &session) &&
        after.sessions()[static_cast<size_t>(session)].id == before.sessions()[static_cast<size_t>(slot.session)].id;
    if (!stays || !places_stay) keys.push_back(SlotKey(edition, slot.start));
  }
  return keys;
}

struct Affected {
  v1::Meeting meeting;
  std::optional<Record> record;
  std::string missing;
};

class Change {
 public:
  Change(RecordStore* store, std::string edition, const Agenda& before, const Agenda& after, const Acting& acting)
      : store_(store), edition_(std::move(edition)), before_(before), after_(after), acting_(acting) {}

  // Before anything is read: who books after that changes one of the rows.
  absl::Status Guard(Transaction* transaction) {
    const std::vector<std::string> keys = GuardedSlots(edition_, before_, after_, acting_.now);
    if (keys.empty() || Deviates("meetings.agenda-guard")) return absl::OkStatus();
    auto rows = store_->BatchGet(keys);
    if (!rows.ok()) return catalog::FromStore(rows.status());
    for (size_t i = 0; i < keys.size(); ++i) ledger::AddCondition(keys[i], (*rows)[i], transaction);
    return absl::OkStatus();
  }

  absl::Status Find() {
    std::string begin = BookingPrefix(edition_);
    const std::string end = catalog::PrefixEnd(begin);
    for (;;) {
      const auto page = store_->Scan(begin, end, kPage);
      if (!page.ok()) return catalog::FromStore(page.status());
      TANDEM_RETURN_IF_ERROR(Look(*page));
      if (page->size() < static_cast<size_t>(kPage)) return absl::OkStatus();
      begin = absl::StrCat(page->back().key, absl::string_view("\0", 1));
    }
  }

  absl::Status Refuse() const {
    std::vector<std::string> names;
    for (size_t i = 0; i < std::min(affected_.size(), kMostNamed); ++i) names.push_back(affected_[i].meeting.name());
    const std::string edition = absl::StrCat("editions/", edition_);
    return MakeError(
        absl::StatusCode::kFailedPrecondition, "MEETINGS_AFFECTED",
        absl::StrCat("the new agenda takes slot, place or interpreter from ", affected_.size(),
                     affected_.size() == 1 ? " booked meeting" : " booked meetings", " (", names.front(), " loses ",
                     affected_.front().missing, "): move them first, or repeat the change with `force`"),
        {{"edition", edition}, {"count", absl::StrCat(affected_.size())}, {"meetings", absl::StrJoin(names, ",")}});
  }

  absl::Status Plan(Transaction* transaction) {
    std::vector<std::string> names;
    for (Affected& each : affected_) {
      Acting acting = acting_;
      acting.note = absl::StrCat("the agenda was changed: ", each.missing, " is gone");
      if (!LosePlace(acting, &each.meeting)) continue;
      ledger::AddCondition(each.record->key, each.record, transaction);
      AddMeetingWrites(each.meeting, false, transaction);
      names.push_back(each.meeting.name());
    }
    TANDEM_ASSIGN_OR_RETURN(Transaction freed, PlanRelease(store_, edition_, names, nullptr));
    Append(std::move(freed), transaction);
    if (transaction->writes.size() <= kMaxTransactionWrites) return absl::OkStatus();
    return MakeError(absl::StatusCode::kResourceExhausted, "LIMIT_EXCEEDED",
                     absl::StrCat("the new agenda takes something from ", names.size(),
                                  " meetings, more than can change at once: change it in parts"),
                     {{"limit", absl::StrCat(kMaxTransactionWrites, " writes")},
                      {"value", absl::StrCat(transaction->writes.size())}});
  }

  bool any() const { return !affected_.empty(); }

 private:
  absl::Status Look(const std::vector<Record>& bookings) {
    std::vector<std::string> keys, missing;
    for (const Record& row : bookings) {
      TANDEM_ASSIGN_OR_RETURN(const Booking booking, DecodeBooking(row.value));
      if (booking.start <= acting_.now) continue;
      std::string lost = Missing(after_, booking);
      if (lost.empty()) continue;
      keys.push_back(MeetingKey(booking.meeting));
      missing.push_back(std::move(lost));
    }
    if (keys.empty()) return absl::OkStatus();
    auto records = store_->BatchGet(keys);
    if (!records.ok()) return catalog::FromStore(records.status());
    for (size_t i = 0; i < keys.size(); ++i) {
      if (!(*records)[i].has_value()) continue;
      TANDEM_ASSIGN_OR_RETURN(v1::Meeting meeting, ParseMeeting(*(*records)[i]));
      affected_.push_back({std::move(meeting), std::move((*records)[i]), std::move(missing[i])});
    }
    return absl::OkStatus();
  }

  RecordStore* const store_;
  const std::string edition_;
  const Agenda& before_;
  const Agenda& after_;
  const Acting& acting_;
  std::vector<Affected> affected_;
};

}  // namespace

absl::Status PlanAgendaChange(RecordStore* store, const v1::Edition& before, const v1::Edition& after,
                              const Acting& acting, bool force, Transaction* transaction) {
  TANDEM_ASSIGN_OR_RETURN(const std::shared_ptr<const Agenda> old, Agenda::Make(before));
  TANDEM_ASSIGN_OR_RETURN(const std::shared_ptr<const Agenda> made, Agenda::Make(after));
  Change change(store, std::string(EditionOf(after.name())), *old, *made, acting);
  TANDEM_RETURN_IF_ERROR(change.Guard(transaction));
  TANDEM_RETURN_IF_ERROR(change.Find());
  if (!change.any()) return absl::OkStatus();
  if (!force) return change.Refuse();
  return change.Plan(transaction);
}

}  // namespace tandem::pairing::meetings
