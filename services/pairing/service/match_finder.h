// MatchFinder: answers the questions of PairingService from the market in memory. Free of gRPC.
#ifndef TANDEM_SERVICES_PAIRING_SERVICE_MATCH_FINDER_H_
#define TANDEM_SERVICES_PAIRING_SERVICE_MATCH_FINDER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"

#include "common/base/caller.h"
#include "common/tokens/key_ring.h"
#include "services/pairing/market_feed/market_store.h"
#include "services/pairing/rankings/ranking_pages.h"
#include "services/pairing/service/freshness.h"
#include "services/pairing/service/slots.h"
#include "tandem/pairing/v1/edition.pb.h"
#include "tandem/pairing/v1/pairing_service.pb.h"

namespace tandem::pairing {

// Thread-safe. REQUIRES: requests keep the rules of their contract, and the caller may ask: both are the adapter's to
// see to.
class MatchFinder {
 public:
  // Unowned pointers must outlive the finder.
  struct Options {
    const MarketStore* markets = nullptr;
    const Freshness* freshness = nullptr;
    RankingPages* pages = nullptr;
    // A state of now in which `subject` has the same counterparts as in that of `date`, all of them and in the same
    // order; its view is null when that cannot be said. Null: it never can.
    std::function<MarketStore::Dated(absl::string_view subject, const ConsistencyToken& date)> unchanged_since;
    // The form in which a batch carries the status of one subject.
    std::function<google::rpc::Status(const absl::Status&)> to_proto;
    int batch_threads = 2;  // that rank for one BatchFindMatches
    // Rankings computed at once, of all calls. More would not be faster, but they would hold changes back for longer.
    int most_rankings = 4;
  };
  explicit MatchFinder(Options options)
      : options_(std::move(options)), slots_(std::make_unique<Slots>(options_.most_rankings)) {}

  // EDITION_NOT_FOUND, RESOURCE_NOT_FOUND, or what Freshness and RankingPages say.
  absl::StatusOr<v1::FindMatchesResponse> Find(const v1::FindMatchesRequest& request, Deadline deadline) const;

  // The same for a first page, of a state that is fresh enough; `page_id`: of the ranking that is kept for later pages,
  // empty when there are none.
  absl::StatusOr<v1::FindMatchesResponse> FirstPage(const v1::FindMatchesRequest& request,
                                                    const MarketStore::Dated& state, Deadline deadline,
                                                    std::string* page_id) const;

  // A page token that goes on at `offset` with the ranking of `state`, of which `request` asked the first page;
  // `page_id` as above. Computes nothing. Empty when the ranking is not of the kind that can be begun in its middle:
  // one with options, or of a subject that is not there.
  std::string PageAfter(const v1::FindMatchesRequest& request, const MarketStore::Dated& state, size_t offset,
                        std::string* page_id) const;

  // Calls `emit` for each subject as soon as its answer is there, one call at a time, from this thread or another one.
  // Ends early, with OK, when `emit` returns false or `cancelled` true; with DEADLINE_EXCEEDED at `deadline`.
  absl::Status FindMany(const v1::BatchFindMatchesRequest& request, Deadline deadline,
                        const std::function<bool(const v1::BatchFindMatchesResponse&)>& emit,
                        const std::function<bool()>& cancelled) const;

  // A side is told what it said itself; of what only the other one said nothing can be told from its explanation.
  absl::StatusOr<v1::MatchExplanation> Explain(const v1::ExplainMatchRequest& request, Deadline deadline,
                                               CallerSide side = CallerSide::kOperator) const;

  // Counts what FreezeStatistics freezes, of `edition` as it is once `token` is applied.
  absl::StatusOr<v1::Statistics> CountStatistics(const std::string& edition, absl::string_view token,
                                                 Deadline deadline) const;

 private:
  // The `wanted` best counterparts of `subject` as of a date (empty: the edition's); `field` names the subject in
  // errors.
  absl::StatusOr<std::shared_ptr<const KeptRanking>> Rank(const MarketStore::Dated& state, absl::string_view subject,
                                                          absl::string_view field, absl::string_view as_of_date,
                                                          const v1::MatchOptions& options, size_t wanted,
                                                          Deadline deadline) const;
  // A ranking of `state` that is begun in its middle: nothing of it is ranked. Null when it is not of that kind.
  std::shared_ptr<const KeptRanking> Unranked(const v1::FindMatchesRequest& request,
                                              const MarketStore::Dated& state) const;
  // The ranking that the request's page token was made for, by another process or long ago, if it is the same now.
  // PAGE_TOKEN_EXPIRED otherwise.
  absl::StatusOr<RankingPages::Page> OpenAgain(const v1::FindMatchesRequest& request, absl::Status expired,
                                               Deadline deadline) const;
  // What an answer from `ranking` says of itself.
  void Describe(const matching::Ranking& ranking, const ConsistencyToken& applied, std::string token,
                v1::MatchMetadata* metadata) const;
  // The page of `kept` that begins at `offset`; `page_id` is empty, or the one under which it is kept already.
  absl::StatusOr<v1::FindMatchesResponse> PageOf(const v1::FindMatchesRequest& request,
                                                 std::shared_ptr<const KeptRanking> kept, size_t offset,
                                                 Deadline deadline, std::string* page_id) const;
  // `kept` itself, or one that reaches as far as `end`, of the same view.
  absl::StatusOr<std::shared_ptr<const KeptRanking>> Lengthen(std::shared_ptr<const KeptRanking> kept, size_t end,
                                                              Deadline deadline) const;
  // The answer for subject `index` of a batch.
  v1::BatchFindMatchesResponse Answer(const v1::BatchFindMatchesRequest& request, int index, Deadline deadline) const;

  const Options options_;
  const std::unique_ptr<Slots> slots_;
};

}  // namespace tandem::pairing

#endif  // TANDEM_SERVICES_PAIRING_SERVICE_MATCH_FINDER_H_
