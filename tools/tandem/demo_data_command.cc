#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/import_command.h"
#include "tools/tandem/output.h"
#include "tools/tandem/progress.h"

namespace tandem::cli {
namespace {

using Record = pairing::v1::GenerateDemoDataResponse;
using EditionStub = pairing::v1::EditionService::StubInterface;

constexpr char kFooter[] = R"(
The records are made up; the same seed gives the same ones everywhere.

Examples:
  tandem demo-data --seed 1 --projects 2000 --investors 800 --edition demo --import
  tandem demo-data --seed 7 --projects 50 --investors 20 --edition demo --out demo-files
)";

// A generated stream may take longer than a single call, but no server waits longer than this.
constexpr absl::Duration kStreamTimeout = absl::Seconds(300);

struct Options {
  int64_t seed = 1;
  int projects = 2000;
  int investors = 800;
  std::string out;
  bool import = false;
  std::string token_file;
};

absl::Status Generate(Session* session, const Options& options, const std::function<absl::Status(Record)>& receive) {
  TANDEM_ASSIGN_OR_RETURN(const std::string edition, session->EditionName());
  pairing::v1::GenerateDemoDataRequest request;
  request.set_seed(options.seed);
  request.set_project_count(options.projects);
  request.set_investor_count(options.investors);
  request.set_edition_id(LastPart(edition));
  grpc::ClientContext context;
  session->Prepare(&context, kStreamTimeout);
  const auto reader = session->demo_data()->GenerateDemoData(&context, request);
  Record record;
  absl::Status received;
  while (received.ok() && reader->Read(&record)) received = receive(std::move(record));
  if (!received.ok()) context.TryCancel();
  const grpc::Status status = reader->Finish();
  return received.ok() ? rpc::FromGrpc(status) : received;
}

absl::StatusOr<int> WriteFiles(Session* session, const Options& options) {
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error) {
    return absl::UnavailableError(absl::StrCat("The folder '", options.out, "' cannot be made: ", error.message()));
  }
  const std::filesystem::path folder(options.out);
  std::ofstream edition(folder / "edition.json");
  std::ofstream taxonomy(folder / "taxonomy.json");
  std::ofstream investors(folder / "investors.jsonl");
  std::ofstream deals(folder / "deals.jsonl");
  std::ofstream projects(folder / "projects.jsonl");
  TANDEM_RETURN_IF_ERROR(Generate(session, options, [&](const Record& record) {
    switch (record.record_case()) {
      case Record::kEdition:
        edition << ToJson(record.edition()) << "\n";
        break;
      case Record::kTaxonomy:
        taxonomy << ToJson(record.taxonomy()) << "\n";
        break;
      case Record::kInvestor:
        investors << ToJson(record.investor()) << "\n";
        break;
      case Record::kDeal:
        deals << ToJson(record.deal()) << "\n";
        break;
      case Record::kProject:
        projects << ToJson(record.project()) << "\n";
        break;
      case Record::RECORD_NOT_SET:
        break;
    }
    return absl::OkStatus();
  }));
  for (std::ofstream* file : {&edition, &taxonomy, &investors, &deals, &projects}) {
    if (!file->flush()) {
      return absl::UnavailableError(absl::StrCat("A file in '", options.out, "' cannot be written."));
    }
  }
  *session->terminal().out << "Written to " << options.out
                           << ": edition.json taxonomy.json investors.jsonl deals.jsonl projects.jsonl\n";
  return kExitOk;
}

// All records, by kind. They are held in memory, so that a slow import does not outlast the stream.
struct Records {
  pairing::v1::Edition edition;
  pairing::v1::Taxonomy taxonomy;
  std::vector<BatchItem> investors;
  std::vector<BatchItem> deals;
  std::vector<BatchItem> projects;
};

template <typename Message>
BatchItem ToItem(Message* message) {
  BatchItem item;
  item.message = std::make_unique<Message>(std::move(*message));
  return item;
}

absl::StatusOr<Records> Receive(Session* session, const Options& options) {
  Records records;
  TANDEM_RETURN_IF_ERROR(Generate(session, options, [&](Record record) {
    if (record.has_edition()) records.edition = std::move(*record.mutable_edition());
    if (record.has_taxonomy()) records.taxonomy = std::move(*record.mutable_taxonomy());
    if (record.has_investor()) records.investors.push_back(ToItem(record.mutable_investor()));
    if (record.has_deal()) records.deals.push_back(ToItem(record.mutable_deal()));
    if (record.has_project()) records.projects.push_back(ToItem(record.mutable_project()));
    return absl::OkStatus();
  }));
  return records;
}

// Creates the edition unless it is there already, and its taxonomy. The token of the newest write.
absl::StatusOr<std::string> ImportEdition(Session* session, const Records& records) {
  pairing::v1::CreateEditionRequest create;
  create.set_edition_id(LastPart(records.edition.name()));
  *create.mutable_edition() = records.edition;
  create.set_request_id(RandomUuid());
  const auto edition = session->Call(session->editions(), &EditionStub::CreateEdition, create);
  if (!edition.ok() && !absl::IsAlreadyExists(edition.status())) return edition.status();
  if (!edition.ok()) *session->terminal().err << records.edition.name() << " is there already and is kept.\n";
  pairing::v1::ImportTaxonomyRequest import;
  import.set_parent(records.edition.name());
  *import.mutable_taxonomy() = records.taxonomy;
  import.set_request_id(RandomUuid());
  TANDEM_ASSIGN_OR_RETURN(const auto taxonomy,
                          session->Call(session->editions(), &EditionStub::ImportTaxonomy, import));
  return taxonomy.consistency_token();
}

