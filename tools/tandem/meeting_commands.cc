// `tandem meeting`: booking, moving and what came of it. The board is in meeting_board_command.cc.
#include <algorithm>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/decimal.h"
#include "tools/tandem/edition_zone.h"
#include "tools/tandem/enum_option.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/output.h"
#include "tools/tandem/stamps.h"
#include "tools/tandem/zone_names.h"

namespace tandem::cli {
namespace {

using pairing::v1::Meeting;
using Stub = pairing::v1::MeetingService::StubInterface;

constexpr char kFooter[] = R"(
PAIRING and MEETING are ids or names, or PROJECT,INVESTOR (ids, names or external ids).
--side after the command says for whom an operator acts; without it the organiser acts. A caller of a side needs none.

Examples:
  tandem --edition demo meeting slots p-000001,i-0002
  tandem --edition demo meeting book p-000001,i-0002 --slot 2026-11-14T09:30 --slot 2026-11-14T10:00
  tandem --edition demo meeting move p-000001,i-0002 --side investor --slot 2026-11-14T11:00 --note "The train is late"
  tandem --edition demo meeting answer p-000001,i-0002 --side project
  tandem --edition demo meeting report p-000001,i-0002 --side project --check-in --other-side came --rating 4
  tandem --edition demo meeting outcome p-000001,i-0002 --stage term-sheet --amount 250000 --currency CNY
  tandem --edition demo meeting calendar investors/i-0002 --out i-0002.ics
  tandem --edition demo meeting board demo --day 2026-11-14 --hall hall-2
)";

struct Options {
  std::string subject;  // a pairing or a meeting
  pairing::v1::Side side = pairing::v1::SIDE_UNSPECIFIED;
  std::vector<std::string> slots;
  std::string slot;
  std::string reason, note, etag;
  std::string project_attendee, investor_attendee;
  std::string amount, currency;
  bool refuse = false;
  bool check_in = false;
  int rating = 0;
  pairing::v1::Presence other_side = pairing::v1::PRESENCE_UNSPECIFIED;
  pairing::v1::MeetingResult result = pairing::v1::MEETING_RESULT_UNSPECIFIED;
  pairing::v1::OutcomeStage stage = pairing::v1::OUTCOME_STAGE_UNSPECIFIED;
};
using OptionsPtr = std::shared_ptr<Options>;

struct ListOptions {
  std::string attendee;
  std::vector<Meeting::State> states;
  int limit = 0;
};

absl::StatusOr<int> WriteWritten(Session* session, const Meeting& meeting) {
  if (WriteMessage(*session, meeting)) return kExitOk;
  std::ostream& out = *session->terminal().out;
  out << meeting.name() << " is " << EnumText(*Meeting::State_descriptor(), meeting.state());
  if (meeting.has_start_time() && meeting.state() != Meeting::STATE_CANCELLED) {
    // What is written is written: that the zone cannot be learned is no reason to say that it failed.
    auto zone = EditionZone::Ask(session, meeting.name());
    if (!zone.ok()) zone = EditionZone::Of("UTC");
    if (zone.ok()) {
      out << ", " << zone->Stretch(meeting.start_time(), meeting.end_time()) << " (" << zone->name() << ") at "
          << meeting.place();
    }
  }
  out << (meeting.locked() ? ", locked" : "") << "\ntoken " << meeting.consistency_token() << "\n";
  return kExitOk;
}

// A write about a meeting. What only some have is set where there is a field for it.
template <typename Request>
absl::StatusOr<int> Write(Session* session, const Options& options,
                          grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Meeting*),
                          Request request) {
  TANDEM_ASSIGN_OR_RETURN(const std::string name, ResolveMeeting(session, options.subject));
  request.set_name(name);
  request.set_request_id(RandomUuid());
  if constexpr (requires { request.set_side(options.side); }) request.set_side(options.side);
  if constexpr (requires { request.set_etag(""); }) request.set_etag(options.etag);
  if constexpr (requires { request.set_note(""); }) request.set_note(options.note);
  if constexpr (requires { request.mutable_slots(); }) {
    TANDEM_RETURN_IF_ERROR(ParseSlots(session, name, options.slots, request.mutable_slots()));
  }
  TANDEM_ASSIGN_OR_RETURN(const Meeting meeting, session->Call(session->meetings(), method, request));
  return WriteWritten(session, meeting);
}

