// Oracle: what the right answer is at any revisions of the sources.
#ifndef TANDEM_TESTS_FAULT_TRUTH_ORACLE_H_
#define TANDEM_TESTS_FAULT_TRUTH_ORACLE_H_

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "common/feed/applied_positions.h"
#include "common/tokens/consistency_token.h"
#include "common/tokens/key_ring.h"
#include "services/pairing/market_feed/market_store.h"
#include "services/pairing/matching/market.h"
#include "services/pairing/rankings/ranking_pages.h"
#include "services/pairing/service/freshness.h"
#include "services/pairing/service/match_finder.h"
#include "tandem/pairing/v1/pairing_service.pb.h"
#include "tests/fault/truth/history.h"

namespace tandem::check {

// Histories by the source's name.
using Histories = std::map<std::string, std::unique_ptr<History>>;

// Holds one edition's market in one state, and moves it from state to state by what lies between them. For one thread.
class Oracle {
 public:
  // `edition`: its name. Unowned pointers must outlive this; `keys` are the services'.
  Oracle(std::string edition, const Histories* histories, const KeyRing* keys);

  // To the state in which every source is at its position in `at`. OUT_OF_RANGE when a history does not know that one;
  // INVALID_ARGUMENT when a source is missing or of another epoch than its history.
  absl::Status MoveTo(const ConsistencyToken& at);

  // The answer to a first page, of any size, in the state of the last MoveTo. Errors as of MatchFinder.
  absl::StatusOr<pairing::v1::FindMatchesResponse> FirstPage(const pairing::v1::FindMatchesRequest& request) const;

 private:
  void Begin(const ConsistencyToken& at);
  void Set(const std::string& name, const Version& version);

  const std::string edition_;
  const std::string prefix_;  // of the names in it
  const Histories* const histories_;
  std::unique_ptr<pairing::matching::Market> market_;
  std::map<std::string, Revision> at_;  // where the market is
  int moves_ = 0;                       // since it was made
  pairing::MarketStore::Dated state_;

  // What a finder wants around it.
  pairing::MarketStore no_markets_;
  feed::AppliedPositions positions_;
  pairing::Freshness freshness_;
  pairing::RankingPages pages_;
  pairing::MatchFinder finder_;
};

}  // namespace tandem::check

#endif  // TANDEM_TESTS_FAULT_TRUTH_ORACLE_H_
