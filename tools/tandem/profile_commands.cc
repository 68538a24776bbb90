#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "common/rpc/status_conversion.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/csv_row.h"
#include "tools/tandem/decimal.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/output.h"

namespace tandem::cli {
namespace {

using pairing::v1::Edition;
using pairing::v1::RankingProfile;
using pairing::v1::SignalWeight;
using Stub = pairing::v1::ProfileService::StubInterface;

constexpr char kFooter[] = R"(
The profile `default` is the shipped one.

Examples:
  tandem --edition demo profile list
  tandem --edition demo profile show trained-3
  tandem --edition demo profile diff default trained-3 --sample 100
  tandem --edition demo profile choose trained-3 --reason "better on last year's deals"
  tandem --edition demo profile rollback --reason "too few biotech projects seen"
  tandem --edition demo profile export-training-data > demo-training.jsonl
)";

struct Options {
  std::string first;
  std::string second;
  std::string as_of;
  std::string etag;
  std::string reason;
  int sample = 0;
};

absl::StatusOr<std::string> NameOf(const Session& session, const std::string& id) {
  if (absl::StartsWith(id, "editions/")) return id;
  TANDEM_ASSIGN_OR_RETURN(const std::string edition, session.EditionName());
  return absl::StrCat(edition, "/profiles/", id);
}

absl::StatusOr<RankingProfile> Get(Session* session, const std::string& id) {
  pairing::v1::GetProfileRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string name, NameOf(*session, id));
  request.set_name(name);
  return session->Call(session->profiles(), &Stub::GetProfile, request);
}

absl::StatusOr<int> List(Session* session) {
  TANDEM_ASSIGN_OR_RETURN(const std::string parent, session->EditionName());
  pairing::v1::GetEditionRequest of_edition;
  of_edition.set_name(parent);
  TANDEM_ASSIGN_OR_RETURN(
      const Edition edition,
      session->Call(session->editions(), &pairing::v1::EditionService::StubInterface::GetEdition, of_edition));
  TANDEM_ASSIGN_OR_RETURN(const RankingProfile shipped, Get(session, "default"));
  std::vector<RankingProfile> profiles = {shipped};
  pairing::v1::ListProfilesRequest request;
  request.set_parent(parent);
  request.set_page_size(500);
  do {
    TANDEM_ASSIGN_OR_RETURN(const auto page, session->Call(session->profiles(), &Stub::ListProfiles, request));
    profiles.insert(profiles.end(), page.profiles().begin(), page.profiles().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  // `trained-10` after `trained-9`.
  std::sort(profiles.begin() + 1, profiles.end(),
            [](const RankingProfile& a, const RankingProfile& b) { return a.number() < b.number(); });

  const std::string used = edition.ranking_profile().empty() ? "default" : edition.ranking_profile();
  Table table(
      {{"ID"}, {"USED"}, {"LEARNED UP TO"}, {"DEALS", Align::kRight}, {"EXAMPLES", Align::kRight}, {"METRICS"}});
  for (const RankingProfile& profile : profiles) {
    if (WriteMessage(*session, profile)) continue;
    const std::string id = LastPart(profile.name());
    std::string metrics;
    for (const auto& metric : profile.metrics()) {
      absl::StrAppend(&metrics, metrics.empty() ? "" : ", ", metric.task(), " ", metric.name(), " ",
                      FormatMicros(metric.value_millionths()));
    }
    table.AddRow({id,
                  id == used                                 ? "now"
                  : id == edition.previous_ranking_profile() ? "before"
                                                             : "",
                  profile.as_of_date(), absl::StrCat(profile.counts().deal_count()),
                  absl::StrCat(profile.counts().example_count()), metrics});
  }
  if (session->options().output == "table") WriteTable(*session, table);
  return kExitOk;
}

absl::StatusOr<int> Show(Session* session, const Options& options) {
  TANDEM_ASSIGN_OR_RETURN(const RankingProfile profile, Get(session, options.first));
  if (!WriteMessage(*session, profile)) *session->terminal().out << ToYaml(profile);
  return kExitOk;
}

std::string WeightText(const SignalWeight& weight) {
  return absl::StrCat(FormatMicros(int64_t{weight.weight_thousandths()} * 1000),
                      weight.shape_size() > 0 ? " shaped" : "");
}

absl::StatusOr<int> Diff(Session* session, const Options& options) {
  pairing::v1::CompareProfilesRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string first, NameOf(*session, options.first));
  TANDEM_ASSIGN_OR_RETURN(const std::string second, NameOf(*session, options.second));
  request.set_first_profile(first);
  request.set_second_profile(second);
  request.set_sample_size(options.sample);
  request.set_as_of_date(options.as_of);
  *request.mutable_consistency() = session->Consistency();
  TANDEM_ASSIGN_OR_RETURN(const auto response, session->Call(session->profiles(), &Stub::CompareProfiles, request));
  if (WriteMessage(*session, response)) return kExitOk;
  std::ostream& out = *session->terminal().out;
  Table agreements({{"LISTS"},
                    {"SUBJECTS", Align::kRight},
                    {"OVERLAP@10", Align::kRight},
                    {"KENDALL TAU", Align::kRight},
                    {"SAME BEST", Align::kRight}});
  for (const auto& agreement : response.agreements()) {
    agreements.AddRow(
        {agreement.task(), absl::StrCat(agreement.subject_count()), FormatMicros(agreement.overlap_at_10_millionths()),
         FormatMicros(agreement.kendall_tau_millionths()), FormatMicros(agreement.same_best_millionths())});
  }
  WriteTable(*session, agreements);
  const std::string of_first = LastPart(first);
  const std::string of_second = LastPart(second);
  if (response.metrics_size() > 0) {
    Table metrics({{"TASK"},
                   {"METRIC"},
                   {of_first, Align::kRight},
                   {of_second, Align::kRight},
                   {"CHANGE", Align::kRight},
                   {"SAME QUERIES"}});
    for (const auto& metric : response.metrics()) {
      metrics.AddRow({metric.task(), metric.name(), FormatMicros(metric.first_millionths()),
                      FormatMicros(metric.second_millionths()),
                      FormatMicros(metric.second_millionths() - metric.first_millionths()),
                      metric.same_queries() ? "yes" : "no"});
    }
    out << "\n";
    WriteTable(*session, metrics);
  }
  if (response.first_weights_size() > 0) {
    Table weights({{"FEATURE"}, {"SIGNAL"}, {"VIEW OF"}, {of_first, Align::kRight}, {of_second, Align::kRight}});
    for (int i = 0; i < response.first_weights_size(); ++i) {
      const SignalWeight& weight = response.first_weights(i);
      weights.AddRow({weight.feature(), EnumText(*pairing::v1::Signal_descriptor(), weight.signal()),
                      EnumText(*type::v1::Side_descriptor(), weight.side()), WeightText(weight),
                      WeightText(response.second_weights(i))});
    }
    out << "\n";
    WriteTable(*session, weights);
  }
  out << "\nas of " << response.as_of_date() << "\ntoken " << response.consistency_token() << "\n";
  return kExitOk;
}

int WriteChoice(const Session& session, const Edition& edition) {
  if (!WriteMessage(session, edition)) {
    *session.terminal().out << edition.name() << " ranks by " << edition.ranking_profile() << "; before it was "
                            << edition.previous_ranking_profile() << "\ntoken " << edition.consistency_token() << "\n";
  }
  return kExitOk;
}

absl::StatusOr<int> Choose(Session* session, const Options& options) {
  pairing::v1::ChooseProfileRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string name, NameOf(*session, options.first));
  request.set_name(name);
  request.set_etag(options.etag);
  request.set_reason(options.reason);
  request.set_request_id(RandomUuid());
  TANDEM_ASSIGN_OR_RETURN(const Edition edition, session->Call(session->profiles(), &Stub::ChooseProfile, request));
  return WriteChoice(*session, edition);
}