absl::StatusOr<int> Book(Session* session, const Options& options) {
  pairing::v1::BookMeetingRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string pairing, ResolvePairing(session, options.subject));
  request.set_pairing(pairing);
  request.set_side(options.side);
  request.set_forced_reason(options.reason);
  request.set_request_id(RandomUuid());
  TANDEM_RETURN_IF_ERROR(ParseSlots(session, pairing, options.slots, request.mutable_slots()));
  if (!options.project_attendee.empty()) {
    TANDEM_ASSIGN_OR_RETURN(*request.mutable_project_attendee(),
                            ResolveAttendee(session, absl::StrCat("representatives/", options.project_attendee)));
  }
  if (!options.investor_attendee.empty()) {
    TANDEM_ASSIGN_OR_RETURN(*request.mutable_investor_attendee(),
                            ResolveAttendee(session, absl::StrCat("representatives/", options.investor_attendee)));
  }
  TANDEM_ASSIGN_OR_RETURN(const Meeting meeting, session->Call(session->meetings(), &Stub::BookMeeting, request));
  return WriteWritten(session, meeting);
}

absl::StatusOr<int> Answer(Session* session, const Options& options) {
  pairing::v1::AnswerRescheduleRequest request;
  if (!options.slot.empty()) {
    TANDEM_ASSIGN_OR_RETURN(const std::string name, ResolveMeeting(session, options.subject));
    google::protobuf::RepeatedPtrField<google::protobuf::Timestamp> slots;
    TANDEM_RETURN_IF_ERROR(ParseSlots(session, name, {options.slot}, &slots));
    *request.mutable_slot() = slots[0];
  }
  request.set_refuse(options.refuse);
  return Write(session, options, &Stub::AnswerReschedule, request);
}

absl::StatusOr<int> Report(Session* session, const Options& options) {
  pairing::v1::ReportMeetingRequest request;
  request.set_check_in(options.check_in);
  request.set_other_side(options.other_side);
  request.set_rating(options.rating);
  request.set_result(options.result);
  return Write(session, options, &Stub::ReportMeeting, request);
}

absl::StatusOr<int> Outcome(Session* session, const Options& options) {
  pairing::v1::RecordOutcomeRequest request;
  request.set_stage(options.stage);
  if (!options.amount.empty()) {
    const auto amount = ParseMinorUnits(options.amount, options.currency);
    if (!amount.ok()) return UsageError(absl::StrCat("--amount: ", std::string(amount.status().message())));
    request.mutable_amount()->set_currency_code(options.currency);
    request.mutable_amount()->set_amount_minor(*amount);
  }
  return Write(session, options, &Stub::RecordOutcome, request);
}

template <bool unlock>
absl::StatusOr<int> Lock(Session* session, const Options& options) {
  pairing::v1::LockMeetingRequest request;
  request.set_unlock(unlock);
  return Write(session, options, &Stub::LockMeeting, request);
}

absl::StatusOr<int> Slots(Session* session, const Options& options) {
  pairing::v1::ListOpenSlotsRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string pairing, ResolvePairing(session, options.subject));
  request.set_pairing(pairing);
  TANDEM_ASSIGN_OR_RETURN(const auto answer, session->Call(session->meetings(), &Stub::ListOpenSlots, request));
  if (session->options().output != "table") {
    for (const auto& slot : answer.slots()) WriteMessage(*session, slot);
    return kExitOk;
  }
  TANDEM_ASSIGN_OR_RETURN(const EditionZone zone, EditionZone::Ask(session, pairing));
  Table table({{"LOCAL TIME"}, {"START"}, {"OPEN"}});
  for (const auto& slot : answer.slots()) {
    const std::string obstacle = EnumText(*pairing::v1::OpenSlot::Obstacle_descriptor(), slot.obstacle());
    table.AddRow({zone.Stretch(slot.start_time(), slot.end_time()), UtcText(TimeOf(slot.start_time())),
                  obstacle.empty() ? "yes" : obstacle});
  }
  *session->terminal().out << "Local times of " << zone.name() << "; a slot is known by its start.\n";
  WriteTable(*session, table);
  return kExitOk;
}

absl::StatusOr<int> Get(Session* session, const Options& options) {
  pairing::v1::GetMeetingRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string name, ResolveMeeting(session, options.subject));
  request.set_name(name);
  TANDEM_ASSIGN_OR_RETURN(const Meeting meeting, session->Call(session->meetings(), &Stub::GetMeeting, request));
  if (!WriteMessage(*session, meeting)) *session->terminal().out << ToYaml(meeting);
  return kExitOk;
}

