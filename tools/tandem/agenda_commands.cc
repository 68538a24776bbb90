// `edition agenda` and `edition slots`: when and where an edition's meetings are.
#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "tools/tandem/agenda_slots.h"
#include "tools/tandem/cli.h"
#include "tools/tandem/csv_row.h"
#include "tools/tandem/edition_zone.h"
#include "tools/tandem/exit_code.h"
#include "tools/tandem/output.h"
#include "tools/tandem/stamps.h"
#include "tools/tandem/yaml_message.h"

namespace tandem::cli {
namespace {

using pairing::v1::Agenda;
using pairing::v1::Edition;
using Stub = pairing::v1::EditionService::StubInterface;

constexpr absl::string_view kPath = "edition.agenda";
constexpr char kFooter[] = R"(
The file is YAML or JSON with the fields of the contract's Agenda:

  sessions:
    - id: day1-morning
      start_time: 2026-11-14T09:00:00+08:00
      end_time: 2026-11-14T12:00:00+08:00
      slot_minutes: 25
      buffer_minutes: 5
      closed_slots: [2026-11-14T10:30:00+08:00]
  places:
    - {id: table-1, hall: hall-2}
    - {id: booth-7, kind: booth, hall: hall-2, owner: editions/demo/projects/p-1, sessions: [day1-morning]}
    - {id: online, kind: virtual-room, capacity: 50}
  travel_times:
    - {hall: hall-2, other_hall: hall-9, minutes: 10}
  interpreters:
    - {id: interpreter-1, languages: [zh, en]}
  investor_quotas: {meetings_per_day: 8}
  request_expiry: 72h

It takes the place of the whole agenda. Everything that is wrong is listed with its line. What would take slot, place or
interpreter from booked meetings is refused, and goes through with --force.

Examples:
  tandem edition agenda demo --file agenda.yaml
  tandem edition slots demo
)";

struct AgendaOptions {
  std::string id;
  std::string file;
  std::string etag;
  bool validate_only = false;
  bool force = false;
};

// `field` as a place in the file.
FieldViolation Placed(const std::string& file, const YamlMessage& yaml, const FieldViolation& violation) {
  absl::string_view path = violation.field;
  if (!absl::ConsumePrefix(&path, kPath)) return violation;
  absl::ConsumePrefix(&path, ".");
  return {absl::StrCat(file, ":", yaml.LineOf(path), ": ", path.empty() ? "agenda" : path), violation.description};
}

absl::StatusOr<int> SetAgenda(Session* session, const AgendaOptions& options) {
  std::ifstream stream(options.file);
  std::stringstream text;
  text << stream.rdbuf();
  if (!stream) return absl::NotFoundError(absl::StrCat("The file '", options.file, "' cannot be read."));
  pairing::v1::UpdateEditionRequest request;
  request.mutable_edition()->set_name(EditionNameOf(options.id));
  request.mutable_edition()->set_etag(options.etag);
  request.mutable_update_mask()->add_paths("agenda");
  request.set_request_id(RandomUuid());
  YamlMessage yaml;
  const absl::Status read = yaml.Read(text.str(), request.mutable_edition()->mutable_agenda());
  if (!read.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("The file '", options.file, "' cannot be read. ", std::string(read.message())));
  }
  // The service is asked even when the file is wrong, so that all mistakes show at once.
  request.set_force(options.force);
  request.set_validate_only(options.validate_only || !yaml.problems().empty());
  const auto edition = session->Call(session->editions(), &Stub::UpdateEdition, request);
  if (!edition.ok() && GetErrorDetail(edition.status()).reason != "FIELD_INVALID") return edition.status();

