// The import: many resources of one edition by external id, each standing alone.
//
// Per attempt it reads the batch's rows at once, decides every item, and commits all transactions at once; items whose
// conditions did not hold are decided again.
#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/catalog/catalog.h"
#include "common/catalog/import_item.h"
#include "common/catalog/references.h"
#include "common/catalog/store_status.h"
#include "common/validation/validator.h"

namespace tandem::catalog {
namespace {

constexpr int kAttempts = 8;

}  // namespace

// One call. The steps are methods so that what they share needs no passing around.
struct Catalog::Import {
  Catalog* const catalog;
  const Message& request;
  const std::string edition;
  const bool promote;
  const bool validate_only;
  const std::string request_id;
  const std::string hash;
  const std::string row_prefix;  // of the request log; the row of the call itself, then one for each item
  Message* const response;

  std::vector<ImportItem> items;
  std::vector<Message*> results;                                 // in the response
  absl::flat_hash_map<std::string, std::optional<Record>> rows;  // what this attempt has read

  const Collection& collection() const { return catalog->options_.collection; }
  const Fields& fields() const { return catalog->fields_; }
  RecordStore* store() const { return catalog->options_.store; }

  void TakeItems(const FieldDescriptor* field);
  void CheckItems();
  absl::Status ReadRows(const std::vector<std::string>& keys);
  const std::optional<Record>& Row(const std::string& key) const { return rows.at(key); }
  absl::Status ReplayRemembered();
  absl::Status ClaimRequestId();
  absl::Status Attempt();
  bool AllSettled() const;
  absl::Status ResolveItems(const std::vector<ImportItem*>& pending);
  absl::Status ReadItems(const std::vector<ImportItem*>& pending);
  std::string NameFor(const ImportItem& item) const;
  std::string KeyOfName(const std::string& name) const;
  // False when what was read does not fit together: read it again.
  bool Decide(ImportItem* item, Transaction* transaction);
  void DecideNew(ImportItem* item, Transaction* transaction);
  void DecideExisting(const Record& record, ImportItem* item, Transaction* transaction);
  void Remember(const ImportItem& item, Transaction* transaction);
  void Settle(const CommitOutcome& outcome, ImportItem* item);
  absl::Status CheckDecided() const;
  void FillResult(const ImportItem& item, Message* result) const;
  Revision FillResponse();
};

void Catalog::Import::TakeItems(const FieldDescriptor* field) {
  const int size = request.GetReflection()->FieldSize(request, field);
  items.resize(static_cast<size_t>(size));
  for (int i = 0; i < size; ++i) {
    ImportItem& item = items[static_cast<size_t>(i)];
    const Message& sent = request.GetReflection()->GetRepeatedMessage(request, field, i);
    item.index = i;
    item.sent.reset(sent.New());
    item.sent->CopyFrom(sent);
    ClearOutputOnly(item.sent.get());
    item.external_id = GetText(sent, fields().external_id);
    item.sent_name = GetText(sent, fields().name);
    item.sent_etag = GetText(sent, fields().etag);
    if (!row_prefix.empty()) item.row_key = absl::StrFormat("%s/%03d", row_prefix, i);
  }
}

void Catalog::Import::CheckItems() {
  absl::flat_hash_map<absl::string_view, int> uses;
  for (const ImportItem& item : items) ++uses[item.external_id];
  for (ImportItem& item : items) {
    if (item.settled) continue;
    const std::string path = absl::StrCat(collection().plural, "[", item.index, "]");
    std::vector<FieldViolation> violations = FindViolations(*item.sent, path);
    if (collection().rules != nullptr) collection().rules->Check(*item.sent, path, &violations);
    const auto names_external_id = [&](const FieldViolation& violation) {
      return violation.field == absl::StrCat(path, ".external_id");
    };
    if (item.external_id.empty() && std::none_of(violations.begin(), violations.end(), names_external_id)) {
      violations.push_back({absl::StrCat(path, ".external_id"), "is required: an import finds what it updates by it"});
    }
    CheckReferences(*item.sent, edition, path, &violations);
    item.candidate.path = path;
    if (!violations.empty()) {
      item.Refuse(InvalidFields(std::move(violations)));
    } else if (uses[item.external_id] > 1) {
      item.Refuse(MakeError(absl::StatusCode::kInvalidArgument, "DUPLICATE_IN_BATCH",
                            absl::StrCat("the external id ", item.external_id, " occurs ", uses[item.external_id],
                                         " times in the batch and none of them was written: send it once"),
                            {{"external_id", item.external_id}}));
    }
  }
}

absl::Status Catalog::Import::ReadRows(const std::vector<std::string>& keys) {
  if (keys.empty()) return absl::OkStatus();
  auto read = store()->BatchGet(keys);
  if (!read.ok()) return FromStore(read.status());
  for (size_t i = 0; i < keys.size(); ++i) rows[keys[i]] = std::move((*read)[i]);
  return absl::OkStatus();
}

std::string Catalog::Import::KeyOfName(const std::string& name) const {
  const auto ids = catalog->pattern_.Match(name);
  return ids.has_value() ? RecordKey(collection().plural, *ids) : std::string();
}

// The name that a new record would have if it is free: the one sent, or one after the external id; empty when what owns
// it is not known.
std::string Catalog::Import::NameFor(const ImportItem& item) const {
  if (!item.sent_name.empty()) return item.sent_name;
  std::vector<std::string> ids = item.candidate.parent_ids;
  ids.push_back(ResourceIdFor(item.external_id));
  return ids.size() == catalog->pattern_.variables() ? catalog->pattern_.Format(ids) : std::string();
}

// The call's own row comes first and by itself: once it is there, the rows of items are of this content.
absl::Status Catalog::Import::ClaimRequestId() {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    TANDEM_RETURN_IF_ERROR(ReadRows({row_prefix}));
    TANDEM_ASSIGN_OR_RETURN(const std::optional<Remembered> claimed,
                            catalog->requests_.Read(Row(row_prefix), hash, request_id));
    if (claimed.has_value()) return absl::OkStatus();
    std::vector<Transaction> claim(1);
    catalog->requests_.Add(row_prefix, Row(row_prefix), hash, "", 0, &claim.front());
    const CommitOutcome outcome = store()->Commit(std::move(claim)).front();
    if (outcome.status.ok()) return absl::OkStatus();
    if (outcome.status.code() != absl::StatusCode::kAborted) return FromStore(outcome.status);
  }
  return MakeError(absl::StatusCode::kAborted, "CONTENTION", "others use the same request id at the same moment: retry",
                   {{"resource", request_id}});
}

