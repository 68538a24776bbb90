// What pairings do to a Market: who is gone from whose list, and how many places of an investor are taken.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "common/base/test_switch.h"
#include "services/pairing/matching/market.h"

namespace tandem::pairing::matching {
namespace {

absl::flat_hash_set<std::string> NamesOf(const GoneList* gone, const SlotNames& names) {
  absl::flat_hash_set<std::string> list;
  if (gone == nullptr) return list;
  for (const Gone& each : *gone) list.insert(names.NameOf(each.slot));
  return list;
}

}  // namespace

void Market::PutPairing(const v1::Pairing& pairing) {
  PairFacts facts = FactsOf(pairing);
  // Most pairings say nothing that matters here: their sides need no slot.
  if (!facts.Matters()) return stances_.Remove(pairing.name());
  facts.project = project_names_->Add(pairing.project());
  facts.investor = investor_names_->Add(pairing.investor());
  stances_.Put(pairing.name(), facts);
}

void Market::RemovePairing(absl::string_view name) { stances_.Remove(name); }

int32_t Market::TakenPlaces(const investors::v1::Investor& investor) const {
  const auto slot = investor_names_->Find(investor.name());
  const int32_t mutual = slot.has_value() ? stances_.MutualOf(*slot) : 0;
  const int32_t taken = std::min(investor.capacity(), mutual);
  return investor.capacity() - taken >= kSparedCapacity ? 0 : taken;
}

void Market::RecountPlaces() {
  for (const uint32_t slot : stances_.TakeRecounted()) {
    const std::string& name = investor_names_->NameOf(slot);
    const auto it = investors_.find(name);
    if (it == investors_.end() || Deviates("stances.capacity")) continue;
    const int32_t taken = TakenPlaces(it->second->record);
    if (taken == it->second->taken_places) continue;
    auto facts = std::make_shared<InvestorFacts>(*it->second);
    facts->taken_places = taken;
    it->second = std::move(facts);
    changed_investors_.insert(name);
  }
}

void Market::ShowStances() {
  const StanceBook::Changes changes = stances_.TakeChanges();
  if (Deviates("stances.marks")) return;
  for (const uint32_t investor : changes.investors) marks_.StancesOfInvestorChanged(investor, version_);
  for (const uint32_t project : changes.projects) marks_.StancesOfProjectChanged(project, version_);
}

absl::flat_hash_set<std::string> Market::GoneFromInvestor(absl::string_view name) const {
  const auto slot = investor_names_->Find(name);
  return slot.has_value() ? NamesOf(stances_.gone().from_investors.Peek(*slot), *project_names_)
                          : absl::flat_hash_set<std::string>();
}

absl::flat_hash_set<std::string> Market::GoneFromProject(absl::string_view name) const {
  const auto slot = project_names_->Find(name);
  return slot.has_value() ? NamesOf(stances_.gone().from_projects.Peek(*slot), *investor_names_)
                          : absl::flat_hash_set<std::string>();
}

}  // namespace tandem::pairing::matching
