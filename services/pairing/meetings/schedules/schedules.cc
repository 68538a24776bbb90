#include "services/pairing/meetings/schedules/schedules.h"

#include <openssl/sha.h>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/fields.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "common/storage/transaction_rules.h"
#include "common/tokens/consistency_token.h"
#include "services/pairing/ledger/decision.h"
#include "services/pairing/ledger/rows.h"
#include "services/pairing/meetings/book/meeting_rows.h"
#include "services/pairing/meetings/schedules/schedule_words.h"

namespace tandem::pairing::meetings {
namespace {

using ledger::ToStamp;
using v1::Schedule;

constexpr int kDefaultSteps = 400;
// Others may write at the same moment this often.
constexpr int kAttempts = 8;

absl::Status Contention(const std::string& name) {
  return MakeError(absl::StatusCode::kAborted, "CONTENTION",
                   absl::StrCat("others wrote meetings of the edition of ", name, " again and again: retry"),
                   {{"resource", name}});
}

}  // namespace

absl::Status CheckOrganiser(const Caller& caller, absl::string_view method) {
  if (caller.IsOrganiser()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED", "schedules are the organiser's",
                   {{"method", std::string(method)}, {"cause", "side"}});
}

absl::Status CheckState(const Schedule& schedule, Schedule::State state, absl::string_view step) {
  if (schedule.state() == state) return absl::OkStatus();
  const auto word = [](Schedule::State of) { return Schedule::State_Name(of).substr(sizeof("STATE_") - 1); };
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT",
      absl::StrCat(schedule.name(), " is ", word(schedule.state()), "; the step needs one that is ", word(state)),
      {{"resource", schedule.name()},
       {"state", word(schedule.state())},
       {"step", std::string(step)},
       {"allowed", word(state)}});
}

absl::StatusOr<std::unique_ptr<Schedules>> Schedules::Open(Options options) {
  const auto head = options.store->GetHead();
  if (!head.ok()) return catalog::FromStore(head.status());
  return std::unique_ptr<Schedules>(new Schedules(std::move(options), head->epoch));
}

Schedules::Schedules(Options options, std::string epoch)
    : options_(std::move(options)), epoch_(std::move(epoch)), requests_(options_.store, options_.clock) {}

absl::Time Schedules::Now() const { return absl::FromUnixMicros(absl::ToUnixMicros(options_.clock->Now())); }

std::string Schedules::TokenOf(Revision revision) const {
  return ConsistencyToken(options_.source, Position{epoch_, revision}).Encode(*options_.keys);
}

std::string Schedules::EtagOf(const Schedule& schedule) const {
  const std::string text = absl::StrCat(epoch_, "|", catalog::SerializeDeterministically(schedule));
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash);
  return absl::WebSafeBase64Escape(absl::string_view(reinterpret_cast<const char*>(hash), 12));
}

Schedule Schedules::Show(Schedule schedule, Revision revision) const {
  schedule.set_etag(EtagOf(schedule));
  schedule.set_consistency_token(TokenOf(revision));
  return schedule;
}

absl::StatusOr<std::optional<catalog::Remembered>> Schedules::Recall(
    const Caller& caller, const google::protobuf::Message& of, absl::string_view method, absl::string_view edition,
    const std::string& request_id, Request* request) const {
  if (request_id.empty()) return std::nullopt;
  request->id = request_id;
  request->hash = catalog::RequestLog::Hash(of);
  request->key = catalog::RequestLog::Key(edition, method, caller.actor, request_id);
  auto row = options_.store->Get(request->key);
  if (!row.ok()) return catalog::FromStore(row.status());
  request->row = *std::move(row);
  return requests_.Read(request->row, request->hash, request_id);
}

void Schedules::Remember(const Request& request, const std::string& payload, Transaction* transaction) const {
  if (!request.key.empty()) requests_.Add(request.key, request.row, request.hash, payload, 0, transaction);
}

