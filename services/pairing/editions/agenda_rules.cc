#include "services/pairing/editions/agenda_rules.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "common/vocab/language.h"
#include "services/pairing/meetings/agenda.h"
#include "services/pairing/meetings/party.h"

namespace tandem::pairing {
namespace {

using Ids = absl::flat_hash_set<absl::string_view>;
using google::protobuf::Duration;
using google::protobuf::Timestamp;
using meetings::TimeOf;

// Beyond the fields' rules, more violations of one kind tell nothing new.
constexpr size_t kMostViolations = 100;

std::string Text(absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone()); }

bool IsWholeMinute(const Timestamp& stamp) { return stamp.nanos() == 0 && stamp.seconds() % 60 == 0; }

class Check {
 public:
  Check(const v1::Agenda& agenda, absl::string_view path, std::vector<FieldViolation>* violations)
      : agenda_(agenda), path_(path), violations_(violations), most_(violations->size() + kMostViolations) {
    for (const v1::Session& session : agenda_.sessions()) sessions_.insert(session.id());
    for (const v1::MeetingPlace& place : agenda_.places()) {
      if (!place.hall().empty() && place.kind() != v1::PLACE_KIND_VIRTUAL_ROOM) halls_.insert(place.hall());
    }
  }

  void Run() {
    if (const size_t bytes = agenda_.ByteSizeLong(); bytes > kMostAgendaBytes) {
      return Add("", absl::StrCat("must not be larger than ", kMostAgendaBytes, " bytes and this one has ", bytes,
                                  ": leave the sessions of places and interpreters empty where they are all"));
    }
    for (int i = 0; i < agenda_.sessions_size(); ++i) CheckSession(agenda_.sessions(i), Item("sessions", i));
    CheckOverlaps();
    CheckSlotCount();
    for (int i = 0; i < agenda_.places_size(); ++i) CheckPlace(agenda_.places(i), Item("places", i));
    CheckTravelTimes();
    for (int i = 0; i < agenda_.interpreters_size(); ++i)
      CheckInterpreter(agenda_.interpreters(i), Item("interpreters", i));
    if (agenda_.has_request_expiry())
      CheckDuration(agenda_.request_expiry(), absl::Minutes(1), "one minute", ".request_expiry");
    if (agenda_.has_request_cooldown())
      CheckDuration(agenda_.request_cooldown(), absl::ZeroDuration(), "nothing", ".request_cooldown");
  }

 private:
  static std::string Item(absl::string_view list, int i) { return absl::StrCat(".", list, "[", i, "]"); }

  void Add(absl::string_view field, std::string description) {
    if (violations_->size() < most_) violations_->push_back({absl::StrCat(path_, field), std::move(description)});
  }

  void CheckSession(const v1::Session& session, const std::string& at) {
    if (!session.has_start_time() || !session.has_end_time()) return;
    if (!IsWholeMinute(session.start_time())) Add(absl::StrCat(at, ".start_time"), "must be a whole minute");
    if (!IsWholeMinute(session.end_time())) Add(absl::StrCat(at, ".end_time"), "must be a whole minute");
    if (TimeOf(session.end_time()) <= TimeOf(session.start_time()))
      return Add(absl::StrCat(at, ".end_time"), "must be after the start");
    if (session.slot_minutes() <= 0 || session.buffer_minutes() < 0) return;
    const int64_t count = meetings::CountSlots(session);
    if (count == 0) {
      return Add(absl::StrCat(at, ".end_time"),
                 absl::StrCat("must leave room for a slot of ", session.slot_minutes(), " minutes"));
    }
    absl::flat_hash_set<absl::Time> closed;
    for (int i = 0; i < session.closed_slots_size(); ++i) {
      const absl::Time start = TimeOf(session.closed_slots(i));
      const std::string field = absl::StrCat(at, ".closed_slots[", i, "]");
      const absl::Duration step = meetings::SlotStart(session, 1) - meetings::SlotStart(session, 0);
      const absl::Duration behind = start - meetings::SlotStart(session, 0);
      if (behind < absl::ZeroDuration() || behind % step != absl::ZeroDuration() || behind / step >= count) {
        Add(field, absl::StrCat(Text(start), " is not the start of a slot of session ", session.id()));
      } else if (!closed.insert(start).second) {
        Add(field, absl::StrCat(Text(start), " is closed already: name each slot once"));
      }
    }
  }

