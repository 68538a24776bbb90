// MarketStore: the markets of all editions, in memory, for many readers or one writer.
#ifndef TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_STORE_H_
#define TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_STORE_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

#include "common/base/mutex.h"
#include "common/feed/feed.h"
#include "services/pairing/matching/market.h"
#include "services/pairing/matching/market_view.h"

namespace tandem::pairing {

// Thread-safe. Readers take a view and never wait for changes being applied; only the first reader after a time without
// any waits until what came meanwhile is shown to it.
class MarketStore {
 public:
  MarketStore() = default;
  MarketStore(const MarketStore&) = delete;
  MarketStore& operator=(const MarketStore&) = delete;

  // The market of `edition` (`editions/{edition}`) as of now: at least everything of which Apply has returned. Null
  // when no such edition is known.
  std::shared_ptr<const matching::MarketView> Find(absl::string_view edition) const;

  // All markets, ordered by edition; also of editions of which only the records are known so far.
  std::vector<std::shared_ptr<const matching::MarketView>> All() const;

  // Calls `use` with the market itself, for what a view does not show; false when the edition is not known. Holds
  // changes back meanwhile: take out what is needed and return.
  bool Read(absl::string_view edition, absl::FunctionRef<void(const matching::Market&)> use) const;

  // Puts, or removes when the message is null, every item: readers see all of it or nothing. Items are not checked for
  // being newer: that is MarketSink's. Records of a kind that matching does not know are ignored.
  void Apply(const std::vector<feed::Item>& items);

 private:
  struct Entry {
    explicit Entry(std::string edition) : market(std::move(edition)) {}
    matching::Market market;
    bool known = false;  // its Edition is applied

    // Guarded by views_mutex_. A view is made with every change as long as somebody reads, else when somebody asks.
    std::shared_ptr<const matching::MarketView> view;
    bool view_known = false;
    bool stale = true;
    bool read = false;
  };

  // The entry's view, made if need be. REQUIRES: no lock is held.
  std::shared_ptr<const matching::MarketView> ViewOf(Entry* entry, bool known_only) const;
  // Makes the view of an entry. REQUIRES: mutex_ is held.
  void Show(Entry* entry) const;

  Entry* EntryOf(absl::string_view name);
  void Put(const feed::Item& item);
  void Remove(const std::string& name);

  // Taken in this order. The map changes under both.
  mutable Mutex mutex_;
  mutable Mutex views_mutex_;
  std::map<std::string, std::unique_ptr<Entry>, std::less<>> entries_;  // by name of the edition
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_STORE_H_
