// Ranking: the exact order of all counterparts of one subject, by a readable scan. The oracle of the indexes.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_RANKING_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_RANKING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "services/pairing/matching/co_investors.h"
#include "services/pairing/matching/code_book.h"
#include "services/pairing/matching/facts.h"
#include "services/pairing/matching/market.h"

namespace tandem::pairing::matching {

// One counterpart and its score in millionths of a nat, whole thousandths. `shared` is what SharedWith said when it was
// scored: the only part of it that depends on third parties.
struct RankedInvestor {
  int64_t score = 0;
  SharedStrength shared;
  std::shared_ptr<const InvestorFacts> investor;
};
struct RankedProject {
  int64_t score = 0;
  SharedStrength shared;
  std::shared_ptr<const ProjectFacts> project;
};

// What the options of a query did to one place of a ranking.
struct Adjustment {
  size_t plain_rank = 0;       // in the list without options, from 1
  int64_t spent_capacity = 0;  // points of SIGNAL_SPENT_CAPACITY, which are in the score
  size_t passed_over = 0;      // matches left out before this place
};

// A ranking, or the best of one; best first, ties by name. It keeps the facts it was made of, so that its pages can be
// explained later exactly as they were computed.
struct Ranking {
  std::shared_ptr<const MarketContext> context;
  std::shared_ptr<const CodeBook> codes;
  int32_t as_of_day = 0;  // days since 1970-01-01
  // One of the two is the subject; the list of the other kind is filled.
  std::shared_ptr<const ProjectFacts> project;
  std::shared_ptr<const InvestorFacts> investor;
  std::vector<RankedInvestor> investors;
  std::vector<RankedProject> projects;
  // Counterparts that were looked at, and those that passed every gate: all of them, also when the list is cut.
  int considered = 0;
  size_t passed = 0;
  // One for each place when options were applied, else empty; and how many matches they left out in all.
  std::vector<Adjustment> adjustments;
  size_t passed_over = 0;

  size_t size() const { return project != nullptr ? investors.size() : projects.size(); }
};

// Whether who is gone from the subject's list is left out.
enum class Stances { kHonoured, kIgnored };

// Ranks all investors for `project`, or all projects for `investor`, as of a day. Only pairs that pass every gate are
// in. A subject that is itself not matched (draft, paused, ...) gets an empty ranking. O(counterparts * deals).
Ranking RankInvestors(const Market& market, std::shared_ptr<const ProjectFacts> project, int32_t as_of_day,
                      Stances stances = Stances::kHonoured);
Ranking RankProjects(const Market& market, std::shared_ptr<const InvestorFacts> investor, int32_t as_of_day,
                     Stances stances = Stances::kHonoured);

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_RANKING_H_
