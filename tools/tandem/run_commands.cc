#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "common/base/status.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/csv_row.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/output.h"
#include "tools/tandem/run_wait.h"

namespace tandem::cli {
namespace {

using type::v1::Run;
using Stub = pairing::v1::RunService::StubInterface;

constexpr char kFooter[] = R"(
Examples:
  tandem --edition demo run list
  tandem --edition demo run show train-3
  tandem --edition demo run wait train-3
  tandem --edition demo run cancel train-3
)";

absl::StatusOr<std::string> NameOf(const Session& session, const std::string& id) {
  if (absl::StartsWith(id, "editions/")) return id;
  TANDEM_ASSIGN_OR_RETURN(const std::string edition, session.EditionName());
  return absl::StrCat(edition, "/runs/", id);
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", absl::FromUnixSeconds(time.seconds()), absl::UTCTimeZone());
}

absl::StatusOr<int> List(Session* session) {
  pairing::v1::ListRunsRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string edition, session->EditionName());
  request.set_parent(edition);
  request.set_page_size(500);
  Table table({{"ID"}, {"STATE"}, {"DONE", Align::kRight}, {"CREATED (UTC)"}, {"ENDED (UTC)"}, {"RESULT"}});
  do {
    TANDEM_ASSIGN_OR_RETURN(const auto page, session->Call(session->runs(), &Stub::ListRuns, request));
    for (const Run& run : page.runs()) {
      if (WriteMessage(*session, run)) continue;
      table.AddRow({LastPart(run.name()), EnumText(*Run::State_descriptor(), run.state()),
                    absl::StrCat(run.progress_thousandths() / 10, "%"), TimeText(run.create_time()),
                    TimeText(run.end_time()), run.has_error() ? run.error().message() : LastPart(run.result())});
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (session->options().output == "table") WriteTable(*session, table);
  return kExitOk;
}

absl::StatusOr<int> Show(Session* session, const std::string& id) {
  pairing::v1::GetRunRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string name, NameOf(*session, id));
  request.set_name(name);
  TANDEM_ASSIGN_OR_RETURN(const Run run, session->Call(session->runs(), &Stub::GetRun, request));
  if (!WriteMessage(*session, run)) *session->terminal().out << ToYaml(run);
  return kExitOk;
}

absl::StatusOr<int> Cancel(Session* session, const std::string& id) {
  pairing::v1::CancelRunRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string name, NameOf(*session, id));
  request.set_name(name);
  TANDEM_ASSIGN_OR_RETURN(const Run run, session->Call(session->runs(), &Stub::CancelRun, request));
  WriteRun(*session, run);
  return kExitOk;
}

absl::StatusOr<int> Wait(Session* session, const std::string& id) {
  TANDEM_ASSIGN_OR_RETURN(const std::string name, NameOf(*session, id));
  TANDEM_ASSIGN_OR_RETURN(const Run run, WaitForRun(session, name));
  return WriteRun(*session, run);
}

void AddOne(CLI::App* parent, Command* command, const char* verb, const char* what,
            absl::StatusOr<int> (*action)(Session*, const std::string&)) {
  CLI::App* app = parent->add_subcommand(verb, what);
  auto id = std::make_shared<std::string>();
  app->add_option("ID", *id, "Its id or name")->required();
  app->callback([=] { command->action = [=](Session* session) { return action(session, *id); }; });
}

}  // namespace

void AddRunCommands(CLI::App* parent, Command* command) {
  CLI::App* app = parent->add_subcommand("run", "Long work of the pairing service, such as training");
  app->require_subcommand(1);
  app->fallthrough();
  app->footer(kFooter);
  CLI::App* list = app->add_subcommand("list", "Lists the runs of the edition, the newest first");
  list->callback([=] { command->action = &List; });
  AddOne(app, command, "show", "Shows one with all its fields", &Show);
  AddOne(app, command, "cancel", "Asks one to stop", &Cancel);
  AddOne(app, command, "wait", "Waits until one has ended; exit code 1 unless it succeeded", &Wait);
}

}  // namespace tandem::cli
