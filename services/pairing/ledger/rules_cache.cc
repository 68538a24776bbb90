#include "services/pairing/ledger/rules_cache.h"

#include <utility>

#include "common/base/status.h"
#include "services/pairing/meetings/agenda.h"

namespace tandem::pairing::ledger {

absl::StatusOr<std::shared_ptr<const Rules>> RulesOf(const v1::Edition& edition) {
  TANDEM_ASSIGN_OR_RETURN(const std::shared_ptr<const meetings::Agenda> agenda, meetings::Agenda::Make(edition));
  auto rules = std::make_shared<Rules>();
  rules->project_quotas = agenda->project_quotas();
  rules->investor_quotas = agenda->investor_quotas();
  rules->request_expiry = agenda->request_expiry();
  rules->request_cooldown = agenda->request_cooldown();
  rules->most_attempts = agenda->most_attempts();
  if (!agenda->slots().empty()) rules->last_slot = agenda->slots().back().start;
  rules->has_slot = [agenda](absl::Time time) { return agenda->FindSlot(time) != meetings::kNone; };
  rules->local_day = [agenda](absl::Time time) { return agenda->local_time().At(time).day; };
  return std::shared_ptr<const Rules>(std::move(rules));
}

absl::StatusOr<std::shared_ptr<const Rules>> RulesCache::Of(const Record& record) {
  {
    MutexLock lock(&mutex_);
    const auto kept = kept_.find(record.key);
    if (kept != kept_.end() && kept->second.revision == record.revision) return kept->second.rules;
  }
  v1::Edition edition;
  if (!edition.ParseFromString(record.value)) {
    return MakeError(absl::StatusCode::kInternal, "INTERNAL",
                     "a stored edition cannot be read: restore the store from a backup");
  }
  TANDEM_ASSIGN_OR_RETURN(std::shared_ptr<const Rules> rules, RulesOf(edition));
  MutexLock lock(&mutex_);
  Kept& kept = kept_[record.key];
  if (kept.revision <= record.revision) kept = {record.revision, rules};
  return rules;
}

}  // namespace tandem::pairing::ledger
