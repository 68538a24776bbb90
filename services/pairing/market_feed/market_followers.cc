#include "services/pairing/market_feed/market_followers.h"

#include <utility>

namespace tandem::pairing {

MarketFollowers::MarketFollowers(MarketStore* markets, feed::AppliedPositions* positions, const KeyRing* keys,
                                 const Clock* clock)
    : markets_(markets), positions_(positions), keys_(keys), clock_(clock) {}

MarketFollowers::~MarketFollowers() { Stop(); }

void MarketFollowers::Start(std::vector<std::unique_ptr<feed::Source>> sources) {
  MutexLock lock(&mutex_);
  for (std::unique_ptr<feed::Source>& source : sources) {
    Followed followed;
    followed.source = std::move(source);
    followed.sink = std::make_unique<MarketSink>(markets_, followed.source->name());
    feed::Follower::Options options;
    options.source = followed.source.get();
    options.sink = followed.sink.get();
    options.positions = positions_;
    options.keys = keys_;
    options.clock = clock_;
    followed.follower = std::make_unique<feed::Follower>(options);
    followed.follower->Start();
    followed_.push_back(std::move(followed));
  }
}

void MarketFollowers::Stop() {
  MutexLock lock(&mutex_);
  for (Followed& followed : followed_) followed.follower->Stop();
  followed_.clear();
}

std::vector<SourceState> MarketFollowers::States() const {
  MutexLock lock(&mutex_);
  std::vector<SourceState> states;
  for (const Followed& followed : followed_) states.push_back({followed.source->name(), followed.follower->status()});
  return states;
}

}  // namespace tandem::pairing
