// CachedFinder: FindMatches from a cache where that is right, else computed once for all who ask. Free of gRPC.
#ifndef TANDEM_SERVICES_PAIRING_SERVICE_CACHED_FINDER_H_
#define TANDEM_SERVICES_PAIRING_SERVICE_CACHED_FINDER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "common/tokens/consistency_token.h"
#include "services/pairing/market_feed/market_store.h"
#include "services/pairing/match_cache/answer_cache.h"
#include "services/pairing/match_cache/answer_key.h"
#include "services/pairing/match_cache/flights.h"
#include "services/pairing/match_cache/shared_answers.h"
#include "services/pairing/rankings/ranking_pages.h"
#include "services/pairing/service/freshness.h"
#include "services/pairing/service/match_finder.h"
#include "tandem/pairing/v1/pairing_service.pb.h"

namespace tandem::pairing {

// A FindMatchesResponse in bytes: the parts one after the other; null ones are empty.
struct EncodedAnswer {
  std::shared_ptr<const std::string> body, more, date, age;
};

// Thread-safe. REQUIRES: requests keep the rules of their contract, and the caller may ask.
//
// A first page comes from this process's cache, else from the one that all replicas share, else from an equal question
// that is being computed, else it is computed; then both caches get it.
class CachedFinder {
 public:
  // Unowned pointers must outlive the finder.
  struct Options {
    MarketStore* markets = nullptr;
    const Freshness* freshness = nullptr;
    RankingPages* pages = nullptr;
    const MatchFinder* finder = nullptr;
    AnswerCache* cache = nullptr;
    SharedAnswers* shared = nullptr;  // null: there is no Redis
  };
  explicit CachedFinder(Options options) : options_(options) {}

  // The answer, if it is in this process's cache and fresh enough: never waits, never computes. Of any request,
  // validated or not.
  absl::optional<EncodedAnswer> FindNow(const v1::FindMatchesRequest& request) const;

  // The answer, wherever it comes from. Errors as of MatchFinder::Find.
  absl::StatusOr<EncodedAnswer> Find(const v1::FindMatchesRequest& request, Deadline deadline) const;

  // How many waited for another one's computation.
  uint64_t joined() const { return flights_.joined(); }
  // How many answers came from the shared cache.
  uint64_t shared_hits() const { return shared_hits_; }

 private:
  // One question on its way.
  struct Question {
    const v1::FindMatchesRequest& request;
    const AnswerKey& key;
    absl::string_view edition;
    const MarketStore::Dated& state;
    Deadline deadline;
  };
  // What comes of it: an answer that completes with the date of any state in which it is unchanged, or one with its
  // own.
  struct Result {
    std::shared_ptr<const std::string> body, more, date;
    ConsistencyToken of;     // what `date` tells, if that is not null
    bool takes_part = true;  // the subject
  };

  std::shared_ptr<const std::string> Age() const;
  EncodedAnswer FindCached(const v1::FindMatchesRequest& request, const AnswerKey& key) const;
  absl::StatusOr<Result> Resolve(const Question& question) const;
  absl::optional<Result> FindShared(const Question& question, SharedAnswers::Deadline budget) const;
  absl::StatusOr<Result> Compute(const Question& question) const;
  // What an answer depends on, by the slots of `view`; empty when the subject has none.
  absl::optional<AnswerSubject> SubjectOf(const Question& question, const matching::MarketView& view,
                                          const v1::FindMatchesResponse& response) const;

  const Options options_;
  mutable Flights<absl::StatusOr<Result>> flights_;
  mutable std::atomic<uint64_t> shared_hits_{0};
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_SERVICE_CACHED_FINDER_H_
