#include "services/pairing/meetings/calendar.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "common/base/status.h"
#include "common/vocab/local_time.h"

namespace tandem::pairing::meetings {
namespace {

constexpr int kMinutesOfDay = 24 * 60;

// Stretches in order of time, none touching another.
std::vector<Stretch> Merged(const google::protobuf::RepeatedPtrField<v1::TimeRange>& ranges) {
  std::vector<Stretch> stretches;
  for (const v1::TimeRange& range : ranges) {
    const Stretch stretch{TimeOf(range.start_time()), TimeOf(range.end_time())};
    if (stretch.start < stretch.end) stretches.push_back(stretch);
  }
  std::sort(stretches.begin(), stretches.end(), [](const Stretch& a, const Stretch& b) { return a.start < b.start; });
  std::vector<Stretch> merged;
  for (const Stretch& stretch : stretches) {
    if (merged.empty() || merged.back().end < stretch.start) {
      merged.push_back(stretch);
    } else {
      merged.back().end = std::max(merged.back().end, stretch.end);
    }
  }
  return merged;
}

// The first of `merged` that ends after `time`.
std::vector<Stretch>::const_iterator EndsAfter(const std::vector<Stretch>& merged, absl::Time time) {
  return std::upper_bound(merged.begin(), merged.end(), time,
                          [](absl::Time t, const Stretch& stretch) { return t < stretch.end; });
}

bool Covers(const std::vector<Stretch>& merged, const Stretch& stretch) {
  const auto found = EndsAfter(merged, stretch.start);
  return found != merged.end() && found->start <= stretch.start && stretch.end <= found->end;
}

bool Touches(const std::vector<Stretch>& merged, const Stretch& stretch) {
  const auto found = EndsAfter(merged, stretch.start);
  return found != merged.end() && found->start < stretch.end;
}

// Hours of a local day, and whether stretches lie within.
class Hours {
 public:
  Hours(const v1::LocalHours& hours, LocalTime local)
      : start_(hours.start_minute()),
        end_(hours.end_minute() > hours.start_minute() ? hours.end_minute() : hours.end_minute() + kMinutesOfDay),
        local_(std::move(local)) {}

  // REQUIRES: `stretch` is of whole minutes.
  bool Hold(const Stretch& stretch) const {
    if (end_ - start_ >= kMinutesOfDay) return true;
    const absl::Time last = stretch.end - absl::Minutes(1);
    if (local_.OffsetAt(stretch.start) == local_.OffsetAt(last)) {
      const int from = local_.At(stretch.start).minute;
      const int to = from + static_cast<int>(absl::ToInt64Minutes(stretch.end - stretch.start));
      // The hours of this day, or those of the day before that reach into it.
      return (start_ <= from && to <= end_) || to <= end_ - kMinutesOfDay;
    }
    // The clocks change meanwhile: what they show counts, minute by minute.
    for (absl::Time time = stretch.start; time < stretch.end; time += absl::Minutes(1)) {
      const int minute = local_.At(time).minute;
      if (!(start_ <= minute && minute < end_) && minute >= end_ - kMinutesOfDay) return false;
    }
    return true;
  }

