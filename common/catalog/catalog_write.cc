// The writes of one resource.
#include <algorithm>
#include <google/protobuf/field_mask.pb.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/catalog/catalog.h"
#include "common/catalog/references.h"
#include "common/catalog/store_status.h"
#include "common/validation/field_mask.h"
#include "common/validation/validator.h"
#include "tandem/type/v1/field_rules.pb.h"

namespace tandem::catalog {
namespace {

// Another writer may win this often before the caller is told.
constexpr int kAttempts = 16;

Revision RevisionOf(const std::optional<Record>& row) { return row.has_value() ? row->revision : 0; }

bool SameField(const Message& a, const Message& b, const FieldDescriptor* field) {
  // Compared as bytes of messages that have nothing but the field.
  const std::unique_ptr<Message> only_a(a.New());
  const std::unique_ptr<Message> only_b(a.New());
  CopyField(a, field, only_a.get());
  CopyField(b, field, only_b.get());
  return SerializeDeterministically(*only_a) == SerializeDeterministically(*only_b);
}

}  // namespace

absl::Status Catalog::Exists(absl::string_view name, absl::string_view what) const {
  return MakeError(absl::StatusCode::kAlreadyExists, "RESOURCE_EXISTS",
                   absl::StrCat(what, " is taken by ", name, ": update that one, or choose another"),
                   {{"resource", std::string(name)}});
}

absl::Status Catalog::StateConflict(const Message& before, absl::string_view state, absl::string_view step,
                                    absl::string_view allowed) const {
  const std::string name = GetText(before, fields_.name);
  const std::string way_out = state == "DELETED" ? absl::StrCat("undelete it first, to ", step, " it")
                                                 : absl::StrCat("to ", step, " it, it must be ",
                                                                absl::StrJoin(absl::StrSplit(allowed, ','), " or "));
  return MakeError(absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT",
                   absl::StrCat(name, " is ", state, "; ", way_out),
                   {{"resource", name},
                    {"state", std::string(state)},
                    {"step", std::string(step)},
                    {"allowed", std::string(allowed)}});
}

std::string Catalog::AllStates() const {
  if (fields_.state == nullptr) return "ACTIVE";
  std::vector<std::string> states;
  for (int i = 0; i < fields_.state->enum_type()->value_count(); ++i) {
    const int number = fields_.state->enum_type()->value(i)->number();
    if (number != 0) states.push_back(EnumText(fields_.state, number));
  }
  return absl::StrJoin(states, ",");
}

absl::Status Catalog::CheckNotDeleted(const Message& before, absl::string_view step) const {
  return IsDeleted(before) ? StateConflict(before, "DELETED", step, AllStates()) : absl::OkStatus();
}

absl::Status Catalog::CheckEtag(const std::string& sent, const Message& before, Revision revision) const {
  if (sent.empty()) return absl::OkStatus();
  const std::string current = EtagOf(GetText(before, fields_.uid), revision);
  if (sent == current || Deviates("catalog.etag")) return absl::OkStatus();
  const std::string name = GetText(before, fields_.name);
  return MakeError(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                   absl::StrCat(name, " has changed since it was read: read it again and decide again"),
                   {{"resource", name}, {"sent", sent}, {"current", current}});
}

void Catalog::Begin(const std::string& name, int state, Message* resource) const {
  const absl::Time now = options_.clock->Now();
  SetText(resource, fields_.name, name);
  SetText(resource, fields_.uid, RandomUuid());
  SetTime(resource, fields_.create_time, now);
  SetTime(resource, fields_.update_time, now);
  SetEnum(resource, fields_.state, state);
  Clear(resource, fields_.etag);
}

void Catalog::Inherit(const Message& before, absl::string_view path, Message* resource,
                      std::vector<FieldViolation>* violations) const {
  const Descriptor* descriptor = before.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    const auto& rules = field->options().GetExtension(type::v1::rules);
    if (rules.output_only()) {
      CopyField(before, field, resource);
    } else if (rules.immutable()) {
      if (IsSet(*resource, field) && !SameField(before, *resource, field)) {
        violations->push_back({absl::StrCat(path, ".", field->name()),
                               "cannot be changed once it is set: leave it out, or send what is stored"});
      }
      CopyField(before, field, resource);
    }
  }
  Clear(resource, fields_.etag);
}

