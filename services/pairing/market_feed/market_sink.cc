#include "services/pairing/market_feed/market_sink.h"

#include <algorithm>
#include <utility>

#include "common/base/test_switch.h"

namespace tandem::pairing {

namespace {

// Into `staged`, where the greater revision counts.
void Stage(const std::vector<feed::Item>& items, absl::flat_hash_map<std::string, feed::Item>* staged) {
  for (const feed::Item& item : items) {
    const auto [found, is_new] = staged->try_emplace(item.name, item);
    if (!is_new && item.revision > found->second.revision) found->second = item;
  }
}

}  // namespace

void MarketSink::BeginSnapshot() {
  ++snapshot_;
  staging_ = settled_ && !Deviates("feed.whole-relist");
  staged_.clear();
}

void MarketSink::ApplySnapshot(const std::vector<feed::Item>& items) {
  if (staging_) return Stage(items, &staged_);
  std::vector<feed::Item> chunk;
  chunk.reserve(std::min(items.size(), kSnapshotChunk));
  for (const feed::Item& item : items) {
    if (item.message == nullptr) continue;
    Held& held = held_[item.name];
    // What was held before this snapshot may be of another history, whose revisions do not compare: the snapshot wins.
    if (held.snapshot == snapshot_ && item.revision <= held.revision) continue;
    held = {item.revision, snapshot_};
    chunk.push_back(item);
    if (chunk.size() < kSnapshotChunk) continue;
    store_->ApplySnapshot(chunk);
    chunk.clear();
  }
  if (!chunk.empty()) store_->ApplySnapshot(chunk);
}

void MarketSink::EndSnapshot() {
  if (staging_) return;
  std::vector<feed::Item> gone;
  for (const auto& [name, held] : held_) {
    if (held.snapshot != snapshot_ && !Deviates("feed.sweep")) gone.push_back({name, nullptr, held.revision});
  }
  for (const feed::Item& item : gone) held_.erase(item.name);
  ApplyInChunks(gone);
}

void MarketSink::ApplyChanges(const std::vector<feed::Item>& items, const Position* position) {
  if (staging_) return Stage(items, &staged_);
  std::vector<feed::Item> fresh;
  fresh.reserve(items.size());
  for (const feed::Item& item : items) {
    const auto held = held_.find(item.name);
    const bool newer = held == held_.end() || item.revision > held->second.revision || Deviates("feed.newer-only");
    if (!newer || Deviates("feed.every-change") || (item.message == nullptr && Deviates("feed.deletes"))) continue;
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
  if (position == nullptr) {
    store_->Apply(fresh);
  } else {
    store_->Apply(fresh, SourcePosition{source_, *position});
  }
}

void MarketSink::Advance(const Position& position) {
  if (staging_) {
    ApplyStaged(position);
  } else {
    store_->Advance({source_, position});
  }
  settled_ = true;
}

void MarketSink::Withdraw() {
  store_->Withdraw(source_);
  settled_ = false;
  if (!std::exchange(staging_, false)) return;
  // A relist turned out to be of another history. EndSnapshot, or the snapshot that follows, sweeps.
  std::vector<feed::Item> items;
  for (auto& [name, item] : staged_) {
    if (item.message != nullptr) items.push_back(std::move(item));
  }
  staged_.clear();
  ApplySnapshot(items);
}

void MarketSink::ApplyStaged(const Position& position) {
  staging_ = false;
  std::vector<feed::Item> stretch;
  for (const auto& [name, held] : held_) {
    const auto found = staged_.find(name);
    const bool gone = found == staged_.end() || found->second.message == nullptr;
    if (gone && !Deviates("feed.sweep")) stretch.push_back({name, nullptr, held.revision});
  }
  for (const feed::Item& item : stretch) held_.erase(item.name);
  for (auto& [name, item] : staged_) {
    if (item.message == nullptr) continue;
    Held& held = held_[name];
    if (held.revision != item.revision) stretch.push_back(item);
    held = {item.revision, snapshot_};
  }
  staged_.clear();
  store_->ApplySnapshot(stretch, SourcePosition{source_, position});
}

void MarketSink::ApplyInChunks(const std::vector<feed::Item>& items) {
  for (size_t begin = 0; begin < items.size(); begin += kSnapshotChunk) {
    const size_t end = std::min(items.size(), begin + kSnapshotChunk);
    store_->ApplySnapshot(std::vector<feed::Item>(items.begin() + static_cast<ptrdiff_t>(begin),
                                                  items.begin() + static_cast<ptrdiff_t>(end)));
  }
}

}  // namespace tandem::pairing
