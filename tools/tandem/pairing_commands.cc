// `tandem pairing`: what projects and investors say to each other. The watch is in pairing_watch_command.cc.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tools/tandem/cli.h"
#include "tools/tandem/edition_zone.h"
#include "tools/tandem/enum_option.h"
#include "tools/tandem/resource_commands.h"
#include "tools/tandem/resource_traits.h"
#include "tools/tandem/zone_names.h"

namespace tandem::cli {
namespace {

using pairing::v1::Pairing;
using Stub = pairing::v1::LedgerService::StubInterface;

constexpr char kFooter[] = R"(
PROJECT and INVESTOR are ids, names or external ids; PAIRING is an id, a name or PROJECT,INVESTOR.
--side after the command says for whom an operator or organiser acts; a caller of a side (tandem --side) needs none.

Examples:
  tandem --edition demo pairing stance p-000001 i-0001 --side investor --kind interested
  tandem --edition demo pairing request p-000001 i-0002 --side project --message "May we meet?" --slot 2026-11-14T09:30
  tandem --edition demo pairing accept p-000001,i-0002 --side investor --slot 2026-11-14T09:30
  tandem --edition demo pairing decline p-000001,i-0002 --side investor --reason timing
  tandem --edition demo pairing list --party investors/i-0001 --state requested --state mutual
)";

struct Options {
  std::string project, investor;  // of a pair
  std::string pairing;
  pairing::v1::Side side = pairing::v1::SIDE_UNSPECIFIED;
  pairing::v1::StanceKind kind = pairing::v1::STANCE_KIND_UNSPECIFIED;
  pairing::v1::DeclineReason reason = pairing::v1::DECLINE_REASON_UNSPECIFIED;
  std::string message, note, etag;
  std::vector<std::string> slots;
};
using OptionsPtr = std::shared_ptr<Options>;

struct ListOptions {
  std::string party;
  std::vector<Pairing::State> states;
  int limit = 0;
};

int WriteWritten(const Session& session, const Pairing& pairing) {
  if (WriteMessage(session, pairing)) return kExitOk;
  std::ostream& out = *session.terminal().out;
  out << pairing.name() << " is " << EnumText(*Pairing::State_descriptor(), pairing.state()) << "\n";
  if (!pairing.meeting().empty()) out << "meeting " << pairing.meeting() << "\n";
  out << "token " << pairing.consistency_token() << "\n";
  return kExitOk;
}

// A write about a project and an investor that may not have a pairing yet.
template <typename Request>
absl::StatusOr<int> OfPair(Session* session, const Options& options,
                           grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Pairing*),
                           Request request) {
  TANDEM_ASSIGN_OR_RETURN(const std::string project, ResolveName<ProjectTraits>(session, options.project));
  TANDEM_ASSIGN_OR_RETURN(const std::string investor, ResolveName<InvestorTraits>(session, options.investor));
  request.set_project(project);
  request.set_investor(investor);
  request.set_side(options.side);
  request.set_request_id(RandomUuid());
  if constexpr (requires { request.mutable_slots(); }) {
    TANDEM_RETURN_IF_ERROR(ParseSlots(session, project, options.slots, request.mutable_slots()));
  }
  TANDEM_ASSIGN_OR_RETURN(const Pairing pairing, session->Call(session->ledger(), method, request));
  return WriteWritten(*session, pairing);
}

// A write about a pairing.
template <typename Request>
absl::StatusOr<int> OfPairing(Session* session, const Options& options,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Pairing*),
                              Request request) {
  TANDEM_ASSIGN_OR_RETURN(const std::string name, ResolvePairing(session, options.pairing));
  request.set_name(name);
  request.set_side(options.side);
  request.set_etag(options.etag);
  request.set_request_id(RandomUuid());
  if constexpr (requires { request.mutable_slots(); }) {
    TANDEM_RETURN_IF_ERROR(ParseSlots(session, name, options.slots, request.mutable_slots()));
  }
  TANDEM_ASSIGN_OR_RETURN(const Pairing pairing, session->Call(session->ledger(), method, request));
  return WriteWritten(*session, pairing);
}

absl::StatusOr<int> Get(Session* session, const Options& options) {
  pairing::v1::GetPairingRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string name, ResolvePairing(session, options.pairing));
  request.set_name(name);
  TANDEM_ASSIGN_OR_RETURN(const Pairing pairing, session->Call(session->ledger(), &Stub::GetPairing, request));
  if (!WriteMessage(*session, pairing)) *session->terminal().out << ToYaml(pairing);
  return kExitOk;
}

std::vector<std::string> Row(const Pairing& pairing) {
  const auto stance = [](const pairing::v1::Stance& said) {
    return EnumText(*pairing::v1::StanceKind_descriptor(), said.kind());
  };
  return {LastPart(pairing.name()),
          EnumText(*Pairing::State_descriptor(), pairing.state()),
          LastPart(pairing.project()),
          LastPart(pairing.investor()),
          stance(pairing.project_stance()),
          stance(pairing.investor_stance()),
          EnumText(*pairing::v1::Side_descriptor(), pairing.request().sender()),
          LastPart(pairing.meeting())};
}

