// AnswerCache: answers of this process, each proved right before it is given out.
#ifndef TANDEM_SERVICES_PAIRING_MATCH_CACHE_ANSWER_CACHE_H_
#define TANDEM_SERVICES_PAIRING_MATCH_CACHE_ANSWER_CACHE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include "common/base/mutex.h"
#include "common/feed/applied_positions.h"
#include "common/tokens/consistency_token.h"
#include "common/tokens/key_ring.h"
#include "services/pairing/market_feed/market_store.h"
#include "services/pairing/match_cache/edition_marks.h"

namespace tandem::pairing {

// Thread-safe. Nothing here waits for a change being applied, for a computation or for I/O.
class AnswerCache {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  struct Options {
    size_t max_bytes = size_t{64} << 20;                                 // 0: keeps nothing
    std::chrono::steady_clock::duration ttl = std::chrono::minutes(10);  // since it was put; only to free memory
    std::function<TimePoint()> now = &std::chrono::steady_clock::now;
  };
  struct Counters {
    uint64_t hits = 0;
    uint64_t misses = 0;    // not there
    uint64_t outdated = 0;  // there, but something may have changed
    uint64_t evicted = 0;   // for want of room, or too old
    size_t answers = 0;
    size_t bytes = 0;
  };

  // A FindMatchesResponse in two parts: `body`, without the page token and the fields that tell its date (metadata's
  // consistency_token, applied, age and considered_size), and `more` with the page token.
  struct Answer {
    std::shared_ptr<const std::string> body, more;  // null: there is no page after this
    AnswerSubject subject;
    uint64_t version = 0;       // of the view that it was computed from
    std::string page_id;        // of the ranking that its later pages come from; empty: it is whole
    uint64_t more_version = 0;  // of the view of that one
  };
  // The parts, one after the other, are the whole response, without the age: that of `state`.
  struct Hit {
    std::shared_ptr<const std::string> body, more, suffix;
    std::string page_id;
    size_t shown = 0;     // matches in it
    bool goes_on = true;  // whether `more` leads to what follows in `state`; if not, PutMore what does
    MarketStore::Dated state;
  };

  // Hears of every change of `markets` from now on; `positions` advance after that. Unowned pointers must outlive this,
  // and this the last change.
  AnswerCache(MarketStore* markets, const feed::AppliedPositions* positions, const KeyRing* keys, Options options);

  // The answer for `key` (AnswerKey::text), if it is there and is that of now: of everything that positions() held when
  // this was called, or newer. Its `body` is null otherwise.
  Hit Find(absl::string_view edition, absl::string_view key);

  // Remembers an answer computed from `computed`. An answer that is outdated already is harmless.
  void Put(absl::string_view edition, const std::string& key, Answer answer, const MarketStore::Dated& computed);

  // Where the answer for `key`, which was found to be that of `state`, goes on.
  void PutMore(absl::string_view key, std::shared_ptr<const std::string> more, std::string page_id,
               const MarketStore::Dated& state);

  // Shows the cache what a reader was shown: the newest change of `edition` may have had no view yet, and nothing can
  // be proved without.
  void Saw(absl::string_view edition, const MarketStore::Dated& shown);

  // What is known of an answer of the state `date`, computed here or elsewhere.
  struct Proof {
    bool right = false;
    // The state that it is the answer of too: of now. Its view is null where the answer is of a newer state than what
    // is applied here.
    MarketStore::Dated state;
  };
  // Whether the answer is that of now, or of a state that is newer in every source. `subject` is known by its slots
  // here.
  Proof Prove(absl::string_view edition, const AnswerSubject& subject, const ConsistencyToken& date);

  // What completes a body of which `applied` is the date, and by which so many took part; all but the age.
  std::shared_ptr<const std::string> SuffixOf(const ConsistencyToken& applied, int considered) const;

  Counters counters() const;

 private:
  // The marks of an edition, and what completes answers that they prove.
  struct Edition {
    MarksWriter writer;  // of the thread that applies
    // What was applied with each of the newest versions, ascending; several announcements of one version are one.
    std::deque<std::pair<uint64_t, std::shared_ptr<const ConsistencyToken>>> dates;
    // Everything that happened before what `dates` tells is contained in this; null: not known yet.
    std::shared_ptr<const ConsistencyToken> base;
    std::shared_ptr<const EditionMarks> marks;
    // Made for these; null: not yet.
    std::shared_ptr<const ConsistencyToken> positions;
    std::shared_ptr<const EditionMarks> of_marks;
    std::shared_ptr<const ConsistencyToken> applied;  // null: no date can be told
    std::shared_ptr<const std::string> project_suffix, investor_suffix, nobody_suffix;
  };
  struct Entry {
    std::string key;
    Answer answer;
    size_t bytes = 0;
    TimePoint put;
  };

  // A date by which everything had happened that the mark `version` stands for; null: not known.
  std::shared_ptr<const ConsistencyToken> DateOf(const Edition& edition, uint64_t version) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(marks_mutex_);
  void Note(const MarketStore::Announcement& announcement);
  // Brings the dates of `edition` up to `positions`.
  void Date(std::shared_ptr<const ConsistencyToken> positions, Edition* edition) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(marks_mutex_);
  void Erase(std::list<Entry>::iterator entry, std::list<Entry>* erased) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const feed::AppliedPositions* const positions_;
  const KeyRing* const keys_;
  const Options options_;

  mutable Mutex marks_mutex_;
  absl::flat_hash_map<std::string, std::unique_ptr<Edition>> editions_ ABSL_GUARDED_BY(marks_mutex_);

  mutable Mutex mutex_;
  std::list<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // most recently used first
  absl::flat_hash_map<absl::string_view, std::list<Entry>::iterator> by_key_ ABSL_GUARDED_BY(mutex_);
  Counters counters_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_MATCH_CACHE_ANSWER_CACHE_H_
