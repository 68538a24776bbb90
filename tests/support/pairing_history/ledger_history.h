// Whether a history of pairings is one that can have happened.
#ifndef TANDEM_TESTS_SUPPORT_PAIRING_HISTORY_LEDGER_HISTORY_H_
#define TANDEM_TESTS_SUPPORT_PAIRING_HISTORY_LEDGER_HISTORY_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "services/pairing/ledger/party_counts.h"
#include "services/pairing/ledger/rules.h"
#include "tandem/pairing/v1/pairing.pb.h"
#include "tests/support/pairing_history/problems.h"

namespace tandem::pairing::ledger {

// Takes versions of pairings one by one, in commit order: each must follow from the one before by its cause, no quota
// may be passed on the way, each request ends once and in time. Used by one thread at a time.
class LedgerHistory {
 public:
  // `problems` gets what is wrong, and must outlive this.
  explicit LedgerHistory(Problems* problems) : problems_(problems) {}

  // `where` says in words where the version stands.
  void Apply(const v1::Pairing& is, const Rules& rules, const std::string& where);

  // As they follow from the versions alone, by name.
  const std::map<std::string, PartyCounts>& counts() const { return counts_; }
  const absl::flat_hash_map<std::string, v1::Pairing>& pairings() const { return now_; }

 private:
  Problems* const problems_;
  absl::flat_hash_map<std::string, v1::Pairing> now_;
  std::map<std::string, PartyCounts> counts_;
  std::set<std::string> pairs_;
};

// The same for all versions at once; what is wrong is said in `problems`.
std::map<std::string, PartyCounts> Replay(const std::vector<v1::Pairing>& versions, const Rules& rules,
                                          std::vector<std::string>* problems);

}  // namespace tandem::pairing::ledger

#endif  // TANDEM_TESTS_SUPPORT_PAIRING_HISTORY_LEDGER_HISTORY_H_
