// Whose list of the best projects does a change touch: exactly, without computing every list again.
//
// Every investor has its k best projects and up to kmax - k more (BufferedList). A changed project is scored against
// the investors that its sectors and filters allow; it concerns those where it reaches the last place that is kept, and
// those that have it already. A list that fell below k is filled again through a callback, which is rare.
//
// Measured with 1M projects and 100k investors: see tests/bench/engine/top_lists_bench.cc. A change reads some 22 bytes
// for each posting of the project's sectors in blocks that its stage and ask may meet (InvestorBlocks), the forms of
// what still may reach its list then, and the lists it concerns. Memory: about 18 * kmax bytes an investor (list and
// membership), 300 an accepted sector, 350 and 2 to 4 a listed code: 3.5 to 6 KB in all.
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
#include "services/pairing/matching/index/investor_blocks.h"
#include "services/pairing/matching/index/investor_losses.h"
#include "services/pairing/matching/index/loss_scan.h"
#include "services/pairing/matching/index/project_terms.h"
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
    uint64_t filtered = 0;  // investors whose bound reached the list
    uint64_t bounded = 0;   // whose score did
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
  // How far a project may be from the best of an investor.
  struct Bound {
    int64_t best = 0;   // InvestorLosses::best
    int32_t floor = 0;  // scores below do not count
    int32_t slack = 0;  // as the postings have it
  };
  // A block to be scanned, and which of probes_ is for it.
  struct Visit {
    const InvestorBlocks::Block* block = nullptr;
    uint32_t probe = 0;
  };

  struct Passing {
    const InvestorBlocks::Entry* entry = nullptr;
    uint32_t visit = 0;
  };

  void AddVisits(const InvestorBlocks& postings, const LossProbe& probe);
  // Leaves the investors that the row may concern in found_, and of these what reaches the list in entering_.
  void FindInvestors(const ProjectRow& row, const PairExtras* extras);
  // From visits_ to passing_; what will be read of those is on its way then.
  void Scan(const ProjectRow& row);
  void ScoreFound(uint32_t project, const ProjectRow& row, const PairExtras* extras);
  std::optional<int32_t> ScoreOf(uint32_t investor, uint32_t project, const ProjectRow& row,
                                 const PairExtras* extras) const;
  static bool Asks(const ProjectRow& row, bool extra_gates, const PairExtras* extras);
  void MoveMember(uint32_t project, uint32_t investor, std::vector<uint32_t>* touched);
  void AddMember(uint32_t project, uint32_t investor);
  void FillAgain(uint32_t investor);
  void FloorChanged(uint32_t investor);
  // Tells the postings, if they are off by more than is good for them.
  void SlackChanged(uint32_t investor);
  void AddForm(uint32_t investor);
  // Calls `what` with every list that the investor is in, and with the sector whose list it is, or kNoSector.
  template <typename Do>
  void ForPostings(const InvestorForm& form, const Do& what);
  void RemoveForm(uint32_t investor);
  void FreeForm(FlatForm* form);
  InvestorBlocks& PostingsOf(uint16_t sector);
  const InvestorBlocks* FindPostings(uint16_t sector) const;  // null: none

  const Options options_;
  const SlotOrder* const order_;
  const Refill refill_;

  // By investor.
  HugeVector<Bound> bounds_;
  PostingPlaces places_;
  HugeVector<FlatForm*> forms_;     // null: none; in form_memory_
  HugeVector<BufferedList> lists_;  // in list_memory_
  LineArena form_memory_, list_memory_, posting_memory_;

  const LossScan scan_ = LossScanOf(InstructionSets().back());
  std::vector<std::unique_ptr<InvestorBlocks>> postings_;  // by sector; null: none
  InvestorBlocks undecided_{&posting_memory_, &places_};   // of those that require no sector
  InvestorBlocks unstated_{&posting_memory_, &places_};    // of those that take projects without sectors

  // By project: investors that have it in their list, perhaps among others that had it once, or twice.
  HugeVector<std::vector<uint32_t>> members_;

  // Of the change at hand.
  std::vector<LossProbe> probes_;
  std::vector<Visit> visits_;
  std::vector<Passing> passing_;
  std::vector<uint32_t> found_;
  HugeVector<uint32_t> place_;    // by investor: 1 + its place in found_, later in entering_; else 0
  std::vector<Scored> entering_;  // investor and score: those whose floor the project reaches
  std::vector<uint32_t> former_;  // copy of members_ of the project
  ProjectTerms terms_;
  Counters counters_;
};

}  // namespace tandem::pairing::matching

#endif  // TANDEM_SERVICES_PAIRING_MATCHING_INDEX_TOP_LISTS_H_
