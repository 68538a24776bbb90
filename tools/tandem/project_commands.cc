#include <memory>
#include <string>

#include "tools/tandem/csv_row.h"
#include "tools/tandem/import_command.h"
#include "tools/tandem/resource_commands.h"
#include "tools/tandem/resource_traits.h"

namespace tandem::cli {
namespace {

using projects::v1::Project;
using projects::v1::ReviewProjectRequest;
using Stub = ProjectTraits::Stub;

constexpr char kFooter[] = R"(
Examples:
  tandem --edition demo project import projects.jsonl --publish
  tandem --edition demo project list --limit 20
  tandem --edition demo project get p-000001
  tandem --edition demo project review p-000001 --reject --reason "No contact given"
)";

std::vector<std::string> Row(const Project& project) {
  return {LastPart(project.name()),
          project.external_id(),
          project.has_delete_time() ? "deleted" : EnumText(*Project::State_descriptor(), project.state()),
          PlaceText(project.place()),
          EnumText(*type::v1::FundingRound_descriptor(), project.funding_round()),
          RangeText(project.ask()),
          TitleOf(project.texts())};
}

void AddReview(CLI::App* parent, Command* command) {
  struct Options {
    bool publish = false;
    bool reject = false;
    std::string reason;
  };
  auto options = std::make_shared<Options>();
  CLI::App* app = AddVerb<ProjectTraits, ReviewProjectRequest>(
      parent, command, "review", "The organiser's decision on a submitted project", &Stub::ReviewProject,
      [options](ReviewProjectRequest* request) {
        request->set_decision(options->reject ? ReviewProjectRequest::DECISION_REJECT
                                              : ReviewProjectRequest::DECISION_PUBLISH);
        request->set_reason(options->reason);
      });
  auto* decision = app->add_option_group("decision");
  decision->add_flag("--publish", options->publish, "Accepted: it is matched");
  decision->add_flag("--reject", options->reject, "Not accepted; say why");
  decision->require_option(1);
  app->add_option("--reason", options->reason, "Why; shown to the owner");
}

}  // namespace

void AddProjectCommands(CLI::App* parent, Command* command) {
  CLI::App* app = parent->add_subcommand("project", "Projects of an edition");
  app->require_subcommand(1);
  app->fallthrough();
  app->footer(kFooter);
  AddListCommand<ProjectTraits>(
      app, command, {{"ID"}, {"EXTERNAL ID"}, {"STATE"}, {"PLACE"}, {"ROUND"}, {"ASK", Align::kRight}, {"TITLE"}},
      &Row);
  AddGetCommand<ProjectTraits>(app, command);
  AddImportCommand(app, command, ProjectKind(), "publish", &ProjectSender);
  AddVerb<ProjectTraits>(app, command, "submit", "Hands a draft to the organiser", &Stub::SubmitProject);
  AddReview(app, command);
  AddVerb<ProjectTraits>(app, command, "pause", "Takes a published project out of matching", &Stub::PauseProject);
  AddVerb<ProjectTraits>(app, command, "resume", "Brings a paused project back", &Stub::ResumeProject);
  AddVerb<ProjectTraits>(app, command, "withdraw", "Ends its part in the edition, for good", &Stub::WithdrawProject);
  AddVerb<ProjectTraits>(app, command, "delete", "Marks it as deleted", &Stub::DeleteProject);
  AddVerb<ProjectTraits>(app, command, "undelete", "Brings a deleted project back", &Stub::UndeleteProject);
}

}  // namespace tandem::cli
