// MarketSink: brings what one source sends into the MarketStore.
#ifndef TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_SINK_H_
#define TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_SINK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "common/feed/feed.h"
#include "services/pairing/market_feed/market_store.h"

namespace tandem::pairing {

// One per source: it sweeps only what its own source had named. Used by one follower's thread.
//
// A stretch of changes becomes visible at once, as it may hold a transaction. A snapshot is applied chunk by chunk, so
// that a relist of a whole edition shows as it goes; what is visible meanwhile is each record's old or new state.
// Matching is not ready before the first snapshot ends, and positions move only when one ends.
class MarketSink final : public feed::Sink {
 public:
  static constexpr size_t kSnapshotChunk = 200;  // records that are applied at once

  // `store` is not owned and must outlive the sink.
  explicit MarketSink(MarketStore* store) : store_(store) {}

  void BeginSnapshot() override;
  void ApplySnapshot(const std::vector<feed::Item>& items) override;
  void EndSnapshot() override;
  void ApplyChanges(const std::vector<feed::Item>& items) override;

 private:
  struct Held {
    Revision revision = 0;
    int64_t snapshot = 0;  // number of the last snapshot that named it
  };

  void ApplyInChunks(const std::vector<feed::Item>& items);

  MarketStore* store_;
  int64_t snapshot_ = 0;                         // number of the current or last snapshot
  absl::flat_hash_map<std::string, Held> held_;  // every record of this source that is in the store, by name
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_SINK_H_