  std::vector<FieldViolation> violations;
  absl::flat_hash_set<std::string> known;
  for (const FieldViolation& problem : yaml.problems()) {
    const std::string path = absl::StrCat(kPath, problem.field.empty() ? "" : ".", problem.field);
    known.insert(path);
    violations.push_back(Placed(options.file, yaml, {path, problem.description}));
  }
  for (const FieldViolation& violation : GetErrorDetail(edition.status()).violations) {
    if (!known.contains(violation.field)) violations.push_back(Placed(options.file, yaml, violation));
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  if (!edition.ok()) return edition.status();
  if (!WriteMessage(*session, *edition)) {
    *session->terminal().out << edition->name() << (options.validate_only ? ": the agenda is good, " : ": ")
                             << edition->agenda().sessions_size() << " sessions, " << edition->agenda().places_size()
                             << " places, " << edition->agenda().interpreters_size() << " interpreters\n";
    if (!options.validate_only) *session->terminal().out << "token " << edition->consistency_token() << "\n";
  }
  return kExitOk;
}

template <typename List>
int CountIn(const List& list, const std::string& session) {
  return static_cast<int>(std::count_if(list.begin(), list.end(), [&](const auto& item) {
    const auto& sessions = item.sessions();
    return sessions.empty() || std::find(sessions.begin(), sessions.end(), session) != sessions.end();
  }));
}

void AddSlots(const Session& session, const Agenda& agenda, const pairing::v1::Session& of, const EditionZone& zone,
              Table* table) {
  const std::string date = zone.Date(TimeOf(of.start_time()));
  for (const AgendaSlot& slot : SlotsOf(of)) {
    const std::string start = zone.Clock(slot.start), end = zone.Clock(slot.end), utc = UtcText(slot.start);
    const nlohmann::ordered_json json = {{"day", date},     {"session", of.id()}, {"localStart", start},
                                         {"localEnd", end}, {"start", utc},       {"open", !slot.closed}};
    if (WriteJson(session, json.dump())) continue;
    table->AddRow({date, of.id(), absl::StrCat(start, "-", end), slot.closed ? "closed" : utc,
                   absl::StrCat(slot.closed ? 0 : CountIn(agenda.places(), of.id())),
                   absl::StrCat(slot.closed ? 0 : CountIn(agenda.interpreters(), of.id()))});
  }
}

absl::StatusOr<int> ShowSlots(Session* session, const std::string& id) {
  pairing::v1::GetEditionRequest request;
  request.set_name(EditionNameOf(id));
  TANDEM_ASSIGN_OR_RETURN(const Edition edition, session->Call(session->editions(), &Stub::GetEdition, request));
  TANDEM_ASSIGN_OR_RETURN(const EditionZone zone, EditionZone::Of(edition.time_zone()));
  const Agenda& agenda = edition.agenda();
  std::vector<const pairing::v1::Session*> sessions;
  for (const auto& one : agenda.sessions()) sessions.push_back(&one);
  std::stable_sort(sessions.begin(), sessions.end(),
                   [](const auto* a, const auto* b) { return TimeOf(a->start_time()) < TimeOf(b->start_time()); });
  Table slots(
      {{"DAY"}, {"SESSION"}, {"LOCAL TIME"}, {"START"}, {"PLACES", Align::kRight}, {"INTERPRETERS", Align::kRight}});
  for (const auto* one : sessions) AddSlots(*session, agenda, *one, zone, &slots);
  if (session->options().output != "table") return kExitOk;

  std::ostream& out = *session->terminal().out;
  if (sessions.empty()) {
    out << edition.name() << " has no sessions: give it an agenda (tandem edition agenda).\n";
    return kExitOk;
  }
  out << "Local times of " << zone.name() << "; a slot is known by its start.\n";
  WriteTable(*session, slots);
  Table places({{"PLACE"}, {"KIND"}, {"HALL"}, {"CAPACITY", Align::kRight}, {"OWNER"}, {"SESSIONS"}});
  for (const auto& place : agenda.places()) {
    const std::string kind = EnumText(*pairing::v1::PlaceKind_descriptor(), place.kind());
    places.AddRow({place.id(), kind.empty() ? "table" : kind, place.hall(), absl::StrCat(std::max(place.capacity(), 1)),
                   place.owner(), place.sessions().empty() ? "all" : absl::StrJoin(place.sessions(), ", ")});
  }
  out << "\n";
  WriteTable(*session, places);
  return kExitOk;
}

}  // namespace

void AddAgendaCommands(CLI::App* edition, Command* command) {
  auto options = std::make_shared<AgendaOptions>();
  CLI::App* agenda = edition->add_subcommand("agenda", "Sets when and where the edition's meetings are, from a file");
  agenda->add_option("ID", options->id, "Id of the edition")->required();
  agenda->add_option("--file", options->file, "YAML or JSON")->required();
  agenda->add_option("--etag", options->etag, "Only if this is the current version of the edition");
  agenda->add_flag("--validate-only", options->validate_only, "Check only, write nothing");
  agenda->add_flag("--force", options->force,
                   "Also if booked meetings lose slot, place or interpreter: they wait to be rescheduled then");
  agenda->footer(kFooter);
  agenda->callback([=] { command->action = [=](Session* session) { return SetAgenda(session, *options); }; });

  auto id = std::make_shared<std::string>();
  CLI::App* slots = edition->add_subcommand("slots", "Shows the slots and places of the edition in local time");
  slots->add_option("ID", *id, "Id of the edition")->required();
  slots->callback([=] { command->action = [=](Session* session) { return ShowSlots(session, *id); }; });
}

}  // namespace tandem::cli