std::vector<std::string> Row(const Meeting& meeting, const EditionZone& zone) {
  std::vector<std::string> notes;
  if (meeting.at_a_distance()) notes.push_back("at a distance");
  if (meeting.locked()) notes.push_back("locked");
  if (!meeting.forced_reason().empty()) notes.push_back("forced");
  if (!meeting.interpreter().empty()) notes.push_back(absl::StrCat("interpreter ", meeting.interpreter()));
  return {LastPart(meeting.name()),
          EnumText(*Meeting::State_descriptor(), meeting.state()),
          zone.Stretch(meeting.start_time(), meeting.end_time()),
          meeting.place(),
          LastPart(meeting.project()),
          LastPart(meeting.investor()),
          absl::StrJoin(notes, ", ")};
}

absl::StatusOr<int> List(Session* session, const ListOptions& options) {
  pairing::v1::ListMeetingsRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string edition, session->EditionName());
  request.set_parent(edition);
  if (!options.attendee.empty()) {
    TANDEM_ASSIGN_OR_RETURN(const std::string attendee, ResolveAttendee(session, options.attendee));
    request.set_attendee(attendee);
  }
  for (const Meeting::State state : options.states) request.add_states(state);
  request.set_page_size(options.limit == 0 ? 500 : std::min(options.limit, 500));
  std::vector<Meeting> meetings;
  int count = 0;
  do {
    TANDEM_ASSIGN_OR_RETURN(const auto page, session->Call(session->meetings(), &Stub::ListMeetings, request));
    for (const Meeting& meeting : page.meetings()) {
      if (options.limit > 0 && count == options.limit) break;
      ++count;
      if (!WriteMessage(*session, meeting)) meetings.push_back(meeting);
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && (options.limit == 0 || count < options.limit));
  if (session->options().output != "table") return kExitOk;
  std::stable_sort(meetings.begin(), meetings.end(), [](const Meeting& a, const Meeting& b) {
    return a.start_time().seconds() < b.start_time().seconds();
  });
  TANDEM_ASSIGN_OR_RETURN(const EditionZone zone, EditionZone::Ask(session, edition));
  Table table(
      {{"ID"}, {"STATE"}, {absl::StrCat("TIME (", zone.name(), ")")}, {"PLACE"}, {"PROJECT"}, {"INVESTOR"}, {"NOTES"}});
  for (const Meeting& meeting : meetings) table.AddRow(Row(meeting, zone));
  WriteTable(*session, table);
  return kExitOk;
}

absl::StatusOr<int> Calendar(Session* session, const std::string& text, const std::string& path) {
  pairing::v1::ExportCalendarRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string attendee, ResolveAttendee(session, text));
  request.set_attendee(attendee);
  TANDEM_ASSIGN_OR_RETURN(const auto answer, session->Call(session->meetings(), &Stub::ExportCalendar, request));
  if (path.empty()) {
    *session->terminal().out << answer.calendar();
    return kExitOk;
  }
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << answer.calendar();
  file.close();
  if (!file) return absl::UnknownError(absl::StrCat("The file '", path, "' cannot be written."));
  return kExitOk;
}

using Action = absl::StatusOr<int> (*)(Session*, const Options&);

CLI::App* AddOne(CLI::App* parent, Command* command, const char* verb, const char* help, const char* subject,
                 const OptionsPtr& options, Action action) {
  CLI::App* app = parent->add_subcommand(verb, help);
  app->add_option(subject, options->subject, "Its id or name, or PROJECT,INVESTOR")->required();
  app->callback([=] { command->action = [=](Session* session) { return action(session, *options); }; });
  return app;
}

void AddSide(CLI::App* app, const OptionsPtr& options) { AddEnumOption(app, "--side", &options->side, "For whom"); }

void AddEtag(CLI::App* app, const OptionsPtr& options) {
  app->add_option("--etag", options->etag, "Only if this is the current version");
}