bool Catalog::Touch(const Record& record, Message* resource) const {
  if (SerializeDeterministically(*resource) == record.value) return false;
  SetTime(resource, fields_.update_time, options_.clock->Now());
  return true;
}

void Catalog::Respond(const Message* resource, Revision revision, Message* response) const {
  if (resource != nullptr && response->GetDescriptor() == resource->GetDescriptor()) {
    response->CopyFrom(*resource);
    if (revision > 0) Stamp(revision, response);
    return;
  }
  const FieldDescriptor* token = response->GetDescriptor()->FindFieldByName("consistency_token");
  if (revision > 0) SetText(response, token, TokenOf(revision));
}

absl::Status Catalog::Write(const Caller& caller, const Message& request, absl::string_view edition,
                            const Decide& decide, Message* response) {
  const bool validate_only = FlagOf(request, "validate_only");
  const std::string request_id = validate_only ? std::string() : TextOf(request, "request_id");
  const std::string row_key =
      request_id.empty() ? std::string() : RequestLog::Key(edition, MethodOf(request), caller.actor, request_id);
  const std::string hash = request_id.empty() ? std::string() : RequestLog::Hash(request);

  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::optional<Record> row;
    if (!row_key.empty()) {
      auto read = options_.store->Get(row_key);
      if (!read.ok()) return FromStore(read.status());
      row = *std::move(read);
      TANDEM_ASSIGN_OR_RETURN(const std::optional<Remembered> remembered, requests_.Read(row, hash, request_id));
      if (remembered.has_value()) {
        PassPoint("catalog.remembered");
        if (remembered->payload.empty()) {
          Respond(nullptr, remembered->revision, response);
          return absl::OkStatus();
        }
        TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<Message> resource, Parse({row_key, remembered->payload, 0, 0}));
        Respond(resource.get(), remembered->revision, response);
        return absl::OkStatus();
      }
    }
    absl::StatusOr<Plan> decided = decide();
    if (!decided.ok() && !row_key.empty()) {
      // The same request, sent twice, may have been carried out since the row was read. What refuses it now is then its
      // own effect, and its answer is remembered.
      const auto now = options_.store->Get(row_key);
      if (now.ok() && RevisionOf(*now) != RevisionOf(row)) continue;
    }
    TANDEM_ASSIGN_OR_RETURN(Plan plan, std::move(decided));
    if (validate_only || (plan.transaction.writes.empty() && row_key.empty())) {
      Respond(plan.resource.get(), plan.shown, response);
      return absl::OkStatus();
    }
    if (!row_key.empty()) {
      const std::string payload = plan.resource == nullptr ? std::string() : SerializeDeterministically(*plan.resource);
      requests_.Add(row_key, row, hash, payload, plan.shown, &plan.transaction);
    }
    std::vector<Transaction> transactions;
    transactions.push_back(std::move(plan.transaction));
    const CommitOutcome outcome = options_.store->Commit(std::move(transactions)).front();
    PassPoint("catalog.before-answer");
    if (outcome.status.ok()) {
      if (!row_key.empty()) requests_.Written(1);
      Respond(plan.resource.get(), plan.shown > 0 ? plan.shown : outcome.revision, response);
      return absl::OkStatus();
    }
    if (outcome.status.code() != absl::StatusCode::kAborted) return FromStore(outcome.status);
  }
  return MakeError(absl::StatusCode::kAborted, "CONTENTION",
                   "others wrote the same resource at the same moment, again and again: retry",
                   {{"resource", absl::StrCat("editions/", edition)}});
}

