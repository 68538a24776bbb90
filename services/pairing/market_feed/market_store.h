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
#include "absl/types/optional.h"

#include "common/base/clock.h"
#include "common/base/mutex.h"
#include "common/feed/feed.h"
#include "common/tokens/consistency_token.h"
#include "services/pairing/market_feed/kept_lists.h"
#include "services/pairing/matching/affected_lists.h"
#include "services/pairing/matching/market.h"
#include "services/pairing/matching/market_view.h"

namespace tandem::pairing {

// Where one source stands.
struct SourcePosition {
  std::string source;
  Position position;
};

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
  // One stretch that changed an edition.
  struct Announcement {
    absl::string_view edition;
    // The first view with the change. Null when nobody has looked at the edition for a while: then all lists may have
    // changed, and the next view has affected.version, with this stretch and those announced so after it.
    std::shared_ptr<const matching::MarketView> view;
    matching::Affected affected;
    // What was applied with the change; of no source where it was a part of a first snapshot.
    std::shared_ptr<const ConsistencyToken> applied;
  };
  // Called for each, in order, by the writer's thread before Apply returns: what it changed is known before a
  // consistency token leads to it. Must not call the store, and be brief.
  using Listener = std::function<void(const Announcement& announcement)>;

  // A view, and what it is the state of: of every source that is named, exactly.
  struct Dated {
    std::shared_ptr<const matching::MarketView> view;
    std::shared_ptr<const ConsistencyToken> applied;
  };

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
  std::shared_ptr<const matching::MarketView> Find(absl::string_view edition) const { return FindDated(edition).view; }
  // The same with its date, which is there also when the edition is not known.
  Dated FindDated(absl::string_view edition) const;

  // All markets, ordered by edition; also of editions of which only the records are known so far.
  std::vector<std::shared_ptr<const matching::MarketView>> All() const;

  // Calls `use` with the market itself, for what a view does not show; false when the edition is not known. Holds
  // changes back meanwhile: take out what is needed and return.
  bool Read(absl::string_view edition, absl::FunctionRef<void(const matching::Market&)> use) const;

  // Puts, or removes when the message is null, every item: readers see all of it or nothing. Items are not checked for
  // being newer: that is MarketSink's. Records of a kind that matching does not know are ignored.
  // With them, what is held of the source of `at` is its state there; without it, the store's date stays as it was.
  void Apply(const std::vector<feed::Item>& items, absl::optional<SourcePosition> at = absl::nullopt) {
    Apply(items, true, at);
  }
  // The same for a part of a snapshot: much at once, so that nobody is told whose list changed.
  void ApplySnapshot(const std::vector<feed::Item>& items, absl::optional<SourcePosition> at = absl::nullopt) {
    Apply(items, false, at);
  }
  // Nothing changed up to there.
  void Advance(const SourcePosition& at) { Apply({}, true, at); }
  // What is held of `source` is of no date until the next position.
  void Withdraw(const std::string& source);

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
    bool known = false;    // its Edition is applied
    bool changed = false;  // by the stretch being applied
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

  // What a stretch did to one edition.
  struct Brought {
    Entry* entry = nullptr;
    bool drop = false;  // its lists are over
    uint64_t before = 0;
    std::shared_ptr<const matching::MarketView> view;  // null: nobody looks
    std::shared_ptr<const matching::MarketView> old;   // to be freed outside of locks
  };

  void Apply(const std::vector<feed::Item>& items, bool name_lists, const absl::optional<SourcePosition>& at);
  // Takes in what was applied to an entry. REQUIRES: mutex_ is held, as for the next.
  Brought Bring(Entry* entry, bool name_lists);
  // Tells the lists and the listeners.
  void Tell(Brought brought);
  Entry* Known(absl::string_view edition) const;
  void RequestFill(Entry* entry) const;
  void FillLists() const;

  // The entry's view, made if need be. REQUIRES: no lock is held.
  Dated ViewOf(Entry* entry, bool known_only) const;

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
  // Changes under both, together with the views that it is the date of.
  std::shared_ptr<const ConsistencyToken> applied_ = std::make_shared<ConsistencyToken>();
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_STORE_H_
