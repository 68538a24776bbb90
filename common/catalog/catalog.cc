#include "common/catalog/catalog.h"

#include <algorithm>
#include <openssl/sha.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "common/base/status.h"
#include "common/catalog/store_status.h"
#include "common/tokens/consistency_token.h"
#include "common/tokens/page_token.h"
#include "common/validation/validator.h"

namespace tandem::catalog {
namespace {

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 500;
// Clients refuse messages over 4 MiB unless told otherwise; what the service adds to a stored record is small.
constexpr size_t kLargestResponseBytes = size_t{3} << 20;
// Names that an error spells out.
constexpr size_t kMostNamed = 20;

absl::Status Unreadable() {
  return MakeError(absl::StatusCode::kInternal, "INTERNAL",
                   "a stored record cannot be read: restore the store from a backup");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Catalog>> Catalog::Open(Options options) {
  const auto head = options.store->GetHead();
  if (!head.ok()) return FromStore(head.status());
  return std::unique_ptr<Catalog>(new Catalog(std::move(options), head->epoch));
}

Catalog::Catalog(Options options, std::string epoch)
    : options_(std::move(options)),
      epoch_(std::move(epoch)),
      pattern_(options_.collection.pattern),
      parent_pattern_(pattern_.Parent()),
      fields_(options_.collection.prototype->GetDescriptor()),
      requests_(options_.store, options_.clock) {}

std::string Catalog::TokenOf(Revision revision) const {
  return ConsistencyToken(options_.source, Position{epoch_, revision}).Encode(*options_.keys);
}

std::string Catalog::RememberedTokenOf(Revision revision) const {
  MutexLock lock(&tokens_mutex_);
  SignedToken& token = tokens_[static_cast<size_t>(revision) % tokens_.size()];
  if (token.text.empty() || token.revision != revision) token = {revision, TokenOf(revision)};
  return token.text;
}

std::string Catalog::EtagOf(absl::string_view uid, Revision revision) const {
  // A hash, so that nobody computes with etags; the epoch, because a restored store counts the same revisions again.
  const std::string text = absl::StrCat(uid, "|", epoch_, "|", revision);
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash);
  return absl::WebSafeBase64Escape(absl::string_view(reinterpret_cast<const char*>(hash), 12));
}

void Catalog::Stamp(Revision revision, Message* resource) const {
  SetText(resource, fields_.etag, EtagOf(GetText(*resource, fields_.uid), revision));
  SetText(resource, fields_.consistency_token, TokenOf(revision));
}

absl::StatusOr<std::unique_ptr<Message>> Catalog::Parse(const Record& record) const {
  std::unique_ptr<Message> resource(options_.collection.prototype->New());
  if (!resource->ParseFromString(record.value)) return Unreadable();
  return resource;
}

absl::StatusOr<std::unique_ptr<Message>> Catalog::Read(const Record& record) const {
  TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Message> resource, Parse(record));
  Stamp(record.revision, resource.get());
  return resource;
}

absl::Status Catalog::ReadInto(const Record& record, Message* resource) const {
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<Message> read, Read(record));
  resource->GetReflection()->Swap(resource, read.get());
  return absl::OkStatus();
}

absl::StatusOr<std::string> Catalog::ReadEncoded(Record record) const {
  std::string uid;
  if (!FindEncodedText(record.value, fields_.uid, &uid)) return Unreadable();
  std::string encoded = std::move(record.value);
  AppendEncodedText(fields_.etag, EtagOf(uid, record.revision), &encoded);
  AppendEncodedText(fields_.consistency_token, RememberedTokenOf(record.revision), &encoded);
  return encoded;
}

absl::StatusOr<std::string> Catalog::WatchPrefix(const Caller& caller, const Message& request) const {
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParentIdsOf(request));
  TANDEM_RETURN_IF_ERROR(CheckEdition(caller, request, ids));
  if (ids.empty() || ids.front() == "-") return RecordPrefix(options_.collection.plural);
  // Only a sure answer counts: who watches a mistyped edition would wait for ever.
  absl::Status edition = CheckEditionExists(ids.front(), "", Deadline::min());
  if (edition.code() == absl::StatusCode::kNotFound) return edition;
  return RecordPrefix(options_.collection.plural, ids);
}

std::string Catalog::NameOf(absl::string_view key) const {
  if (!absl::ConsumePrefix(&key, RecordPrefix(options_.collection.plural))) return "";
  const std::vector<std::string> ids = absl::StrSplit(key, '/');
  return ids.size() == pattern_.variables() ? pattern_.Format(ids) : std::string();
}

