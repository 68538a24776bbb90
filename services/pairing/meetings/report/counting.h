// The numbers of an edition's pairings and meetings.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_REPORT_COUNTING_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_REPORT_COUNTING_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/pairing/meetings/agenda.h"
#include "tandem/pairing/v1/meeting.pb.h"
#include "tandem/pairing/v1/meeting_report.pb.h"
#include "tandem/pairing/v1/pairing.pb.h"

namespace tandem::pairing::meetings {

// The country (ISO 3166-1 alpha-2) of a project or an investor (a name); empty where it is not known.
using CountryOf = std::function<std::string(absl::string_view party)>;

// What is counted: everything that an edition has, as of one state.
struct Counted {
  const Agenda* agenda = nullptr;
  std::vector<v1::Pairing> pairings;
  std::vector<v1::Meeting> meetings;
  CountryOf country_of;
};

// Everything but `edition`, `time` and `consistency_token`. Pure, but for what `country_of` does.
v1::MeetingReport CountMeetings(const Counted& counted);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_REPORT_COUNTING_H_
