// MarketStore: the markets of all editions, in memory, for many readers or one writer.
#ifndef TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_STORE_H_
#define TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_STORE_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "common/base/clock.h"
#include "common/base/mutex.h"
#include "common/feed/feed.h"
#include "services/pairing/market_feed/kept_lists.h"
#include "services/pairing/matching/affected_lists.h"
#include "services/pairing/matching/market.h"
#include "services/pairing/matching/market_view.h"

namespace tandem::pairing {

// Thread-safe. Readers take a view and never wait for changes being applied; only the first reader after a time without
// any waits until what came meanwhile is shown to it.
//
// From the first question about an edition on, the best lists of its investors are kept (matching/affected_lists.h), so
// that each change names those it touches. They are filled in the background, and dropped by a snapshot or a change of
// everything until the next question.
class MarketStore {
 public:
  struct Options {
    KeptLists::Options lists;
    bool keep_lists = true;
    const Clock* clock = SystemClock();  // not owned
  };
  // Called for each stretch that changed an edition, in order, by the writer's thread before Apply returns: what it
  // changed is known before a consistency token leads to it. `view` is the first with the change; null when nobody has
  // looked at the edition for a while: then all lists may have changed, and the next view has affected.version. May be
  // left out when it would say that again. Must not call the store, and be brief.
  using Listener =
      std::function<void(absl::string_view edition, const std::shared_ptr<const matching::MarketView>& view,
                         const matching::Affected& affected)>;

  // When a change was applied last (infinite past: never), and what is kept.
  struct Activity {
    absl::Time last_apply = absl::InfinitePast();
    KeptLists::Status lists;
  };

  MarketStore() : MarketStore(Options()) {}
  explicit MarketStore(Options options) : options_(options) {}
  ~MarketStore();
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
  void Apply(const std::vector<feed::Item>& items) { Apply(items, true); }
  // The same for a part of a snapshot: much at once, so that nobody is told whose list changed.
  void ApplySnapshot(const std::vector<feed::Item>& items) { Apply(items, false); }

  // Changes from now on.
  void AddListener(Listener listener);
  // Has the listeners told when the plain list of `project`, as of the view `seen`, becomes another one; that is told
  // once. False: it cannot be told, only the project's mark counts. Waits for a change being applied.
  bool WatchProject(const matching::MarketView& seen, absl::string_view project);
  // Nobody needs that any more.
  void ForgetProject(const matching::MarketView& seen, absl::string_view project);

  // Waits for a change being applied.
  Activity ActivityOf(absl::string_view edition) const;

 private:
  struct Entry {
    Entry(std::string edition, KeptLists::Options options) : market(std::move(edition)), lists(options) {}
    matching::Market market;
    bool known = false;     // its Edition is applied
    bool changed = false;   // by the stretch being applied
    uint64_t told_all = 0;  // version for which listeners were told that all lists may change, without a view
    KeptLists lists;

    // Guarded by views_mutex_. A view is made with every change as long as somebody reads, else when somebody asks.
    std::shared_ptr<const matching::MarketView> view;
    bool view_known = false;
    bool stale = true;
    bool read = false;
    bool wanted = false;  // lists are kept, and a view is made with every change
    bool fill = false;    // there is something for the filler to do
    absl::Time last_apply = absl::InfinitePast();
  };

  void Apply(const std::vector<feed::Item>& items, bool name_lists);
  // What was applied to an entry becomes visible, and listeners hear of it. REQUIRES: mutex_ is held.
  void Bring(Entry* entry, bool name_lists);
  Entry* Known(absl::string_view edition) const;
  void RequestFill(Entry* entry) const;
  void FillLists() const;

  // The entry's view, made if need be. REQUIRES: no lock is held.
  std::shared_ptr<const matching::MarketView> ViewOf(Entry* entry, bool known_only) const;
  // Makes the view of an entry. REQUIRES: mutex_ is held.
  std::shared_ptr<const matching::MarketView> Show(Entry* entry) const;

  Entry* EntryOf(absl::string_view name);
  void Put(const feed::Item& item);
  void Remove(const std::string& name);

  const Options options_;

  // Taken in this order, those of KeptLists between them. The map changes under both.
  mutable Mutex mutex_;
  mutable Mutex views_mutex_;
  std::vector<Listener> listeners_;  // under mutex_
  // Fills lists, from the first question on. Under views_mutex_.
  mutable std::thread filler_;
  mutable CondVar fill_;
  bool stopping_ = false;
  std::map<std::string, std::unique_ptr<Entry>, std::less<>> entries_;  // by name of the edition
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_STORE_H_