absl::Status Catalog::CheckEdition(const Caller& caller, const Message& request,
                                   const std::vector<std::string>& ids) const {
  if (caller.edition.empty() || ids.empty() || caller.edition == absl::StrCat("editions/", ids.front()))
    return absl::OkStatus();
  return MakeError(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                   absl::StrCat("the caller belongs to ", caller.edition, " and cannot touch editions/", ids.front()),
                   {{"method", MethodOf(request)}, {"cause", "edition"}});
}

absl::Status Catalog::CheckOrganiser(const Caller& caller, const Message& request, absl::string_view what) const {
  if (caller.IsOrganiser()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                   absl::StrCat(what, " is the organiser's decision"),
                   {{"method", MethodOf(request)}, {"cause", "side"}});
}

absl::Status Catalog::CheckWriter(const Caller& caller, const Message& request) const {
  if (options_.collection.writer.has_value() && caller.side == *options_.collection.writer) return absl::OkStatus();
  return CheckOrganiser(caller, request, absl::StrCat("writing ", options_.collection.plural, " for others"));
}

absl::Status Catalog::CheckEditionExists(absl::string_view edition, absl::string_view token, Deadline deadline) const {
  return options_.edition_check ? options_.edition_check(edition, token, deadline) : absl::OkStatus();
}

absl::Status Catalog::NotFound(absl::string_view name, const std::vector<std::string>& ids) const {
  // Absent because its whole edition is? Only a sure answer replaces the plain one.
  absl::Status edition = CheckEditionExists(ids.front(), "", Deadline::min());
  if (edition.code() == absl::StatusCode::kNotFound) return edition;
  return MakeError(absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND", absl::StrCat("there is no ", name),
                   {{"resource", std::string(name)}});
}

absl::StatusOr<std::vector<std::string>> Catalog::IdsOf(absl::string_view path, absl::string_view name) const {
  auto ids = pattern_.Match(name);
  if (ids.has_value()) return *std::move(ids);
  return InvalidFields({{std::string(path), absl::StrCat("must be a name such as ", options_.collection.pattern)}});
}

absl::StatusOr<std::vector<std::string>> Catalog::ParentIdsOf(const Message& request) const {
  if (parent_pattern_.variables() == 0) return std::vector<std::string>();
  const std::string parent = TextOf(request, "parent");
  auto ids = parent_pattern_.Match(parent);
  // Imports and batch reads name the edition alone, whatever owns the resource.
  if (!ids.has_value()) ids = NamePattern("editions/{edition}").Match(parent);
  if (ids.has_value()) return *std::move(ids);
  return InvalidFields({{"parent", "must name what owns the resources"}});
}

absl::Status Catalog::Get(const Caller& caller, const Message& request, Message* response) {
  TANDEM_RETURN_IF_ERROR(Validate(request));
  const std::string name = TextOf(request, "name");
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsOf("name", name));
  TANDEM_RETURN_IF_ERROR(CheckEdition(caller, request, ids));
  const auto record = options_.store->Get(RecordKey(options_.collection.plural, ids));
  if (!record.ok()) return FromStore(record.status());
  if (!record->has_value()) return NotFound(name, ids);
  return ReadInto(**record, response);
}

absl::Status Catalog::BatchGet(const Caller& caller, const Message& request, Message* response) {
  std::vector<FieldViolation> violations = FindViolations(request);
  const FieldDescriptor* names = request.GetDescriptor()->FindFieldByName("names");
  const std::string parent = TextOf(request, "parent");
  std::vector<std::string> keys;
  std::vector<std::string> wanted;
  for (int i = 0; violations.empty() && i < request.GetReflection()->FieldSize(request, names); ++i) {
    wanted.push_back(request.GetReflection()->GetRepeatedString(request, names, i));
    const auto ids = pattern_.Match(wanted.back());
    if (!ids.has_value() || parent != absl::StrCat("editions/", ids->front())) {
      violations.push_back({absl::StrCat("names[", i, "]"), absl::StrCat("is not in ", parent)});
    } else {
      keys.push_back(RecordKey(options_.collection.plural, *ids));
    }
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> parent_ids, ParentIdsOf(request));
  TANDEM_RETURN_IF_ERROR(CheckEdition(caller, request, parent_ids));

  const auto records = options_.store->BatchGet(keys);
  if (!records.ok()) return FromStore(records.status());
  std::vector<std::string> missing;
  size_t bytes = 0;
  for (size_t i = 0; i < records->size(); ++i) {
    if (!(*records)[i].has_value()) missing.push_back(wanted[i]);
    if ((*records)[i].has_value()) bytes += (*records)[i]->value.size();
  }
  if (!missing.empty()) {
    const size_t more = missing.size() > kMostNamed ? missing.size() - kMostNamed : 0;
    missing.resize(missing.size() - more);
    return NotFound(absl::StrCat(absl::StrJoin(missing, ","), more > 0 ? absl::StrCat(",and ", more, " more") : ""),
                    parent_ids);
  }
  if (bytes > kLargestResponseBytes) {
    return MakeError(absl::StatusCode::kResourceExhausted, "LIMIT_EXCEEDED",
                     "the answer would be too large for one message: ask for fewer names",
                     {{"limit", absl::StrCat(kLargestResponseBytes, " bytes")}, {"value", absl::StrCat(bytes)}});
  }
  const FieldDescriptor* out = response->GetDescriptor()->FindFieldByName(options_.collection.plural);
  for (const auto& record : *records) {
    TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Message> resource, Read(*record));
    response->GetReflection()->AddAllocatedMessage(response, out, resource.release());
  }
  return absl::OkStatus();
}

