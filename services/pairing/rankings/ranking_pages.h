// RankingPages: keeps rankings for a while, whole or with the view that the rest is computed from, so that the pages of
// one query come from one ranking.
//
// It is no cache of answers: nothing is ever served from here but later pages of the query that put it here.
#ifndef TANDEM_SERVICES_PAIRING_RANKINGS_RANKING_PAGES_H_
#define TANDEM_SERVICES_PAIRING_RANKINGS_RANKING_PAGES_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "common/base/mutex.h"
#include "common/tokens/consistency_token.h"
#include "common/tokens/key_ring.h"
#include "services/pairing/matching/ranking.h"
#include "tandem/pairing/v1/pairing_service.pb.h"

namespace tandem::pairing {

namespace matching {
struct MarketView;
}

// A ranking and what its first answer said about it. Immutable.
struct KeptRanking {
  std::shared_ptr<const matching::Ranking> ranking;
  // Where the ranking is only the beginning of one: what the rest is computed from. Null: it is whole.
  std::shared_ptr<const matching::MarketView> view;
  // The date of the state that it is of; empty where it cannot be made again from a like state.
  ConsistencyToken date;
  v1::MatchMetadata metadata;
};

// Thread-safe.
class RankingPages {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  struct Options {
    // Room for all rankings. One that does not fit alone is kept until the next comes. What is counted is the lists,
    // and a flat part for each view that is held: facts are shared with the market and with each other, though replaced
    // ones live on in a ranking.
    size_t max_bytes = size_t{256} << 20;
    std::chrono::steady_clock::duration idle = std::chrono::minutes(10);  // since the last use
    std::function<TimePoint()> now = &std::chrono::steady_clock::now;
  };

  // `keys` sign the page tokens; not owned, must outlive this.
  RankingPages(const KeyRing* keys, Options options);

  // Keeps `ranking` and returns its id: 128 random bits.
  std::string Keep(std::shared_ptr<const KeptRanking> ranking);

  // Where a page begins in a kept ranking.
  struct Page {
    std::string id;
    std::shared_ptr<const KeptRanking> kept;
    size_t offset = 0;
  };

  // The token of the page of ranking `id` that begins at `offset`. `arguments` is any text that is equal for equal
  // queries; the token is good for these only. `date` is the ranking's, for Find.
  std::string Token(absl::string_view id, size_t offset, absl::string_view arguments,
                    const ConsistencyToken& date = {}) const;

  // The page that `token` was made for; that is a use. INVALID_ARGUMENT (PAGE_TOKEN_INVALID) when it was not made by
  // Token with the same arguments; ABORTED (PAGE_TOKEN_EXPIRED) when the ranking is no longer kept, or was kept by
  // another process.
  absl::StatusOr<Page> Open(absl::string_view token, absl::string_view arguments);

  // What a token says to whoever does not keep its ranking: where the page begins, and the state that the ranking is
  // of; an empty one is not told. PAGE_TOKEN_INVALID as above.
  struct Place {
    size_t offset = 0;
    ConsistencyToken date;
  };
  absl::StatusOr<Place> Find(absl::string_view token, absl::string_view arguments) const;

  // Whether ranking `id` is kept; that is a use.
  bool Touch(absl::string_view id);

  size_t count() const;
  size_t bytes() const;  // at most max_bytes when count() > 1

 private:
  // What a token holds.
  struct Cursor {
    std::string id;
    Place place;
  };
  absl::StatusOr<Cursor> Read(absl::string_view token, absl::string_view arguments) const;

  struct Entry {
    std::string id;
    std::shared_ptr<const KeptRanking> kept;
    size_t bytes = 0;
    TimePoint last_use;
  };

  // Takes out what is idle for too long, and the least recently used until the rest fits. The entries are handed over
  // to be freed outside of the lock: a ranking may be the last owner of many facts.
  std::list<Entry> Evict(TimePoint now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const KeyRing* keys_;
  const Options options_;
  mutable Mutex mutex_;
  std::list<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // most recently used first
  absl::flat_hash_map<std::string, std::list<Entry>::iterator> by_id_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<const matching::MarketView*, int> views_ ABSL_GUARDED_BY(mutex_);  // how many hold it
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_RANKINGS_RANKING_PAGES_H_
