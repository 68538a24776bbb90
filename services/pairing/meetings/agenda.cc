#include "services/pairing/meetings/agenda.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/vocab/language.h"

namespace tandem::pairing::meetings {
namespace {

constexpr char kUtc[] = "UTC";

absl::Duration DurationOf(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

absl::Status Invalid(absl::string_view field, absl::string_view what) {
  return InvalidFields({{absl::StrCat("edition.agenda.", field), std::string(what)}});
}

int Find(const absl::flat_hash_map<std::string, int>& ids, absl::string_view id) {
  const auto found = ids.find(id);
  return found == ids.end() ? kNone : found->second;
}

bool Meets(const std::vector<std::string>& sorted, const std::vector<std::string>& languages) {
  return std::any_of(languages.begin(), languages.end(), [&sorted](const std::string& language) {
    return std::binary_search(sorted.begin(), sorted.end(), language);
  });
}

}  // namespace

std::vector<std::string> PrimaryLanguages(const google::protobuf::RepeatedPtrField<std::string>& tags) {
  std::vector<std::string> languages;
  for (const std::string& tag : tags) languages.push_back(PrimaryLanguage(tag));
  std::sort(languages.begin(), languages.end());
  languages.erase(std::unique(languages.begin(), languages.end()), languages.end());
  return languages;
}

absl::Time TimeOf(const google::protobuf::Timestamp& stamp) {
  return absl::FromUnixSeconds(stamp.seconds()) + absl::Nanoseconds(stamp.nanos());
}

int64_t CountSlots(const v1::Session& session) {
  const absl::Duration length = TimeOf(session.end_time()) - TimeOf(session.start_time());
  if (session.slot_minutes() <= 0 || session.buffer_minutes() < 0 || length <= absl::ZeroDuration()) return 0;
  // The last slot needs no buffer behind it.
  return (absl::ToInt64Minutes(length) + session.buffer_minutes()) /
         (int64_t{session.slot_minutes()} + session.buffer_minutes());
}

absl::Time SlotStart(const v1::Session& session, int64_t number) {
  return TimeOf(session.start_time()) +
         absl::Minutes(number * (int64_t{session.slot_minutes()} + session.buffer_minutes()));
}

bool Interpreter::Serves(const std::vector<std::string>& a, const std::vector<std::string>& b) const {
  return Meets(languages, a) && Meets(languages, b);
}

absl::StatusOr<std::shared_ptr<const Agenda>> Agenda::Make(const v1::Edition& edition) {
  TANDEM_ASSIGN_OR_RETURN(LocalTime local_time,
                          LocalTime::Of(edition.time_zone().empty() ? kUtc : edition.time_zone()));
  auto agenda = std::shared_ptr<Agenda>(new Agenda(edition.agenda(), std::move(local_time)));
  TANDEM_RETURN_IF_ERROR(agenda->CutSlots());
  agenda->SetPlaces();
  return std::shared_ptr<const Agenda>(std::move(agenda));
}

absl::Status Agenda::CutSlots() {
  std::vector<const v1::Session*> sessions;
  for (const v1::Session& session : agenda_.sessions()) sessions.push_back(&session);
  std::stable_sort(sessions.begin(), sessions.end(), [](const v1::Session* a, const v1::Session* b) {
    return TimeOf(a->start_time()) < TimeOf(b->start_time());
  });
  for (const v1::Session* session : sessions) {
    const absl::Time start = TimeOf(session->start_time());
    const int32_t date = local_time_.At(start).day;
    if (days_.empty() || days_.back().date < date) days_.push_back({date, {}});
    sessions_.push_back({session->id(), start, TimeOf(session->end_time()), 0, {}});
  }
  for (size_t i = 0; i < sessions.size(); ++i) {
    const v1::Session& contract = *sessions[i];
    AgendaSession& session = sessions_[i];
    const int index = static_cast<int>(i);
    const int64_t count = CountSlots(contract);
    if (count == 0) return Invalid("sessions", absl::StrCat("session ", session.id, " has no room for a slot"));
    if (i > 0 && session.start < sessions_[i - 1].end)
      return Invalid("sessions", absl::StrCat("sessions ", sessions_[i - 1].id, " and ", session.id, " overlap"));
    session_ids_.emplace(session.id, index);
    // Where clocks go back over midnight a later session may have an earlier date: it counts to the day of that date.
    const int32_t date = local_time_.At(session.start).day;
    session.day = static_cast<int>(std::lower_bound(days_.begin(), days_.end(), date,
                                                    [](const AgendaDay& day, int32_t d) { return day.date < d; }) -
                                   days_.begin());
    absl::flat_hash_set<absl::Time> closed;
    for (const auto& stamp : contract.closed_slots()) closed.insert(TimeOf(stamp));
    int previous = kNone;
    if (count > kMostSlots + contract.closed_slots_size())
      return Invalid("sessions", absl::StrCat("must not be cut into more than ", kMostSlots, " slots"));
    for (int64_t number = 0; number < count; ++number) {
      const absl::Time slot_start = SlotStart(contract, number);
      if (closed.contains(slot_start)) {
        previous = kNone;
        continue;
      }
      const int slot = static_cast<int>(slots_.size());
      if (slot >= kMostSlots)
        return Invalid("sessions", absl::StrCat("must not be cut into more than ", kMostSlots, " slots"));
      slots_.push_back({slot_start, slot_start + absl::Minutes(contract.slot_minutes()), index, session.day, previous});
      if (previous != kNone) slots_[static_cast<size_t>(previous)].next = slot;
      previous = slot;
      session.slots.push_back(slot);
      days_[static_cast<size_t>(session.day)].slots.push_back(slot);
    }
  }
  return absl::OkStatus();
}

SessionSet Agenda::SetOf(const google::protobuf::RepeatedPtrField<std::string>& ids) const {
  if (ids.empty()) return SessionSet();
  std::vector<bool> only(std::max<size_t>(sessions_.size(), 1), false);
  for (const std::string& id : ids) {
    const int session = Find(session_ids_, id);
    if (session != kNone) only[static_cast<size_t>(session)] = true;
  }
  return SessionSet(std::move(only));
}

void Agenda::SetPlaces() {
  for (const v1::MeetingPlace& contract : agenda_.places()) {
    Place place;
    place.id = contract.id();
    if (contract.kind() != v1::PLACE_KIND_UNSPECIFIED) place.kind = contract.kind();
    if (!place.is_virtual()) {
      const auto [hall, is_new] = hall_ids_.emplace(contract.hall(), static_cast<int>(halls_.size()));
      if (is_new) halls_.push_back(contract.hall());
      place.hall = hall->second;
    }
    place.capacity = std::max(contract.capacity(), 1);
    place.owner = contract.owner();
    place.sessions = SetOf(contract.sessions());
    place_ids_.emplace(place.id, static_cast<int>(places_.size()));
    places_.push_back(std::move(place));
  }
  for (const v1::TravelTime& travel : agenda_.travel_times()) {
    const int hall = Find(hall_ids_, travel.hall());
    const int other = Find(hall_ids_, travel.other_hall());
    if (hall != kNone && other != kNone && hall != other)
      travel_minutes_[{std::min(hall, other), std::max(hall, other)}] = travel.minutes();
  }
  for (const v1::Interpreter& contract : agenda_.interpreters()) {
    interpreter_ids_.emplace(contract.id(), static_cast<int>(interpreters_.size()));
    interpreters_.push_back({contract.id(), PrimaryLanguages(contract.languages()), SetOf(contract.sessions())});
  }
}

int Agenda::FindSlot(absl::Time start) const {
  const auto found = std::lower_bound(slots_.begin(), slots_.end(), start,
                                      [](const Slot& slot, absl::Time time) { return slot.start < time; });
  return found != slots_.end() && found->start == start ? static_cast<int>(found - slots_.begin()) : kNone;
}

int Agenda::FindSlot(const google::protobuf::Timestamp& start) const { return FindSlot(TimeOf(start)); }
int Agenda::FindPlace(absl::string_view id) const { return Find(place_ids_, id); }
int Agenda::FindInterpreter(absl::string_view id) const { return Find(interpreter_ids_, id); }
int Agenda::FindSession(absl::string_view id) const { return Find(session_ids_, id); }
int Agenda::FindHall(absl::string_view id) const { return Find(hall_ids_, id); }

absl::Duration Agenda::TravelTime(int hall, int other) const {
  const auto found = travel_minutes_.find({std::min(hall, other), std::max(hall, other)});
  return found == travel_minutes_.end() ? absl::ZeroDuration() : absl::Minutes(found->second);
}

absl::Duration Agenda::request_expiry() const {
  return agenda_.has_request_expiry() ? DurationOf(agenda_.request_expiry()) : kDefaultRequestExpiry;
}

absl::Duration Agenda::request_cooldown() const {
  return agenda_.has_request_cooldown() ? DurationOf(agenda_.request_cooldown()) : kDefaultRequestCooldown;
}

int Agenda::most_attempts() const {
  return agenda_.most_attempts() > 0 ? agenda_.most_attempts() : kDefaultMostAttempts;
}

}  // namespace tandem::pairing::meetings
