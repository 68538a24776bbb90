#include "services/pairing/market_feed/kept_lists.h"

#include <utility>

#include "common/base/test_switch.h"

namespace tandem::pairing {

using matching::Affected;
using matching::AffectedLists;
using matching::MarketView;

// Updates between two counts of the bytes.
constexpr uint64_t kCountEvery = 4096;

class ABSL_SCOPED_LOCKABLE KeptLists::Before {
 public:
  explicit Before(const KeptLists* lists) ABSL_EXCLUSIVE_LOCK_FUNCTION(lists->mutex_) : lists_(lists) {
    lists->waiting_.fetch_add(1);
    lists->mutex_.Lock();
    lists->waiting_.fetch_sub(1);
  }
  ~Before() ABSL_UNLOCK_FUNCTION() {
    lists_->mutex_.Unlock();
    lists_->nobody_waits_.SignalAll();
  }
  Before(const Before&) = delete;
  Before& operator=(const Before&) = delete;

 private:
  const KeptLists* const lists_;
};

Affected KeptLists::Update(std::shared_ptr<const MarketView> view, bool* dropped) {
  Affected affected;
  affected.version = view->version;
  const Before before(this);
  if (lists_ == nullptr) {
    affected.all_investors = affected.all_projects = !Deviates("lists.not-filled");
    return affected;
  }
  affected = lists_->Update(std::move(view));
  if (lists_->usable() && Deviates("lists.not-filled")) affected.all_investors = false;
  touched_ += affected.investors.size() + affected.projects.size();
  if (++updates_ % kCountEvery == 0) bytes_ = lists_->Memory();
  if (!lists_->usable()) {
    dropped_ = std::move(lists_);
    *dropped = true;
  }
  return affected;
}

void KeptLists::Drop() {
  const Before before(this);
  if (lists_ != nullptr) dropped_ = std::move(lists_);
}

bool KeptLists::Fill(const std::function<std::shared_ptr<const MarketView>()>& newest) {
  Lists dropped;  // freed without the lock
  MutexLock lock(&mutex_);
  while (waiting_.load() > 0) nobody_waits_.Wait(&mutex_);
  dropped = std::move(dropped_);
  if (lists_ == nullptr) {
    auto view = newest();
    if (view == nullptr) return false;
    lists_ = std::make_unique<AffectedLists>(options_, std::move(view));
  }
  const bool more = lists_->Fill(1);
  const size_t count = lists_->list_count();
  if (!more || (count & (count - 1)) == 0) bytes_ = lists_->Memory();
  return more;
}

bool KeptLists::Watch(const MarketView& seen, uint32_t project) {
  const Before before(this);
  return lists_ != nullptr && lists_->Watch(seen, project);
}

void KeptLists::Forget(uint32_t project) {
  const Before before(this);
  if (lists_ != nullptr) lists_->Forget(project);
}

KeptLists::Status KeptLists::GetStatus() const {
  const Before before(this);
  Status status;
  status.touched = touched_;
  if (lists_ == nullptr) return status;
  status.lists = lists_->list_count();
  status.watched = lists_->watched_count();
  status.filled = lists_->filled();
  status.bytes = bytes_;
  return status;
}

}  // namespace tandem::pairing