absl::StatusOr<int> RollBack(Session* session, const Options& options) {
  pairing::v1::RollBackProfileRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string name, session->EditionName());
  request.set_name(name);
  request.set_etag(options.etag);
  request.set_reason(options.reason);
  request.set_request_id(RandomUuid());
  TANDEM_ASSIGN_OR_RETURN(const Edition edition, session->Call(session->profiles(), &Stub::RollBackProfile, request));
  return WriteChoice(*session, edition);
}

absl::StatusOr<int> Export(Session* session) {
  pairing::v1::ExportTrainingDataRequest request;
  TANDEM_ASSIGN_OR_RETURN(const std::string parent, session->EditionName());
  request.set_parent(parent);
  *request.mutable_consistency() = session->Consistency();
  grpc::ClientContext context;
  session->Prepare(&context, absl::Minutes(5));
  const auto stream = session->profiles()->ExportTrainingData(&context, request);
  pairing::v1::ExportTrainingDataResponse response;
  while (stream->Read(&response)) {
    for (const auto& record : response.records()) *session->terminal().out << ToJson(record) << "\n";
  }
  const absl::Status status = rpc::FromGrpc(stream->Finish());
  if (!status.ok()) return status;
  return kExitOk;
}

}  // namespace

void AddProfileCommands(CLI::App* parent, Command* command) {
  CLI::App* app = parent->add_subcommand("profile", "Ranking profiles: compare, choose, go back");
  app->require_subcommand(1);
  app->fallthrough();
  app->footer(kFooter);
  auto options = std::make_shared<Options>();

  CLI::App* list = app->add_subcommand("list", "Lists the profiles of the edition and says which is used");
  list->callback([=] { command->action = &List; });

  CLI::App* show = app->add_subcommand("show", "Shows one with all its fields");
  show->add_option("ID", options->first, "Its id or name")->required();
  show->callback([=] { command->action = [=](Session* session) { return Show(session, *options); }; });

  CLI::App* diff = app->add_subcommand("diff", "Says how differently two profiles rank, measure and weigh");
  diff->add_option("FIRST", options->first, "Id or name of the one to compare, usually the one in use")->required();
  diff->add_option("SECOND", options->second, "Id or name of the one to compare it with")->required();
  diff->add_option("--sample", options->sample, "Projects, and investors, whose lists are compared; 25 by default")
      ->check(CLI::Range(1, 1000));
  diff->add_option("--as-of", options->as_of, "Date to match for, YYYY-MM-DD; the edition's by default");
  diff->callback([=] { command->action = [=](Session* session) { return Diff(session, *options); }; });

  CLI::App* choose = app->add_subcommand("choose", "Makes the edition rank by a profile from now on");
  choose->add_option("ID", options->first, "Its id or name")->required();
  choose->add_option("--reason", options->reason, "Why, for those who come after");
  choose->add_option("--etag", options->etag, "Only if this is the edition's current version");
  choose->callback([=] { command->action = [=](Session* session) { return Choose(session, *options); }; });

  CLI::App* roll_back = app->add_subcommand("rollback", "Goes back to the profile before");
  roll_back->add_option("--reason", options->reason, "Why, for those who come after");
  roll_back->add_option("--etag", options->etag, "Only if this is the edition's current version");
  roll_back->callback([=] { command->action = [=](Session* session) { return RollBack(session, *options); }; });

  CLI::App* exported = app->add_subcommand("export-training-data",
                                           "Writes what this edition can teach later ones, one JSON object a line");
  exported->callback([=] { command->action = &Export; });
}

}  // namespace tandem::cli
