#include "services/pairing/meetings/report/edition_snapshot.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/each_record.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "services/pairing/ledger/rows.h"
#include "services/pairing/meetings/book/meeting_rows.h"

namespace tandem::pairing::meetings {
namespace {

constexpr int kReadAtOnce = 1000;
// The log is compacted far behind its head: a scan that it overtakes twice is no scan of a living store.
constexpr int kMostAttempts = 3;

using Values = absl::btree_map<std::string, std::string>;  // by key

// Brings what was scanned since the head was at `from` to one revision, which is returned; nullopt when the log no
// longer reaches back so far.
absl::StatusOr<std::optional<Revision>> CatchUp(RecordStore* store, Revision from,
                                                const std::vector<std::string>& prefixes, Values* values) {
  const auto head = store->GetHead();
  if (!head.ok()) return catalog::FromStore(head.status());
  Revision through = from;
  while (through < head->revision) {
    auto batch = store->Changes(through, kReadAtOnce);
    if (absl::IsOutOfRange(batch.status())) return std::optional<Revision>();
    if (!batch.ok()) return catalog::FromStore(batch.status());
    for (Change& change : batch->changes) {
      bool wanted = false;
      for (const std::string& prefix : prefixes) wanted = wanted || absl::StartsWith(change.key, prefix);
      if (!wanted) continue;
      if (change.value.has_value()) {
        (*values)[std::move(change.key)] = *std::move(change.value);
      } else {
        values->erase(change.key);
      }
    }
    through = batch->through;
  }
  return std::optional<Revision>(through);
}

}  // namespace

absl::StatusOr<EditionSnapshot> ReadEdition(RecordStore* store, absl::string_view edition) {
  const std::string id(edition), edition_key = EditionKey(edition),
                                 pairings = catalog::RecordPrefix(ledger::kPairings, {id}),
                                 meetings = catalog::RecordPrefix(kMeetings, {id});
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    const auto head = store->GetHead();
    if (!head.ok()) return catalog::FromStore(head.status());
    const auto row = store->Get(edition_key);
    if (!row.ok()) return catalog::FromStore(row.status());
    if (!row->has_value()) {
      const std::string name = absl::StrCat("editions/", edition);
      return MakeError(absl::StatusCode::kNotFound, "EDITION_NOT_FOUND",
                       absl::StrCat("there is no ", name, ": create it first"), {{"edition", name}});
    }
    Values values = {{edition_key, (*row)->value}};
    const auto keep = [&values](Record& record) {
      values[std::move(record.key)] = std::move(record.value);
      return absl::OkStatus();
    };
    TANDEM_RETURN_IF_ERROR(catalog::ForEachRecord(store, pairings, keep));
    TANDEM_RETURN_IF_ERROR(catalog::ForEachRecord(store, meetings, keep));
    TANDEM_ASSIGN_OR_RETURN(const std::optional<Revision> revision,
                            CatchUp(store, head->revision, {edition_key, pairings, meetings}, &values));
    if (!revision.has_value()) continue;

    EditionSnapshot snapshot;
    snapshot.revision = *revision;
    for (auto& [key, value] : values) {
      const Record record{key, std::move(value), 0, 0};
      if (absl::StartsWith(key, pairings)) {
        TANDEM_ASSIGN_OR_RETURN(snapshot.pairings.emplace_back(), ledger::ParsePairing(record));
      } else if (absl::StartsWith(key, meetings)) {
        TANDEM_ASSIGN_OR_RETURN(snapshot.meetings.emplace_back(), ParseMeeting(record));
      } else if (key == edition_key && !snapshot.edition.ParseFromString(record.value)) {
        return MakeError(absl::StatusCode::kInternal, "INTERNAL", absl::StrCat("the record of ", id, " is damaged"));
      }
    }
    return snapshot;
  }
  return MakeError(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                   absl::StrCat("the change log was compacted while editions/", edition, " was read: try again"));
}

}  // namespace tandem::pairing::meetings
