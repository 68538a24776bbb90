// What the book shows: single meetings, lists, open slots, calendars.
#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "common/base/status.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "common/tokens/page_token.h"
#include "services/pairing/ledger/ledger.h"
#include "services/pairing/meetings/book/calendar_file.h"
#include "services/pairing/meetings/book/meeting_book.h"
#include "services/pairing/meetings/party.h"

namespace tandem::pairing::meetings {
namespace {

using ledger::FromStamp;
using ledger::ViewerOf;
using v1::Meeting;

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 500;
// Clients refuse messages over 4 MiB unless told otherwise.
constexpr size_t kLargestResponseBytes = size_t{3} << 20;
// Read for one page at most: who asks for what is rare gets pages that end early.
constexpr int kMostExamined = 4000;
constexpr int kReadAtOnce = 256;
// Most meetings of one calendar file.
constexpr size_t kMostEvents = 10000;

v1::Side SideOf(absl::string_view party) { return ParseParty(party).is_project ? v1::SIDE_PROJECT : v1::SIDE_INVESTOR; }

// Whether a meeting that `attendee` has is one that `viewer` may see there: who meets for both sides has two calendars.
bool IsOn(const Meeting& meeting, absl::string_view attendee, v1::Side viewer) {
  if (viewer == v1::SIDE_UNSPECIFIED || attendee.empty()) return true;
  return attendee == (viewer == v1::SIDE_PROJECT ? meeting.project() : meeting.investor()) ||
         attendee == (viewer == v1::SIDE_PROJECT ? meeting.project_attendee() : meeting.investor_attendee());
}

absl::string_view After(absl::string_view prefix, absl::string_view key) { return key.substr(prefix.size()); }

}  // namespace

absl::Status MeetingBook::CheckAttendee(const Caller& caller, absl::string_view method, absl::string_view parent,
                                        absl::string_view attendee) {
  const auto denied = [&](const std::string& why) {
    return MakeError(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED", why,
                     {{"method", std::string(method)}, {"cause", "side"}});
  };
  if (attendee.empty()) {
    if (caller.IsOrganiser()) return absl::OkStatus();
    return denied("all meetings are the organiser's to see: name your own project, investor or representative");
  }
  const std::string edition(EditionOf(parent));
  const std::string own = absl::StrCat(attendee, " is not of your side: a caller of a side sees its own meetings");
  if (PartyProblem(attendee, edition).empty()) {
    return caller.IsOrganiser() || SideOf(attendee) == ViewerOf(caller) ? absl::OkStatus() : denied(own);
  }
  static const catalog::NamePattern kPattern("editions/{edition}/representatives/{representative}");
  const auto ids = kPattern.Match(attendee);
  if (!ids.has_value() || ids->front() != edition) {
    return InvalidFields({{"attendee", absl::StrCat("must be a project, an investor or a representative of editions/",
                                                    edition, ", by its name")}});
  }
  if (caller.IsOrganiser()) return absl::OkStatus();
  TANDEM_RETURN_IF_ERROR(people_.Refresh());
  const PersonPtr person = people_.Named(attendee);
  const bool is_own =
      person != nullptr && std::any_of(person->representative.parties().begin(), person->representative.parties().end(),
                                       [&](const std::string& party) { return SideOf(party) == ViewerOf(caller); });
  return is_own ? absl::OkStatus() : denied(own);
}

absl::StatusOr<Meeting> MeetingBook::Get(const Caller& caller, const v1::GetMeetingRequest& request) const {
  TANDEM_ASSIGN_OR_RETURN(const std::optional<Record> record, ReadRow(MeetingKey(request.name())));
  if (!record.has_value()) {
    return MakeError(absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND", absl::StrCat("there is no ", request.name()),
                     {{"resource", request.name()}});
  }
  TANDEM_ASSIGN_OR_RETURN(Meeting meeting, ParseMeeting(*record));
  return Show(std::move(meeting), ViewerOf(caller), record->revision);
}

absl::StatusOr<Meeting> MeetingBook::Read(const Record& record) const {
  TANDEM_ASSIGN_OR_RETURN(Meeting meeting, ParseMeeting(record));
  return Show(std::move(meeting), v1::SIDE_UNSPECIFIED, record.revision);
}

absl::StatusOr<v1::ListMeetingsResponse> MeetingBook::List(const Caller& caller,
                                                           const v1::ListMeetingsRequest& request) {
  TANDEM_RETURN_IF_ERROR(CheckAttendee(caller, "ListMeetings", request.parent(), request.attendee()));
  const v1::Side viewer = ViewerOf(caller);
  const std::string edition(EditionOf(request.parent()));
  const bool all = request.attendee().empty();
  const std::string prefix = all ? catalog::RecordPrefix(kMeetings, {edition}) : MeetingListPrefix(request.attendee());
  const std::string arguments = absl::StrCat("ListMeetings|", prefix, "|", static_cast<int>(viewer), "|",
                                             caller.edition, "|", absl::StrJoin(request.states(), ","));
  std::string begin = prefix;
  if (!request.page_token().empty()) {
    TANDEM_ASSIGN_OR_RETURN(const std::string last, DecodePageToken(*options_.keys, arguments, request.page_token()));
    begin = absl::StrCat(prefix, last, absl::string_view("\0", 1));
  } else {
    TANDEM_ASSIGN_OR_RETURN(const std::optional<Record> record, ReadRow(EditionKey(edition)));
    if (!record.has_value()) return AgendaOf(record, edition).status();
  }
  const int page_size = request.page_size() <= 0 ? kDefaultPage : std::min(request.page_size(), kLargestPage);
  v1::ListMeetingsResponse response;
  size_t bytes = 0;
  std::string last;  // examined
  const auto end_page = [&] { response.set_next_page_token(EncodePageToken(*options_.keys, arguments, last)); };
  for (int examined = 0;;) {
    const auto rows = options_.store->Scan(begin, catalog::PrefixEnd(prefix), kReadAtOnce);
    if (!rows.ok()) return catalog::FromStore(rows.status());
    std::vector<std::optional<Record>> records(rows->begin(), rows->end());
    if (!all && !rows->empty()) {
      std::vector<std::string> keys;
      for (const Record& row : *rows)
        keys.push_back(catalog::RecordKey(kMeetings, {edition, std::string(After(prefix, row.key))}));
      auto found = options_.store->BatchGet(keys);
      if (!found.ok()) return catalog::FromStore(found.status());
      records = *std::move(found);
    }
    for (size_t i = 0; i < records.size(); ++i, ++examined) {
      if (records[i].has_value()) {
        TANDEM_ASSIGN_OR_RETURN(Meeting meeting, ParseMeeting(*records[i]));
        const bool wanted = request.states().empty() || std::find(request.states().begin(), request.states().end(),
                                                                  meeting.state()) != request.states().end();
        if (wanted && IsOn(meeting, request.attendee(), viewer)) {
          bytes += records[i]->value.size();
          if (response.meetings_size() == page_size ||
              (response.meetings_size() > 0 && bytes > kLargestResponseBytes)) {
            end_page();
            return response;
          }
          *response.add_meetings() = Show(std::move(meeting), viewer, records[i]->revision);
        }
      }
      last = std::string(After(prefix, (*rows)[i].key));
    }
    if (static_cast<int>(rows->size()) < kReadAtOnce) return response;
    if (examined >= kMostExamined) {
      end_page();
      return response;
    }
    begin = absl::StrCat(prefix, last, absl::string_view("\0", 1));
  }
}

absl::StatusOr<v1::ListOpenSlotsResponse> MeetingBook::ListOpenSlots(const Caller& caller,
                                                                     const v1::ListOpenSlotsRequest& request) {
  std::optional<Record> record;
  TANDEM_ASSIGN_OR_RETURN(const v1::Pairing pairing, FindPairing(request.pairing(), ViewerOf(caller), &record));
  TANDEM_ASSIGN_OR_RETURN(const std::optional<Record> edition, ReadRow(EditionKey(EditionOf(pairing.name()))));
  TANDEM_ASSIGN_OR_RETURN(const auto agenda, AgendaOf(edition, EditionOf(pairing.name())));
  PlaceWish wish;
  wish.agenda = agenda.get();
  wish.project = pairing.project();
  wish.investor = pairing.investor();
  wish.now = Now();
  TANDEM_ASSIGN_OR_RETURN(const std::optional<Meeting> live, LiveMeetingOf(pairing, wish.now));
  if (live.has_value()) {
    wish.meeting = live->name();
    if (live->project_attendee() != live->project()) wish.project_attendee = live->project_attendee();
    if (live->investor_attendee() != live->investor()) wish.investor_attendee = live->investor_attendee();
    wish.moves = live->has_start_time();
  } else {
    std::optional<Record> row;
    TANDEM_ASSIGN_OR_RETURN(const MeetingNumbers numbers, NumbersOf(pairing.name(), &row));
    wish.meeting = MeetingName(pairing.name(), numbers.last + 1);
  }
  TANDEM_ASSIGN_OR_RETURN(std::vector<v1::OpenSlot> slots, FindOpenSlots(options_.store, &people_, wish));
  v1::ListOpenSlotsResponse response;
  for (v1::OpenSlot& slot : slots) *response.add_slots() = std::move(slot);
  return response;
}

absl::StatusOr<v1::ExportCalendarResponse> MeetingBook::Export(const Caller& caller,
                                                               const v1::ExportCalendarRequest& request) {
  const std::string& attendee = request.attendee();
  const std::string edition(EditionOf(attendee));
  TANDEM_RETURN_IF_ERROR(CheckAttendee(caller, "ExportCalendar", absl::StrCat("editions/", edition), attendee));
  const v1::Side viewer = ViewerOf(caller);
  const std::string prefix = MeetingListPrefix(attendee);
  std::vector<CalendarEvent> events;
  for (std::string begin = prefix;;) {
    const auto rows = options_.store->Scan(begin, catalog::PrefixEnd(prefix), kReadAtOnce);
    if (!rows.ok()) return catalog::FromStore(rows.status());
    if (rows->empty()) break;
    std::vector<std::string> keys;
    for (const Record& row : *rows)
      keys.push_back(catalog::RecordKey(kMeetings, {edition, std::string(After(prefix, row.key))}));
    const auto records = options_.store->BatchGet(keys);
    if (!records.ok()) return catalog::FromStore(records.status());
    for (const std::optional<Record>& record : *records) {
      if (!record.has_value()) continue;
      TANDEM_ASSIGN_OR_RETURN(Meeting meeting, ParseMeeting(*record));
      if (IsOn(meeting, attendee, viewer))
        events.push_back({ViewFor(std::move(meeting), viewer), record->revision - record->create_revision});
    }
    if (events.size() > kMostEvents) {
      return MakeError(absl::StatusCode::kResourceExhausted, "LIMIT_EXCEEDED",
                       absl::StrCat(attendee, " has more than ", kMostEvents, " meetings: list them instead"),
                       {{"limit", absl::StrCat(kMostEvents)}, {"value", absl::StrCat(events.size())}});
    }
    begin = absl::StrCat(rows->back().key, absl::string_view("\0", 1));
  }
  std::stable_sort(events.begin(), events.end(), [](const CalendarEvent& a, const CalendarEvent& b) {
    return FromStamp(a.meeting.start_time()) < FromStamp(b.meeting.start_time());
  });
  v1::ExportCalendarResponse response;
  response.set_calendar(CalendarFile(events));
  return response;
}

}  // namespace tandem::pairing::meetings
