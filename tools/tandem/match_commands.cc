#include <algorithm>
#include <memory>
#include <string>

#include "tools/tandem/decimal.h"
#include "tools/tandem/match_options.h"
#include "tools/tandem/match_tables.h"
#include "tools/tandem/resource_commands.h"
#include "tools/tandem/resource_traits.h"

namespace tandem::cli {
namespace {

using pairing::v1::Match;
using pairing::v1::MatchExplanation;
using Stub = pairing::v1::PairingService::StubInterface;

constexpr char kFooter[] = R"(
Scores and points are in nats (log-odds): +0.693 doubles the odds.

Examples:
  tandem --edition demo match find --investor i-0001 --limit 5
  tandem --edition demo match find --project p-000001 --most-per-owner 2 --spare-spent-capacity
  tandem match find editions/demo/projects/abc --explain --language zh-Hans
  tandem --edition demo match explain --project p-000001 --investor i-0001
)";

struct Options {
  std::string name;
  std::string project;
  std::string investor;
  std::string as_of;
  std::string language;
  int limit = 20;
  bool explain = false;
  pairing::v1::MatchOptions match;
};

absl::StatusOr<std::string> SubjectOf(Session* session, const Options& options) {
  if (!options.project.empty()) return ResolveName<ProjectTraits>(session, options.project);
  if (!options.investor.empty()) return ResolveName<InvestorTraits>(session, options.investor);
  if (absl::StartsWith(options.name, "editions/")) return options.name;
  if (absl::StartsWith(options.name, "projects/")) return ResolveName<ProjectTraits>(session, options.name);
  if (absl::StartsWith(options.name, "investors/")) return ResolveName<InvestorTraits>(session, options.name);
  return UsageError(absl::StrCat("'", options.name,
                                 "' does not say whether it is a project or an investor: give a full name, "
                                 "projects/ID, investors/ID, --project ID or --investor ID."));
}

void WriteExplained(const Session& session, const Match& match) {
  std::ostream& out = *session.terminal().out;
  out << match.rank() << ". " << match.counterpart_title() << " (" << match.counterpart_external_id() << ")"
      << (match.plain_rank() == 0 ? "" : absl::StrCat(", number ", match.plain_rank(), " without options")) << "\n";
  WriteTable(session, TermTable(match.terms()));
  if (!match.unknown_gates().empty()) WriteTable(session, GateTable(match.unknown_gates()));
  out << "\n";
}

// With options the rank without them stands beside the rank.
std::vector<Column> Columns(bool with_options) {
  std::vector<Column> columns = {{"RANK", Align::kRight}};
  if (with_options) columns.push_back({"PLAIN", Align::kRight});
  columns.insert(columns.end(), {{"SCORE", Align::kRight}, {"EXTERNAL ID"}, {"ID"}, {"TITLE"}});
  return columns;
}

void AddRow(const Match& match, bool for_project, bool with_options, Table* table) {
  std::vector<std::string> cells = {absl::StrCat(match.rank())};
  if (with_options) cells.push_back(absl::StrCat(match.plain_rank() == 0 ? match.rank() : match.plain_rank()));
  cells.insert(cells.end(), {FormatMicros(match.score()), match.counterpart_external_id(),
                             LastPart(for_project ? match.investor() : match.project()), match.counterpart_title()});
  table->AddRow(std::move(cells));
}

absl::StatusOr<int> Find(Session* session, const Options& options) {
  pairing::v1::FindMatchesRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string subject, SubjectOf(session, options));
  const bool for_project = absl::StrContains(subject, "/projects/");
  request.set_subject(subject);
  request.set_as_of_date(options.as_of);
  request.set_language_code(options.language);
  request.set_explain(options.explain);
  *request.mutable_consistency() = session->Consistency();
  const bool with_options = AnyMatchOption(options.match);
  if (with_options) *request.mutable_options() = options.match;
  Table table(Columns(with_options));
  pairing::v1::MatchMetadata metadata;
  int count = 0;
  const bool as_table = session->options().output == "table";
  do {
    request.set_page_size(std::min(200, options.limit - count));
    TANDEM_ASSIGN_OR_RETURN(const auto page, session->Call(session->pairing(), &Stub::FindMatches, request));
    for (const Match& match : page.matches()) {
      ++count;
      if (!as_table) {
        WriteMessage(*session, match);
      } else if (options.explain) {
        WriteExplained(*session, match);
      } else {
        AddRow(match, for_project, with_options, &table);
      }
    }
    metadata = page.metadata();
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty() && count < options.limit);
  if (!as_table) return kExitOk;
  if (!options.explain) WriteTable(*session, table);
  *session->terminal().out << count << " of " << metadata.total_size() << " matches (" << metadata.considered_size()
                           << " take part) as of " << metadata.as_of_date() << ", profile "
                           << metadata.ranking_profile() << "\n";
  if (with_options) *session->terminal().out << metadata.passed_over_size() << " passed over as more of one owner\n";
  *session->terminal().out << "token " << metadata.consistency_token() << "\n";
  return kExitOk;
}

