// What pairings and their meetings make of each other: the next meeting, the end of one, and the steps of the ledger.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/store_status.h"
#include "services/pairing/ledger/rows.h"
#include "services/pairing/meetings/book/meeting_book.h"

namespace tandem::pairing::meetings {

using ledger::FromStamp;
using v1::Meeting;
using v1::Pairing;

absl::StatusOr<Meeting> MeetingBook::PlanNext(const Acting& acting, const Record& edition,
                                              const std::optional<Record>& row, const Pairing& pairing, PlaceWish wish,
                                              absl::string_view forced_reason, Transaction* transaction) {
  TANDEM_ASSIGN_OR_RETURN(const std::optional<Meeting> live, LiveMeetingOf(pairing, acting.now));
  if (live.has_value())
    return Conflict(*live, "book", "", ": a pairing has one meeting at a time; move that one, or cancel it first");
  MeetingNumbers numbers;
  if (row.has_value()) {
    TANDEM_ASSIGN_OR_RETURN(numbers, MeetingNumbers::Decode(row->value));
  }
  TANDEM_ASSIGN_OR_RETURN(const auto agenda, agendas_.Of(edition));
  Meeting meeting;
  meeting.set_name(MeetingName(pairing.name(), ++numbers.last));
  numbers.kept.push_back(numbers.last);
  wish.meeting = meeting.name();
  wish.agenda = agenda.get();
  wish.project = pairing.project();
  wish.investor = pairing.investor();
  wish.now = acting.now;
  TANDEM_ASSIGN_OR_RETURN(FoundPlace found, FindPlace(options_.store, &people_, wish));
  ledger::AddCondition(edition.key, edition, transaction);
  ledger::AddCondition(NumbersKey(pairing.name()), row, transaction);
  transaction->writes.push_back(Write::PutUnlogged(NumbersKey(pairing.name()), numbers.Encode()));
  Append(std::move(found.rows), transaction);
  meeting.set_pairing(pairing.name());
  meeting.set_project(pairing.project());
  meeting.set_investor(pairing.investor());
  meeting.set_project_attendee(found.project_attendee);
  meeting.set_investor_attendee(found.investor_attendee);
  meetings::Book(acting, found.placed, forced_reason, &meeting);
  return meeting;
}

absl::StatusOr<std::optional<Meeting>> MeetingBook::LiveMeetingOf(const Pairing& pairing, absl::Time now) const {
  if (pairing.meeting().empty()) return std::nullopt;
  TANDEM_ASSIGN_OR_RETURN(const std::optional<Record> record, ReadRow(MeetingKey(pairing.meeting())));
  if (!record.has_value()) return std::nullopt;
  TANDEM_ASSIGN_OR_RETURN(Meeting meeting, ParseMeeting(*record));
  if (!IsLive(meeting, now)) return std::nullopt;
  return meeting;
}

absl::StatusOr<MeetingNumbers> MeetingBook::NumbersOf(absl::string_view pairing, std::optional<Record>* row) const {
  TANDEM_ASSIGN_OR_RETURN(*row, ReadRow(NumbersKey(pairing)));
  if (!row->has_value()) return MeetingNumbers();
  return MeetingNumbers::Decode((*row)->value);
}

absl::Status MeetingBook::Join(const ledger::Command& command, const Pairing& before, Pairing* after,
                               Transaction* transaction) {
  const Acting acting{command.side, command.actor, FromStamp(after->change().time()), ""};
  if (command.step == ledger::Command::Step::kAccept && !command.slots.empty()) {
    const absl::string_view id = EditionOf(before.name());
    auto rows = options_.store->BatchGet({EditionKey(id), NumbersKey(before.name())});
    if (!rows.ok()) return catalog::FromStore(rows.status());
    const std::optional<Record>& edition = rows->front();
    TANDEM_RETURN_IF_ERROR(AgendaOf(edition, id).status());
    PlaceWish wish;
    wish.slots = command.slots;
    for (const auto& slot : before.request().slots()) wish.only.push_back(FromStamp(slot));
    TANDEM_ASSIGN_OR_RETURN(const Meeting meeting,
                            PlanNext(acting, *edition, rows->back(), before, std::move(wish), "", transaction));
    AddMeetingWrites(meeting, true, transaction);
    after->set_meeting(meeting.name());
    return absl::OkStatus();
  }
  std::vector<ledger::Ledger::Turn> turns = {{before, *after}};
  TANDEM_RETURN_IF_ERROR(JoinAll(command, &turns, transaction));
  *after = std::move(turns.front().after);
  return absl::OkStatus();
}

}  // namespace tandem::pairing::meetings