struct Imported {
  ImportSummary summary;
  std::vector<std::string> first_reasons;  // of a record that did not go in
};

absl::StatusOr<Imported> ImportRecords(Session* session, const std::string& what, std::vector<BatchItem> items,
                                       const BatchPipeline::Send& send) {
  Imported imported;
  const size_t total = items.size();
  Progress progress(&session->terminal(), what, total);
  uint64_t done = 0;
  const PipelineOptions options;
  TokenTrail tokens(options.in_flight);
  BatchPipeline pipeline(options, send, [&](const std::vector<BatchItem>& sent, const BatchAnswer& answer) {
    Count(answer, &imported.summary, &tokens);
    done += sent.size();
    for (const ItemAnswer& item : answer.items) {
      if (imported.first_reasons.empty() && !item.status.ok()) imported.first_reasons = ReasonsOf(item.status);
    }
    progress.Update(done, absl::StrCat(done, " of ", total));
    return absl::OkStatus();
  });
  for (BatchItem& item : items) TANDEM_RETURN_IF_ERROR(pipeline.Add(std::move(item)));
  const absl::Status status = pipeline.Finish();
  progress.Clear();
  TANDEM_RETURN_IF_ERROR(status);
  imported.summary.consistency_token = tokens.Joined();
  imported.summary.seconds = progress.Seconds();
  imported.summary.records_per_second = static_cast<double>(total) / imported.summary.seconds;
  WriteSummary(*session, what, imported.summary);
  for (const std::string& reason : imported.first_reasons) {
    *session->terminal().err << "  first rejected: " << reason << "\n";
  }
  return imported;
}

// One token for all that was written.
void WriteToken(const Session& session, const std::string& token) {
  std::ostream& out = *session.terminal().out;
  if (session.options().output == "table") {
    out << "token " << token << "\n";
  } else if (session.options().output == "json") {
    out << "{\"what\":\"all\",\"consistencyToken\":\"" << token << "\"}\n";
  } else {
    out << "---\nwhat: \"all\"\nconsistencyToken: \"" << token << "\"\n";
  }
}

absl::StatusOr<int> Import(Session* session, const Options& options) {
  TANDEM_ASSIGN_OR_RETURN(Records records, Receive(session, options));
  UpsertOptions upsert;
  upsert.edition = records.edition.name();
  upsert.take_decision = true;
  TANDEM_ASSIGN_OR_RETURN(upsert.consistency_token, ImportEdition(session, records));
  TANDEM_ASSIGN_OR_RETURN(const Imported investors, ImportRecords(session, "investors", std::move(records.investors),
                                                                  InvestorSender(session, upsert)));
  TANDEM_ASSIGN_OR_RETURN(const Imported deals,
                          ImportRecords(session, "deals", std::move(records.deals), DealSender(session, upsert)));
  TANDEM_ASSIGN_OR_RETURN(const Imported projects, ImportRecords(session, "projects", std::move(records.projects),
                                                                 ProjectSender(session, upsert)));
  pairing::v1::FreezeStatisticsRequest freeze;
  freeze.set_parent(upsert.edition);
  freeze.set_request_id(RandomUuid());
  freeze.set_consistency_token(JoinTokens({upsert.consistency_token, investors.summary.consistency_token,
                                           deals.summary.consistency_token, projects.summary.consistency_token}));
  TANDEM_ASSIGN_OR_RETURN(const auto statistics,
                          session->Call(session->editions(), &EditionStub::FreezeStatistics, freeze));
  *session->terminal().err << "Statistics " << statistics.number() << " are frozen over " << statistics.project_count()
                           << " projects and " << statistics.deal_count() << " deals.\n";
  const std::string token = JoinTokens({freeze.consistency_token(), statistics.consistency_token()});
  WriteToken(*session, token);
  TANDEM_RETURN_IF_ERROR(WriteTokenFile(options.token_file, token));
  const int64_t rejected = investors.summary.rejected + deals.summary.rejected + projects.summary.rejected;
  return rejected == 0 ? kExitOk : kExitPartial;
}

}  // namespace

void AddDemoDataCommand(CLI::App* parent, Command* command) {
  CLI::App* app = parent->add_subcommand("demo-data", "Makes up data to try Tandem with");
  auto options = std::make_shared<Options>();
  app->fallthrough();
  app->footer(kFooter);
  app->add_option("--seed", options->seed, "Seed of every choice")->capture_default_str();
  app->add_option("--projects", options->projects, "Number of projects")->check(CLI::Range(0, 1000000));
  app->add_option("--investors", options->investors, "Number of investors")->check(CLI::Range(0, 1000000));
  app->add_option("--token-file", options->token_file, "With --import: write the consistency token there");
  auto* target = app->add_option_group("target");
  target->add_option("--out", options->out, "Write files into this folder");
  target->add_flag("--import", options->import, "Send them to the services");
  target->require_option(1);
  app->callback([=] {
    command->action = [=](Session* session) {
      return options->import ? Import(session, *options) : WriteFiles(session, *options);
    };
  });
}

}  // namespace tandem::cli
