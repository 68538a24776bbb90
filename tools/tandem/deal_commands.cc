#include <algorithm>
#include <memory>
#include <string>

#include "tools/tandem/csv_row.h"
#include "tools/tandem/decimal.h"
#include "tools/tandem/import_command.h"
#include "tools/tandem/resource_commands.h"
#include "tools/tandem/resource_traits.h"

namespace tandem::cli {
namespace {

using investors::v1::Deal;
using Stub = InvestorTraits::Stub;

constexpr char kFooter[] = R"(
Examples:
  tandem --edition demo deal import deals.jsonl
  tandem --edition demo deal list --investor i-0001
  tandem deal delete editions/demo/investors/abc/deals/xyz
)";

std::vector<std::string> Row(const Deal& deal) {
  const auto& size = deal.round_size();
  return {deal.external_id(),
          LastPart(deal.name().substr(0, deal.name().find("/deals/"))),
          deal.date(),
          EnumText(*type::v1::FundingRound_descriptor(), deal.funding_round()),
          deal.has_round_size()
              ? absl::StrCat(FormatMinorUnits(size.amount_minor(), size.currency_code()), " ", size.currency_code())
              : "",
          PlaceText(deal.place()),
          deal.company().display_name().empty() ? deal.company().external_id() : deal.company().display_name(),
          LastPart(deal.name())};
}

struct ListOptions {
  std::string investor;
  int limit = 0;
};

absl::StatusOr<int> List(Session* session, const ListOptions& options) {
  investors::v1::ListDealsRequest request;
  if (options.investor.empty()) {
    TANDEM_ASSIGN_OR_RETURN(const std::string edition, session->EditionName());
    request.set_parent(edition + "/investors/-");
  } else {
    TANDEM_ASSIGN_OR_RETURN(const std::string investor, ResolveName<InvestorTraits>(session, options.investor));
    request.set_parent(investor);
  }
  request.set_page_size(options.limit == 0 ? 500 : std::min(options.limit, 500));
  Table table(
      {{"EXTERNAL ID"}, {"INVESTOR"}, {"DATE"}, {"ROUND"}, {"SIZE", Align::kRight}, {"PLACE"}, {"COMPANY"}, {"ID"}});
  int count = 0;
  do {
    TANDEM_ASSIGN_OR_RETURN(const auto page, session->Call(session->investors(), &Stub::ListDeals, request));
    for (const Deal& deal : page.deals()) {
      if (options.limit > 0 && count == options.limit) break;
      ++count;
      if (!WriteMessage(*session, deal)) table.AddRow(Row(deal));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && (options.limit == 0 || count < options.limit));
  if (session->options().output == "table") WriteTable(*session, table);
  return kExitOk;
}

absl::StatusOr<int> Delete(Session* session, const Subject& subject) {
  investors::v1::DeleteDealRequest request;
  request.set_name(subject.text);
  request.set_etag(subject.etag);
  request.set_request_id(RandomUuid());
  TANDEM_ASSIGN_OR_RETURN(const auto response, session->Call(session->investors(), &Stub::DeleteDeal, request));
  if (!WriteMessage(*session, response)) {
    *session->terminal().out << subject.text << " is deleted\ntoken " << response.consistency_token() << "\n";
  }
  return kExitOk;
}

}  // namespace

void AddDealCommands(CLI::App* parent, Command* command) {
  CLI::App* app = parent->add_subcommand("deal", "Deals of investors: their track records");
  app->require_subcommand(1);
  app->fallthrough();
  app->footer(kFooter);
  AddImportCommand(app, command, DealKind(), "", &DealSender);

  CLI::App* list = app->add_subcommand("list", "Lists deals, ordered by name");
  auto options = std::make_shared<ListOptions>();
  list->add_option("--investor", options->investor, "Only those of this investor: id, name or external id");
  list->add_option("--limit", options->limit, "Most items; 0 is all")->check(CLI::NonNegativeNumber);
  list->callback([=] { command->action = [=](Session* session) { return List(session, *options); }; });

  CLI::App* remove = app->add_subcommand("delete", "Removes a deal for good");
  auto subject = std::make_shared<Subject>();
  remove->add_option("NAME", subject->text, "Its full name, editions/.../investors/.../deals/...")->required();
  remove->add_option("--etag", subject->etag, "Only if this is the current version");
  remove->callback([=] { command->action = [=](Session* session) { return Delete(session, *subject); }; });
}

}  // namespace tandem::cli
