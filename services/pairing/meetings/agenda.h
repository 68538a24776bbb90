// The agenda of an edition, worked out: its slots, places, halls, travel times and interpreters.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_AGENDA_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_AGENDA_H_

#include <cstdint>
#include <google/protobuf/timestamp.pb.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "common/vocab/local_time.h"
#include "tandem/pairing/v1/agenda.pb.h"
#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::pairing::meetings {

// Most slots of an agenda, all sessions together, closed ones left out.
inline constexpr int kMostSlots = 2000;

// What stands in for a number that an agenda does not state.
inline constexpr absl::Duration kDefaultRequestExpiry = absl::Hours(3 * 24);
inline constexpr absl::Duration kDefaultRequestCooldown = absl::Hours(7 * 24);
inline constexpr int kDefaultMostAttempts = 2;

// A stretch of time: its start belongs to it, its end does not.
struct Stretch {
  absl::Time start, end;

  bool Overlaps(const Stretch& other) const { return start < other.end && other.start < end; }
};

// Where nothing is found, and what has no neighbour or hall.
inline constexpr int kNone = -1;

// A time in which people can meet. Slots do not overlap.
struct Slot {
  absl::Time start, end;
  int session = 0;       // index into Agenda::sessions()
  int day = 0;           // index into Agenda::days()
  int previous = kNone;  // the slot of the same session right before this one, no closed one between
  int next = kNone;      // the one right after

  Stretch stretch() const { return {start, end}; }
};

struct AgendaSession {
  std::string id;
  absl::Time start, end;
  int day = 0;
  std::vector<int> slots;  // in order of time
};

// A local date, in the edition's time zone, on which a session starts.
struct AgendaDay {
  int32_t date = 0;        // days since 1970-01-01
  std::vector<int> slots;  // in order of time
};

// Which sessions something is there in.
class SessionSet {
 public:
  SessionSet() = default;
  // Only those; empty: all.
  explicit SessionSet(std::vector<bool> only) : only_(std::move(only)) {}
  bool Has(int session) const { return only_.empty() || only_[static_cast<size_t>(session)]; }

 private:
  std::vector<bool> only_;
};

struct Place {
  std::string id;
  v1::PlaceKind kind = v1::PLACE_KIND_TABLE;  // never unspecified
  int hall = kNone;                           // index into Agenda::halls(); kNone for virtual rooms
  int capacity = 1;                           // most meetings at the same time
  std::string owner;                          // of a booth: the party it belongs to
  SessionSet sessions;

  bool is_virtual() const { return kind == v1::PLACE_KIND_VIRTUAL_ROOM; }
};

struct Interpreter {
  std::string id;
  std::vector<std::string> languages;  // primary languages such as `zh`, sorted, each once
  SessionSet sessions;

  // Whether a meeting of someone who speaks `a` (primary languages) with someone who speaks `b` can be interpreted.
  bool Serves(const std::vector<std::string>& a, const std::vector<std::string>& b) const;
};

// Never changes; thread-safe. Indices are positions in the vectors.
class Agenda {
 public:
  // The agenda of `edition`; without one it is empty: nothing is limited and nothing can be scheduled. FIELD_INVALID
  // (INVALID_ARGUMENT) when slots cannot be cut from it, which no stored edition reaches: see
  // services/pairing/editions/agenda_rules.h.
  static absl::StatusOr<std::shared_ptr<const Agenda>> Make(const v1::Edition& edition);

  // Sessions, days and slots are in order of time, places and interpreters in the order of the contract.
  const std::vector<Slot>& slots() const { return slots_; }
  const std::vector<AgendaSession>& sessions() const { return sessions_; }
  const std::vector<AgendaDay>& days() const { return days_; }
  const std::vector<Place>& places() const { return places_; }
  const std::vector<std::string>& halls() const { return halls_; }
  const std::vector<Interpreter>& interpreters() const { return interpreters_; }
  const LocalTime& local_time() const { return local_time_; }

  // The index of the slot that starts at exactly `start`, or kNone: it does not exist or is closed.
  int FindSlot(absl::Time start) const;
  int FindSlot(const google::protobuf::Timestamp& start) const;
  // The index of what has the id, or kNone.
  int FindPlace(absl::string_view id) const;
  int FindInterpreter(absl::string_view id) const;
  int FindSession(absl::string_view id) const;
  int FindHall(absl::string_view id) const;

  // How long people walk between two halls (indices); nothing within one, or to a place without hall (kNone).
  absl::Duration TravelTime(int hall, int other) const;

  const v1::Quotas& project_quotas() const { return agenda_.project_quotas(); }
  const v1::Quotas& investor_quotas() const { return agenda_.investor_quotas(); }
  absl::Duration request_expiry() const;
  absl::Duration request_cooldown() const;
  int most_attempts() const;

  // As it was given.
  const v1::Agenda& contract() const { return agenda_; }

 private:
  Agenda(v1::Agenda agenda, LocalTime local_time) : agenda_(std::move(agenda)), local_time_(std::move(local_time)) {}

  absl::Status CutSlots();
  void SetPlaces();
  SessionSet SetOf(const google::protobuf::RepeatedPtrField<std::string>& ids) const;

  v1::Agenda agenda_;
  LocalTime local_time_;
  std::vector<Slot> slots_;
  std::vector<AgendaSession> sessions_;
  std::vector<AgendaDay> days_;
  std::vector<Place> places_;
  std::vector<std::string> halls_;
  std::vector<Interpreter> interpreters_;
  absl::flat_hash_map<std::string, int> session_ids_, place_ids_, hall_ids_, interpreter_ids_;
  absl::flat_hash_map<std::pair<int, int>, int> travel_minutes_;  // the smaller hall first
};

// The primary languages of tags: `zh` of `zh-Hans`; sorted, each once.
std::vector<std::string> PrimaryLanguages(const google::protobuf::RepeatedPtrField<std::string>& tags);

// The time of a stamp of a contract.
absl::Time TimeOf(const google::protobuf::Timestamp& stamp);

// How many slots `session` is cut into, closed ones included; 0 when its times or lengths make no sense. May be far
// beyond kMostSlots.
int64_t CountSlots(const v1::Session& session);

// The start of the slot of this number (from 0), closed or not. REQUIRES: 0 <= number < CountSlots(session).
absl::Time SlotStart(const v1::Session& session, int64_t number);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_AGENDA_H_