 private:
  const int start_, end_;
  const LocalTime local_;
};

bool Intersects(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::find_first_of(a.begin(), a.end(), b.begin(), b.end()) != a.end();
}

}  // namespace

absl::StatusOr<Calendar> Calendar::Of(const v1::Representative& representative, const Agenda& agenda) {
  LocalTime local = agenda.local_time();
  if (!representative.time_zone().empty()) {
    TANDEM_ASSIGN_OR_RETURN(local, LocalTime::Of(representative.time_zone()));
  }
  Calendar calendar;
  calendar.name_ = representative.name();
  calendar.parties_.assign(representative.parties().begin(), representative.parties().end());
  calendar.languages_ = PrimaryLanguages(representative.languages());
  calendar.most_meetings_ = representative.most_meetings();
  calendar.most_meetings_per_day_ = representative.most_meetings_per_day();

  const bool virtual_only = representative.attendance() == v1::ATTENDANCE_VIRTUAL;
  const bool either = representative.attendance() == v1::ATTENDANCE_HYBRID;
  const std::vector<Stretch> available = Merged(representative.available());
  const std::vector<Stretch> unavailable = Merged(representative.unavailable());
  const Hours hours(representative.virtual_hours(), std::move(local));
  for (const Slot& slot : agenda.slots()) {
    const Stretch stretch = slot.stretch();
    const bool there =
        (representative.available().empty() || Covers(available, stretch)) && !Touches(unavailable, stretch);
    calendar.on_site_.push_back(there && !virtual_only);
    calendar.at_a_distance_.push_back(there && (virtual_only || either) &&
                                      (!representative.has_virtual_hours() || hours.Hold(stretch)));
  }
  return calendar;
}

Calendar Calendar::OfParty(absl::string_view party, const Agenda& agenda) {
  Calendar calendar;
  calendar.name_ = std::string(party);
  calendar.parties_ = {calendar.name_};
  calendar.on_site_.assign(agenda.slots().size(), true);
  calendar.at_a_distance_.assign(agenda.slots().size(), false);
  return calendar;
}

std::vector<CommonSlot> CommonSlots(const Agenda& agenda, const Calendar& a, const Calendar& b) {
  std::vector<CommonSlot> common;
  for (int slot = 0; slot < static_cast<int>(agenda.slots().size()); ++slot) {
    const CommonSlot one{slot, a.CanMeet(slot, Mode::kOnSite) && b.CanMeet(slot, Mode::kOnSite),
                         a.CanMeet(slot, Mode::kVirtual) && b.CanMeet(slot, Mode::kVirtual)};
    if (one.on_site || one.at_a_distance) common.push_back(one);
  }
  return common;
}

bool NeedsInterpreter(const Calendar& a, const Calendar& b) {
  return !a.languages().empty() && !b.languages().empty() && !Intersects(a.languages(), b.languages());
}

std::vector<int> InterpretersFor(const Agenda& agenda, const Calendar& a, const Calendar& b, int slot) {
  std::vector<int> found;
  const int session = agenda.slots()[static_cast<size_t>(slot)].session;
  for (size_t i = 0; i < agenda.interpreters().size(); ++i) {
    const Interpreter& interpreter = agenda.interpreters()[i];
    if (interpreter.sessions.Has(session) && interpreter.Serves(a.languages(), b.languages()))
      found.push_back(static_cast<int>(i));
  }
  return found;
}

Booked BookedIn(const Agenda& agenda, int slot, int hall) {
  const Slot& one = agenda.slots()[static_cast<size_t>(slot)];
  return {one.stretch(), agenda.days()[static_cast<size_t>(one.day)].date, hall};
}

bool CanReach(const Agenda& agenda, absl::Span<const Booked> booked, int slot, int hall) {
  const Slot& wished = agenda.slots()[static_cast<size_t>(slot)];
  return std::all_of(booked.begin(), booked.end(), [&](const Booked& one) {
    const absl::Duration gap = std::max(wished.start - one.time.end, one.time.start - wished.end);
    return gap >= agenda.TravelTime(hall, one.hall);  // negative when they overlap
  });
}

bool HasRoom(const Agenda& agenda, const Calendar& calendar, absl::Span<const Booked> booked, int slot) {
  const int32_t date = BookedIn(agenda, slot, kNone).date;
  const auto of_day =
      std::count_if(booked.begin(), booked.end(), [date](const Booked& one) { return one.date == date; });
  const int most = calendar.most_meetings();
  const int most_of_day = calendar.most_meetings_per_day();
  return (most == 0 || static_cast<int64_t>(booked.size()) < most) && (most_of_day == 0 || of_day < most_of_day);
}

std::vector<int> FreeSlots(const Agenda& agenda, const Calendar& calendar, absl::Span<const Booked> booked, Mode mode,
                           int hall) {
  std::vector<int> free;
  for (int slot = 0; slot < static_cast<int>(agenda.slots().size()); ++slot) {
    if (calendar.CanMeet(slot, mode) && HasRoom(agenda, calendar, booked, slot) &&
        CanReach(agenda, booked, slot, hall)) {
      free.push_back(slot);
    }
  }
  return free;
}

}  // namespace tandem::pairing::meetings
