// `meeting board`: an edition's meetings at a glance.
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"

#include "common/base/civil_date.h"
#include "common/base/status.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/meeting_board.h"
#include "tools/tandem/output.h"

namespace tandem::cli {
namespace {

using pairing::v1::Meeting;
using Stub = pairing::v1::MeetingService::StubInterface;

struct Options {
  std::string edition;
  BoardOptions board;
};

absl::StatusOr<int> Board(Session* session, const Options& options) {
  const std::string name = EditionNameOf(options.edition);
  if (!options.board.day.empty() && !ParseDate(options.board.day).ok()) {
    return UsageError(absl::StrCat("--day: '", options.board.day, "' is no date of the form YYYY-MM-DD."));
  }
  pairing::v1::GetEditionRequest get;
  get.set_name(name);
  TANDEM_ASSIGN_OR_RETURN(
      const auto edition,
      session->Call(session->editions(), &pairing::v1::EditionService::StubInterface::GetEdition, get));
  TANDEM_ASSIGN_OR_RETURN(EditionZone zone, EditionZone::Of(edition.time_zone()));
  pairing::v1::ListMeetingsRequest list;
  list.set_parent(name);
  for (const auto state : {Meeting::STATE_CONFIRMED, Meeting::STATE_RESCHEDULE_PENDING, Meeting::STATE_IN_PROGRESS,
                           Meeting::STATE_HELD, Meeting::STATE_NO_SHOW}) {
    list.add_states(state);
  }
  list.set_page_size(500);
  std::vector<Meeting> meetings;
  do {
    TANDEM_ASSIGN_OR_RETURN(const auto page, session->Call(session->meetings(), &Stub::ListMeetings, list));
    meetings.insert(meetings.end(), page.meetings().begin(), page.meetings().end());
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());

  const size_t count = meetings.size();
  const MeetingBoard board(edition, std::move(zone), std::move(meetings));
  if (session->options().output != "table") {
    for (const std::string& line : board.Lines(options.board)) WriteJson(*session, line);
    return kExitOk;
  }
  BoardOptions wide = options.board;
  wide.width = session->options().width > 0 ? session->options().width : session->terminal().width;
  *session->terminal().out << name << ": " << count << " meetings\n" << board.Render(wide);
  return kExitOk;
}

}  // namespace

void AddMeetingBoardCommand(CLI::App* meeting, Command* command) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = meeting->add_subcommand("board", "Shows who meets in which slot at which place, in local time");
  app->add_option("EDITION", options->edition, "Id of the edition")->required();
  app->add_option("--day", options->board.day, "Only this local date, YYYY-MM-DD");
  app->add_option("--hall", options->board.hall, "Only this hall");
  app->add_flag("--taken-only", options->board.taken_only, "Leave out places that nobody meets at on the day");
  app->callback([=] { command->action = [=](Session* session) { return Board(session, *options); }; });
}

}  // namespace tandem::cli