absl::StatusOr<Catalog::Plan> Catalog::PlanCreate(const std::vector<std::string>& parent_ids, absl::string_view id,
                                                  const Message& resource) {
  Plan plan;
  plan.resource.reset(resource.New());
  plan.resource->CopyFrom(resource);
  Candidate candidate{plan.resource.get(), options_.collection.singular, parent_ids, {}, absl::OkStatus()};
  if (options_.collection.rules != nullptr) {
    Candidate* const candidates[] = {&candidate};
    TANDEM_RETURN_IF_ERROR(
        options_.collection.rules->Resolve(options_.store, parent_ids.empty() ? id : parent_ids.front(), candidates));
    TANDEM_RETURN_IF_ERROR(candidate.status);
  }
  std::vector<std::string> ids = candidate.parent_ids;
  ids.push_back(id.empty() ? RandomResourceId() : std::string(id));
  const std::string name = pattern_.Format(ids);
  const std::string key = RecordKey(options_.collection.plural, ids);
  const std::string external_id = GetText(resource, fields_.external_id);
  const std::string index_key =
      external_id.empty() ? std::string() : ExternalIdKey(options_.collection.plural, ids.front(), external_id);

  std::vector<std::string> keys = {key};
  if (!index_key.empty()) keys.push_back(index_key);
  const auto records = options_.store->BatchGet(keys);
  if (!records.ok()) return FromStore(records.status());
  if (records->front().has_value()) return Exists(name, absl::StrCat("the id ", ids.back()));
  if (records->back().has_value()) return Exists(records->back()->value, absl::StrCat("the external id ", external_id));

  Begin(name, options_.collection.initial_state, plan.resource.get());
  plan.transaction.conditions = std::move(candidate.conditions);
  plan.transaction.conditions.push_back(Condition::Absent(key));
  plan.transaction.writes.push_back(tandem::Write::Put(key, SerializeDeterministically(*plan.resource)));
  if (!index_key.empty()) {
    plan.transaction.conditions.push_back(Condition::Absent(index_key));
    if (!Deviates("catalog.index-row")) plan.transaction.writes.push_back(tandem::Write::PutUnlogged(index_key, name));
  }
  return plan;
}

absl::Status Catalog::Create(const Caller& caller, Deadline deadline, const Message& request, Message* response) {
  const std::string& singular = options_.collection.singular;
  std::vector<FieldViolation> violations = FindViolations(request);
  const Message& sent = MessageOf(request, singular);
  if (options_.collection.rules != nullptr) options_.collection.rules->Check(sent, singular, &violations);
  const auto parent_ids_or = ParentIdsOf(request);
  if (parent_ids_or.ok() && !parent_ids_or->empty())
    CheckReferences(sent, parent_ids_or->front(), singular, &violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));

  const std::string id = TextOf(request, absl::StrCat(singular, "_id"));
  TANDEM_RETURN_IF_ERROR(parent_ids_or.status());
  const std::vector<std::string>& parent_ids = *parent_ids_or;
  const std::string edition = parent_ids.empty() ? id : parent_ids.front();
  TANDEM_RETURN_IF_ERROR(CheckEdition(caller, request, {edition}));
  TANDEM_RETURN_IF_ERROR(CheckWriter(caller, request));
  TANDEM_RETURN_IF_ERROR(CheckEditionExists(edition, TextOf(request, "consistency_token"), deadline));

  const std::unique_ptr<Message> resource(sent.New());
  resource->CopyFrom(sent);
  ClearOutputOnly(resource.get());
  return Write(
      caller, request, edition, [&] { return PlanCreate(parent_ids, id, *resource); }, response);
}

absl::StatusOr<Catalog::Plan> Catalog::PlanChange(const Caller& caller, const Message& request, const Record& record,
                                                  const std::string& etag, absl::string_view step,
                                                  const std::vector<FieldViolation>& request_violations,
                                                  const Change& change) const {
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<Message> before, Parse(record));
  Plan plan;
  plan.resource.reset(before->New());
  plan.resource->CopyFrom(*before);
  std::vector<FieldViolation> violations = request_violations;
  const absl::Status changed = change(plan.resource.get(), &violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  if (step != "undelete") TANDEM_RETURN_IF_ERROR(CheckNotDeleted(*before, step));
  TANDEM_RETURN_IF_ERROR(CheckEtag(etag, *before, record.revision));
  TANDEM_RETURN_IF_ERROR(changed);

  plan.transaction.conditions.push_back(Condition::AtRevision(record.key, record.revision));
  if (Touch(record, plan.resource.get())) {
    plan.transaction.writes.push_back(tandem::Write::Put(record.key, SerializeDeterministically(*plan.resource)));
    if (options_.collection.rules != nullptr) {
      TANDEM_RETURN_IF_ERROR(options_.collection.rules->Effects(
          options_.store, {&caller, &request, before.get(), plan.resource.get()}, &plan.transaction));
    }
  } else {
    plan.shown = record.revision;
  }
  return plan;
}