absl::StatusOr<int> Explain(Session* session, const Options& options) {
  pairing::v1::ExplainMatchRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string project, ResolveName<ProjectTraits>(session, options.project));
  TANDEM_ASSIGN_OR_RETURN(const std::string investor, ResolveName<InvestorTraits>(session, options.investor));
  request.set_project(project);
  request.set_investor(investor);
  request.set_as_of_date(options.as_of);
  request.set_language_code(options.language);
  *request.mutable_consistency() = session->Consistency();
  TANDEM_ASSIGN_OR_RETURN(const MatchExplanation explanation,
                          session->Call(session->pairing(), &Stub::ExplainMatch, request));
  if (WriteMessage(*session, explanation)) return kExitOk;
  std::ostream& out = *session->terminal().out;
  out << explanation.project() << "\n" << explanation.investor() << "\n";
  if (explanation.eligible()) {
    out << "A match with score " << FormatMicros(explanation.score()) << ": number " << explanation.rank_for_project()
        << " of the project, number " << explanation.rank_for_investor() << " of the investor.\n\n";
  } else {
    out << "No match; without its failed gates the score would be " << FormatMicros(explanation.score()) << ".\n\n";
  }
  WriteTable(*session, TermTable(explanation.terms()));
  out << "\n";
  WriteTable(*session, GateTable(explanation.gates()));
  out << "\nas of " << explanation.as_of_date() << ", profile " << explanation.ranking_profile() << "\ntoken "
      << explanation.consistency_token() << "\n";
  if (SumOf(explanation.terms()) == explanation.score()) return kExitOk;
  return absl::InternalError("The terms do not sum to the score: the service is at fault.");
}

}  // namespace

void AddMatchCommands(CLI::App* parent, Command* command) {
  CLI::App* app = parent->add_subcommand("match", "Who fits whom, and why");
  app->require_subcommand(1);
  app->fallthrough();
  app->footer(kFooter);

  auto options = std::make_shared<Options>();
  CLI::App* find = app->add_subcommand("find", "Ranks the counterparts of a project or an investor");
  auto* subject = find->add_option_group("subject");
  subject->add_option("NAME", options->name, "Full name, projects/ID or investors/ID");
  subject->add_option("--project", options->project, "Id, name or external id of a project");
  subject->add_option("--investor", options->investor, "Id, name or external id of an investor");
  subject->require_option(1);
  find->add_option("--as-of", options->as_of, "Date to match for, YYYY-MM-DD; the edition's by default");
  find->add_option("--limit", options->limit, "Most matches")->check(CLI::Range(1, 100000))->capture_default_str();
  find->add_option("--language", options->language, "Language of titles and values (BCP-47)");
  AddMatchOptions(find, &options->match);
  find->add_flag("--explain", options->explain, "With the terms of every score");
  find->callback([=] { command->action = [=](Session* session) { return Find(session, *options); }; });

  auto pair = std::make_shared<Options>();
  CLI::App* explain = app->add_subcommand("explain", "Explains one pair, also one that is no match");
  explain->add_option("--project", pair->project, "Id, name or external id of the project")->required();
  explain->add_option("--investor", pair->investor, "Id, name or external id of the investor")->required();
  explain->add_option("--as-of", pair->as_of, "Date to match for, YYYY-MM-DD; the edition's by default");
  explain->add_option("--language", pair->language, "Language of the values (BCP-47); English by default");
  explain->callback([=] { command->action = [=](Session* session) { return Explain(session, *pair); }; });
}

}  // namespace tandem::cli