absl::StatusOr<int> List(Session* session, const ListOptions& options) {
  pairing::v1::ListPairingsRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string edition, session->EditionName());
  request.set_parent(edition);
  if (!options.party.empty()) {
    TANDEM_ASSIGN_OR_RETURN(const std::string party, ResolveAttendee(session, options.party));
    request.set_party(party);
  }
  for (const Pairing::State state : options.states) request.add_states(state);
  request.set_page_size(options.limit == 0 ? 500 : std::min(options.limit, 500));
  Table table(
      {{"ID"}, {"STATE"}, {"PROJECT"}, {"INVESTOR"}, {"PROJECT SAYS"}, {"INVESTOR SAYS"}, {"LAST ASKED"}, {"MEETING"}});
  int count = 0;
  do {
    TANDEM_ASSIGN_OR_RETURN(const auto page, session->Call(session->ledger(), &Stub::ListPairings, request));
    for (const Pairing& pairing : page.pairings()) {
      if (options.limit > 0 && count == options.limit) break;
      ++count;
      if (!WriteMessage(*session, pairing)) table.AddRow(Row(pairing));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && (options.limit == 0 || count < options.limit));
  if (session->options().output == "table") WriteTable(*session, table);
  return kExitOk;
}

CLI::App* AddPair(CLI::App* parent, const char* verb, const char* help, const OptionsPtr& options) {
  CLI::App* app = parent->add_subcommand(verb, help);
  app->add_option("PROJECT", options->project, "Id, name or external id of the project")->required();
  app->add_option("INVESTOR", options->investor, "Id, name or external id of the investor")->required();
  AddEnumOption(app, "--side", &options->side, "For whom");
  return app;
}

CLI::App* AddPairing(CLI::App* parent, const char* verb, const char* help, const OptionsPtr& options) {
  CLI::App* app = parent->add_subcommand(verb, help);
  app->add_option("PAIRING", options->pairing, "Its id or name, or PROJECT,INVESTOR")->required();
  AddEnumOption(app, "--side", &options->side, "For whom");
  app->add_option("--etag", options->etag, "Only if this is the current version");
  return app;
}

void AddWrites(CLI::App* parent, Command* command) {
  const auto stanced = std::make_shared<Options>();
  CLI::App* stance = AddPair(parent, "stance", "Says what one side thinks of the other", stanced);
  AddEnumOption(stance, "--kind", &stanced->kind, "What it says; none takes it back", "none")->required();
  stance->callback([=] {
    command->action = [=](Session* session) {
      pairing::v1::SetStanceRequest request;
      request.set_kind(stanced->kind);
      return OfPair(session, *stanced, &Stub::SetStance, request);
    };
  });

  const auto asked = std::make_shared<Options>();
  CLI::App* ask = AddPair(parent, "request", "Asks the other side to meet", asked);
  ask->add_option("--message", asked->message, "What is said to the other side");
  ask->add_option("--slot", asked->slots, kSlotHelp)->take_all();
  ask->callback([=] {
    command->action = [=](Session* session) {
      pairing::v1::SendRequestRequest request;
      request.set_message(asked->message);
      return OfPair(session, *asked, &Stub::SendRequest, request);
    };
  });

  const auto accepted = std::make_shared<Options>();
  CLI::App* accept = AddPairing(parent, "accept", "Accepts the other side's request", accepted);
  accept->add_option("--slot", accepted->slots, absl::StrCat(kSlotHelp, ", best first; books the first that is open"))
      ->take_all();
  accept->callback([=] {
    command->action = [=](Session* session) {
      return OfPairing(session, *accepted, &Stub::AcceptRequest, pairing::v1::AcceptRequestRequest());
    };
  });

  const auto declined = std::make_shared<Options>();
  CLI::App* decline = AddPairing(parent, "decline", "Declines the other side's request", declined);
  AddEnumOption(decline, "--reason", &declined->reason, "Why")->required();
  decline->add_option("--note", declined->note, "What is added for the other side");
  decline->callback([=] {
    command->action = [=](Session* session) {
      pairing::v1::DeclineRequestRequest request;
      request.set_reason(declined->reason);
      request.set_note(declined->note);
      return OfPairing(session, *declined, &Stub::DeclineRequest, request);
    };
  });

  const auto withdrawn = std::make_shared<Options>();
  CLI::App* withdraw = AddPairing(parent, "withdraw", "Takes back a request, or leaves a mutual pairing", withdrawn);
  withdraw->callback([=] {
    command->action = [=](Session* session) {
      return OfPairing(session, *withdrawn, &Stub::WithdrawRequest, pairing::v1::WithdrawRequestRequest());
    };
  });
}

}  // namespace

void AddPairingCommands(CLI::App* parent, Command* command) {
  CLI::App* app = parent->add_subcommand("pairing", "What projects and investors say to each other, and ask");
  app->require_subcommand(1);
  app->fallthrough();
  app->footer(kFooter);
  AddWrites(app, command);

  const auto gotten = std::make_shared<Options>();
  CLI::App* get = app->add_subcommand("get", "Shows one with all its fields");
  get->add_option("PAIRING", gotten->pairing, "Its id or name, or PROJECT,INVESTOR")->required();
  get->callback([=] { command->action = [=](Session* session) { return Get(session, *gotten); }; });

  const auto listed = std::make_shared<ListOptions>();
  CLI::App* list = app->add_subcommand("list", "Lists them, ordered by name");
  list->add_option("--party", listed->party, "Only those of projects/ID or investors/ID");
  AddEnumsOption(list, "--state", &listed->states, "Only those that are so; several may be given");
  list->add_option("--limit", listed->limit, "Most items; 0 is all")->check(CLI::NonNegativeNumber);
  list->callback([=] { command->action = [=](Session* session) { return List(session, *listed); }; });

  AddPairingImportCommand(app, command);
  AddPairingWatchCommand(app, command);
}

}  // namespace tandem::cli