void AddBooking(CLI::App* parent, Command* command) {
  AddOne(parent, command, "slots", "Shows in which slots a pairing could meet, and what keeps it out of others",
         "PAIRING", std::make_shared<Options>(), &Slots);

  const auto booked = std::make_shared<Options>();
  CLI::App* book = AddOne(parent, command, "book", "Books a meeting of a mutual pairing", "PAIRING", booked, &Book);
  AddSide(book, booked);
  book->add_option("--slot", booked->slots, absl::StrCat(kSlotHelp, ", best first; none is any"))->take_all();
  book->add_option("--project-attendee", booked->project_attendee, "Representative who meets for the project");
  book->add_option("--investor-attendee", booked->investor_attendee, "Representative who meets for the investor");
  book->add_option("--reason", booked->reason, "Why the organiser books what is not mutual");

  const auto moved = std::make_shared<Options>();
  CLI::App* move =
      AddOne(parent, command, "move", "Asks to move a meeting; the organiser moves it at once", "MEETING", moved,
             [](Session* session, const Options& options) {
               return Write(session, options, &Stub::RescheduleMeeting, pairing::v1::RescheduleMeetingRequest());
             });
  AddSide(move, moved);
  AddEtag(move, moved);
  move->add_option("--slot", moved->slots, absl::StrCat(kSlotHelp, ", best first; none is any"))->take_all();
  move->add_option("--note", moved->note, "What is said to the other side");

  const auto answered = std::make_shared<Options>();
  CLI::App* answer =
      AddOne(parent, command, "answer", "Answers the wish to move a meeting", "MEETING", answered, &Answer);
  AddSide(answer, answered);
  AddEtag(answer, answered);
  auto* slot = answer->add_option("--slot", answered->slot, "Which of the slots that were named; else the first open");
  answer->add_flag("--refuse", answered->refuse, "Refuse, or take back: it stays where it is")->excludes(slot);

  const auto cancelled = std::make_shared<Options>();
  CLI::App* cancel = AddOne(parent, command, "cancel", "Cancels a meeting", "MEETING", cancelled,
                            [](Session* session, const Options& options) {
                              return Write(session, options, &Stub::CancelMeeting, pairing::v1::CancelMeetingRequest());
                            });
  AddSide(cancel, cancelled);
  AddEtag(cancel, cancelled);
  cancel->add_option("--note", cancelled->note, "What is said to the other side");

  AddOne(parent, command, "lock", "Keeps schedules from moving a meeting", "MEETING", std::make_shared<Options>(),
         &Lock<false>);
  AddOne(parent, command, "unlock", "Lets schedules move a meeting again", "MEETING", std::make_shared<Options>(),
         &Lock<true>);
}

void AddReporting(CLI::App* parent, Command* command) {
  const auto reported = std::make_shared<Options>();
  CLI::App* report =
      AddOne(parent, command, "report", "Says who came and what a meeting came to", "MEETING", reported, &Report);
  AddSide(report, reported);
  report->add_flag("--check-in", reported->check_in, "One's own person is there");
  AddEnumOption(report, "--other-side", &reported->other_side, "Whether the other side came");
  report->add_option("--rating", reported->rating, "1 to 5")->check(CLI::Range(1, 5));
  AddEnumOption(report, "--result", &reported->result, "What it came to");

  const auto attested = std::make_shared<Options>();
  CLI::App* outcome = AddOne(parent, command, "outcome", "Attests how far the parties came after a meeting", "MEETING",
                             attested, &Outcome);
  AddSide(outcome, attested);
  AddEnumOption(outcome, "--stage", &attested->stage, "The rung")->required();
  auto* amount = outcome->add_option("--amount", attested->amount, "In major units, such as 250000");
  auto* currency = outcome->add_option("--currency", attested->currency, "ISO 4217 code of the amount");
  amount->needs(currency);
  currency->needs(amount);
  outcome->add_option("--note", attested->note, "What is added; needed when it was lost: why");
}

void AddReading(CLI::App* parent, Command* command) {
  AddOne(parent, command, "get", "Shows one with all its fields", "MEETING", std::make_shared<Options>(), &Get);

  const auto listed = std::make_shared<ListOptions>();
  CLI::App* list = parent->add_subcommand("list", "Lists them; a table is in the order of time");
  list->add_option("--attendee", listed->attendee, "Only those of projects/ID, investors/ID or representatives/ID");
  AddEnumsOption(list, "--state", &listed->states, "Only those that are so; several may be given");
  list->add_option("--limit", listed->limit, "Most items, by name; 0 is all")->check(CLI::NonNegativeNumber);
  list->callback([=] { command->action = [=](Session* session) { return List(session, *listed); }; });

  const auto attendee = std::make_shared<std::string>(), path = std::make_shared<std::string>();
  CLI::App* calendar = parent->add_subcommand("calendar", "Writes somebody's meetings as an iCalendar file");
  calendar->add_option("ATTENDEE", *attendee, "projects/ID, investors/ID, representatives/ID or a name")->required();
  calendar->add_option("--out", *path, "The file; standard output by default");
  calendar->callback([=] { command->action = [=](Session* session) { return Calendar(session, *attendee, *path); }; });
}

}  // namespace

void AddMeetingCommands(CLI::App* parent, Command* command) {
  CLI::App* app = parent->add_subcommand("meeting", "Who meets whom, when and where");
  app->require_subcommand(1);
  app->fallthrough();
  app->footer(kFooter);
  AddBooking(app, command);
  AddReporting(app, command);
  AddReading(app, command);
  AddMeetingBoardCommand(app, command);
}

}  // namespace tandem::cli