  void CheckOverlaps() {
    std::vector<int> order;
    for (int i = 0; i < agenda_.sessions_size(); ++i) {
      const v1::Session& session = agenda_.sessions(i);
      if (session.has_start_time() && TimeOf(session.start_time()) < TimeOf(session.end_time())) order.push_back(i);
    }
    const auto start = [this](int i) { return TimeOf(agenda_.sessions(i).start_time()); };
    const auto end = [this](int i) { return TimeOf(agenda_.sessions(i).end_time()); };
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return start(a) < start(b); });
    for (size_t k = 1, longest = 0; k < order.size(); ++k) {
      if (start(order[k]) < end(order[longest])) {
        Add(absl::StrCat(Item("sessions", order[k]), ".start_time"),
            absl::StrCat("must not be before session ", agenda_.sessions(order[longest]).id(), " ends at ",
                         Text(end(order[longest]))));
      }
      if (end(order[k]) > end(order[longest])) longest = k;
    }
  }

  void CheckSlotCount() {
    int64_t count = 0;
    for (const v1::Session& session : agenda_.sessions())
      count += std::max<int64_t>(meetings::CountSlots(session) - session.closed_slots_size(), 0);
    if (count > meetings::kMostSlots) {
      Add(".sessions", absl::StrCat("must not be cut into more than ", meetings::kMostSlots, " slots, and these have ",
                                    count, ": make slots longer or sessions shorter"));
    }
  }

  void CheckSessionIds(const google::protobuf::RepeatedPtrField<std::string>& ids, const std::string& at) {
    for (int i = 0; i < ids.size(); ++i) {
      if (!ids.Get(i).empty() && !sessions_.contains(ids.Get(i)))
        Add(absl::StrCat(at, ".sessions[", i, "]"), absl::StrCat("there is no session ", ids.Get(i)));
    }
  }

  void CheckPlace(const v1::MeetingPlace& place, const std::string& at) {
    if (place.kind() == v1::PLACE_KIND_VIRTUAL_ROOM) {
      if (!place.hall().empty()) Add(absl::StrCat(at, ".hall"), "must be empty: a virtual room stands in no hall");
    } else if (place.hall().empty()) {
      Add(absl::StrCat(at, ".hall"), "is required for tables and booths: people walk there");
    }
    if (place.kind() != v1::PLACE_KIND_BOOTH) {
      if (!place.owner().empty()) Add(absl::StrCat(at, ".owner"), "must be empty: only booths belong to somebody");
    } else if (const std::string problem = meetings::PartyProblem(place.owner(), ""); !problem.empty()) {
      Add(absl::StrCat(at, ".owner"), problem);
    }
    CheckSessionIds(place.sessions(), at);
  }

  void CheckTravelTimes() {
    absl::flat_hash_map<std::pair<absl::string_view, absl::string_view>, int> seen;
    for (int i = 0; i < agenda_.travel_times_size(); ++i) {
      const v1::TravelTime& travel = agenda_.travel_times(i);
      const std::string at = Item("travel_times", i);
      if (travel.hall().empty() || travel.other_hall().empty()) continue;
      if (!halls_.contains(travel.hall()))
        Add(absl::StrCat(at, ".hall"), absl::StrCat("no place stands in hall ", travel.hall()));
      if (travel.hall() == travel.other_hall()) {
        Add(absl::StrCat(at, ".other_hall"), "must be another hall");
        continue;
      }
      if (!halls_.contains(travel.other_hall()))
        Add(absl::StrCat(at, ".other_hall"), absl::StrCat("no place stands in hall ", travel.other_hall()));
      const auto [first, is_new] = seen.emplace(std::minmax<absl::string_view>(travel.hall(), travel.other_hall()), i);
      if (!is_new)
        Add(at, absl::StrCat("these halls are named already in travel_times[", first->second,
                             "]: it counts for both directions"));
    }
  }

  void CheckInterpreter(const v1::Interpreter& interpreter, const std::string& at) {
    absl::flat_hash_set<std::string> languages;
    for (const std::string& tag : interpreter.languages()) languages.insert(PrimaryLanguage(tag));
    if (!interpreter.languages().empty() && languages.size() < 2)
      Add(absl::StrCat(at, ".languages"), "must have two different languages, to interpret between them");
    CheckSessionIds(interpreter.sessions(), at);
  }

  void CheckDuration(const Duration& duration, absl::Duration least, absl::string_view least_text,
                     absl::string_view field) {
    const absl::Duration value = absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
    if (value < least || value > absl::Hours(24 * kMostRequestDays))
      Add(field, absl::StrCat("must be between ", least_text, " and ", kMostRequestDays, " days"));
  }

  const v1::Agenda& agenda_;
  const absl::string_view path_;
  std::vector<FieldViolation>* const violations_;
  const size_t most_;
  Ids sessions_, halls_;
};

}  // namespace

void CheckAgenda(const v1::Agenda& agenda, absl::string_view path, std::vector<FieldViolation>* violations) {
  Check(agenda, path, violations).Run();
}

void CheckOwners(const v1::Agenda& agenda, absl::string_view edition, absl::string_view path,
                 std::vector<FieldViolation>* violations) {
  const size_t most = violations->size() + kMostViolations;
  for (int i = 0; i < agenda.places_size() && violations->size() < most; ++i) {
    const std::string& owner = agenda.places(i).owner();
    if (!meetings::ParseParty(owner).ok) continue;
    std::string problem = meetings::PartyProblem(owner, edition);
    if (!problem.empty()) violations->push_back({absl::StrCat(path, ".places[", i, "].owner"), std::move(problem)});
  }
}

}  // namespace tandem::pairing
