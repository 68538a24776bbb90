#include <algorithm>
#include <vector>

#include "services/pairing/matching/index/best_list.h"
#include "services/pairing/matching/index/dispatch.h"
#include "services/pairing/matching/index/project_index.h"
#include "services/pairing/matching/index/project_version.h"
#include "services/pairing/matching/index/row_codec.h"
#include "services/pairing/matching/index/score_floor.h"
#include "services/pairing/matching/index/text_query.h"
#include "services/pairing/matching/index/text_signature.h"

namespace tandem::pairing::matching {
namespace {

// Where the slots of candidates stand. A candidate goes by its number here: its slot is in a line that comes from
// memory for it alone, and the query does not wait for that.
using Places = std::vector<const uint32_t*>;

// Decides between candidates by number.
class PlaceOrder : public SlotOrder {
 public:
  PlaceOrder(const SlotOrder* order, const Places* places) : order_(order), places_(places) {}
  bool Before(uint32_t a, uint32_t b) const override { return order_->Before(*(*places_)[a], *(*places_)[b]); }

 private:
  const SlotOrder* order_;
  const Places* places_;
};

// A project whose text, or extras, are still to be read.
struct Pending {
  uint32_t place;
  int32_t score;  // without them
  bool text, extras;
  int64_t most;       // with them, as far as is known
  uint32_t slot = 0;  // once the candidates are all found
};

// A project that passes, whose score is at most this: only its row tells.
struct Doubtful {
  uint32_t place;
  int32_t most;
  uint8_t flags;
};

struct CellVisit {
  const CellAddress* address;
  const PostingTree* tree;
  size_t end;  // of its blocks
};

// Memory of queries, kept by each thread.
struct Scratch {
  PreparedForm prepared;
  TextQuery text;
  SignatureQuery signature;
  ScoreFloor floor;
  std::vector<CellVisit> visits;
  std::vector<TreeRef> blocks;
  Places places;
  std::vector<Pending> pending;
  std::vector<Doubtful> doubtful;
};

// Blocks on their way from memory while one is scanned.
constexpr size_t kAhead = 6;
// Rows that are read together, so that the memory looks for all of them at once.
constexpr size_t kRowsTogether = 32;
// Of those that wait, the last few, whose slots may still be on their way.
constexpr size_t kSlotsAhead = 4;

class Query {
 public:
  Query(const ProjectCore& core, const ProjectVersion& version, const InvestorForm& form, uint32_t investor, size_t k,
        const PairExtras* extras, Scratch& scratch)
      : version_(version),
        form_(form),
        investor_(investor),
        extras_(extras),
        scratch_(scratch),
        with_text_(!form.text.empty() && version.text_norm_most > 0),
        extra_most_(extras == nullptr ? 0 : std::max(0, form.extra_points_most)),
        order_(core.order, &scratch.places),
        best_(k, &order_) {
    const IndexRange range = {core.norms.data(), version.norm_count, version.sectors_end, version.codes_end};
    PrepareForm(form, range, extras != nullptr, scratch.prepared);
    scratch.places.clear();
    scratch.pending.clear();
    scratch.doubtful.clear();
    if (with_text_) {
      scratch.text.Prepare(form.text);
      scratch.signature.Prepare(form.text);
      scratch.floor.Reset(k);
      text_most_ = scratch.text.Most(version.text_norm_most);
      text_least_ = scratch.text.Least(version.text_norm_most);
    }
  }

  TopList Run() {
    ListBlocks();
    ScanBlocks();
    ReadRows();
    if (with_text_) ReadTexts();
    TopList list = {best_.Take(), passed_, version_.size};
    for (Scored& scored : list.best) scored.slot = Slot(scored.slot);
    return list;
  }

 private:
  // What a score without text and extras must reach to matter.
  int64_t Threshold() const { return with_text_ ? scratch_.floor.Floor() : best_.least(); }
  int32_t KernelThreshold() const {
    const int64_t threshold = Threshold();
    if (threshold == INT64_MIN || threshold == INT64_MAX) return threshold < 0 ? INT32_MIN : INT32_MAX;
    return static_cast<int32_t>(std::clamp<int64_t>(threshold - text_most_ - extra_most_, INT32_MIN, INT32_MAX));
  }

  PostingTree::Wanted WantedBlocks() const {
    const QueryTables& tables = scratch_.prepared.tables;
    PostingTree::Wanted wanted = {tables.ask_low, tables.ask_high, {}};
    const int* gates_end = tables.gates.columns + tables.gates.count;
    const bool gate = std::find(tables.gates.columns, gates_end, kSortedColumn) != gates_end;
    const uint8_t* accepted = tables.accepted[kSortedColumn];
    uint16_t next = 256;
    for (unsigned code = 256; code-- > 0;) {
      if (!gate || ((accepted[code >> 3] >> (code & 7)) & 1) != 0) next = static_cast<uint16_t>(code);
      wanted.next_code[code] = next;
    }
    return wanted;
  }

