// `tandem pairing import`: what many parties said, from a file.
#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <openssl/sha.h>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "nlohmann/json.hpp"

#include "common/base/mutex.h"
#include "common/base/status.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/csv_row.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/output.h"
#include "tools/tandem/record_file.h"
#include "tools/tandem/resource_commands.h"
#include "tools/tandem/resource_traits.h"
#include "tools/tandem/zone_names.h"

namespace tandem::cli {
namespace {

using pairing::v1::Pairing;
using Stub = pairing::v1::LedgerService::StubInterface;

constexpr char kFooter[] = R"(
FILE is CSV with a header. Columns: project, investor (ids, names or external ids), side (project or investor), step, and
what some steps need: reason (of a decline) and message. Steps: interested, must-meet, skipped, blocked, none (takes back
what was said), request, accept, decline, withdraw.

Steps of one pair are taken in the order of the file, different pairs side by side. What is rejected is listed with its
line on standard error; the rest is done, and the exit code is 3. Repeating an import within a day repeats nothing that
was done.

Example:
  tandem --edition demo pairing import wishes.csv
)";
constexpr int kSideBySide = 8;

const std::vector<std::string>& Columns() {
  static const auto& kColumns =
      *new std::vector<std::string>{"project", "investor", "side", "step", "reason", "message"};
  return kColumns;
}

// One line, checked.
struct Line {
  int64_t number = 0;
  std::string step, message, request_id;
  pairing::v1::Side side = pairing::v1::SIDE_UNSPECIFIED;
  pairing::v1::DeclineReason reason = pairing::v1::DECLINE_REASON_UNSPECIFIED;
};
// What is to be done to one pair, in order.
struct Pair {
  std::string project, investor;
  std::vector<Line> lines;
  std::string pairing, state;  // once it is known
};
using Problems = std::map<int64_t, std::string>;  // by line

// A UUID that the same line of the same edition always has.
std::string RequestIdOf(const std::string& edition, const RawRecord& record) {
  const std::string text = absl::StrCat(edition, "\n", record.line, "\n", record.text);
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash);
  hash[6] = static_cast<unsigned char>((hash[6] & 0x0f) | 0x40);
  hash[8] = static_cast<unsigned char>((hash[8] & 0x3f) | 0x80);
  const std::string hex = absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(hash), 16));
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-", hex.substr(16, 4), "-",
                      hex.substr(20));
}

// The names of all parties of a kind, by id and external id.
template <typename Traits>
absl::StatusOr<absl::flat_hash_map<std::string, std::string>> NamesOf(Session* session) {
  absl::flat_hash_map<std::string, std::string> names;
  TANDEM_RETURN_IF_ERROR(ForEach<Traits>(session, /*show_deleted=*/false, 500, [&](const auto& resource) {
    names[resource.name()] = names[LastPart(resource.name())] = resource.name();
    return true;
  }));
  TANDEM_RETURN_IF_ERROR(ForEach<Traits>(session, /*show_deleted=*/false, 500, [&](const auto& resource) {
    if (!resource.external_id().empty()) names.try_emplace(resource.external_id(), resource.name());
    return true;
  }));
  return names;
}

bool IsStance(const std::string& step) {
  return step == "none" || FindEnumValue(*pairing::v1::StanceKind_descriptor(), step) > 0;
}

absl::StatusOr<std::vector<Pair>> ReadFile(Session* session, const std::string& path, Problems* problems) {
  TANDEM_ASSIGN_OR_RETURN(const std::string edition, session->EditionName());
  TANDEM_ASSIGN_OR_RETURN(const auto file, RecordFile::Open(path, RecordFormat::kCsv));
  for (const std::string& column : file->columns()) {
    if (std::find(Columns().begin(), Columns().end(), column) != Columns().end()) continue;
    return absl::InvalidArgumentError(absl::StrCat("The file '", path, "' has a column '", column,
                                                   "'; known are: ", absl::StrJoin(Columns(), ", "), "."));
  }
  TANDEM_ASSIGN_OR_RETURN(const auto projects, NamesOf<ProjectTraits>(session));
  TANDEM_ASSIGN_OR_RETURN(const auto investors, NamesOf<InvestorTraits>(session));
  std::vector<Pair> pairs;
  absl::flat_hash_map<std::pair<std::string, std::string>, size_t> known;
  RawRecord record;
  while (file->Next(&record)) {
    std::vector<std::string> reasons;
    if (!record.problem.empty() || record.fields.size() != file->columns().size()) {
      (*problems)[record.line] = record.problem.empty() ? "has not as many fields as the header" : record.problem;
      continue;
    }
    CsvRow row(file->columns(), record.fields, &reasons);
    Line line;
    line.number = record.line;
    line.step = row.Text("step");
    line.message = row.Text("message");
    line.side = row.Value<pairing::v1::Side>("side");
    line.reason = row.Value<pairing::v1::DeclineReason>("reason");
    line.request_id = RequestIdOf(edition, record);
    const auto project = projects.find(row.Text("project"));
    const auto investor = investors.find(row.Text("investor"));
    if (project == projects.end()) row.Complain("project", absl::StrCat("there is no '", row.Text("project"), "'"));
    if (investor == investors.end()) row.Complain("investor", absl::StrCat("there is no '", row.Text("investor"), "'"));
    if (line.side == pairing::v1::SIDE_UNSPECIFIED && reasons.empty()) row.Complain("side", "says whose step it is");
    if (!IsStance(line.step) && line.step != "request" && line.step != "accept" && line.step != "decline" &&
        line.step != "withdraw") {
      row.Complain("step", absl::StrCat("'", line.step, "' is no step"));
    }
    if (!reasons.empty()) {
      (*problems)[record.line] = absl::StrJoin(reasons, "; ");
      continue;
    }
    const auto [found, is_new] = known.try_emplace({project->second, investor->second}, pairs.size());
    if (is_new) pairs.push_back({project->second, investor->second, {}, "", ""});
    pairs[found->second].lines.push_back(std::move(line));
  }
  return pairs;
}

