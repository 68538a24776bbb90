// Whose list of the best investors does a changed investor touch, among the projects somebody has an answer for.
//
// The other direction of TopLists is kept only for projects with a live answer (a cached page, a subscription): the
// owner watches a project with the list that was answered; the first change that touches it names it, and it is watched
// no more, because the answer is dead.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_WATCHED_PROJECTS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_WATCHED_PROJECTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// One thread at a time. Memory: the row and 8 bytes a place of the answer, for each watched project.
class WatchedProjects {
 public:
  // `order` is that of investors and must outlive this.
  explicit WatchedProjects(const SlotOrder* order) : order_(order) {}

  // `best` is the answer for the project as it is: its `k` best investors, fewer only when no more passed. Replaces.
  void Watch(uint32_t project, const ProjectRow& row, std::vector<Scored> best, size_t k);
  // The project changed, or nobody asks any more. Nothing when it is not watched.
  void Forget(uint32_t project);
  // The investor is now `now` (null: gone). Returns exactly the watched projects whose list changed in members, order
  // or a score, sorted, and forgets them. `extras` as in the answers. O(watched projects), one LinearScore each.
  std::vector<uint32_t> InvestorChanged(uint32_t investor, const InvestorForm* now, const PairExtras* extras);

  size_t size() const { return watched_.size(); }
  size_t memory() const;  // bytes; texts that are shared with the owner are not counted

 private:
  struct Watched {
    uint32_t project = 0;
    bool full = false;  // k investors: another one must rank before the last
    ProjectRow row;
    std::vector<Scored> best;
  };

  bool Touches(const Watched& watched, uint32_t investor, const InvestorForm* now, const PairExtras* extras) const;
  void ForgetAt(size_t at);

  const SlotOrder* order_;
  std::vector<Watched> watched_;
  absl::flat_hash_map<uint32_t, size_t> places_;  // in watched_, by project
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_WATCHED_PROJECTS_H_
