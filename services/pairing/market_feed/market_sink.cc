#include "services/pairing/market_feed/market_sink.h"

#include <algorithm>

namespace tandem::pairing {

void MarketSink::BeginSnapshot() { ++snapshot_; }

void MarketSink::ApplySnapshot(const std::vector<feed::Item>& items) {
  std::vector<feed::Item> fresh;
  fresh.reserve(items.size());
  for (const feed::Item& item : items) {
    if (item.message == nullptr) continue;
    Held& held = held_[item.name];
    // What was held before this snapshot may be of another history, whose revisions do not compare: the snapshot wins.
    if (held.snapshot == snapshot_ && item.revision <= held.revision) continue;
    held = {item.revision, snapshot_};
    fresh.push_back(item);
  }
  ApplyInChunks(fresh);
}

void MarketSink::EndSnapshot() {
  std::vector<feed::Item> gone;
  for (const auto& [name, held] : held_) {
    if (held.snapshot != snapshot_) gone.push_back({name, nullptr, held.revision});
  }
  for (const feed::Item& item : gone) held_.erase(item.name);
  ApplyInChunks(gone);
}

void MarketSink::ApplyChanges(const std::vector<feed::Item>& items) {
  std::vector<feed::Item> fresh;
  fresh.reserve(items.size());
  for (const feed::Item& item : items) {
    const auto held = held_.find(item.name);
    if (held != held_.end() && item.revision <= held->second.revision) continue;
    if (item.message != nullptr) {
      held_[item.name] = {item.revision, snapshot_};
    } else if (held != held_.end()) {
      // No tombstone is kept: a follower resumes after what it applied, so an older put cannot come behind this.
      held_.erase(held);
    } else {
      continue;
    }
    fresh.push_back(item);
  }
  store_->Apply(fresh);
}

void MarketSink::ApplyInChunks(const std::vector<feed::Item>& items) {
  for (size_t begin = 0; begin < items.size(); begin += kSnapshotChunk) {
    const size_t end = std::min(items.size(), begin + kSnapshotChunk);
    store_->ApplySnapshot(std::vector<feed::Item>(items.begin() + static_cast<ptrdiff_t>(begin),
                                                  items.begin() + static_cast<ptrdiff_t>(end)));
  }
}

}  // namespace tandem::pairing
