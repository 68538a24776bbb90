#include <memory>
#include <string>

#include "tools/tandem/csv_row.h"
#include "tools/tandem/import_command.h"
#include "tools/tandem/resource_commands.h"
#include "tools/tandem/resource_traits.h"

namespace tandem::cli {
namespace {

using investors::v1::Investor;
using investors::v1::VerifyInvestorRequest;
using Stub = InvestorTraits::Stub;

constexpr char kFooter[] = R"(
Examples:
  tandem --edition demo investor import investors.csv --verify
  tandem --edition demo investor list --limit 20
  tandem --edition demo -o json investor get i-0001
  tandem --edition demo investor verify i-0001 --accept
)";

std::vector<std::string> Row(const Investor& investor) {
  return {LastPart(investor.name()),
          investor.external_id(),
          investor.has_delete_time() ? "deleted" : EnumText(*Investor::State_descriptor(), investor.state()),
          EnumText(*type::v1::InvestorType_descriptor(), investor.type()),
          investor.places().empty() ? "" : PlaceText(investor.places(0)),
          absl::StrCat(investor.mandate().criteria_size()),
          TitleOf(investor.texts())};
}

void AddVerify(CLI::App* parent, Command* command) {
  struct Options {
    bool accept = false;
    bool reject = false;
    std::string reason;
  };
  auto options = std::make_shared<Options>();
  CLI::App* app = AddVerb<InvestorTraits, VerifyInvestorRequest>(
      parent, command, "verify", "The organiser's decision on a submitted investor", &Stub::VerifyInvestor,
      [options](VerifyInvestorRequest* request) {
        request->set_decision(options->reject ? VerifyInvestorRequest::DECISION_REJECT
                                              : VerifyInvestorRequest::DECISION_VERIFY);
        request->set_reason(options->reason);
      });
  auto* decision = app->add_option_group("decision");
  decision->add_flag("--accept", options->accept, "Verified: it is matched");
  decision->add_flag("--reject", options->reject, "Not accepted; say why");
  decision->require_option(1);
  app->add_option("--reason", options->reason, "Why; shown to the owner");
}

}  // namespace

void AddInvestorCommands(CLI::App* parent, Command* command) {
  CLI::App* app = parent->add_subcommand("investor", "Investors of an edition");
  app->require_subcommand(1);
  app->fallthrough();
  app->footer(kFooter);
  AddListCommand<InvestorTraits>(
      app, command, {{"ID"}, {"EXTERNAL ID"}, {"STATE"}, {"TYPE"}, {"PLACE"}, {"CRITERIA", Align::kRight}, {"TITLE"}},
      &Row);
  AddGetCommand<InvestorTraits>(app, command);
  AddImportCommand(app, command, InvestorKind(), "verify", &InvestorSender);
  AddVerb<InvestorTraits>(app, command, "submit", "Hands a draft to the organiser", &Stub::SubmitInvestor);
  AddVerify(app, command);
  AddVerb<InvestorTraits>(app, command, "pause", "Takes a verified investor out of matching", &Stub::PauseInvestor);
  AddVerb<InvestorTraits>(app, command, "resume", "Brings a paused investor back", &Stub::ResumeInvestor);
  AddVerb<InvestorTraits>(app, command, "withdraw", "Ends its part in the edition, for good", &Stub::WithdrawInvestor);
  AddVerb<InvestorTraits>(app, command, "delete", "Marks it as deleted", &Stub::DeleteInvestor);
  AddVerb<InvestorTraits>(app, command, "undelete", "Brings a deleted investor back", &Stub::UndeleteInvestor);
}

}  // namespace tandem::cli
