// What was said in each state of the sources, told from the records alone: what answers are held to beside the market
// that gave them, which may have missed something.
#ifndef TANDEM_TESTS_DIFFERENTIAL_SAID_LOG_H_
#define TANDEM_TESTS_DIFFERENTIAL_SAID_LOG_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "common/tokens/consistency_token.h"
#include "tandem/pairing/v1/pairing_service.pb.h"
#include "tests/unit/services/pairing/matching/market_builder.h"

namespace tandem::pairing {

// Not thread-safe.
class SaidLog {
 public:
  // What `records` are at a revision of the editions, or of the investors, ascending.
  void NotePairings(const matching::Records& records, int64_t revision);
  void NoteInvestors(const matching::Records& records, int64_t revision);

  // Expects that `answer` shows nobody who is gone in the state of `date` and, where it explains, discounts exactly the
  // investors that have no place left.
  void Check(const v1::FindMatchesRequest& request, const v1::FindMatchesResponse& answer,
             const ConsistencyToken& date);

  // Checked answers about subjects from whose lists somebody is gone, and checked matches that were discounted.
  uint64_t gone_from = 0, spent_shown = 0;

 private:
  struct Said {
    std::set<std::pair<std::string, std::string>> gone;  // subject, counterpart
    std::map<std::string, int> mutual;                   // pairings, by investor
  };

  std::map<int64_t, Said> said_;
  std::map<int64_t, std::map<std::string, int>> capacities_;
};

}  // namespace tandem::pairing

#endif  // TANDEM_TESTS_DIFFERENTIAL_SAID_LOG_H_
