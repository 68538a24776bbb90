#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "common/rpc/status_conversion.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/record_file.h"
#include "tools/tandem/run_wait.h"

namespace tandem::cli {
namespace {

using pairing::v1::TrainingRecord;
using pairing::v1::TrainProfileRequest;
using type::v1::Run;

constexpr char kFooter[] = R"(
Freeze the statistics first (tandem edition freeze-statistics). The profile is not used before it is chosen.

Examples:
  tandem --edition demo train
  tandem --edition demo train --as-of 2026-01-01 --seed 7 --choose
  tandem --edition demo train --past spring-training.jsonl --past autumn-training.jsonl
)";

// Records of one message: messages stay far below what a call may carry.
constexpr size_t kMessageBytes = 512 << 10;

struct Options {
  std::string as_of;
  int64_t seed = 0;
  int examples = 0;
  int alternatives = 0;
  std::vector<std::string> past;
  bool no_wait = false;
  bool choose = false;
  std::string reason;
};

// Appends the records of one export to `messages`, all of them readable.
absl::Status ReadExport(const std::string& path, std::vector<TrainProfileRequest>* messages) {
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<RecordFile> file, RecordFile::Open(path, RecordFormat::kJsonLines));
  size_t bytes = kMessageBytes;
  RawRecord raw;
  while (file->Next(&raw)) {
    if (bytes >= kMessageBytes) {
      messages->push_back({});
      bytes = 0;
    }
    const auto parsed = google::protobuf::util::JsonStringToMessage(raw.text, messages->back().add_past_records());
    if (!parsed.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, ":", raw.line, ": not a line of `profile export-training-data`: ", std::string(parsed.message())));
    }
    bytes += raw.text.size();
  }
  return absl::OkStatus();
}

absl::StatusOr<Run> Start(Session* session, const Options& options) {
  std::vector<TrainProfileRequest> messages(1);
  for (const std::string& path : options.past) TANDEM_RETURN_IF_ERROR(ReadExport(path, &messages));
  TANDEM_ASSIGN_OR_RETURN(const std::string parent, session->EditionName());
  for (TrainProfileRequest& message : messages) message.set_parent(parent);
  TrainProfileRequest& first = messages.front();
  first.set_as_of_date(options.as_of);
  first.set_seed(options.seed);
  first.mutable_limits()->set_example_count(options.examples);
  first.mutable_limits()->set_alternative_count(options.alternatives);
  first.set_request_id(RandomUuid());
  first.set_consistency_token(session->options().token);

  grpc::ClientContext context;
  session->Prepare(&context, absl::Minutes(5));
  Run run;
  const auto writer = session->profiles()->TrainProfile(&context, &run);
  for (const TrainProfileRequest& message : messages) {
    if (!writer->Write(message)) break;  // the service reads no more: its answer says why
  }
  writer->WritesDone();
  const absl::Status status = rpc::FromGrpc(writer->Finish());
  if (!status.ok()) return status;
  return run;
}

absl::Status Choose(Session* session, const Options& options, const Run& run) {
  pairing::v1::ChooseProfileRequest request;
  request.set_name(run.result());
  request.set_reason(options.reason);
  request.set_request_id(RandomUuid());
  TANDEM_ASSIGN_OR_RETURN(
      const pairing::v1::Edition edition,
      session->Call(session->profiles(), &pairing::v1::ProfileService::StubInterface::ChooseProfile, request));
  if (session->options().output == "table") {
    *session->terminal().out << edition.name() << " ranks by " << edition.ranking_profile() << "; before it was "
                             << edition.previous_ranking_profile() << "\ntoken " << edition.consistency_token() << "\n";
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Train(Session* session, const Options& options) {
  if (options.no_wait && options.choose) {
    return UsageError("--choose needs the profile: leave out --no-wait, or choose later (tandem profile choose)");
  }
  TANDEM_ASSIGN_OR_RETURN(Run run, Start(session, options));
  if (!options.no_wait) {
    TANDEM_ASSIGN_OR_RETURN(run, WaitForRun(session, run.name()));
  }
  const int code = WriteRun(*session, run);
  if (options.choose && run.state() == Run::STATE_SUCCEEDED) TANDEM_RETURN_IF_ERROR(Choose(session, options, run));
  return code;
}

}  // namespace

void AddTrainCommand(CLI::App* parent, Command* command) {
  CLI::App* app = parent->add_subcommand("train", "Learns a ranking profile from the deals of the edition");
  app->fallthrough();
  app->footer(kFooter);
  auto options = std::make_shared<Options>();
  app->add_option("--as-of", options->as_of,
                  "Learn from nothing on or after this date, YYYY-MM-DD; the edition's by default");
  app->add_option("--seed", options->seed, "Seed of what is drawn by chance")->capture_default_str();
  app->add_option("--examples", options->examples, "Most choices of a quarter to learn from; 1500 by default")
      ->check(CLI::Range(50, 100000));
  app->add_option("--alternatives", options->alternatives, "Most alternatives of a choice; 50 by default")
      ->check(CLI::Range(1, 1000));
  app->add_option("--past", options->past, "Export of a past edition (profile export-training-data); may be repeated")
      ->check(CLI::ExistingFile);
  app->add_flag("--no-wait", options->no_wait, "Return at once; `tandem run wait` waits later");
  app->add_flag("--choose", options->choose, "Rank by the profile from then on");
  app->add_option("--reason", options->reason, "Why it is chosen, for those who come after");
  app->callback([=] { command->action = [=](Session* session) { return Train(session, *options); }; });
}

}  // namespace tandem::cli
