// What is booked and wished in an edition, read from the store.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_SNAPSHOT_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_SNAPSHOT_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "common/storage/record_store.h"
#include "services/pairing/meetings/agenda.h"
#include "services/pairing/meetings/booking_rows.h"
#include "tandem/pairing/v1/meeting.pb.h"
#include "tandem/pairing/v1/pairing.pb.h"
#include "tandem/pairing/v1/representative.pb.h"

namespace tandem::pairing::meetings {

// What of a pairing counts here.
struct PairingFacts {
  std::string name, project, investor;
  std::string meeting;  // its last one that was not cancelled; may be over
  Revision revision = 0;
  bool mutual = false;
  int must_meet = 0;              // how many sides say so
  bool confined = false;          // to `slots`, which the requests named
  std::vector<absl::Time> slots;  // in order
  bool called_off = false;        // people cancelled its newest meeting
};

// A meeting that was not cancelled.
struct MeetingFacts {
  v1::Meeting meeting;
  Revision revision = 0;
};

// A row of BookingKey.
struct BookingFacts {
  Booking booking;
  std::string key;
  Revision revision = 0;
};

struct RepresentativeFacts {
  v1::Representative representative;
  std::string key;
  Revision revision = 0;
};

// All maps are by resource name, so that whatever is made of them comes in one order. A plain value.
struct Snapshot {
  std::string edition;  // id
  Record edition_record;
  std::shared_ptr<const Agenda> agenda;
  Head head;                                     // before anything else was read: all is at least as new
  std::map<std::string, PairingFacts> pairings;  // mutual ones, and those that have a meeting
  std::map<std::string, MeetingFacts> meetings;
  std::map<std::string, BookingFacts> bookings;  // by meeting
  std::map<std::string, RepresentativeFacts> representatives;
};

// Reads `edition` (an id); EDITION_NOT_FOUND. All of it as of one moment, unless others write all the time: then parts
// may be a little newer than others, which whoever writes on these grounds must guard against, as against later writes.
absl::StatusOr<Snapshot> ReadSnapshot(RecordStore* store, absl::string_view edition);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_SCHEDULES_SNAPSHOT_H_
