// `tandem schedule`: proposals for all meetings of an edition. What makes them is in schedule_run_command.cc.
#include "tools/tandem/schedule_commands.h"

#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/csv_row.h"
#include "tools/tandem/edition_zone.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/output.h"
#include "tools/tandem/resource_commands.h"
#include "tools/tandem/resource_traits.h"
#include "tools/tandem/schedule_tables.h"
#include "tools/tandem/stamps.h"

namespace tandem::cli {
namespace {

using pairing::v1::Schedule;
using pairing::v1::SchedulePlacement;
using Stub = pairing::v1::ScheduleService::StubInterface;

constexpr char kFooter[] = R"(
A schedule is a preview until it is published: nothing is booked by it. It seats the most people first, then takes the
most value, then leaves the fewest gaps, and shows for each how far it is from what no schedule can pass.
SCHEDULE is an id or a name; without one it is the newest.

Examples:
  tandem --edition demo schedule run
  tandem --edition demo schedule run --mode unbooked --seed 7 --steps 1000 --order p-000001,i-0002:p-000001,i-0005
  tandem --edition demo schedule diff
  tandem --edition demo schedule diff --unplaced
  tandem --edition demo schedule publish SCHEDULE
  tandem --edition demo schedule verify
  tandem --edition demo schedule repair --for investors/i-0002 --publish
  tandem --edition demo schedule rollback SCHEDULE
)";

// The name of a schedule; of the newest one when `text` is empty.
absl::StatusOr<std::string> NameOf(Session* session, const std::string& text) {
  if (absl::StartsWith(text, "editions/")) return text;
  TANDEM_ASSIGN_OR_RETURN(const std::string edition, session->EditionName());
  if (!text.empty()) return absl::StrCat(edition, "/schedules/", text);
  pairing::v1::ListSchedulesRequest request;
  request.set_parent(edition);
  request.set_page_size(1);
  TANDEM_ASSIGN_OR_RETURN(const auto page, session->Call(session->schedules(), &Stub::ListSchedules, request));
  if (!page.schedules().empty()) return page.schedules(0).name();
  return absl::NotFoundError(absl::StrCat(edition, " has no schedule: make one (tandem schedule run)."));
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  return time.seconds() == 0 ? "" : UtcText(TimeOf(time));
}

absl::StatusOr<int> List(Session* session) {
  pairing::v1::ListSchedulesRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_parent(), session->EditionName());
  request.set_page_size(500);
  Table table({{"ID"},
               {"STATE"},
               {"MADE"},
               {"PLACES"},
               {"PLACED", Align::kRight},
               {"WISHED", Align::kRight},
               {"PEOPLE", Align::kRight},
               {"VALUE GAP", Align::kRight},
               {"PUBLISHED"}});
  do {
    TANDEM_ASSIGN_OR_RETURN(const auto page, session->Call(session->schedules(), &Stub::ListSchedules, request));
    for (const Schedule& schedule : page.schedules()) {
      if (WriteMessage(*session, schedule)) continue;
      const std::string mode = EnumText(*pairing::v1::ScheduleMode_descriptor(), schedule.mode());
      table.AddRow({LastPart(schedule.name()), EnumText(*Schedule::State_descriptor(), schedule.state()),
                    TimeText(schedule.create_time()), schedule.repair() ? "repair" : mode,
                    absl::StrCat(schedule.placed()), absl::StrCat(schedule.wished()),
                    absl::StrCat(schedule.people().value()), GapText(schedule.value()),
                    TimeText(schedule.publish_time())});
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (session->options().output == "table") WriteTable(*session, table);
  return kExitOk;
}

absl::StatusOr<int> Show(Session* session, const std::string& id) {
  pairing::v1::GetScheduleRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_name(), NameOf(session, id));
  TANDEM_ASSIGN_OR_RETURN(const Schedule schedule, session->Call(session->schedules(), &Stub::GetSchedule, request));
  WriteSchedule(*session, schedule);
  return kExitOk;
}

// The titles of all parties of the edition.
template <typename Traits>
absl::Status AddTitles(Session* session, absl::flat_hash_map<std::string, std::string>* titles) {
  return ForEach<Traits>(session, /*show_deleted=*/true, 500, [&](const auto& resource) {
    (*titles)[resource.name()] = TitleOf(resource.texts());
    return true;
  });
}

absl::StatusOr<int> Diff(Session* session, const std::string& id, bool unplaced) {
  pairing::v1::ListPlacementsRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_parent(), NameOf(session, id));
  request.set_changes_only(!unplaced);
  request.set_unplaced_only(unplaced);
  request.set_page_size(500);
  std::vector<SchedulePlacement> placements;
  do {
    TANDEM_ASSIGN_OR_RETURN(const auto page, session->Call(session->schedules(), &Stub::ListPlacements, request));
    for (const SchedulePlacement& placement : page.placements()) {
      if (!WriteMessage(*session, placement)) placements.push_back(placement);
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (session->options().output != "table") return kExitOk;

  absl::flat_hash_map<std::string, std::string> titles;
  if (!placements.empty()) {
    TANDEM_RETURN_IF_ERROR(AddTitles<ProjectTraits>(session, &titles));
    TANDEM_RETURN_IF_ERROR(AddTitles<InvestorTraits>(session, &titles));
  }
  const TitleOfParty title = [&](const std::string& party) { return titles[party]; };
  const size_t width = WidthOf(*session);
  if (unplaced) {
    *session->terminal().out << UnplacedText(std::move(placements), title, width);
    return kExitOk;
  }
  TANDEM_ASSIGN_OR_RETURN(const EditionZone zone, EditionZone::Ask(session, request.parent()));
  *session->terminal().out << ChangesText(std::move(placements), zone, title, width);
  return kExitOk;
}

absl::StatusOr<int> RollBack(Session* session, const std::string& id, const std::string& etag) {
  pairing::v1::RollBackScheduleRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_name(), NameOf(session, id));
  request.set_etag(etag);
  request.set_request_id(RandomUuid());
  TANDEM_ASSIGN_OR_RETURN(const auto answer, session->Call(session->schedules(), &Stub::RollBackSchedule, request));
  if (WriteMessage(*session, answer)) return kExitOk;
  std::ostream& out = *session->terminal().out;
  out << answer.schedule().name() << " is taken back: " << answer.restored()
      << " meetings are where they were before, or cancelled\n";
  for (const std::string& meeting : answer.kept())
    out << "stays, as somebody has touched it since: " << meeting << "\n";
  out << "token " << answer.schedule().consistency_token() << "\n";
  return kExitOk;
}

absl::StatusOr<int> Verify(Session* session, const std::string& id) {
  pairing::v1::VerifyScheduleRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_parent(), session->EditionName());
  if (!id.empty()) {
    TANDEM_ASSIGN_OR_RETURN(*request.mutable_schedule(), NameOf(session, id));
  }
  TANDEM_ASSIGN_OR_RETURN(const auto verified, session->Call(session->schedules(), &Stub::VerifySchedule, request));
  if (!WriteMessage(*session, verified)) {
    TANDEM_ASSIGN_OR_RETURN(const EditionZone zone, EditionZone::Ask(session, request.parent()));
    *session->terminal().out << ViolationsText(verified, zone, WidthOf(*session));
  }
  return verified.violation_count() == 0 ? kExitOk : kExitError;
}