// A step by the names of the two.
template <typename Request>
absl::StatusOr<Pairing> OfPair(Session* session, const Pair& pair, const Line& line, Request request,
                               grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Pairing*)) {
  request.set_project(pair.project);
  request.set_investor(pair.investor);
  request.set_side(line.side);
  request.set_request_id(line.request_id);
  return session->Call(session->ledger(), method, request);
}

// A step on what is there already.
template <typename Request>
absl::StatusOr<Pairing> OfPairing(Session* session, const Pair& pair, const Line& line, Request request,
                                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Pairing*)) {
  std::string name = pair.pairing;
  if (name.empty()) {
    TANDEM_ASSIGN_OR_RETURN(name, ResolvePairing(session, absl::StrCat(pair.project, ",", pair.investor)));
  }
  request.set_name(name);
  request.set_side(line.side);
  request.set_request_id(line.request_id);
  return session->Call(session->ledger(), method, request);
}

absl::StatusOr<Pairing> Take(Session* session, const Pair& pair, const Line& line) {
  if (line.step == "request") {
    pairing::v1::SendRequestRequest request;
    request.set_message(line.message);
    return OfPair(session, pair, line, request, &Stub::SendRequest);
  }
  if (line.step == "accept")
    return OfPairing(session, pair, line, pairing::v1::AcceptRequestRequest(), &Stub::AcceptRequest);
  if (line.step == "withdraw")
    return OfPairing(session, pair, line, pairing::v1::WithdrawRequestRequest(), &Stub::WithdrawRequest);
  if (line.step == "decline") {
    pairing::v1::DeclineRequestRequest request;
    request.set_reason(line.reason);
    request.set_note(line.message);
    return OfPairing(session, pair, line, request, &Stub::DeclineRequest);
  }
  pairing::v1::SetStanceRequest request;
  if (line.step != "none") {
    request.set_kind(
        static_cast<pairing::v1::StanceKind>(FindEnumValue(*pairing::v1::StanceKind_descriptor(), line.step)));
  }
  return OfPair(session, pair, line, request, &Stub::SetStance);
}

void TakeAll(Session* session, std::vector<Pair>* pairs, Problems* problems) {
  std::atomic<size_t> next{0};
  Mutex mutex;  // of `problems`
  std::vector<std::thread> threads;
  for (int i = 0; i < kSideBySide; ++i) {
    threads.emplace_back([&] {
      for (size_t at = next++; at < pairs->size(); at = next++) {
        Pair& pair = (*pairs)[at];
        for (const Line& line : pair.lines) {
          const auto pairing = Take(session, pair, line);
          if (pairing.ok()) {
            pair.pairing = pairing->name();
            pair.state = EnumText(*Pairing::State_descriptor(), pairing->state());
            continue;
          }
          MutexLock lock(&mutex);
          (*problems)[line.number] = std::string(pairing.status().message());
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

absl::StatusOr<int> Import(Session* session, const std::string& path) {
  Problems problems;
  TANDEM_ASSIGN_OR_RETURN(std::vector<Pair> pairs, ReadFile(session, path, &problems));
  const size_t unread = problems.size();
  TakeAll(session, &pairs, &problems);
  size_t steps = 0;
  std::map<std::string, int> states;
  for (const Pair& pair : pairs) {
    steps += pair.lines.size();
    if (!pair.state.empty()) ++states[pair.state];
  }
  steps -= problems.size() - unread;
  nlohmann::ordered_json json = {{"steps", steps}, {"rejected", problems.size()}, {"pairs", pairs.size()}};
  for (const auto& [state, count] : states) json["states"][state] = count;
  if (!WriteJson(*session, json.dump())) {
    *session->terminal().out << steps << " steps of " << pairs.size() << " pairs are taken, " << problems.size()
                             << " rejected; now "
                             << absl::StrJoin(states, ", ",
                                              [](std::string* out, const auto& state) {
                                                absl::StrAppend(out, state.second, " ", state.first);
                                              })
                             << "\n";
  }
  for (const auto& [line, problem] : problems)
    *session->terminal().err << path << ":" << line << ": " << problem << "\n";
  return problems.empty() ? kExitOk : kExitPartial;
}

}  // namespace

void AddPairingImportCommand(CLI::App* pairing, Command* command) {
  const auto path = std::make_shared<std::string>();
  CLI::App* app = pairing->add_subcommand("import", "Takes many steps from a file: interest, requests, answers");
  app->add_option("FILE", *path, "CSV")->required();
  app->footer(kFooter);
  app->callback([=] { command->action = [=](Session* session) { return Import(session, *path); }; });
}

}  // namespace tandem::cli