absl::Status Catalog::Modify(const Caller& caller, const Message& request, absl::string_view path,
                             const std::string& name, const std::string& etag, absl::string_view step,
                             std::vector<FieldViolation> violations, const Change& change, Message* response) {
  const auto matched = IdsOf(path, name);
  if (!matched.ok()) return violations.empty() ? matched.status() : InvalidFields(std::move(violations));
  const std::vector<std::string>& ids = *matched;
  TANDEM_RETURN_IF_ERROR(CheckEdition(caller, request, ids));
  TANDEM_RETURN_IF_ERROR(CheckWriter(caller, request));
  const auto decide = [&]() -> absl::StatusOr<Plan> {
    const auto record = options_.store->Get(RecordKey(options_.collection.plural, ids));
    if (!record.ok()) return FromStore(record.status());
    if (!record->has_value()) return violations.empty() ? NotFound(name, ids) : InvalidFields(violations);
    return PlanChange(caller, request, **record, etag, step, violations, change);
  };
  // A request that is invalid by itself never had a first answer.
  if (!violations.empty()) return decide().status();
  return Write(caller, request, ids.front(), decide, response);
}

absl::Status Catalog::Update(const Caller& caller, const Message& request, Message* response) {
  const std::string& singular = options_.collection.singular;
  std::vector<FieldViolation> violations = FindViolations(request, "", {singular});
  const Message& sent = MessageOf(request, singular);
  const auto& mask = static_cast<const google::protobuf::FieldMask&>(MessageOf(request, "update_mask"));
  const auto change = [&](Message* resource, std::vector<FieldViolation>* found) {
    const std::unique_ptr<Message> before(resource->New());
    before->CopyFrom(*resource);
    absl::Status applied = ApplyUpdate(mask, sent, resource, singular);
    for (FieldViolation& violation : GetErrorDetail(applied).violations) found->push_back(std::move(violation));
    if (!applied.ok() && found->empty()) return applied;
    if (options_.collection.rules != nullptr) options_.collection.rules->Follow(*before, resource);
    for (FieldViolation& violation : FindViolations(*resource, singular)) found->push_back(std::move(violation));
    if (options_.collection.rules != nullptr) options_.collection.rules->Check(*resource, singular, found);
    if (const auto ids = pattern_.Match(GetText(sent, fields_.name)); ids.has_value())
      CheckReferences(*resource, ids->front(), singular, found);
    return absl::OkStatus();
  };
  return Modify(caller, request, absl::StrCat(singular, ".name"), GetText(sent, fields_.name),
                GetText(sent, fields_.etag), "update", std::move(violations), change, response);
}

absl::Status Catalog::Delete(const Caller& caller, const Message& request, Message* response) {
  TANDEM_RETURN_IF_ERROR(Validate(request));
  const std::string name = TextOf(request, "name");
  const std::string etag = TextOf(request, "etag");
  if (fields_.delete_time != nullptr) {
    const auto change = [&](Message* resource, std::vector<FieldViolation>*) {
      SetTime(resource, fields_.delete_time, options_.clock->Now());
      return absl::OkStatus();
    };
    return Modify(caller, request, "name", name, etag, "delete", {}, change, response);
  }
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsOf("name", name));
  TANDEM_RETURN_IF_ERROR(CheckEdition(caller, request, ids));
  TANDEM_RETURN_IF_ERROR(CheckWriter(caller, request));
  const auto remove = [&]() -> absl::StatusOr<Plan> {
    const auto record = options_.store->Get(RecordKey(options_.collection.plural, ids));
    if (!record.ok()) return FromStore(record.status());
    if (!record->has_value()) return NotFound(name, ids);
    TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<Message> before, Parse(**record));
    TANDEM_RETURN_IF_ERROR(CheckEtag(etag, *before, (*record)->revision));
    Plan plan;
    plan.transaction.conditions.push_back(Condition::AtRevision((*record)->key, (*record)->revision));
    plan.transaction.writes.push_back(tandem::Write::Delete((*record)->key));
    const std::string external_id = GetText(*before, fields_.external_id);
    if (!external_id.empty()) {
      plan.transaction.writes.push_back(
          tandem::Write::DeleteUnlogged(ExternalIdKey(options_.collection.plural, ids.front(), external_id)));
    }
    return plan;
  };
  return Write(caller, request, ids.front(), remove, response);
}

