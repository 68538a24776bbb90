#include "services/pairing/market_feed/market_store.h"

#include <sys/resource.h>
#include <utility>

#include "google/protobuf/message.h"

#include "common/base/test_switch.h"
#include "services/pairing/market_feed/record_name.h"
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/pairing/v1/pairing.pb.h"
#include "tandem/pairing/v1/profile.pb.h"
#include "tandem/projects/v1/project.pb.h"

namespace tandem::pairing {
namespace {

constexpr size_t kCompiledAtOnce = 4096;  // staged records

// The item's message as what it is.
template <typename Record>
std::shared_ptr<const Record> Share(const feed::Item& item, const Record* record) {
  return {item.message, record};
}

}  // namespace

MarketStore::~MarketStore() {
  {
    MutexLock lock(&views_mutex_);
    stopping_ = true;
  }
  fill_.SignalAll();
  if (filler_.joinable()) filler_.join();
}

MarketStore::Dated MarketStore::ViewOf(Entry* entry, bool known_only) const {
  bool first = false;
  Dated dated;
  {
    MutexLock lock(&views_mutex_);
    dated.applied = applied_;
    entry->read = true;
    first = known_only && options_.keep_lists && !entry->wanted;
    if (!entry->stale && (entry->view_known || !known_only)) dated.view = entry->view;
    if (!entry->stale && !first) return dated;
  }
  if (dated.view == nullptr) {
    std::shared_ptr<const matching::MarketView> old;
    MutexLock lock(&mutex_);  // nothing is applied meanwhile
    dated.view = old = entry->market.View();
    {
      MutexLock views(&views_mutex_);
      entry->view.swap(old);
      entry->view_known = entry->known;
      entry->stale = false;
      dated.applied = applied_;
    }
    if (!entry->known && known_only) dated.view = nullptr;
  }
  if (first) {
    {
      // Not before: a change that was waited for may have ended what was wanted until then.
      MutexLock lock(&views_mutex_);
      entry->wanted = true;
    }
    RequestFill(entry);
  }
  return dated;
}

MarketStore::Dated MarketStore::FindDated(absl::string_view edition) const {
  Entry* entry = nullptr;
  {
    MutexLock lock(&views_mutex_);
    const auto found = entries_.find(edition);
    if (found == entries_.end()) return {nullptr, applied_};
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
  for (Entry* entry : entries) views.push_back(ViewOf(entry, false).view);
  return views;
}

bool MarketStore::Read(absl::string_view edition, absl::FunctionRef<void(const matching::Market&)> use) const {
  MutexLock lock(&mutex_);
  const auto found = entries_.find(edition);
  if (found == entries_.end() || !found->second->known) return false;
  found->second->market.Settle();
  use(found->second->market);
  return true;
}

void MarketStore::Apply(const std::vector<feed::Item>& items, bool name_lists,
                        const absl::optional<SourcePosition>& at) {
  if (items.empty() && !at.has_value()) return;
  std::vector<Brought> brought;
  MutexLock lock(&mutex_);
  for (const feed::Item& item : items) {
    if (item.message != nullptr) {
      Put(item);
    } else {
      Remove(item.name);
    }
  }
  for (const auto& [edition, entry] : entries_) {
    if (std::exchange(entry->changed, false)) brought.push_back(Bring(entry.get(), name_lists));
  }
  auto applied = std::make_shared<ConsistencyToken>(*applied_);
  if (at.has_value()) applied->Raise(at->source, at->position);
  {
    // All of the stretch and its date at once.
    MutexLock views(&views_mutex_);
    for (Brought& each : brought) {
      each.entry->stale = each.view == nullptr;
      each.entry->last_apply = options_.clock->Now();
      if (each.view == nullptr) continue;
      each.old = each.view;
      each.entry->view.swap(each.old);
      each.entry->view_known = each.entry->known;
    }
    if (at.has_value()) applied_ = std::move(applied);
  }
  for (Brought& each : brought) Tell(std::move(each));
}

void MarketStore::Withdraw(const std::string& source) {
  MutexLock lock(&mutex_);
  auto applied = std::make_shared<ConsistencyToken>();
  for (const auto& [name, position] : applied_->positions()) {
    if (name != source) applied->Raise(name, position);
  }
  MutexLock views(&views_mutex_);
  applied_ = std::move(applied);
}

MarketStore::Brought MarketStore::Bring(Entry* entry, bool name_lists) {
  Brought brought;
  brought.entry = entry;
  brought.before = entry->market.version();
  // As long as nobody has looked, what comes gathers: once the edition is there, enough of it to be compiled at a time.
  const bool seen = brought.before > 0;
  if (seen) {
    entry->market.Settle();
  } else if (entry->known && entry->market.staged() >= kCompiledAtOnce) {
    entry->market.CompileStaged();
  }
  // What costs as much as filling all lists again is not followed list by list.
  const bool follow = seen && name_lists && entry->market.Pending() <= options_.lists.most_changes;
  bool show = false;
  {
    MutexLock lock(&views_mutex_);
    show = std::exchange(entry->read, false) || (entry->wanted && follow);
    brought.drop = entry->wanted && !follow;
    if (brought.drop) entry->wanted = false;
  }
  if (show) brought.view = entry->market.View();
  return brought;
}

void MarketStore::Tell(Brought brought) {
  Entry* const entry = brought.entry;
  if (brought.drop) entry->lists.Drop();
  Announcement announcement;
  announcement.edition = entry->market.edition();
  announcement.affected.version = brought.before + 1;
  if (brought.view != nullptr) {
    // Nothing that matching knows; but who was promised to be told of changes must hear that the lists are over.
    if (brought.view->version == brought.before && !brought.drop) return;
    // Whoever has asked since the view was shown wants lists of it.
    bool over = false;
    announcement.affected = entry->lists.Update(brought.view, &over);
    if (over) {
      MutexLock lock(&views_mutex_);
      entry->wanted = entry->read;
    }
    brought.drop = brought.drop || over;
  }
  if (brought.drop) RequestFill(entry);  // to free them
  announcement.view = std::move(brought.view);
  announcement.applied = applied_;
  for (const Listener& listener : listeners_) listener(announcement);
}

void MarketStore::AddListener(Listener listener) {
  MutexLock lock(&mutex_);
  listeners_.push_back(std::move(listener));
}

MarketStore::Entry* MarketStore::Known(absl::string_view edition) const {
  MutexLock lock(&views_mutex_);
  const auto found = entries_.find(edition);
  return found == entries_.end() ? nullptr : found->second.get();  // entries are never taken out
}

bool MarketStore::WatchProject(const matching::MarketView& seen, absl::string_view project) {
  Entry* entry = Known(seen.edition);
  const auto slot = seen.project_names->Find(project);
  return entry != nullptr && slot.has_value() && entry->lists.Watch(seen, *slot);
}

void MarketStore::ForgetProject(const matching::MarketView& seen, absl::string_view project) {
  Entry* entry = Known(seen.edition);
  const auto slot = seen.project_names->Find(project);
  if (entry != nullptr && slot.has_value()) entry->lists.Forget(*slot);
}

MarketStore::Activity MarketStore::ActivityOf(absl::string_view edition) const {
  Activity activity;
  Entry* entry = Known(edition);
  if (entry == nullptr) return activity;
  activity.lists = entry->lists.GetStatus();
  MutexLock lock(&views_mutex_);
  activity.last_apply = entry->last_apply;
  return activity;
}

void MarketStore::RequestFill(Entry* entry) const {
  {
    MutexLock lock(&views_mutex_);
    entry->fill = true;
    if (!filler_.joinable()) filler_ = std::thread([this] { FillLists(); });
  }
  fill_.Signal();
}

void MarketStore::FillLists() const {
  while (true) {
    Entry* entry = nullptr;
    {
      MutexLock lock(&views_mutex_);
      while (!stopping_) {
        for (const auto& [edition, each] : entries_) {
          if (each->fill && entry == nullptr) entry = each.get();
        }
        if (entry != nullptr) break;
        fill_.Wait(&views_mutex_);
      }
      if (stopping_) return;
      entry->fill = false;
    }
    const bool more = entry->lists.Fill([&]() -> std::shared_ptr<const matching::MarketView> {
      MutexLock lock(&views_mutex_);
      if (entry->stale) entry->wanted = false;  // until somebody asks again
      return entry->wanted ? entry->view : nullptr;
    });
    if (!more) continue;
    MutexLock lock(&views_mutex_);
    entry->fill = true;
  }
}

MarketStore::Entry* MarketStore::EntryOf(absl::string_view name) {
  const absl::string_view edition = EditionOf(name);
  if (edition.empty()) return nullptr;
  auto found = entries_.find(edition);
  if (found == entries_.end()) {
    MutexLock views(&views_mutex_);
    found = entries_.emplace(std::string(edition), std::make_unique<Entry>(std::string(edition), options_.lists)).first;
  }
  return found->second.get();
}

void MarketStore::Put(const feed::Item& item) {
  const google::protobuf::Message* message = item.message.get();
  Entry* entry = EntryOf(item.name);
  if (entry == nullptr) return;
  entry->changed = true;
  if (const auto* project = dynamic_cast<const projects::v1::Project*>(message)) {
    entry->market.Stage(Share(item, project));
  } else if (const auto* investor = dynamic_cast<const investors::v1::Investor*>(message)) {
    entry->market.Stage(Share(item, investor));
  } else if (const auto* deal = dynamic_cast<const investors::v1::Deal*>(message)) {
    entry->market.Stage(Share(item, deal));
  } else if (const auto* edition = dynamic_cast<const v1::Edition*>(message)) {
    entry->market.SetEdition(*edition);
    entry->known = true;
  } else if (const auto* taxonomy = dynamic_cast<const v1::Taxonomy*>(message)) {
    entry->market.SetTaxonomy(*taxonomy);
  } else if (const auto* statistics = dynamic_cast<const v1::Statistics*>(message)) {
    entry->market.SetStatistics(*statistics);
  } else if (const auto* profile = dynamic_cast<const v1::RankingProfile*>(message)) {
    entry->market.SetProfile(*profile);
  } else if (const auto* pairing = dynamic_cast<const v1::Pairing*>(message)) {
    if (!Deviates("stances.changes")) entry->market.PutPairing(*pairing);
  }
}

void MarketStore::Remove(const std::string& name) {
  const auto found = entries_.find(EditionOf(name));
  if (found == entries_.end()) return;
  found->second->changed = true;
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
    // The next ones go only when their store is restored to an older state. An empty record stands for none.
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
    case RecordKind::kPairing:
      market.RemovePairing(name);
      return;
    case RecordKind::kUnknown:
      return;
  }
}

}  // namespace tandem::pairing
