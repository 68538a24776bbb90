#include "services/pairing/market_feed/kept_lists.h"

#include <utility>

namespace tandem::pairing {

using matching::Affected;
using matching::AffectedLists;
using matching::MarketView;

Affected KeptLists::Update(std::shared_ptr<const MarketView> view, bool* dropped) {
  writers_.fetch_add(1);
  Affected affected;
  affected.version = view->version;
  {
    MutexLock lock(&mutex_);
    writers_.fetch_sub(1);
    if (lists_ != nullptr) {
      affected = lists_->Update(std::move(view));
      touched_ += affected.investors.size() + affected.projects.size();
      if (!lists_->usable()) {
        dropped_ = std::move(lists_);
        *dropped = true;
      }
    }
  }
  no_writer_.SignalAll();
  return affected;
}

void KeptLists::Drop() {
  writers_.fetch_add(1);
  {
    MutexLock lock(&mutex_);
    writers_.fetch_sub(1);
    if (lists_ != nullptr) dropped_ = std::move(lists_);
  }
  no_writer_.SignalAll();
}

bool KeptLists::Fill(const std::function<std::shared_ptr<const MarketView>()>& newest) {
  Lists dropped;  // freed without the lock
  MutexLock lock(&mutex_);
  while (writers_.load() > 0) no_writer_.Wait(&mutex_);
  dropped = std::move(dropped_);
  if (lists_ == nullptr) {
    auto view = newest();
    if (view == nullptr) return false;
    lists_ = std::make_unique<AffectedLists>(options_, std::move(view));
  }
  return lists_->Fill(1);
}

bool KeptLists::Watch(const MarketView& seen, uint32_t project) {
  MutexLock lock(&mutex_);
  return lists_ != nullptr && lists_->Watch(seen, project);
}

void KeptLists::Forget(uint32_t project) {
  MutexLock lock(&mutex_);
  if (lists_ != nullptr) lists_->Forget(project);
}

KeptLists::Status KeptLists::GetStatus() const {
  MutexLock lock(&mutex_);
  Status status;
  status.touched = touched_;
  if (lists_ == nullptr) return status;
  status.lists = lists_->list_count();
  status.watched = lists_->watched_count();
  status.filled = lists_->filled();
  status.bytes = lists_->Memory();
  return status;
}

}  // namespace tandem::pairing