struct Options {
  std::string id, etag;
  bool unplaced = false;
};
using Action = absl::StatusOr<int> (*)(Session*, const Options&);

CLI::App* AddOne(CLI::App* parent, Command* command, const char* verb, const char* help, bool writes, Action action) {
  CLI::App* app = parent->add_subcommand(verb, help);
  const auto options = std::make_shared<Options>();
  auto* id = app->add_option("SCHEDULE", options->id, writes ? "Its id or name" : "Its id or name; the newest without");
  if (writes) {
    id->required();
    app->add_option("--etag", options->etag, "Only if this is the current version");
  }
  if (std::string(verb) == "diff") app->add_flag("--unplaced", options->unplaced, "What it does not place, and why");
  app->callback([=] { command->action = [=](Session* session) { return action(session, *options); }; });
  return app;
}

}  // namespace

void WriteSchedule(const Session& session, const Schedule& schedule) {
  if (!WriteMessage(session, schedule)) *session.terminal().out << ScheduleText(schedule, WidthOf(session));
}

absl::StatusOr<Schedule> PublishSchedule(Session* session, const std::string& name, const std::string& etag) {
  pairing::v1::PublishScheduleRequest request;
  request.set_name(name);
  request.set_etag(etag);
  request.set_request_id(RandomUuid());
  return session->Call(session->schedules(), &Stub::PublishSchedule, request);
}

void WritePublished(const Session& session, const Schedule& schedule) {
  if (WriteMessage(session, schedule)) return;
  *session.terminal().out << schedule.name() << " is published: " << schedule.added() << " meetings added, "
                          << schedule.moved() << " moved, " << schedule.removed() << " removed\ntoken "
                          << schedule.consistency_token() << "\n";
}

void AddScheduleCommands(CLI::App* parent, Command* command) {
  CLI::App* app =
      parent->add_subcommand("schedule", "All meetings of an edition at once: proposed, compared, published");
  app->require_subcommand(1);
  app->fallthrough();
  app->footer(kFooter);
  AddScheduleRunCommands(app, command);
  app->add_subcommand("list", "Lists them, the newest first")->callback([=] { command->action = &List; });
  AddOne(app, command, "show", "Shows what one reached", false,
         [](Session* session, const Options& options) { return Show(session, options.id); });
  AddOne(app, command, "diff", "Shows what it adds, moves and removes beside what is booked", false,
         [](Session* session, const Options& options) { return Diff(session, options.id, options.unplaced); });
  AddOne(app, command, "publish", "Books it, all or nothing", true,
         [](Session* session, const Options& options) -> absl::StatusOr<int> {
           TANDEM_ASSIGN_OR_RETURN(const std::string name, NameOf(session, options.id));
           TANDEM_ASSIGN_OR_RETURN(const Schedule schedule, PublishSchedule(session, name, options.etag));
           WritePublished(*session, schedule);
           return kExitOk;
         });
  AddOne(app, command, "rollback", "Takes a published one back, all or nothing", true,
         [](Session* session, const Options& options) { return RollBack(session, options.id, options.etag); });

  const auto verified = std::make_shared<std::string>();
  CLI::App* verify =
      app->add_subcommand("verify", "Proves every hard rule of what is booked; exit code 1 when one is broken");
  verify->add_option("SCHEDULE", *verified, "Prove this schedule instead, by its id or name");
  verify->callback([=] { command->action = [=](Session* session) { return Verify(session, *verified); }; });
}

}  // namespace tandem::cli
