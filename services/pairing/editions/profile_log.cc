#include "services/pairing/editions/profile_log.h"

#include <algorithm>
#include <openssl/sha.h>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/catalog/fields.h"
#include "common/catalog/names.h"
#include "common/catalog/store_status.h"
#include "services/pairing/matching/profile.h"
#include "services/pairing/matching/profile_codec.h"

namespace tandem::pairing {
namespace {

constexpr int kAttempts = 16;

// Row of the number that an edition gave last.
std::string NumberKey(absl::string_view edition) { return absl::StrCat("n/profiles/", edition); }

absl::Status Unreadable() {
  return MakeError(absl::StatusCode::kInternal, "INTERNAL", "a stored ranking profile cannot be read");
}

}  // namespace

std::string Fingerprint(const v1::RankingProfile& profile) {
  v1::RankingProfile ranks;
  *ranks.mutable_weights() = profile.weights();
  *ranks.mutable_parameters() = profile.parameters();
  *ranks.mutable_features() = profile.features();
  const std::string bytes = catalog::SerializeDeterministically(ranks);
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(hash), sizeof(hash)));
}

absl::StatusOr<ProfileLog::Kept> ProfileLog::Add(absl::string_view edition, v1::RankingProfile made) {
  std::sort(made.mutable_features()->begin(), made.mutable_features()->end(),
            [](const v1::FeaturePoints& a, const v1::FeaturePoints& b) { return a.feature() < b.feature(); });
  made.clear_consistency_token();
  made.set_fingerprint(Fingerprint(made));
  catalog::SetTime(&made, v1::RankingProfile::descriptor()->FindFieldByName("create_time"), clock_->Now());
  const size_t bytes = made.ByteSizeLong();
  if (bytes > kMostBytes) {
    return MakeError(absl::StatusCode::kResourceExhausted, "LIMIT_EXCEEDED",
                     absl::StrCat("a ranking profile may have ", kMostBytes, " bytes and this one has ", bytes,
                                  ": keep fewer features"),
                     {{"limit", absl::StrCat(kMostBytes, " bytes")}, {"value", absl::StrCat(bytes)}});
  }

  const std::string number_key = NumberKey(edition);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto row = store_->Get(number_key);
    if (!row.ok()) return catalog::FromStore(row.status());
    int64_t last = 0;
    if (row->has_value() && !absl::SimpleAtoi((*row)->value, &last)) return Unreadable();
    const std::string id = absl::StrCat(kTrainedPrefix, last + 1);
    made.set_number(last + 1);
    made.set_name(absl::StrCat("editions/", edition, "/profiles/", id));
    // What no market could rank by must not be there to be chosen.
    TANDEM_RETURN_IF_ERROR(matching::ProfileFromProto(made).status());
    const std::string key = catalog::RecordKey(kProfiles, {std::string(edition), id});
    Transaction transaction;
    transaction.conditions = {
        row->has_value() ? Condition::AtRevision(number_key, (*row)->revision) : Condition::Absent(number_key),
        Condition::Absent(key)};
    transaction.writes = {Write::PutUnlogged(number_key, absl::StrCat(last + 1)),
                          Write::Put(key, catalog::SerializeDeterministically(made))};
    const CommitOutcome outcome = store_->Commit({std::move(transaction)}).front();
    if (outcome.status.ok()) return Kept{std::move(made), outcome.revision};
    if (outcome.status.code() != absl::StatusCode::kAborted) return catalog::FromStore(outcome.status);
  }
  return MakeError(absl::StatusCode::kAborted, "CONTENTION",
                   "others make profiles of this edition at the same moment: retry", {{"resource", made.name()}});
}

absl::StatusOr<ProfileLog::Kept> ProfileLog::Find(absl::string_view edition, absl::string_view id) const {
  Kept kept;
  if (id == kDefaultProfileId) {
    kept.profile = matching::ToProto(matching::DefaultProfile(), absl::StrCat("editions/", edition));
    kept.profile.set_fingerprint(Fingerprint(kept.profile));
    return kept;
  }
  const auto record = store_->Get(catalog::RecordKey(kProfiles, {std::string(edition), std::string(id)}));
  if (!record.ok()) return catalog::FromStore(record.status());
  const std::string name = absl::StrCat("editions/", edition, "/profiles/", id);
  if (!record->has_value()) {
    return MakeError(absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND",
                     absl::StrCat("there is no ", name, "; ListProfiles says which there are, and ", kDefaultProfileId,
                                  " is the shipped one"),
                     {{"resource", name}});
  }
  if (!kept.profile.ParseFromString((*record)->value)) return Unreadable();
  kept.revision = (*record)->revision;
  return kept;
}

}  // namespace tandem::pairing
