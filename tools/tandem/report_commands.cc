#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "nlohmann/json.hpp"

#include "tools/tandem/exposure.h"
#include "tools/tandem/match_options.h"
#include "tools/tandem/resource_commands.h"
#include "tools/tandem/resource_traits.h"

namespace tandem::cli {
namespace {

using investors::v1::Investor;
using pairing::v1::MatchOptions;
using projects::v1::Project;

constexpr char kFooter[] = R"(
Exposure is how often each project and each investor stands in somebody's list. Coverage is the share of those who could
be shown that stand in any list. Gini is 0 when all are shown equally often and nears 1 when few are shown to everybody.

Examples:
  tandem --edition demo report exposure
  tandem --edition demo report exposure --top 5 --most-per-owner 1 --spare-spent-capacity --compare
  tandem --edition demo report meetings --output html --file meetings.html
)";

// Subjects of one call: few enough to be answered within its deadline.
constexpr size_t kSubjectsOfACall = 200;

struct Options {
  int top = 10;
  std::string as_of;
  MatchOptions match;
  bool compare = false;
};

// Who takes part in matching: who is asked for, and who can be shown.
struct Participants {
  std::vector<std::string> projects;
  std::vector<std::string> investors;
};

bool TakesPart(const Project& project) { return project.state() == Project::STATE_PUBLISHED; }
bool TakesPart(const Investor& investor) {
  return investor.state() == Investor::STATE_VERIFIED && (investor.deployment() == Investor::DEPLOYMENT_UNSPECIFIED ||
                                                          investor.deployment() == Investor::DEPLOYMENT_DEPLOYING);
}

template <typename Traits>
absl::Status List(Session* session, std::vector<std::string>* names) {
  return ForEach<Traits>(session, /*show_deleted=*/false, 500, [&](const auto& resource) {
    if (TakesPart(resource)) names->push_back(resource.name());
    return true;
  });
}

// Calls `receive` with the list of each subject. One that left since it was listed is passed over.
absl::Status AskFor(Session* session, const Options& options, const MatchOptions& match,
                    const std::vector<std::string>& subjects,
                    const std::function<void(const pairing::v1::BatchFindMatchesResponse&)>& receive) {
  TANDEM_ASSIGN_OR_RETURN(const std::string edition, session->EditionName());
  for (size_t begin = 0; begin < subjects.size(); begin += kSubjectsOfACall) {
    pairing::v1::BatchFindMatchesRequest request;
    request.set_parent(edition);
    request.set_page_size(options.top);
    request.set_as_of_date(options.as_of);
    *request.mutable_options() = match;
    *request.mutable_consistency() = session->Consistency();
    for (size_t i = begin; i < std::min(subjects.size(), begin + kSubjectsOfACall); ++i) {
      request.add_subjects(subjects[i]);
    }
    grpc::ClientContext context;
    session->Prepare(&context);
    const auto reader = session->pairing()->BatchFindMatches(&context, request);
    pairing::v1::BatchFindMatchesResponse response;
    absl::Status answered;
    while (answered.ok() && reader->Read(&response)) {
      answered = rpc::FromProto(response.status());
      if (answered.ok()) {
        receive(response);
      } else if (absl::IsNotFound(answered)) {
        answered = absl::OkStatus();
      }
    }
    if (!answered.ok()) context.TryCancel();
    const grpc::Status status = reader->Finish();
    TANDEM_RETURN_IF_ERROR(answered);
    TANDEM_RETURN_IF_ERROR(rpc::FromGrpc(status));
  }
  return absl::OkStatus();
}

// How often each project is shown to investors, or the other way round.
absl::StatusOr<Exposure> Measure(Session* session, const Options& options, const MatchOptions& match,
                                 const Participants& participants, bool projects_shown) {
  absl::flat_hash_map<std::string, int64_t> times;
  for (const std::string& name : projects_shown ? participants.projects : participants.investors) times[name] = 0;
  int64_t subjects = 0;
  TANDEM_RETURN_IF_ERROR(AskFor(session, options, match,
                                projects_shown ? participants.investors : participants.projects,
                                [&](const pairing::v1::BatchFindMatchesResponse& response) {
                                  ++subjects;
                                  for (const auto& shown : response.matches()) {
                                    ++times[projects_shown ? shown.project() : shown.investor()];
                                  }
                                }));
  std::vector<int64_t> counts;
  counts.reserve(times.size());
  for (const auto& [name, count] : times) counts.push_back(count);
  return MeasureExposure(subjects, std::move(counts));
}

// One kind of list that is measured.
struct Variant {
  std::string title;
  MatchOptions options;
};

void WriteAsJson(const Session& session, const Options& options, const Variant& variant, bool projects_shown,
                 const Exposure& exposure) {
  const auto number = [](const Fraction& fraction) { return static_cast<double>(Millionths(fraction)) / 1e6; };
  nlohmann::ordered_json json;
  json["shown"] = projects_shown ? "projects" : "investors";
  json["to"] = projects_shown ? "investors" : "projects";
  json["top"] = options.top;
  json["mostPerOwner"] = variant.options.most_per_owner();
  json["spareSpentCapacity"] = variant.options.spare_spent_capacity();
  json["subjects"] = exposure.subjects;
  json["counterparts"] = exposure.counterparts;
  json["shownCounterparts"] = exposure.shown;
  json["timesShown"] = exposure.times;
  json["coverage"] = number(exposure.coverage);
  json["gini"] = number(exposure.gini);
  json["shareOfMostShown1Percent"] = number(exposure.top_1_percent);
  json["shareOfMostShown10Percent"] = number(exposure.top_10_percent);
  WriteJson(session, json.dump());
}

void WriteAsTable(const Session& session, const Options& options, const std::vector<Variant>& variants,
                  bool projects_shown, const std::vector<Exposure>& exposures) {
  std::vector<Column> columns = {{"MEASURE"}};
  for (const Variant& variant : variants) columns.push_back({variant.title, Align::kRight});
  Table table(std::move(columns));
  const auto row = [&](const std::string& measure, const std::function<std::string(const Exposure&)>& text) {
    std::vector<std::string> cells = {measure};
    for (const Exposure& exposure : exposures) cells.push_back(text(exposure));
    table.AddRow(std::move(cells));
  };
  row("subjects", [](const Exposure& e) { return absl::StrCat(e.subjects); });
  row("counterparts", [](const Exposure& e) { return absl::StrCat(e.counterparts); });
  row("shown at least once", [](const Exposure& e) { return absl::StrCat(e.shown); });
  row("times shown", [](const Exposure& e) { return absl::StrCat(e.times); });
  row("coverage", [](const Exposure& e) { return FractionText(e.coverage); });
  row("Gini", [](const Exposure& e) { return FractionText(e.gini); });
  row("share of the most shown 1 %", [](const Exposure& e) { return FractionText(e.top_1_percent); });
  row("share of the most shown 10 %", [](const Exposure& e) { return FractionText(e.top_10_percent); });
  *session.terminal().out << (projects_shown ? "Projects shown to investors" : "Investors shown to projects")
                          << ", the first " << options.top << " of each list\n";
  WriteTable(session, table);
}

absl::StatusOr<int> ReportExposure(Session* session, const Options& options) {
  std::vector<Variant> variants;
  const bool any = AnyMatchOption(options.match);
  if (options.compare && !any) {
    return UsageError("--compare needs something to compare with: give --most-per-owner N or --spare-spent-capacity.");
  }
  if (options.compare || !any) variants.push_back({"PLAIN", {}});
  if (any) variants.push_back({"WITH OPTIONS", options.match});

  Participants participants;
  TANDEM_RETURN_IF_ERROR(List<ProjectTraits>(session, &participants.projects));
  TANDEM_RETURN_IF_ERROR(List<InvestorTraits>(session, &participants.investors));
  const bool as_table = session->options().output == "table";
  for (const bool projects_shown : {true, false}) {
    std::vector<Exposure> exposures;
    for (const Variant& variant : variants) {
      TANDEM_ASSIGN_OR_RETURN(Exposure exposure,
                              Measure(session, options, variant.options, participants, projects_shown));
      if (!as_table) WriteAsJson(*session, options, variant, projects_shown, exposure);
      exposures.push_back(std::move(exposure));
    }
    if (!as_table) continue;
    if (!projects_shown) *session->terminal().out << "\n";
    WriteAsTable(*session, options, variants, projects_shown, exposures);
  }
  return kExitOk;
}

}  // namespace

void AddReportCommands(CLI::App* parent, Command* command) {
  CLI::App* app =
      parent->add_subcommand("report", "What matching does to a whole edition, and what came of its meetings");
  app->require_subcommand(1);
  app->fallthrough();
  app->footer(kFooter);

  auto options = std::make_shared<Options>();
  CLI::App* exposure = app->add_subcommand("exposure", "How evenly projects and investors are shown");
  exposure->add_option("--top", options->top, "How much of each list counts as shown")
      ->check(CLI::Range(1, 200))
      ->capture_default_str();
  exposure->add_option("--as-of", options->as_of, "Date to match for, YYYY-MM-DD; the edition's by default");
  AddMatchOptions(exposure, &options->match);
  exposure->add_flag("--compare", options->compare, "The plain lists beside those with options");
  exposure->callback([=] { command->action = [=](Session* session) { return ReportExposure(session, *options); }; });

  AddMeetingReportCommand(app, command);
}

}  // namespace tandem::cli