absl::Status Catalog::Import::ReplayRemembered() {
  std::vector<std::string> keys;
  for (const ImportItem& item : items) keys.push_back(item.row_key);
  TANDEM_RETURN_IF_ERROR(ReadRows(keys));
  for (ImportItem& item : items) {
    if (item.settled) continue;
    TANDEM_ASSIGN_OR_RETURN(std::optional<Remembered> remembered,
                            catalog->requests_.Read(Row(item.row_key), hash, request_id));
    if (!remembered.has_value()) continue;
    results[static_cast<size_t>(item.index)]->ParseFromString(remembered->payload);
    item.settled = item.remembered = true;
    item.revision = remembered->revision;
  }
  return absl::OkStatus();
}

absl::Status Catalog::Import::ResolveItems(const std::vector<ImportItem*>& pending) {
  std::vector<Candidate*> candidates;
  for (ImportItem* item : pending) {
    item->resource.reset(item->sent->New());
    item->resource->CopyFrom(*item->sent);
    item->candidate.resource = item->resource.get();
    item->candidate.parent_ids = {edition};
    item->candidate.conditions.clear();
    item->candidate.status = absl::OkStatus();
    candidates.push_back(&item->candidate);
  }
  if (collection().rules != nullptr) TANDEM_RETURN_IF_ERROR(collection().rules->Resolve(store(), edition, candidates));
  for (ImportItem* item : pending) {
    if (!item->candidate.status.ok()) item->Refuse(item->candidate.status);
  }
  return absl::OkStatus();
}

