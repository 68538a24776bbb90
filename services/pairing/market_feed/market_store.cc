#include "services/pairing/market_feed/market_store.h"

#include <utility>

#include "google/protobuf/message.h"

#include "services/pairing/market_feed/record_name.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/pairing/v1/profile.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::pairing {

void MarketStore::Show(Entry* entry) const {
  auto view = entry->market.View();
  MutexLock lock(&views_mutex_);
  entry->view.swap(view);
  entry->view_known = entry->known;
  entry->stale = false;
}

std::shared_ptr<const matching::MarketView> MarketStore::ViewOf(Entry* entry, bool known_only) const {
  {
    MutexLock lock(&views_mutex_);
    entry->read = true;
    if (!entry->stale) return entry->view_known || !known_only ? entry->view : nullptr;
  }
  MutexLock lock(&mutex_);
  Show(entry);
  return entry->known || !known_only ? entry->view : nullptr;
}

std::shared_ptr<const matching::MarketView> MarketStore::Find(absl::string_view edition) const {
  Entry* entry = nullptr;
  {
    MutexLock lock(&views_mutex_);
    const auto found = entries_.find(edition);
    if (found == entries_.end()) return nullptr;
    entry = found->second.get();
  }
  return ViewOf(entry, true);  // entries are never taken out
}

std::vector<std::shared_ptr<const matching::MarketView>> MarketStore::All() const {
  std::vector<Entry*> entries;
  {
    MutexLock lock(&views_mutex_);
    for (const auto& [edition, entry] : entries_) entries.push_back(entry.get());
  }
  std::vector<std::shared_ptr<const matching::MarketView>> views;
  views.reserve(entries.size());
  for (Entry* entry : entries) views.push_back(ViewOf(entry, false));
  return views;
}

bool MarketStore::Read(absl::string_view edition, absl::FunctionRef<void(const matching::Market&)> use) const {
  MutexLock lock(&mutex_);
  const auto found = entries_.find(edition);
  if (found == entries_.end() || !found->second->known) return false;
  use(found->second->market);
  return true;
}

void MarketStore::Apply(const std::vector<feed::Item>& items) {
  if (items.empty()) return;
  MutexLock lock(&mutex_);
  for (const feed::Item& item : items) {
    if (item.message != nullptr) {
      Put(item);
    } else {
      Remove(item.name);
    }
  }
  for (const auto& [edition, entry] : entries_) {
    entry->market.Settle();
    bool show = false;
    {
      MutexLock views(&views_mutex_);
      show = std::exchange(entry->read, false);
      if (!show) entry->stale = true;
    }
    if (show) Show(entry.get());
  }
}

MarketStore::Entry* MarketStore::EntryOf(absl::string_view name) {
  const absl::string_view edition = EditionOf(name);
  if (edition.empty()) return nullptr;
  auto found = entries_.find(edition);
  if (found == entries_.end()) {
    MutexLock views(&views_mutex_);
    found = entries_.emplace(std::string(edition), std::make_unique<Entry>(std::string(edition))).first;
  }
  return found->second.get();
}

void MarketStore::Put(const feed::Item& item) {
  const google::protobuf::Message* message = item.message.get();
  Entry* entry = EntryOf(item.name);
  if (entry == nullptr) return;
  if (const auto* project = dynamic_cast<const projects::v1::Project*>(message)) {
    entry->market.PutProject(*project);
  } else if (const auto* investor = dynamic_cast<const investors::v1::Investor*>(message)) {
    entry->market.PutInvestor(*investor);
  } else if (const auto* deal = dynamic_cast<const investors::v1::Deal*>(message)) {
    entry->market.PutDeal(*deal);
  } else if (const auto* edition = dynamic_cast<const v1::Edition*>(message)) {
    entry->market.SetEdition(*edition);
    entry->known = true;
  } else if (const auto* taxonomy = dynamic_cast<const v1::Taxonomy*>(message)) {
    entry->market.SetTaxonomy(*taxonomy);
  } else if (const auto* statistics = dynamic_cast<const v1::Statistics*>(message)) {
    entry->market.SetStatistics(*statistics);
  } else if (const auto* profile = dynamic_cast<const v1::RankingProfile*>(message)) {
    entry->market.SetProfile(*profile);
  }
}

void MarketStore::Remove(const std::string& name) {
  const auto found = entries_.find(EditionOf(name));
  if (found == entries_.end()) return;
  matching::Market& market = found->second->market;
  switch (KindOf(name)) {
    case RecordKind::kProject:
      market.RemoveProject(name);
      return;
    case RecordKind::kInvestor:
      market.RemoveInvestor(name);
      return;
    case RecordKind::kDeal:
      market.RemoveDeal(name);
      return;
    // The next four go only when their store is restored to an older state. An empty record stands for none.
    case RecordKind::kEdition: {
      v1::Edition none;
      none.set_name(name);
      market.SetEdition(none);
      found->second->known = false;
      return;
    }
    case RecordKind::kTaxonomy: {
      v1::Taxonomy none;
      none.set_name(name);
      market.SetTaxonomy(none);
      return;
    }
    case RecordKind::kStatistics: {
      v1::Statistics none;
      none.set_name(name);
      market.SetStatistics(none);
      return;
    }
    case RecordKind::kProfile:
      market.RemoveProfile(name);
      return;
    case RecordKind::kUnknown:
      return;
  }
}

}  // namespace tandem::pairing
