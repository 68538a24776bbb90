#include "services/pairing/editions/statistics_log.h"

#include <algorithm>
#include <openssl/sha.h>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/fields.h"
#include "common/catalog/store_status.h"

namespace tandem::pairing {
namespace {

constexpr int kAttempts = 16;

std::string RowKey(absl::string_view edition, const StatisticsLog::Request& request) {
  return catalog::RequestLog::Key(edition, "FreezeStatistics", request.actor, request.request_id);
}

absl::Status Unreadable() {
  return MakeError(absl::StatusCode::kInternal, "INTERNAL", "the stored statistics cannot be read");
}

absl::StatusOr<std::optional<StatisticsLog::Kept>> KeptOf(const std::optional<catalog::Remembered>& remembered) {
  if (!remembered.has_value()) return std::nullopt;
  StatisticsLog::Kept kept;
  if (!kept.statistics.ParseFromString(remembered->payload)) return Unreadable();
  kept.revision = remembered->revision;
  return kept;
}

}  // namespace

std::string Fingerprint(const v1::Statistics& statistics) {
  v1::Statistics counts;
  counts.set_project_count(statistics.project_count());
  counts.set_deal_count(statistics.deal_count());
  *counts.mutable_features() = statistics.features();
  const std::string bytes = catalog::SerializeDeterministically(counts);
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(hash), sizeof(hash)));
}

absl::StatusOr<std::optional<StatisticsLog::Kept>> StatisticsLog::Find(absl::string_view edition,
                                                                       const Request& request) {
  if (request.request_id.empty()) return std::nullopt;
  const auto row = store_->Get(RowKey(edition, request));
  if (!row.ok()) return catalog::FromStore(row.status());
  TANDEM_ASSIGN_OR_RETURN(const auto remembered, requests_.Read(*row, request.hash, request.request_id));
  return KeptOf(remembered);
}

absl::StatusOr<StatisticsLog::Kept> StatisticsLog::Freeze(absl::string_view edition, v1::Statistics counted,
                                                          const Request& request) {
  std::sort(counted.mutable_features()->begin(), counted.mutable_features()->end(),
            [](const v1::FeatureCount& a, const v1::FeatureCount& b) { return a.feature() < b.feature(); });
  counted.set_name(absl::StrCat("editions/", edition, "/statistics"));
  counted.clear_consistency_token();
  counted.set_fingerprint(Fingerprint(counted));
  catalog::SetTime(&counted, v1::Statistics::descriptor()->FindFieldByName("create_time"), clock_->Now());

  const std::string key = absl::StrCat(kStatisticsPrefix, edition);
  const std::string row_key = request.request_id.empty() ? "" : RowKey(edition, request);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto record = store_->Get(key);
    if (!record.ok()) return catalog::FromStore(record.status());
    v1::Statistics before;
    if (record->has_value() && !before.ParseFromString((*record)->value)) return Unreadable();
    counted.set_number(before.number() + 1);
    std::vector<Transaction> transactions(1);
    if (!row_key.empty()) {
      const auto row = store_->Get(row_key);
      if (!row.ok()) return catalog::FromStore(row.status());
      TANDEM_ASSIGN_OR_RETURN(const auto remembered, requests_.Read(*row, request.hash, request.request_id));
      TANDEM_ASSIGN_OR_RETURN(std::optional<Kept> kept, KeptOf(remembered));
      if (kept.has_value()) return *std::move(kept);
      requests_.Add(row_key, *row, request.hash, catalog::SerializeDeterministically(counted), 0, &transactions[0]);
    }
    transactions[0].conditions.push_back(record->has_value() ? Condition::AtRevision(key, (*record)->revision)
                                                             : Condition::Absent(key));
    transactions[0].writes.push_back(Write::Put(key, catalog::SerializeDeterministically(counted)));
    const CommitOutcome outcome = store_->Commit(std::move(transactions)).front();
    if (outcome.status.ok()) {
      if (!row_key.empty()) requests_.Written(1);
      return Kept{std::move(counted), outcome.revision};
    }
    if (outcome.status.code() != absl::StatusCode::kAborted) return catalog::FromStore(outcome.status);
  }
  return MakeError(absl::StatusCode::kAborted, "CONTENTION",
                   "others freeze the statistics of this edition at the same moment: retry",
                   {{"resource", counted.name()}});
}

}  // namespace tandem::pairing