void Catalog::Import::DecideNew(ImportItem* item, Transaction* transaction) {
  std::string name = NameFor(*item);
  std::vector<std::string> ids = item->candidate.parent_ids;
  if (!item->sent_name.empty()) {
    const auto sent_ids = catalog->pattern_.Match(item->sent_name);
    if (!std::equal(ids.begin(), ids.end(), sent_ids->begin())) {
      return item->Refuse(InvalidFields(
          {{absl::StrCat(item->candidate.path, ".name"), "does not begin with the name of what owns it"}}));
    }
    if (Row(KeyOfName(name)).has_value()) return item->Refuse(catalog->Exists(name, "the name"));
  } else if (name.empty() || Row(KeyOfName(name)).has_value()) {
    ids.push_back(RandomResourceId());
    name = catalog->pattern_.Format(ids);
  }
  const int state = promote ? collection().live_state : collection().initial_state;
  catalog->Begin(name, state, item->resource.get());
  const std::string index_key = ExternalIdKey(collection().plural, edition, item->external_id);
  const std::string key = KeyOfName(name);
  transaction->conditions.push_back(Condition::Absent(key));
  transaction->conditions.push_back(Condition::Absent(index_key));
  transaction->writes.push_back(tandem::Write::Put(key, SerializeDeterministically(*item->resource)));
  if (!Deviates("catalog.index-row")) transaction->writes.push_back(tandem::Write::PutUnlogged(index_key, name));
  item->outcome = kCreated;
  item->name = name;
  item->revision = 0;
}

void Catalog::Import::DecideExisting(const Record& record, ImportItem* item, Transaction* transaction) {
  const auto before = catalog->Parse(record);
  if (!before.ok()) return item->Refuse(before.status());
  std::vector<FieldViolation> violations;
  catalog->Inherit(**before, item->candidate.path, item->resource.get(), &violations);
  if (!violations.empty()) return item->Refuse(InvalidFields(std::move(violations)));
  if (absl::Status status = catalog->CheckNotDeleted(**before, "import"); !status.ok())
    return item->Refuse(std::move(status));
  if (absl::Status status = catalog->CheckEtag(item->sent_etag, **before, record.revision); !status.ok())
    return item->Refuse(std::move(status));
  const auto& promoted = collection().promoted;
  if (promote && std::find(promoted.begin(), promoted.end(), GetEnum(**before, fields().state)) != promoted.end()) {
    SetEnum(item->resource.get(), fields().state, collection().live_state);
  }
  item->name = GetText(**before, fields().name);
  if (catalog->Touch(record, item->resource.get())) {
    transaction->conditions.push_back(Condition::AtRevision(record.key, record.revision));
    transaction->writes.push_back(tandem::Write::Put(record.key, SerializeDeterministically(*item->resource)));
    item->outcome = kUpdated;
    item->revision = 0;
  } else {
    item->outcome = kUnchanged;
    item->revision = record.revision;
  }
}

bool Catalog::Import::Decide(ImportItem* item, Transaction* transaction) {
  const auto& index = Row(ExternalIdKey(collection().plural, edition, item->external_id));
  if (!index.has_value()) {
    DecideNew(item, transaction);
  } else if (const auto& record = Row(KeyOfName(index->value)); record.has_value()) {
    DecideExisting(*record, item, transaction);
  } else {
    return false;  // removed between the two reads
  }
  if (item->refused) {
    *transaction = {};
  } else if (!transaction->writes.empty()) {
    for (Condition& condition : item->candidate.conditions) transaction->conditions.push_back(std::move(condition));
  }
  return true;
}

