// Affected lists: whose best counterparts a new view changed, exactly, for the plain question.
//
// Plain is: as of the view's reference day, without options, the k best. Of every investor the best projects are kept
// (TopLists); of projects only those that somebody watches because of an answer that is still in use (WatchedProjects).
// Everything else about an answer is for the marks of the view.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_AFFECTED_LISTS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_AFFECTED_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"

#include "services/pairing/matching/linear_form.h"
#include "services/pairing/matching/market_view.h"

namespace tandem::pairing::matching {

class TopLists;
class WatchedProjects;

// What one view changed. Where `all_...` is false, a list that is not named is the same as in the view before: members,
// order and scores, of any length up to k. Slots ascending; names by the view's investor_names and project_names.
struct Affected {
  uint64_t version = 0;  // of the view
  bool all_investors = true;
  bool all_projects = true;
  std::vector<uint32_t> investors;
  std::vector<uint32_t> projects;  // watched until now; who answers again watches again
};

// One call at a time. Memory: 5 KB an investor at most, less where investors have points in common.
class AffectedLists {
 public:
  struct Options {
    size_t k = 50;
    size_t kmax = 75;              // see TopLists
    size_t most_watched = 10'000;  // projects; one more puts the longest watched out
    // What a view may change for its lists to be told one by one: records, and among them those that cost a query each
    // (investors; codes that come into use cost one for every list). More: all lists may have changed, and are over.
    size_t most_changes = 1'000;
    size_t most_queries = 250;
  };

  // Begins with `view` and no list.
  AffectedLists(Options options, std::shared_ptr<const MarketView> view);
  ~AffectedLists();
  AffectedLists(const AffectedLists&) = delete;
  AffectedLists& operator=(const AffectedLists&) = delete;

  // Fills the lists of up to `count` more investors, each one query of the index. Whether there are more to fill: until
  // then Update says `all_investors`.
  bool Fill(size_t count);
  bool filled() const { return filled_; }

  // Goes on to `view`, which must come next; all lists when it is the one this began with. When it is another, or
  // changed everything or too much, all lists are over: `all_...` are true, usable() turns false, and new AffectedLists
  // must begin with a later view. Time: for each changed project and each that names a changed investor as a prior one,
  // one TopLists::ProjectChanged; for each changed investor one query and a LinearScore a watched project; for each
  // watched project that changed itself two queries.
  Affected Update(std::shared_ptr<const MarketView> view);
  bool usable() const { return usable_; }

  // Names `project` once when its list is another than in the view `seen`, or when it takes part no more. False: it
  // takes no part, or the list is another one already; then only marks protect an answer. Time: one query, two when
  // `seen` is not the newest view.
  bool Watch(const MarketView& seen, uint32_t project);
  // Nobody asks for it any more.
  void Forget(uint32_t project);

  size_t list_count() const { return list_count_; }
  size_t watched_count() const { return ticket_of_.size(); }
  size_t Memory() const;  // bytes. Reads all lists: for a status

 private:
  std::vector<Scored> BestProjects(uint32_t investor, size_t k) const;
  std::vector<Scored> BestInvestors(const MarketView& view, uint32_t project) const;
  void UpdateWatched(const MarketView& before, Affected* affected);
  void UpdateInvestors(const MarketView& before, Affected* affected);
  void UpdateProjects(const MarketView& before, Affected* affected);
  // Puts `project` on the watch with the list it has now; whether it takes part.
  bool WatchNow(uint32_t project, std::vector<Scored> best);

  const Options options_;
  std::shared_ptr<const MarketView> view_;
  bool usable_ = true;
  bool filled_ = false;
  uint32_t next_ = 0;  // slots before this are filled
  size_t list_count_ = 0;
  const std::unique_ptr<TopLists> lists_;
  const std::unique_ptr<WatchedProjects> watched_;
  // When a project came on the watch, and the other way round. Those that were put out and not yet named.
  absl::flat_hash_map<uint32_t, uint64_t> ticket_of_;
  absl::btree_map<uint64_t, uint32_t> by_ticket_;
  uint64_t last_ticket_ = 0;
  std::vector<uint32_t> put_out_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_AFFECTED_LISTS_H_
