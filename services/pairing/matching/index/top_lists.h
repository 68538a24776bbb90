// Whose list of the best projects does a change touch: exactly, without computing every list again.
//
// Every investor has its k best projects and up to kmax - k more (BufferedList). A changed project is scored against
// the investors that its sectors and filters allow; it concerns those where it reaches the last place that is kept, and
// those that have it already. A list that fell below k is filled again through a callback, which is rare.
//
// Measured with 1M projects and 100k investors: see tests/bench/engine/top_lists_bench.cc. A change reads 8 bytes for
// each posting of the project's sectors and stage, one cache line for what passes the filter, two more for what still
// may reach its list then (InvestorSketch), the forms of what these let through, and the lists it concerns. Memory:
// about 18 * kmax bytes an investor (list and membership), 16 an accepted sector and stage, 200 for the sketch, 350 and
// 2 to 4 a listed code: 2.5 to 3 KB in all.
#ifndef TANDEM_SERVICES_PAIRING_MATCHING_INDEX_TOP_LISTS_H_
#define TANDEM_SERVICES_PAIRING_MATCHING_INDEX_TOP_LISTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "services/pairing/matching/index/buffered_list.h"
#include "services/pairing/matching/index/flat_form.h"
#include "services/pairing/matching/index/huge_pages.h"
#include "services/pairing/matching/index/investor_filter.h"
#include "services/pairing/matching/index/investor_sketch.h"
#include "services/pairing/matching/index/posting_filter.h"
#include "services/pairing/matching/index/project_terms.h"
#include "services/pairing/matching/index/stage_postings.h"
#include "services/pairing/matching/linear_form.h"

namespace tandem::pairing::matching {

// One thread at a time, readers included.
class TopLists {
 public:
  struct Options {
    size_t k = 50;
    size_t kmax = 75;  // more: fewer refills, larger lists. At least k.
  };
  // The `k` best projects of an investor as of now, with extras. Asked while a change is told, so what it reads must
  // hold that change already; it may hold later ones, which are told afterwards. Must not call back into the lists.
  using Refill = std::function<std::vector<Scored>(uint32_t investor, size_t k)>;

  struct Memory {
    size_t lists = 0;    // places that are kept
    size_t members = 0;  // which lists a project is in
    size_t forms = 0;    // postings, headers and points; forms that the caller shares are not counted
    size_t total() const { return lists + members + forms; }
  };
  struct Counters {         // of all changes of projects so far
    uint64_t postings = 0;  // read
    uint64_t filtered = 0;  // that passed the filter
    uint64_t bounded = 0;   // whose bound reached the list
    uint64_t inserted = 0;  // places that were taken
    uint64_t refills = 0;   // through the callback
  };

  // `order` must outlive the lists.
  TopLists(Options options, const SlotOrder* order, Refill refill);
  ~TopLists();

  // The project is now `now` (null: gone). Returns the investors whose k best changed: members, order or a score; each
  // once, in no order. `extras` may be null; the refill must use the same. What extras say of a project may change only
  // together with the project or the investor: tell it again when they do.
  std::vector<uint32_t> ProjectChanged(uint32_t project, const ProjectRow* now, const PairExtras* extras);
  // The investor is now `now` (null: gone). One refill. Whether its k best changed.
  bool InvestorChanged(uint32_t investor, std::shared_ptr<const InvestorForm> now);

  // The k best projects of an investor; empty when there is none of that slot.
  std::vector<Scored> List(uint32_t investor) const;
  Memory memory() const;
  const Counters& counters() const { return counters_; }

 private:
  struct Found {
    uint32_t investor = 0;
    int32_t points = 0;  // of the sectors it has postings of
    uint16_t named = 0;  // how many of them
    bool refused = false;
  };
  // And the most that the columns, the text and extras may give, and the row itself.
  struct Reached {
    Found found;
    int32_t floor = 0;
    int64_t most = 0;
  };

  // Leaves the places of what passes the filter in passing_; how many.
  size_t Filter(const StagePostings::List& postings, const ProjectFilter& filter);
  // Add to found_ what passes the filter: those that have a posting of a sector of the project, then those not yet
  // found.
  void MeetNaming(const StagePostings::List& postings, const ProjectFilter& filter);
  void MeetOthers(const StagePostings::List& postings, const ProjectFilter& filter);
  // From the row to found_, from there to reached_, from there to entering_: each step looks at fewer, and at more of
  // them.
  void FindInvestors(const ProjectRow& row);
  void BoundFound(const ProjectRow& row, const PairExtras* extras);
  void ScoreReached(uint32_t project, const ProjectRow& row, const PairExtras* extras);
  std::optional<int32_t> ScoreOf(const Reached& reached, uint32_t project, const ProjectRow& row,
                                 const PairExtras* extras) const;
  static bool Asks(const ProjectRow& row, bool extra_gates, const PairExtras* extras);
  void MoveMember(uint32_t project, uint32_t investor, std::vector<uint32_t>* touched);
  void AddMember(uint32_t project, uint32_t investor);
  void FillAgain(uint32_t investor);
  void FloorChanged(uint32_t investor);
  void AddForm(uint32_t investor);
  void RemoveForm(uint32_t investor);
  void FreeForm(FlatForm* form);
  StagePostings& PostingsOf(uint16_t sector);

  const Options options_;
  const SlotOrder* const order_;
  const Refill refill_;

  // By investor.
  HugeVector<NearSketch> near_;
  HugeVector<FarSketch> far_;
  HugeVector<FlatForm*> forms_;     // null: none; in form_memory_
  HugeVector<BufferedList> lists_;  // in list_memory_
  LineArena form_memory_, list_memory_;

  const FilterScan scan_ = FilterScanOf(InstructionSets().back());
  std::vector<std::unique_ptr<StagePostings>> postings_;  // by sector; null: none
  StagePostings undecided_;                               // of those that require no sector
  StagePostings unstated_;                                // of those that take projects without sectors

  // By project: investors that have it in their list, perhaps among others that had it once, or twice.
  HugeVector<std::vector<uint32_t>> members_;

  // Of the change at hand.
  std::vector<Found> found_;
  std::vector<uint32_t> passing_;  // places of postings
  std::vector<Reached> reached_;
  HugeVector<uint32_t> place_;    // by investor: 1 + its place in found_, later in entering_; else 0
  std::vector<Scored> entering_;  // investor and score: those whose floor the project reaches
  std::vector<uint32_t> former_;  // copy of members_ of the project
  ProjectTerms terms_;
  Counters counters_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_TOP_LISTS_H_