absl::StatusOr<bool> Schedules::Commit(Transaction transaction, const std::string& name, Revision* revision) {
  if (transaction.writes.size() > kMaxBulkWrites) {
    return MakeError(
        absl::StatusCode::kResourceExhausted, "LIMIT_EXCEEDED",
        absl::StrCat(name, " changes too much for one transaction (", transaction.writes.size(), " rows, at most ",
                     kMaxBulkWrites, "): publish it in parts, by schedules of selected pairings"),
        {{"limit", absl::StrCat(kMaxBulkWrites)}, {"value", absl::StrCat(transaction.writes.size())}});
  }
  const CommitOutcome outcome = options_.store->Commit({std::move(transaction)}).front();
  if (outcome.status.code() == absl::StatusCode::kAborted) return false;
  if (!outcome.status.ok()) return catalog::FromStore(outcome.status);
  *revision = outcome.revision;
  return true;
}

absl::StatusOr<type::v1::Run> Schedules::Generate(const Caller& caller, const v1::GenerateScheduleRequest& request) {
  TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "GenerateSchedule"));
  const std::string edition(EditionOf(request.parent()));
  const std::string prefix = absl::StrCat("editions/", edition, "/");
  std::vector<FieldViolation> violations;
  const auto check = [&](const std::string& field, const std::string& pairing) {
    if (pairing.rfind(prefix, 0) != 0)
      violations.push_back(
          {field, absl::StrCat(pairing, " is not in ", request.parent(), ": nothing crosses editions")});
  };
  for (int i = 0; i < request.pairings_size(); ++i) check(absl::StrCat("pairings[", i, "]"), request.pairings(i));
  for (int i = 0; i < request.orders_size(); ++i) {
    check(absl::StrCat("orders[", i, "].earlier"), request.orders(i).earlier());
    check(absl::StrCat("orders[", i, "].later"), request.orders(i).later());
  }
  const bool selects = request.mode() == v1::SCHEDULE_MODE_SELECTED;
  if (selects && request.pairings().empty())
    violations.push_back({"pairings", "must name at least one pairing when the mode is SCHEDULE_MODE_SELECTED"});
  if (!selects && !request.pairings().empty())
    violations.push_back({"pairings", "must be empty unless the mode is SCHEDULE_MODE_SELECTED"});
  if (!violations.empty()) return InvalidFields(std::move(violations));

  auto record = options_.store->Get(EditionKey(edition));
  if (!record.ok()) return catalog::FromStore(record.status());
  if (!record->has_value()) {
    return MakeError(absl::StatusCode::kNotFound, "EDITION_NOT_FOUND",
                     absl::StrCat("there is no ", request.parent(), ": create it first"),
                     {{"edition", request.parent()}});
  }
  v1::Edition stored;
  if (!stored.ParseFromString((*record)->value))
    return MakeError(absl::StatusCode::kInternal, "INTERNAL", "a stored edition cannot be read");
  TANDEM_ASSIGN_OR_RETURN(const auto agenda, Agenda::Make(stored));
  if (agenda->slots().empty()) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT",
                     absl::StrCat(request.parent(), " has no slots: give its agenda sessions first"),
                     {{"resource", request.parent()}, {"state", "NO_SLOTS"}, {"step", "generate"}, {"allowed", ""}});
  }
  RunQueue::Submission submission;
  submission.edition = edition;
  submission.id = {"GenerateSchedule", caller.actor, request.request_id(), catalog::RequestLog::Hash(request)};
  submission.described.set_kind("schedule");
  submission.described.mutable_request()->PackFrom(request);
  submission.work = [this, request, actor = caller.actor](const Progress& progress) {
    return Make(request, actor, progress);
  };
  return options_.runs->Submit(std::move(submission));
}