void Catalog::Import::Remember(const ImportItem& item, Transaction* transaction) {
  const std::unique_ptr<Message> result(results.front()->New());
  FillResult(item, result.get());
  catalog->requests_.Add(item.row_key, Row(item.row_key), hash, SerializeDeterministically(*result), item.revision,
                         transaction);
}

void Catalog::Import::Settle(const CommitOutcome& outcome, ImportItem* item) {
  if (outcome.status.code() == absl::StatusCode::kAborted) return;
  item->settled = true;
  if (!outcome.status.ok()) {
    item->LeaveUndecided(FromStore(outcome.status));
  } else if (item->revision == 0) {
    item->revision = outcome.revision;
  }
}

absl::Status Catalog::Import::ReadItems(const std::vector<ImportItem*>& pending) {
  std::vector<std::string> index_keys;
  index_keys.reserve(pending.size());
  for (const ImportItem* item : pending)
    index_keys.push_back(ExternalIdKey(collection().plural, edition, item->external_id));
  TANDEM_RETURN_IF_ERROR(ReadRows(index_keys));
  std::vector<std::string> keys;
  absl::flat_hash_set<std::string> seen;
  for (size_t i = 0; i < pending.size(); ++i) {
    const auto& index = Row(index_keys[i]);
    std::string key = KeyOfName(index.has_value() ? index->value : NameFor(*pending[i]));
    if (!key.empty() && seen.insert(key).second) keys.push_back(std::move(key));
  }
  return ReadRows(keys);
}

bool Catalog::Import::AllSettled() const {
  return std::all_of(items.begin(), items.end(), [](const ImportItem& item) { return item.settled; });
}

absl::Status Catalog::Import::Attempt() {
  std::vector<ImportItem*> undecided;
  for (ImportItem& item : items) {
    if (!item.settled && !item.refused) undecided.push_back(&item);
  }
  TANDEM_RETURN_IF_ERROR(ResolveItems(undecided));
  undecided.erase(
      std::remove_if(undecided.begin(), undecided.end(), [](const ImportItem* item) { return item->refused; }),
      undecided.end());
  TANDEM_RETURN_IF_ERROR(ReadItems(undecided));

  std::vector<Transaction> transactions;
  std::vector<ImportItem*> owners;  // of the transactions
  for (ImportItem& item : items) {
    if (item.settled) continue;
    Transaction transaction;
    if (!item.refused && !Decide(&item, &transaction)) continue;
    if (!validate_only && !row_prefix.empty()) Remember(item, &transaction);
    if (validate_only || transaction.writes.empty()) {
      item.settled = true;
      continue;
    }
    transactions.push_back(std::move(transaction));
    owners.push_back(&item);
  }
  if (transactions.empty()) return absl::OkStatus();
  PassPoint("catalog.import");
  const int rows_written = row_prefix.empty() ? 0 : static_cast<int>(transactions.size()) + 1;
  const std::vector<CommitOutcome> outcomes = store()->Commit(std::move(transactions));
  for (size_t i = 0; i < outcomes.size(); ++i) Settle(outcomes[i], owners[i]);
  if (rows_written > 0) catalog->requests_.Written(rows_written);
  return absl::OkStatus();
}

// An answer under a request id is for good. While an item may still be done by a repetition there is none: the call
// fails as the item did, what is written is remembered, and whoever repeats the call has each item decided once.
absl::Status Catalog::Import::CheckDecided() const {
  const auto is_undecided = [](const ImportItem& item) { return item.undecided; };
  const auto first = std::find_if(items.begin(), items.end(), is_undecided);
  if (first == items.end()) return absl::OkStatus();
  absl::Status status(first->status.code(),
                      absl::StrCat(std::count_if(items.begin(), items.end(), is_undecided), " of ", items.size(),
                                   " items are not known to be written; the others are decided and remembered, so that "
                                   "the same call again decides those only: ",
                                   first->status.message()));
  first->status.ForEachPayload(
      [&](absl::string_view type, const absl::Cord& payload) { status.SetPayload(type, payload); });
  return status;
}