  void ListBlocks() {
    scratch_.blocks.clear();
    scratch_.visits.clear();
    for (const CellAddress& address : scratch_.prepared.cells) {
      const auto* cells = static_cast<const SectorCells*>(version_.sectors.Get(address.sector));
      if (cells == nullptr || cells->stages[address.stage].empty()) continue;
      cells->stages[address.stage].Prefetch();
      scratch_.visits.push_back({&address, &cells->stages[address.stage], 0});
    }
    const PostingTree::Wanted wanted = WantedBlocks();
    for (CellVisit& visit : scratch_.visits) {
      visit.tree->Blocks(wanted, scratch_.blocks);
      visit.end = scratch_.blocks.size();
    }
  }

  // Asks the memory for a block that is scanned a little later: for what stands in front of the slots, and of the asks
  // where they are not looked at, in order. Inline by force: GCC takes a function that only prefetches for one without
  // effect and leaves out its calls.
  [[gnu::always_inline]] void Prefetch(const TreeRef& block) const {
    const auto* bytes = static_cast<const char*>(block.child);
    const size_t end = size_t{AsksMeet(block) ? kAskLeastPart : kSlotPart} * block.capacity;
    for (size_t at = 0; at < end; at += 64) __builtin_prefetch(bytes + at, 0, 3);
  }

  // Whether no posting of the block has an ask out of the ticket's range or at its border.
  bool AsksMeet(const TreeRef& block) const {
    const QueryTables& tables = scratch_.prepared.tables;
    return block.last_least <= tables.ask_high && block.last_least < tables.ask_high_border &&
           block.first_most >= tables.ask_low && block.first_most > tables.ask_low_border;
  }

  BlockView ViewOf(const TreeRef& block) const {
    return {static_cast<const uint8_t*>(block.child), block.capacity, block.count, AsksMeet(block)};
  }

  void ScanBlocks() {
    const ScanBlock scan = CurrentScan();
    const std::vector<TreeRef>& blocks = scratch_.blocks;
    for (size_t i = 0; i < std::min(kAhead, blocks.size()); ++i) Prefetch(blocks[i]);
    Candidate found[kMostPostings];
    size_t at = 0;
    for (const CellVisit& visit : scratch_.visits) {
      for (; at < visit.end; ++at) {
        if (at + kAhead < blocks.size()) Prefetch(blocks[at + kAhead]);
        const int count =
            scan(ViewOf(blocks[at]), visit.address->cell, scratch_.prepared.tables, KernelThreshold(), found, &passed_);
        for (int i = 0; i < count; ++i) Consider(*visit.address, blocks[at], found[i]);
      }
    }
  }

  // Whether this is the cell in which a project of too many sectors is to be met.
  bool MetHere(const CellAddress& address, const ProjectRow& row) const {
    if (!scratch_.prepared.by_accepted || address.sector == 0) return true;
    uint32_t first = UINT32_MAX;
    for (size_t i = 0; i < row.sector_count; ++i) {
      for (const SectorPoints::Listed& listed : form_.sectors.listed) {
        if (listed.sector == row.sectors[i] && listed.accepted) first = std::min<uint32_t>(first, listed.sector);
      }
    }
    return first + 1 == address.sector;
  }

  uint32_t Slot(uint32_t place) const { return *scratch_.places[place]; }

  void Consider(const CellAddress& address, const TreeRef& block, const Candidate& candidate) {
    const auto place = static_cast<uint32_t>(scratch_.places.size());
    scratch_.places.push_back(SlotPlace(static_cast<const uint8_t*>(block.child), block.capacity, candidate.lane));
    __builtin_prefetch(scratch_.places.back());
    const unsigned flags = candidate.flags, open = candidate.open;
    const bool exact = (flags & (kOtherCodes | kOtherSectors)) == 0 && (open & (kOpenCodes | kOpenScore)) == 0;
    if ((open & kOpenGates) == 0) {
      if (exact) {
        Settle(place, candidate.score, flags, true);
      } else {
        AddDoubtful({place, candidate.score, candidate.flags});
      }
      return;
    }
    int32_t score = candidate.score;
    if (!exact) {
      const ProjectRow row = DecodeRow(version_.rows.Get(Slot(place)));
      if ((flags & kOtherSectors) != 0 && !MetHere(address, row)) return;
      const std::optional<int32_t> linear = LinearScore(row, form_);
      if (!linear) return;
      score = *linear;
    } else if ((open & kOpenAsk) != 0) {
      const ProjectRow row = DecodeRow(version_.rows.Get(Slot(place)));
      if (row.ask_least > form_.ticket_most || row.ask_most < form_.ticket_least) return;
    }
    Settle(place, score, flags, false);
  }

  void AddDoubtful(const Doubtful& doubtful) {
    std::vector<Doubtful>& waiting = scratch_.doubtful;
    waiting.push_back(doubtful);
    if (waiting.size() > kSlotsAhead) version_.rows.Prefetch(Slot(waiting[waiting.size() - 1 - kSlotsAhead].place));
    if (waiting.size() == kRowsTogether) ReadRows();
  }