absl::StatusOr<std::string> Schedules::Make(const v1::GenerateScheduleRequest& request, const std::string& actor,
                                            const Progress& progress) const {
  progress.Report(1, "reading what is wished and booked");
  const std::string edition(EditionOf(request.parent()));
  TANDEM_ASSIGN_OR_RETURN(const Snapshot snapshot, ReadSnapshot(options_.store, edition));
  if (progress.Cancelled()) return absl::CancelledError();
  Choice choice;
  choice.mode = request.mode() == v1::SCHEDULE_MODE_UNSPECIFIED ? v1::SCHEDULE_MODE_ALL : request.mode();
  choice.selected = {request.pairings().begin(), request.pairings().end()};
  for (const v1::ScheduleOrder& order : request.orders()) choice.orders.emplace_back(order.earlier(), order.later());
  choice.now = Now();
  if (options_.scores) choice.score = options_.scores(request.parent());
  for (const std::string& pairing : choice.selected) {
    const auto found = snapshot.pairings.find(pairing);
    if (found != snapshot.pairings.end() && found->second.mutual) continue;
    return MakeError(absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT",
                     absl::StrCat(pairing, " is not MUTUAL: only mutual pairings are scheduled"),
                     {{"resource", pairing}, {"state", "NOT_MUTUAL"}, {"step", "generate"}, {"allowed", "MUTUAL"}});
  }
  TANDEM_ASSIGN_OR_RETURN(const ScheduleProblem made, ScheduleProblem::Make(snapshot, choice));

  scheduling::Options options;
  options.seed = request.seed() == 0 ? 1 : static_cast<uint64_t>(request.seed());
  options.steps = request.step_limit() == 0 ? kDefaultSteps : request.step_limit();
  options.people_first = !request.value_first();
  options.progress = [&](const scheduling::Progress& now) {
    const int done =
        now.phase == scheduling::Phase::kExplain ? 950 : 50 + 850 * now.steps / std::max(1, 2 * options.steps);
    progress.Report(done, PhaseOf(now.phase));
    return !progress.Cancelled();
  };
  TANDEM_ASSIGN_OR_RETURN(scheduling::Outcome outcome, scheduling::MakeSchedule(made.problem(), options));
  if (made.TrimParties(&outcome.schedule) > 0) {
    scheduling::Outcome trimmed = scheduling::Assess(made.problem(), outcome.schedule);
    trimmed.schedule.reasons = std::move(outcome.schedule.reasons);
    trimmed.people.bound = outcome.people.bound;
    trimmed.value.bound = outcome.value.bound;
    trimmed.steps = outcome.steps;
    outcome = std::move(trimmed);
  }
  progress.Report(970, "storing it");
  const std::vector<v1::SchedulePlacement> placements = made.Place(outcome.schedule);
  Schedule schedule;
  *schedule.mutable_create_time() = ToStamp(Now());
  *schedule.mutable_update_time() = schedule.create_time();
  schedule.set_state(Schedule::STATE_PREVIEW);
  schedule.set_mode(choice.mode);
  schedule.set_seed(static_cast<int64_t>(options.seed));
  schedule.set_step_limit(options.steps);
  schedule.set_run(progress.run());
  schedule.set_actor(actor);
  schedule.set_made_at(TokenOf(snapshot.head.revision));
  SetFigures(outcome, &schedule);
  CountPlacements(placements, &schedule);
  if (progress.Cancelled()) return absl::CancelledError();
  Revision revision = 0;
  TANDEM_ASSIGN_OR_RETURN(const Schedule kept, StoreSchedule(options_.store, edition, std::move(schedule), placements,
                                                             choice.orders, {}, &revision));
  return kept.name();
}

absl::Status Schedules::CheckEtag(const StoredSchedule& stored, const std::string& etag) const {
  const std::string current = EtagOf(stored.schedule);
  if (etag.empty() || etag == current) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kAborted, "ETAG_MISMATCH",
      absl::StrCat(stored.schedule.name(), " has changed since it was read: read it again and decide again"),
      {{"resource", stored.schedule.name()}, {"sent", etag}, {"current", current}});
}

absl::StatusOr<Schedule> Schedules::Publish(const Caller& caller, const v1::PublishScheduleRequest& request) {
  TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, "PublishSchedule"));
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Request asked;
    TANDEM_ASSIGN_OR_RETURN(const auto remembered, Recall(caller, request, "PublishSchedule", EditionOf(request.name()),
                                                          request.request_id(), &asked));
    if (remembered.has_value()) {
      Schedule schedule;
      schedule.ParseFromString(remembered->payload);
      return Show(std::move(schedule), remembered->revision);
    }
    TANDEM_ASSIGN_OR_RETURN(std::optional<Schedule> done,
                            TryPublish(caller, request.name(), request.etag(), asked, nullptr));
    if (done.has_value()) return *std::move(done);
  }
  return Contention(request.name());
}