void Catalog::Import::FillResult(const ImportItem& item, Message* result) const {
  const Descriptor* descriptor = result->GetDescriptor();
  SetText(result, descriptor->FindFieldByName("external_id"), item.external_id);
  SetText(result, descriptor->FindFieldByName("name"), item.name);
  SetEnum(result, descriptor->FindFieldByName("outcome"), item.outcome);
  google::rpc::Status status;
  if (!item.status.ok() && catalog->options_.status_to_proto) {
    status = catalog->options_.status_to_proto(item.status);
  } else if (!item.status.ok()) {
    status.set_code(static_cast<int>(item.status.code()));
    status.set_message(std::string(item.status.message()));
  }
  result->GetReflection()->MutableMessage(result, descriptor->FindFieldByName("status"))->CopyFrom(status);
}

Revision Catalog::Import::FillResponse() {
  Revision newest = 0;
  for (const ImportItem& item : items) {
    if (!item.remembered) FillResult(item, results[static_cast<size_t>(item.index)]);
    const Message& result = *results[static_cast<size_t>(item.index)];
    if (GetEnum(result, result.GetDescriptor()->FindFieldByName("outcome")) != kNone)
      newest = std::max(newest, item.revision);
  }
  return newest;
}

absl::Status Catalog::BatchUpsert(const Caller& caller, Deadline deadline, bool promote, const Message& request,
                                  Message* response) {
  const std::string& plural = options_.collection.plural;
  TANDEM_RETURN_IF_ERROR(Validate(request, "", {plural}));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> parent_ids, ParentIdsOf(request));
  const std::string& edition = parent_ids.front();
  TANDEM_RETURN_IF_ERROR(CheckEdition(caller, request, parent_ids));
  TANDEM_RETURN_IF_ERROR(CheckWriter(caller, request));
  if (promote) TANDEM_RETURN_IF_ERROR(CheckOrganiser(caller, request, "importing as decided"));
  TANDEM_RETURN_IF_ERROR(CheckEditionExists(edition, TextOf(request, "consistency_token"), deadline));

  const bool validate_only = FlagOf(request, "validate_only");
  const std::string request_id = validate_only ? std::string() : TextOf(request, "request_id");
  const bool keep = !request_id.empty();
  Import import{this,
                request,
                edition,
                promote,
                validate_only,
                request_id,
                keep ? RequestLog::Hash(request) : std::string(),
                keep ? RequestLog::Key(edition, MethodOf(request), caller.actor, request_id) : std::string(),
                response,
                {},
                {},
                {}};
  import.TakeItems(request.GetDescriptor()->FindFieldByName(plural));
  const FieldDescriptor* results = response->GetDescriptor()->FindFieldByName("results");
  for (size_t i = 0; i < import.items.size(); ++i)
    import.results.push_back(response->GetReflection()->AddMessage(response, results));

  if (keep) TANDEM_RETURN_IF_ERROR(import.ClaimRequestId());
  for (int attempt = 0; attempt < kAttempts && !import.AllSettled(); ++attempt) {
    if (keep) TANDEM_RETURN_IF_ERROR(import.ReplayRemembered());
    if (attempt == 0) import.CheckItems();
    TANDEM_RETURN_IF_ERROR(import.Attempt());
  }
  for (ImportItem& item : import.items) {
    if (item.settled) continue;
    item.LeaveUndecided(MakeError(absl::StatusCode::kAborted, "CONTENTION",
                                  "others wrote the same resource at the same moment, again and again: send it again",
                                  {{"resource", item.external_id}}));
  }
  if (keep) TANDEM_RETURN_IF_ERROR(import.CheckDecided());
  PassPoint("catalog.before-answer");
  if (const Revision newest = import.FillResponse(); newest > 0) {
    SetText(response, response->GetDescriptor()->FindFieldByName("consistency_token"), TokenOf(newest));
  }
  return absl::OkStatus();
}

}  // namespace tandem::catalog
