// Stances: what projects and investors said of each other, as far as lists, capacity and learning depend on it.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_STANCES_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_STANCES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

#include "services/pairing/matching/facts_table.h"
#include "tandem/pairing/v1/pairing.pb.h"

namespace tandem::pairing::matching {

// What takes a counterpart out of one's list.
enum class Said : uint8_t { kNothing, kSkipped, kBlocked };

// What the sides of a pair said of each other, as far as whoever asks may know it.
struct SaidInPair {
  Said project = Said::kNothing, investor = Said::kNothing;
};

// A counterpart that is gone from a subject's list. A skip is the subject's own and leaves the other side's list as it
// is; a block takes both out of each other's lists, whoever said it.
struct Gone {
  uint32_t slot = 0;                 // of the counterpart
  Said by_subject = Said::kNothing;  // nothing: the counterpart blocks
  friend bool operator==(const Gone&, const Gone&) = default;
};
using GoneList = std::vector<Gone>;  // by slot, each once, never empty

// Who is gone from whose list. A copy is a version that later changes leave alone.
struct GoneTables {
  FactsTable<GoneList> from_investors, from_projects;  // by slot of the subject; null: nobody is gone

  // What each said of the other.
  Said InvestorSaid(uint32_t investor, uint32_t project) const;
  Said ProjectSaid(uint32_t project, uint32_t investor) const;
};

// A pairing, as far as matching needs it.
struct PairFacts {
  enum class Answer : uint8_t { kNone, kAccepted, kDeclined };

  uint32_t project = 0, investor = 0;  // slots
  Said project_said = Said::kNothing, investor_said = Said::kNothing;
  bool mutual = false;
  Answer answer = Answer::kNone;  // to the last request, as far as it says how well the two fit
  int32_t answer_day = 0;         // days since 1970-01-01

  // Whether it says anything.
  bool Matters() const {
    return project_said != Said::kNothing || investor_said != Said::kNothing || mutual || answer != Answer::kNone;
  }
};
// The slots are the caller's to set. `pairing` is as the organiser sees it.
PairFacts FactsOf(const v1::Pairing& pairing);

// The pairings of one edition. Not thread-safe; copies are independent. O(what is gone from the two lists) a change.
class StanceBook {
 public:
  // Replaces what stood under the same name. A pair has one pairing.
  void Put(absl::string_view pairing, const PairFacts& facts);
  // An unknown one is ignored.
  void Remove(absl::string_view pairing);

  const GoneTables& gone() const { return gone_; }
  int32_t MutualOf(uint32_t investor) const;
  size_t size() const { return pairs_.size(); }  // that matter

  // Of every pairing that matters, in no order.
  template <typename Each>
  void ForEach(Each each) const {
    for (const auto& [name, facts] : pairs_) each(name, facts);
  }

  // Subjects of whose lists somebody is gone or back since the last time, and investors whose mutual pairings are
  // other ones. In no order.
  struct Changes {
    absl::flat_hash_set<uint32_t> investors, projects;
  };
  bool changed() const { return !changes_.investors.empty() || !changes_.projects.empty(); }
  Changes TakeChanges() { return std::exchange(changes_, {}); }
  absl::flat_hash_set<uint32_t> TakeRecounted() { return std::exchange(recounted_, {}); }

 private:
  void Show(const PairFacts& facts);
  void Count(uint32_t investor, int32_t by);

  absl::flat_hash_map<std::string, PairFacts> pairs_;  // by name of the pairing
  absl::flat_hash_map<uint32_t, int32_t> mutual_;      // by investor
  GoneTables gone_;
  Changes changes_;
  absl::flat_hash_set<uint32_t> recounted_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_STANCES_H_
