// MarketFollowers: keeps a MarketStore up to date with the three sources.
#ifndef TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_FOLLOWERS_H_
#define TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_FOLLOWERS_H_

#include <memory>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/feed/applied_positions.h"
#include "common/feed/feed.h"
#include "common/feed/follower.h"
#include "common/tokens/key_ring.h"
#include "services/pairing/market_feed/market_sink.h"
#include "services/pairing/market_feed/market_store.h"

namespace tandem::pairing {

// Names of the sources in consistency tokens.
inline constexpr char kProjectsSource[] = "projects";
inline constexpr char kInvestorsSource[] = "investors";  // investors and deals
inline constexpr char kEditionsSource[] = "editions";    // also taxonomies, frozen statistics, profiles, pairings

// What is known of one followed source.
struct SourceState {
  std::string source;
  feed::FollowerStatus status;
};

// Start and Stop are for one thread, the rest is thread-safe.
class MarketFollowers {
 public:
  // `positions` must be made for the three sources above. Unowned; must outlive this.
  MarketFollowers(MarketStore* markets, feed::AppliedPositions* positions, const KeyRing* keys,
                  const Clock* clock = SystemClock());
  ~MarketFollowers();  // stops
  MarketFollowers(const MarketFollowers&) = delete;
  MarketFollowers& operator=(const MarketFollowers&) = delete;

  // Follows `sources`, named as above, each on a thread of its own. Called once.
  void Start(std::vector<std::unique_ptr<feed::Source>> sources);

  // Returns when all threads have ended and the sources, with their channels, are gone. Idempotent.
  void Stop();

  // Of the sources that were started, in their order. Empty before Start and after Stop.
  std::vector<SourceState> States() const;

 private:
  struct Followed {
    std::unique_ptr<feed::Source> source;
    std::unique_ptr<MarketSink> sink;
    std::unique_ptr<feed::Follower> follower;
  };

  MarketStore* markets_;
  feed::AppliedPositions* positions_;
  const KeyRing* keys_;
  const Clock* clock_;
  mutable Mutex mutex_;
  std::vector<Followed> followed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MARKET_FEED_MARKET_FOLLOWERS_H_