absl::Status Catalog::CheckListParent(const std::vector<std::string>& ids) const {
  if (ids.empty()) return absl::OkStatus();
  absl::Status edition = CheckEditionExists(ids.front(), "", Deadline::min());
  if (edition.code() == absl::StatusCode::kNotFound) return edition;
  if (options_.collection.parent_plural.empty() || ids.size() == 1) return absl::OkStatus();
  const auto parent = options_.store->Get(RecordKey(options_.collection.parent_plural, ids));
  if (!parent.ok()) return FromStore(parent.status());
  return parent->has_value() ? absl::OkStatus() : NotFound(parent_pattern_.Format(ids), ids);
}

absl::Status Catalog::List(const Caller& caller, const Message& request, Message* response) {
  TANDEM_RETURN_IF_ERROR(Validate(request));
  TANDEM_ASSIGN_OR_RETURN(std::vector<std::string> ids, ParentIdsOf(request));
  TANDEM_RETURN_IF_ERROR(CheckEdition(caller, request, ids));
  if (!ids.empty() && ids.front() == "-") return InvalidFields({{"parent", "must name one edition"}});
  // `-` stands for all that follow.
  ids.erase(std::find(ids.begin(), ids.end(), "-"), ids.end());
  const bool show_deleted = FlagOf(request, "show_deleted");
  const int asked = NumberOf(request, "page_size");
  const int page_size = asked <= 0 ? kDefaultPage : std::min(asked, kLargestPage);

  const std::string prefix = RecordPrefix(options_.collection.plural, ids);
  const std::string arguments =
      absl::StrCat(MethodOf(request), "|", prefix, "|", caller.edition, "|", show_deleted ? 1 : 0);
  std::string begin = prefix;
  const std::string page_token = TextOf(request, "page_token");
  if (!page_token.empty()) {
    TANDEM_ASSIGN_OR_RETURN(const std::string last, DecodePageToken(*options_.keys, arguments, page_token));
    begin = absl::StrCat(prefix, last, absl::string_view("\0", 1));
  }

  const FieldDescriptor* out = response->GetDescriptor()->FindFieldByName(options_.collection.plural);
  size_t bytes = 0;
  std::string last;
  int size = 0;
  while (true) {
    // One more than needed tells whether another page follows.
    const int limit = page_size + 1;
    const auto records = options_.store->Scan(begin, PrefixEnd(prefix), limit);
    if (!records.ok()) return FromStore(records.status());
    for (const Record& record : *records) {
      TANDEM_ASSIGN_OR_RETURN(std::unique_ptr<Message> resource, Parse(record));
      if (!show_deleted && IsDeleted(*resource)) continue;
      // The list of the editions themselves: the rest of this file is about one edition.
      if (ids.empty() && !caller.edition.empty() && GetText(*resource, fields_.name) != caller.edition) continue;
      bytes += record.value.size();
      if (size == page_size || (size > 0 && bytes > kLargestResponseBytes)) {
        SetText(response, response->GetDescriptor()->FindFieldByName("next_page_token"),
                EncodePageToken(*options_.keys, arguments, last));
        return absl::OkStatus();
      }
      Stamp(record.revision, resource.get());
      response->GetReflection()->AddAllocatedMessage(response, out, resource.release());
      last = record.key.substr(prefix.size());
      ++size;
    }
    if (static_cast<int>(records->size()) < limit) break;
    begin = absl::StrCat(records->back().key, absl::string_view("\0", 1));
  }
  return size == 0 && page_token.empty() ? CheckListParent(ids) : absl::OkStatus();
}

}  // namespace tandem::catalog
