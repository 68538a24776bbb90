// `tandem pairing watch`: what happens to pairings and meetings, as it happens.
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

#include "common/base/status.h"
#include "common/rpc/status_conversion.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/csv_row.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/interrupt.h"
#include "tools/tandem/output.h"
#include "tools/tandem/stamps.h"

namespace tandem::cli {
namespace {

using pairing::v1::Meeting;
using pairing::v1::Pairing;
using pairing::v1::PairingChange;
using pairing::v1::WatchPairingsResponse;

constexpr char kFooter[] = R"(
One line for each change: revision, time (UTC), pairing or meeting, project, investor, state, cause, side and detail.
Without --from all pairings and meetings come first as they are now. It goes on until Ctrl-C and then says, on standard
error, from where another watch can go on.

Examples:
  tandem --edition demo pairing watch --skip-snapshot
  tandem --edition demo -o json pairing watch --once > pairings.jsonl
  tandem --edition demo pairing watch --from TOKEN
)";

struct Options {
  std::string from;
  bool skip_snapshot = false;
  bool once = false;
};

template <typename Enum>
std::string Word(Enum value) {
  return EnumText(*google::protobuf::GetEnumDescriptor<Enum>(), value);
}

std::string Line(int64_t revision, const char* what, const std::string& project, const std::string& investor,
                 const std::string& state, const google::protobuf::Timestamp& time, const std::string& cause,
                 const std::string& side, const std::vector<std::string>& details) {
  std::string line = absl::StrFormat("%8d  %s  %s  %s  %s  %-18s  %-17s  %-8s  %s", revision, UtcText(TimeOf(time)),
                                     what, LastPart(project), LastPart(investor), state, cause,
                                     side.empty() ? "-" : side, absl::StrJoin(details, "; "));
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string LineOf(int64_t revision, const Pairing& pairing) {
  const auto& change = pairing.change();
  std::vector<std::string> details;
  if (!change.detail().empty()) details.push_back(change.detail());
  if (change.cause() == pairing::v1::Change::CAUSE_DECLINE) {
    details.push_back(Word(pairing.request().decline_reason()));
    if (!pairing.request().decline_note().empty()) details.push_back(pairing.request().decline_note());
  }
  if (pairing.request().needs_reconfirm()) details.push_back("needs to be confirmed");
  return Line(revision, "pairing", pairing.project(), pairing.investor(), Word(pairing.state()), change.time(),
              Word(change.cause()), Word(change.side()), details);
}

std::string LineOf(int64_t revision, const Meeting& meeting) {
  const auto& change = meeting.change();
  std::vector<std::string> details;
  if (meeting.has_start_time() && meeting.state() != Meeting::STATE_CANCELLED) {
    details.push_back(absl::StrCat(UtcText(TimeOf(meeting.start_time())), " at ", meeting.place()));
  }
  if (!change.note().empty()) details.push_back(change.note());
  return Line(revision, "meeting", meeting.project(), meeting.investor(), Word(meeting.state()), change.time(),
              Word(change.cause()), Word(change.side()), details);
}

void Write(const Session& session, const PairingChange& change) {
  if (WriteMessage(session, change)) return;
  std::string line =
      change.has_meeting() ? LineOf(change.revision(), change.meeting()) : LineOf(change.revision(), change.pairing());
  // People write notes: a line stays one.
  for (char& c : line) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  *session.terminal().out << line << "\n";
}

// One stream. What it came to; `token` is where it can go on, and `done` that it need not.
absl::Status Follow(Session* session, const Options& options, Interrupt* interrupt, std::string* token, bool* done) {
  pairing::v1::WatchPairingsRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_parent(), session->EditionName());
  request.set_resume_token(*token);
  grpc::ClientContext context;
  session->Prepare(&context, absl::Hours(24));  // the service ends watches sooner, in order
  const auto reader = session->ledger()->WatchPairings(&context, request);
  interrupt->Call([&context] { context.TryCancel(); });
  WatchPairingsResponse response;
  while (!*done && reader->Read(&response)) {
    const bool snapshot = response.phase() == type::v1::WATCH_PHASE_SNAPSHOT;
    if (!snapshot || !options.skip_snapshot) {
      for (const PairingChange& change : response.changes()) Write(*session, change);
    }
    session->terminal().out->flush();
    if (!response.resume_token().empty()) *token = response.resume_token();
    if (options.once && response.phase() == type::v1::WATCH_PHASE_PROGRESS) *done = true;
  }
  interrupt->Call(nullptr);
  if (*done) context.TryCancel();
  const absl::Status status = rpc::FromGrpc(reader->Finish());
  if (interrupt->came()) *done = true;
  return *done ? absl::OkStatus() : status;
}

absl::StatusOr<int> Watch(Session* session, const Options& options) {
  Interrupt interrupt;
  std::string token = options.from;
  absl::Status status;
  for (bool done = false; !done && status.ok();) status = Follow(session, options, &interrupt, &token, &done);
  if (!token.empty()) *session->terminal().err << "To go on: --from " << token << "\n";
  if (!status.ok()) return status;
  return kExitOk;
}

}  // namespace

void AddPairingWatchCommand(CLI::App* pairing, Command* command) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = pairing->add_subcommand("watch", "Follows pairings and meetings as they change; the organiser's");
  app->add_option("--from", options->from, "Where an earlier watch ended");
  app->add_flag("--skip-snapshot", options->skip_snapshot, "Only what changes from now on");
  app->add_flag("--once", options->once, "End when all that has happened is shown");
  app->footer(kFooter);
  app->callback([=] { command->action = [=](Session* session) { return Watch(session, *options); }; });
}

}  // namespace tandem::cli
