// `tandem schedule run` and `tandem schedule repair`: what makes schedules.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/edition_zone.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/run_wait.h"
#include "tools/tandem/schedule_commands.h"
#include "tools/tandem/zone_names.h"

namespace tandem::cli {
namespace {

using pairing::v1::Schedule;
using Stub = pairing::v1::ScheduleService::StubInterface;
using type::v1::Run;

struct RunOptions {
  std::string mode_word = "all";
  std::vector<std::string> pairings, orders;
  int64_t seed = 0;
  int steps = 0;
  bool value_first = false;
  bool no_wait = false;
  bool publish = false;
};

absl::StatusOr<pairing::v1::GenerateScheduleRequest> RequestOf(Session* session, const RunOptions& options) {
  pairing::v1::GenerateScheduleRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_parent(), session->EditionName());
  const bool selected = options.mode_word == "selected";
  if (selected == options.pairings.empty()) {
    return UsageError(selected ? "--mode selected needs what is selected: give --pairing PAIRING."
                               : "--pairing selects pairings: give --mode selected with it.");
  }
  request.set_mode(selected                          ? pairing::v1::SCHEDULE_MODE_SELECTED
                   : options.mode_word == "unbooked" ? pairing::v1::SCHEDULE_MODE_UNBOOKED
                                                     : pairing::v1::SCHEDULE_MODE_ALL);
  for (const std::string& text : options.pairings) {
    TANDEM_ASSIGN_OR_RETURN(*request.add_pairings(), ResolvePairing(session, text));
  }
  for (const std::string& text : options.orders) {
    const std::vector<std::string> parts = absl::StrSplit(text, ':');
    if (parts.size() != 2) {
      return UsageError(absl::StrCat("--order '", text, "' is not of the form EARLIER:LATER, two pairings."));
    }
    auto* order = request.add_orders();
    TANDEM_ASSIGN_OR_RETURN(*order->mutable_earlier(), ResolvePairing(session, parts[0]));
    TANDEM_ASSIGN_OR_RETURN(*order->mutable_later(), ResolvePairing(session, parts[1]));
  }
  request.set_seed(options.seed);
  request.set_step_limit(options.steps);
  request.set_value_first(options.value_first);
  request.set_request_id(RandomUuid());
  return request;
}

absl::StatusOr<int> RunIt(Session* session, const RunOptions& options) {
  if (options.no_wait && options.publish) {
    return UsageError("--publish needs the schedule: leave out --no-wait, or publish later (tandem schedule publish).");
  }
  TANDEM_ASSIGN_OR_RETURN(const auto request, RequestOf(session, options));
  TANDEM_ASSIGN_OR_RETURN(Run run, session->Call(session->schedules(), &Stub::GenerateSchedule, request));
  if (options.no_wait) return WriteRun(*session, run);
  TANDEM_ASSIGN_OR_RETURN(run, WaitForRun(session, run.name()));
  if (run.state() != Run::STATE_SUCCEEDED) return WriteRun(*session, run);
  pairing::v1::GetScheduleRequest made;
  made.set_name(run.result());
  TANDEM_ASSIGN_OR_RETURN(const Schedule schedule, session->Call(session->schedules(), &Stub::GetSchedule, made));
  if (!options.publish || session->options().output == "table") WriteSchedule(*session, schedule);
  if (!options.publish) return kExitOk;
  TANDEM_ASSIGN_OR_RETURN(const Schedule published, PublishSchedule(session, schedule.name(), schedule.etag()));
  if (session->options().output == "table") *session->terminal().out << "\n";
  WritePublished(*session, published);
  return kExitOk;
}

struct RepairOptions {
  std::vector<std::string> attendees;
  int most_moves = 0;
  std::string not_before;
  bool publish = false;
};

absl::StatusOr<int> Repair(Session* session, const RepairOptions& options) {
  pairing::v1::RepairScheduleRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_parent(), session->EditionName());
  for (const std::string& text : options.attendees) {
    TANDEM_ASSIGN_OR_RETURN(*request.add_attendees(), ResolveAttendee(session, text));
  }
  request.set_most_moves(options.most_moves);
  if (!options.not_before.empty()) {
    google::protobuf::RepeatedPtrField<google::protobuf::Timestamp> times;
    TANDEM_RETURN_IF_ERROR(ParseSlots(session, request.parent(), {options.not_before}, &times));
    *request.mutable_not_before() = times[0];
  }
  request.set_publish(options.publish);
  request.set_request_id(RandomUuid());
  TANDEM_ASSIGN_OR_RETURN(const Schedule schedule, session->Call(session->schedules(), &Stub::RepairSchedule, request));
  WriteSchedule(*session, schedule);
  return kExitOk;
}

}  // namespace

void AddScheduleRunCommands(CLI::App* parent, Command* command) {
  const auto options = std::make_shared<RunOptions>();
  CLI::App* run = parent->add_subcommand("run", "Makes a schedule of all wished meetings: a preview");
  run->add_option("--mode", options->mode_word,
                  "all mutual pairings, where booked meetings may move; those without a meeting; or selected ones")
      ->check(CLI::IsMember({"all", "unbooked", "selected"}))
      ->capture_default_str();
  run->add_option("--pairing", options->pairings, "One of the selected: its id or name, or PROJECT,INVESTOR")
      ->take_all();
  run->add_option("--order", options->orders,
                  "EARLIER:LATER, two pairings: one meeting is over before the other begins")
      ->take_all();
  run->add_option("--seed", options->seed, "Seed of what is drawn by chance; 1 by default")
      ->check(CLI::NonNegativeNumber);
  run->add_option("--steps", options->steps, "Most steps of improvement; 400 by default")->check(CLI::Range(0, 100000));
  run->add_flag("--value-first", options->value_first, "Value before people: who has no meeting is not asked");
  run->add_flag("--no-wait", options->no_wait, "Return at once; `tandem run wait` waits later");
  run->add_flag("--publish", options->publish, "Book it at once");
  run->callback([=] { command->action = [=](Session* session) { return RunIt(session, *options); }; });

  const auto repaired = std::make_shared<RepairOptions>();
  CLI::App* repair =
      parent->add_subcommand("repair", "Fills holes after a cancellation, a no-show or a late arrival, moving little");
  repair->add_option("--for", repaired->attendees, "Only for projects/ID, investors/ID or representatives/ID")
      ->take_all();
  repair->add_option("--most-moves", repaired->most_moves, "Most others that move for each one filled in; 3 by default")
      ->check(CLI::Range(0, 10));
  repair->add_option("--not-before", repaired->not_before,
                     "Nothing that begins sooner changes: RFC 3339, or local YYYY-MM-DDTHH:MM; now by default");
  repair->add_flag("--publish", repaired->publish, "Book it at once");
  repair->callback([=] { command->action = [=](Session* session) { return Repair(session, *repaired); }; });
}

}  // namespace tandem::cli