absl::StatusOr<bool> Schedules::IsNewest(const Preview& preview) const {
  const auto head = options_.store->GetHead();
  if (!head.ok()) return catalog::FromStore(head.status());
  const Head& read = preview.snapshot.head;
  return head->epoch == read.epoch && head->revision == preview.revision && preview.revision == read.revision + 1;
}

absl::StatusOr<std::optional<Schedule>> Schedules::TryPublish(const Caller& caller, const std::string& name,
                                                              const std::string& etag, const Request& request,
                                                              Preview* at_hand) {
  TANDEM_ASSIGN_OR_RETURN(const StoredSchedule stored, ReadSchedule(options_.store, name));
  TANDEM_RETURN_IF_ERROR(CheckEtag(stored, etag));
  TANDEM_RETURN_IF_ERROR(CheckState(stored.schedule, Schedule::STATE_PREVIEW, "publish"));
  TANDEM_ASSIGN_OR_RETURN(const ScheduleParts parts, ReadParts(options_.store, name));
  const bool has_it = at_hand != nullptr && at_hand->revision == stored.record.revision;
  std::vector<v1::SchedulePlacement> placements;
  if (has_it) {
    placements = std::move(at_hand->placements);
  } else {
    TANDEM_ASSIGN_OR_RETURN(placements, ReadPlacements(options_.store, name));
  }
  const Acting acting{v1::SIDE_UNSPECIFIED, caller.actor, Now(), ""};
  ChangePlan plan(options_.store, acting, v1::MeetingChange::CAUSE_SCHEDULED);
  TANDEM_RETURN_IF_ERROR(plan.Guard(placements));
  // After the guards, so that a snapshot of before is as one that is read now.
  bool still_is = false;
  if (has_it) {
    TANDEM_ASSIGN_OR_RETURN(still_is, IsNewest(*at_hand));
  }
  Snapshot snapshot;
  if (still_is) {
    snapshot = std::move(at_hand->snapshot);
  } else {
    TANDEM_ASSIGN_OR_RETURN(snapshot, ReadSnapshot(options_.store, EditionOf(name)));
  }
  plan.Look(&snapshot);
  std::map<std::string, std::string> broken = PlanPublishing(snapshot, placements, name, acting.now, &plan);
  TANDEM_ASSIGN_OR_RETURN(auto more, plan.Check(parts.orders));
  broken.merge(std::move(more));
  if (!broken.empty()) return Outdated(name, broken);

  Transaction transaction;
  transaction.conditions.push_back(Condition::AtRevision(stored.record.key, stored.record.revision));
  std::vector<Booking> before;
  TANDEM_ASSIGN_OR_RETURN(const bool still, plan.Finish(&transaction, &before));
  if (!still) return std::nullopt;
  absl::flat_hash_map<absl::string_view, absl::string_view> booked;
  for (const PlannedChange& change : plan.changes()) booked[change.pairing] = change.meeting;
  std::vector<size_t> renamed;
  for (size_t i = 0; i < placements.size(); ++i) {
    const auto found = booked.find(placements[i].pairing());
    if (found == booked.end() || found->second == placements[i].meeting()) continue;
    placements[i].set_meeting(std::string(found->second));
    renamed.push_back(i);
  }
  AddPlacementWritesOf(name, placements, renamed, &transaction);
  AddBeforeWrites(name, before, &transaction);
  Schedule schedule = stored.schedule;
  schedule.set_state(Schedule::STATE_PUBLISHED);
  schedule.set_actor(caller.actor);
  *schedule.mutable_publish_time() = ToStamp(acting.now);
  *schedule.mutable_update_time() = ToStamp(acting.now);
  const std::string payload = catalog::SerializeDeterministically(schedule);
  transaction.writes.push_back(Write::PutUnlogged(stored.record.key, payload));
  Remember(request, payload, &transaction);
  Revision revision = 0;
  TANDEM_ASSIGN_OR_RETURN(const bool written, Commit(std::move(transaction), name, &revision));
  if (!written) return std::nullopt;
  if (!request.key.empty()) requests_.Written(1);
  return Show(std::move(schedule), revision);
}

}  // namespace tandem::pairing::meetings