  void ReadRows() {
    const std::vector<Doubtful>& waiting = scratch_.doubtful;
    for (size_t i = waiting.size() - std::min(kSlotsAhead, waiting.size()); i < waiting.size(); ++i) {
      version_.rows.Prefetch(Slot(waiting[i].place));
    }
    for (const Doubtful& doubtful : waiting) {
      if (doubtful.most < KernelThreshold()) continue;
      const std::optional<int32_t> score = LinearScore(DecodeRow(version_.rows.Get(Slot(doubtful.place))), form_);
      if (score.has_value()) Settle(doubtful.place, *score, doubtful.flags, true);
    }
    scratch_.doubtful.clear();
  }

  // A project that passes but for what the extras say, with its score without them and the text.
  void Settle(uint32_t place, int32_t score, unsigned flags, bool counted) {
    bool more = false;  // points to come from extras, which do not refuse
    if (extras_ != nullptr) {
      if (form_.extra_gates || (flags & kExtraGates) != 0) {
        const std::optional<int32_t> points = extras_->Points(Slot(place), investor_);
        if (!points) return;
        score += *points;
      } else {
        more = (flags & kExtraPoints) != 0;
      }
    }
    if (!counted) ++passed_;

    const bool text = with_text_ && (flags & kHasText) != 0;
    if (with_text_) {
      if (!more) scratch_.floor.Offer(score + (text ? text_least_ : 0));
      const int64_t most = score + (text ? text_most_ : 0) + (more ? extra_most_ : 0);
      if (most >= scratch_.floor.Floor()) scratch_.pending.push_back({place, score, text, more, most});
    } else {
      Finish({place, score, false, more, score + (more ? extra_most_ : 0)});
    }
  }

  void Finish(const Pending& pending) {
    if (pending.most < best_.least()) return;
    int32_t score = pending.score;
    if (pending.text) score += scratch_.text.Points(version_.texts.Get(pending.slot));
    if (pending.extras) {
      if (score + extra_most_ < best_.least()) return;
      const std::optional<int32_t> points = extras_->Points(Slot(pending.place), investor_);
      if (!points) return;
      score += *points;
    }
    best_.Offer({pending.place, score});
  }

  // Drops what the floor has risen above since.
  void DropHopeless() {
    const int64_t floor = scratch_.floor.Floor();
    std::erase_if(scratch_.pending, [floor](const Pending& pending) { return pending.most < floor; });
  }

  // Most texts share too little with the form to matter, and their signatures tell.
  void ReadSignatures() {
    std::vector<Pending>& pending = scratch_.pending;
    // Each step for all of them: what it waits for, the memory then looks for at the same time.
    for (Pending& met : pending) met.slot = Slot(met.place);
    for (const Pending& met : pending) version_.signatures.Prefetch(met.slot);
    for (Pending& met : pending) {
      if (!met.text) continue;
      const int64_t most = scratch_.signature.Most(version_.signatures.Get(met.slot));
      if (most < text_most_) met.most -= text_most_ - most;
    }
  }

  void ReadTexts() {
    std::vector<Pending>& pending = scratch_.pending;
    DropHopeless();
    ReadSignatures();
    DropHopeless();
    // The most promising first raise the bar for the others; more order than that does not pay.
    constexpr size_t kFirst = 256;
    if (pending.size() > kFirst) {
      std::nth_element(pending.begin(), pending.begin() + kFirst, pending.end(),
                       [](const Pending& a, const Pending& b) { return a.most > b.most; });
    }
    // Texts lie anywhere in memory: their leaves are asked for all at once, their bytes a little ahead.
    for (const Pending& met : pending) version_.texts.Prefetch(met.slot);
    constexpr size_t kTextAhead = 16;
    for (size_t i = 0; i < pending.size() + kTextAhead; ++i) {
      if (i < pending.size() && pending[i].text) {
        const absl::string_view text = version_.texts.Get(pending[i].slot);
        for (size_t at = 0; at < std::min<size_t>(text.size(), 512); at += 64) __builtin_prefetch(text.data() + at);
      }
      if (i >= kTextAhead) Finish(pending[i - kTextAhead]);
    }
  }

  const ProjectVersion& version_;
  const InvestorForm& form_;
  const uint32_t investor_;
  const PairExtras* const extras_;
  Scratch& scratch_;
  const bool with_text_;
  const int64_t extra_most_;
  int64_t text_most_ = 0, text_least_ = 0;
  const PlaceOrder order_;
  BestList best_;  // by place
  uint32_t passed_ = 0;
};

}  // namespace

TopList ProjectIndexSnapshot::Top(const InvestorForm& form, uint32_t investor, size_t k,
                                  const PairExtras* extras) const {
  static thread_local Scratch scratch;
  return Query(*core_, *version_, form, investor, k, extras, scratch).Run();
}

}  // namespace tandem::pairing::matching
