// iCalendar files (RFC 5545) of meetings.
#ifndef TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_CALENDAR_FILE_H_
#define TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_CALENDAR_FILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "tandem/pairing/v1/meeting.pb.h"

namespace tandem::pairing::meetings {

struct CalendarEvent {
  v1::Meeting meeting;   // as its reader may see it
  int64_t sequence = 0;  // grows with every version of it
};

// A calendar with `events`, in UTC; lines end with CR LF and are folded at 75 octets. Meetings without a slot are left
// out: there is nowhere to put them.
std::string CalendarFile(const std::vector<CalendarEvent>& events);

// `text` as a value of type TEXT, and a line folded: parts of the above.
std::string EscapeText(absl::string_view text);
std::string FoldLine(absl::string_view line);

}  // namespace tandem::pairing::meetings

#endif  // TANDEM_SERVICES_PAIRING_MEETINGS_BOOK_CALENDAR_FILE_H_
