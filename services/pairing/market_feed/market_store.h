// MarketStore: the markets of all editions, in memory, for many readers or one writer.
#ifndef TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_STORE_H_
#define TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_STORE_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "common/base/shared_mutex.h"
#include "common/feed/feed.h"
#include "services/pairing/matching/market.h"

namespace tandem::pairing {

// Thread-safe. A waiting writer holds back new readers, so a stream of queries cannot keep changes out.
class MarketStore {
 public:
  // Holds the read lock for its life: what it shows does not change meanwhile. Keep it for one computation, and never
  // take a second one inside the first: a writer that waits between the two would never be let in.
  class Reader {
   public:
    explicit Reader(const MarketStore& store) : store_(store), lock_(&store.mutex_) {}

    // The market of `edition` (`editions/{edition}`); null when no such edition is known. Valid as long as the reader.
    const matching::Market* Find(absl::string_view edition) const;

    // All markets, ordered by edition; also of editions of which only the records are known so far.
    std::vector<const matching::Market*> All() const;

   private:
    const MarketStore& store_;
    SharedLock lock_;
  };

  MarketStore() = default;
  MarketStore(const MarketStore&) = delete;
  MarketStore& operator=(const MarketStore&) = delete;

  // Puts, or removes when the message is null, every item: readers see all of it or nothing. Items are not checked for
  // being newer: that is MarketSink's. Records of a kind that matching does not know are ignored.
  void Apply(const std::vector<feed::Item>& items);

 private:
  struct Entry {
    explicit Entry(std::string edition) : market(std::move(edition)) {}
    matching::Market market;
    bool known = false;  // its Edition is applied
  };

  Entry* EntryOf(absl::string_view name);
  void Put(const feed::Item& item);
  void Remove(const std::string& name);

  mutable SharedMutex mutex_;
  // By name of the edition. Guarded by mutex_, which readers hold through Reader.
  std::map<std::string, std::unique_ptr<Entry>, std::less<>> entries_;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_STORE_H_