absl::Status Catalog::Undelete(const Caller& caller, const Message& request, Message* response) {
  TANDEM_RETURN_IF_ERROR(Validate(request));
  const auto change = [&](Message* resource, std::vector<FieldViolation>*) {
    if (!IsDeleted(*resource))
      return StateConflict(*resource, EnumText(fields_.state, GetEnum(*resource, fields_.state)), "undelete",
                           "DELETED");
    Clear(resource, fields_.delete_time);
    return absl::OkStatus();
  };
  return Modify(caller, request, "name", TextOf(request, "name"), TextOf(request, "etag"), "undelete", {}, change,
                response);
}

absl::Status Catalog::TakeStep(const Caller& caller, absl::string_view name, const Message& request, Message* response,
                               std::optional<std::string> note, std::vector<FieldViolation> violations) {
  const auto& steps = options_.collection.steps;
  const auto step =
      std::find_if(steps.begin(), steps.end(), [&](const Step& candidate) { return candidate.name == name; });
  if (step == steps.end()) return MakeError(absl::StatusCode::kInternal, "INTERNAL", "the service knows no such step");
  std::vector<FieldViolation> found = FindViolations(request);
  std::move(violations.begin(), violations.end(), std::back_inserter(found));
  if (!found.empty()) return InvalidFields(std::move(found));
  if (step->organiser_only) TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, request, absl::StrCat("to ", name)));
  const auto change = [&](Message* resource, std::vector<FieldViolation>*) {
    const int state = GetEnum(*resource, fields_.state);
    if (std::find(step->from.begin(), step->from.end(), state) == step->from.end()) {
      const std::string allowed = absl::StrJoin(
          step->from, ",", [&](std::string* out, int from) { out->append(EnumText(fields_.state, from)); });
      return StateConflict(*resource, EnumText(fields_.state, state), name, allowed);
    }
    SetEnum(resource, fields_.state, step->to);
    if (note.has_value()) SetText(resource, fields_.review_note, *note);
    return absl::OkStatus();
  };
  return Modify(caller, request, "name", TextOf(request, "name"), TextOf(request, "etag"), name, {}, change, response);
}

absl::StatusOr<Catalog::Plan> Catalog::PlanReplace(const Record& record, const Message& resource) {
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<Message> before, Parse(record));
  std::vector<FieldViolation> violations;
  Plan plan;
  plan.resource.reset(resource.New());
  plan.resource->CopyFrom(resource);
  Inherit(*before, options_.collection.singular, plan.resource.get(), &violations);
  if (!violations.empty()) return InvalidFields(std::move(violations));
  TANDEM_RETURN_IF_ERROR(CheckEtag(GetText(resource, fields_.etag), *before, record.revision));
  plan.transaction.conditions.push_back(Condition::AtRevision(record.key, record.revision));
  if (Touch(record, plan.resource.get())) {
    plan.transaction.writes.push_back(tandem::Write::Put(record.key, SerializeDeterministically(*plan.resource)));
  } else {
    plan.shown = record.revision;
  }
  return plan;
}

absl::Status Catalog::Replace(const Caller& caller, Deadline deadline, absl::string_view id, const Message& request,
                              Message* response, std::vector<FieldViolation> violations) {
  const std::string& singular = options_.collection.singular;
  std::vector<FieldViolation> found = FindViolations(request);
  std::move(violations.begin(), violations.end(), std::back_inserter(found));
  const Message& sent = MessageOf(request, singular);
  if (options_.collection.rules != nullptr) options_.collection.rules->Check(sent, singular, &found);
  if (!found.empty()) return InvalidFields(std::move(found));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> parent_ids, ParentIdsOf(request));
  TANDEM_RETURN_IF_ERROR(CheckEdition(caller, request, parent_ids));
  TANDEM_RETURN_IF_ERROR(CheckWriter(caller, request));
  TANDEM_RETURN_IF_ERROR(CheckEditionExists(parent_ids.front(), TextOf(request, "consistency_token"), deadline));

  std::vector<std::string> ids = parent_ids;
  ids.emplace_back(id);
  const std::unique_ptr<Message> resource(sent.New());
  resource->CopyFrom(sent);
  ClearOutputOnly(resource.get());
  const auto decide = [&]() -> absl::StatusOr<Plan> {
    const auto record = options_.store->Get(RecordKey(options_.collection.plural, ids));
    if (!record.ok()) return FromStore(record.status());
    return record->has_value() ? PlanReplace(**record, *resource) : PlanCreate(parent_ids, id, *resource);
  };
  return Write(caller, request, parent_ids.front(), decide, response);
}

}  // namespace tandem::catalog
