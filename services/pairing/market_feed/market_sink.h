// MarketSink: brings what one source sends into the MarketStore.
#ifndef TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_SINK_H_
#define TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_SINK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "common/feed/feed.h"
#include "services/pairing/market_feed/market_store.h"

namespace tandem::pairing {

// One per source: it sweeps only what its own source had named. Used by one follower's thread.
//
// A stretch of changes becomes visible at once, as it may hold a transaction. So does a relist, at its first position,
// with what it changed: readers see nothing but states that really were. Until then it is held beside what is visible.
// The first snapshot, and one after the source went back, are applied chunk by chunk: nobody is answered meanwhile.
class MarketSink final : public feed::Sink {
 public:
  static constexpr size_t kSnapshotChunk = 200;  // records that are applied at once

  // `store` is not owned and must outlive the sink. `source` is the source's name in consistency tokens.
  MarketSink(MarketStore* store, std::string source) : store_(store), source_(std::move(source)) {}

  void BeginSnapshot() override;
  void ApplySnapshot(const std::vector<feed::Item>& items) override;
  void EndSnapshot() override;
  void ApplyChanges(const std::vector<feed::Item>& items, const Position* position) override;
  void Advance(const Position& position) override;
  void Withdraw() override;

 private:
  struct Held {
    Revision revision = 0;
    int64_t snapshot = 0;  // number of the last snapshot that named it
  };

  void ApplyInChunks(const std::vector<feed::Item>& items);
  void ApplyStaged(const Position& position);

  MarketStore* store_;
  const std::string source_;
  bool settled_ = false;  // what the store holds of the source is a state that really was
  bool staging_ = false;  // a relist, and the changes after it, gather in staged_
  absl::flat_hash_map<std::string, feed::Item> staged_;
  int64_t snapshot_ = 0;                         // number of the current or last snapshot
  absl::flat_hash_map<std::string, Held> held_;  // every record of this source that is in the store, by name
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_SINK_H_
