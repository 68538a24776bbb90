#include "services/pairing/matching/prior_projects.h"

namespace tandem::pairing::matching {

// A name prevails over an external id, as it does where prior investors are looked up.

void PriorProjects::Add(uint32_t slot, const projects::v1::Project& project) {
  for (const type::v1::InvestorRef& ref : project.prior_investors()) {
    if (!ref.name().empty()) {
      by_name_[ref.name()].insert(slot);
    } else if (!ref.external_id().empty()) {
      by_external_id_[ref.external_id()].insert(slot);
    }
  }
}

void PriorProjects::Remove(uint32_t slot, const projects::v1::Project& project) {
  const auto remove = [slot](Naming* naming, const std::string& key) {
    const auto it = naming->find(key);
    if (it == naming->end()) return;
    it->second.erase(slot);
    if (it->second.empty()) naming->erase(it);
  };
  for (const type::v1::InvestorRef& ref : project.prior_investors()) {
    if (!ref.name().empty()) {
      remove(&by_name_, ref.name());
    } else if (!ref.external_id().empty()) {
      remove(&by_external_id_, ref.external_id());
    }
  }
}

void PriorProjects::FindByName(absl::string_view name, absl::flat_hash_set<uint32_t>* slots) const {
  const auto it = by_name_.find(name);
  if (it != by_name_.end()) slots->insert(it->second.begin(), it->second.end());
}

void PriorProjects::FindByExternalId(absl::string_view external_id, absl::flat_hash_set<uint32_t>* slots) const {
  const auto it = by_external_id_.find(external_id);
  if (it != by_external_id_.end()) slots->insert(it->second.begin(), it->second.end());
}

}  // namespace tandem::pairing::matching
