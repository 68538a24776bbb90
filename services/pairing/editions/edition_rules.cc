#include "services/pairing/editions/edition_rules.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "common/catalog/fields.h"
#include "common/catalog/names.h"
#include "common/catalog/references.h"
#include "services/pairing/editions/agenda_rules.h"
#include "services/pairing/editions/profile_log.h"

namespace tandem::pairing {
namespace {

// An ExchangeRate of one: the base currency in itself.
constexpr int64_t kOneInNanos = 1000000000;

}  // namespace

void EditionRules::Check(const google::protobuf::Message& resource, absl::string_view path,
                         std::vector<FieldViolation>* violations) const {
  const auto& edition = static_cast<const v1::Edition&>(resource);
  catalog::CheckOriginal(edition.texts(), path, violations);
  for (int i = 0; i < edition.exchange_rates_size(); ++i) {
    const auto& rate = edition.exchange_rates(i);
    if (rate.currency_code() == edition.base_currency_code() && rate.rate_nanos() != kOneInNanos) {
      violations->push_back({absl::StrCat(path, ".exchange_rates[", i, "].rate_nanos"),
                             absl::StrCat("must be ", kOneInNanos, " for the base currency itself, or leave it out")});
    }
  }
  // A new edition has no name yet: Resolve looks at its owners.
  const std::string name(absl::StripPrefix(edition.name(), "editions/"));
  if (edition.has_agenda()) {
    const std::string agenda = absl::StrCat(path, ".agenda");
    CheckAgenda(edition.agenda(), agenda, violations);
    if (!name.empty()) CheckOwners(edition.agenda(), name, agenda, violations);
  }
  const std::string id = RankingProfileId(edition);
  if (id == kDefaultProfileId || !catalog::IsResourceId(id)) return;  // the contract's rules speak of what is no id
  const auto profile = ProfileLog(store_, SystemClock()).Find(name.empty() ? "-" : name, id);
  if (profile.ok()) return;
  violations->push_back(
      {absl::StrCat(path, ".ranking_profile"),
       absl::IsNotFound(profile.status())
           ? absl::StrCat("must be a profile of this edition, and ", id,
                          " is none; ListProfiles says which there are, and ", kDefaultProfileId, " is the shipped one")
           : std::string(profile.status().message())});
}

void EditionRules::Follow(const google::protobuf::Message& before, google::protobuf::Message* resource) const {
  auto* edition = static_cast<v1::Edition*>(resource);
  const std::string id = RankingProfileId(*edition);
  const auto& stored = static_cast<const v1::Edition&>(before);
  if (id == RankingProfileId(stored)) return;
  edition->set_ranking_profile(stored.ranking_profile());
  SetRankingProfile(id, "", edition);
}

absl::Status EditionRules::Resolve(RecordStore* /*store*/, absl::string_view edition,
                                   absl::Span<catalog::Candidate* const> candidates) const {
  for (catalog::Candidate* candidate : candidates) {
    std::vector<FieldViolation> violations;
    CheckOwners(static_cast<const v1::Edition&>(*candidate->resource).agenda(), edition.empty() ? "-" : edition,
                absl::StrCat(candidate->path, ".agenda"), &violations);
    if (!violations.empty()) candidate->status = InvalidFields(std::move(violations));
  }
  return absl::OkStatus();
}

absl::Status EditionRules::Effects(RecordStore* /*store*/, const catalog::PlannedChange& change,
                                   Transaction* transaction) const {
  const auto& before = static_cast<const v1::Edition&>(*change.before);
  const auto& after = static_cast<const v1::Edition&>(*change.after);
  const bool same = before.time_zone() == after.time_zone() && catalog::SerializeDeterministically(before.agenda()) ==
                                                                   catalog::SerializeDeterministically(after.agenda());
  if (same || !agenda_change_) return absl::OkStatus();
  return agenda_change_(*change.caller, before, after, catalog::FlagOf(*change.request, "force"), transaction);
}

catalog::Collection EditionCollection(const EditionRules* rules) {
  catalog::Collection editions;
  editions.singular = "edition";
  editions.plural = "editions";
  editions.pattern = "editions/{edition}";
  editions.prototype = &v1::Edition::default_instance();
  editions.rules = rules;
  return editions;
}

void SetRankingProfile(absl::string_view id, absl::string_view reason, v1::Edition* edition) {
  const std::string before = RankingProfileId(*edition);
  if (before == id) return;
  edition->set_previous_ranking_profile(before);
  edition->set_ranking_profile(std::string(id));
  edition->set_ranking_profile_reason(std::string(reason));
}

std::string RankingProfileId(const v1::Edition& edition) {
  return edition.ranking_profile().empty() ? kDefaultProfileId : edition.ranking_profile();
}

}  // namespace tandem::pairing
