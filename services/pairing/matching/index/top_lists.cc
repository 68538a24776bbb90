#include "services/pairing/matching/index/top_lists.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"

#include "services/pairing/matching/index/flat_form.h"

namespace tandem::pairing::matching {
namespace {

// So many blocks ahead, the bytes of one are fetched.
constexpr size_t kAhead = 2;
// What passed so many blocks ago can be looked at without waiting: one step further with each delay.
constexpr size_t kDelay = 3;
// Postings may have so many steps more than there are, so that few floors that rise are written to all of them.
constexpr int32_t kLag = 2;

// In `place_`: this list was seen to already.
constexpr uint32_t kMoved = std::numeric_limits<uint32_t>::max();
constexpr int32_t kEverything = std::numeric_limits<int32_t>::min();

}  // namespace

TopLists::TopLists(Options options, const SlotOrder* order, Refill refill)
    : options_{options.k, std::max(options.kmax, options.k)}, order_(order), refill_(std::move(refill)) {}

TopLists::~TopLists() {
  for (FlatForm* form : forms_) FreeForm(form);
}

void TopLists::FreeForm(FlatForm* form) {
  if (form == nullptr) return;
  const size_t bytes = form->bytes();
  form->~FlatForm();
  form_memory_.Free(form, bytes);
}

InvestorBlocks& TopLists::PostingsOf(uint16_t sector) {
  if (sector >= postings_.size()) postings_.resize(size_t{sector} + 1);
  if (postings_[sector] == nullptr) postings_[sector] = std::make_unique<InvestorBlocks>(&posting_memory_, &places_);
  return *postings_[sector];
}

const InvestorBlocks* TopLists::FindPostings(uint16_t sector) const {
  return sector < postings_.size() ? postings_[sector].get() : nullptr;
}

template <typename Do>
void TopLists::ForPostings(const InvestorForm& form, const Do& what) {
  if (!form.sectors.refuse_unstated) what(unstated_, InvestorLosses::kNoSector);
  if (!form.sectors.required) {
    what(undecided_, InvestorLosses::kNoSector);
    return;
  }
  for (const SectorPoints::Listed& listed : form.sectors.listed) {
    if (listed.accepted && !listed.refused) what(PostingsOf(listed.sector), listed.sector);
  }
}

void TopLists::AddForm(uint32_t investor) {
  const InvestorForm& form = forms_[investor]->form();
  InvestorLosses losses(form);
  bounds_[investor] = {losses.best, kEverything, InvestorLosses::kAlways};
  ForPostings(form, [&](InvestorBlocks& list, uint16_t sector) {
    const auto number = static_cast<uint32_t>(places_[investor].size());
    losses.SetOwn(form, sector);
    places_[investor].emplace_back();
    list.Add(investor, number, losses, InvestorLosses::kAlways);
  });
  places_[investor].shrink_to_fit();
}

void TopLists::RemoveForm(uint32_t investor) {
  uint32_t number = 0;
  ForPostings(forms_[investor]->form(), [&](InvestorBlocks& list, uint16_t) { list.Remove(investor, number++); });
  places_[investor].clear();
  FreeForm(std::exchange(forms_[investor], nullptr));
}

void TopLists::AddVisits(const InvestorBlocks& postings, const LossProbe& probe) {
  const auto number = static_cast<uint32_t>(probes_.size());
  probes_.push_back(probe);
  for (const InvestorBlocks::Block& block : postings.blocks()) {
    if (block.MayMeet(probe)) visits_.push_back({&block, number});
  }
}

void TopLists::FindInvestors(const ProjectRow& row, const PairExtras* extras) {
  probes_.clear();
  visits_.clear();
  const LossProbe probe(row, terms_.length(), Asks(row, false, extras));
  for (size_t i = 0; i < row.sector_count; ++i) {
    if (const InvestorBlocks* postings = FindPostings(row.sectors[i])) postings->Prefetch();
  }
  for (size_t i = 0; i < row.sector_count; ++i) {
    if (const InvestorBlocks* postings = FindPostings(row.sectors[i])) AddVisits(*postings, probe.Without(i));
  }
  AddVisits(row.sector_count == 0 ? unstated_ : undecided_, probe);
  Scan(row);
  // Each once, whatever sectors of the project it accepts.
  found_.clear();
  for (const Passing& passing : passing_) {
    const uint32_t investor = passing.entry->investor;
    if (std::exchange(place_[investor], 1) == 0) found_.push_back(investor);
  }
  for (const uint32_t investor : found_) place_[investor] = 0;
  counters_.filtered += found_.size();
}

void TopLists::Scan(const ProjectRow& row) {
  passing_.clear();
  size_t met = 0, known = 0, scored = 0;
  const auto is_due = [&](size_t next, size_t at, size_t delay) {
    return next < passing_.size() && passing_[next].visit + delay <= at;
  };
  for (size_t at = 0; at < visits_.size() + 3 * kDelay; ++at) {
    if (at < visits_.size()) {
      if (at + kAhead < visits_.size()) {
        const Visit& later = visits_[at + kAhead];
        PrefetchLosses(later.block->losses, probes_[later.probe]);
      }
      const InvestorBlocks::Block& block = *visits_[at].block;
      counters_.postings += block.losses.count;
      for (uint64_t left = scan_(block.losses, probes_[visits_[at].probe]); left != 0; left &= left - 1) {
        passing_.push_back({block.entries() + std::countr_zero(left), static_cast<uint32_t>(at)});
        __builtin_prefetch(passing_.back().entry);
      }
    }
    for (; is_due(met, at, kDelay); ++met) {
      const uint32_t investor = passing_[met].entry->investor;
      __builtin_prefetch(&forms_[investor]);
      __builtin_prefetch(&bounds_[investor]);
      __builtin_prefetch(&place_[investor]);
    }
    for (; is_due(known, at, 2 * kDelay); ++known) forms_[passing_[known].entry->investor]->Prefetch();
    for (; is_due(scored, at, 3 * kDelay); ++scored) forms_[passing_[scored].entry->investor]->PrefetchPoints(row);
  }
}

bool TopLists::Asks(const ProjectRow& row, bool extra_gates, const PairExtras* extras) {
  return extras != nullptr && (row.extra_gates || row.extra_points || extra_gates);
}

// Nothing when a gate refuses the pair or the score does not reach the list.
std::optional<int32_t> TopLists::ScoreOf(uint32_t investor, uint32_t project, const ProjectRow& row,
                                         const PairExtras* extras) const {
  const FlatForm& form = *forms_[investor];
  const int32_t floor = bounds_[investor].floor;
  const std::optional<int32_t> sectors = form.SectorSum(row);
  if (!sectors.has_value()) return std::nullopt;
  const std::optional<int32_t> columns = form.ColumnScore(row);
  if (!columns.has_value()) return std::nullopt;
  int32_t score = *columns + ((*sectors * row.sector_norm) >> 10);
  const bool asks = Asks(row, form.extra_gates(), extras);
  const int64_t extra_most = asks ? form.form().extra_points_most : 0;
  if (!terms_.empty()) {
    if (score + extra_most + terms_.MostPoints(form.text_length()) < floor) return std::nullopt;
    score += terms_.Points(form.form().text);
  }
  if (score + extra_most < floor) return std::nullopt;
  if (!asks) return score;
  const std::optional<int32_t> extra = extras->Points(project, investor);
  if (!extra.has_value() || score + *extra < floor) return std::nullopt;
  return score + *extra;
}

void TopLists::ScoreFound(uint32_t project, const ProjectRow& row, const PairExtras* extras) {
  for (const uint32_t investor : found_) {
    const std::optional<int32_t> score = ScoreOf(investor, project, row, extras);
    if (!score.has_value()) continue;
    __builtin_prefetch(&lists_[investor]);
    entering_.push_back({investor, *score});
  }
  counters_.bounded += entering_.size();
}

std::vector<uint32_t> TopLists::ProjectChanged(uint32_t project, const ProjectRow* now, const PairExtras* extras) {
  std::vector<uint32_t> touched;
  if (project >= members_.size()) members_.resize(size_t{project} + 1);
  entering_.clear();
  if (now != nullptr) {
    terms_.Assign(now->text.get());
    FindInvestors(*now, extras);
    ScoreFound(project, *now, extras);
  }
  former_.assign(members_[project].begin(), members_[project].end());
  members_[project].clear();
  if (now == nullptr) members_[project].shrink_to_fit();
  members_[project].reserve(entering_.size());
  for (const uint32_t investor : former_) __builtin_prefetch(&lists_[investor]);
  for (const uint32_t investor : former_) lists_[investor].Prefetch();
  for (size_t i = 0; i < entering_.size(); ++i) {
    place_[entering_[i].slot] = static_cast<uint32_t>(i + 1);
    lists_[entering_[i].slot].Prefetch();
  }
  for (const uint32_t investor : former_) MoveMember(project, investor, &touched);
  for (const Scored& entering : entering_) {
    const uint32_t investor = entering.slot;
    if (std::exchange(place_[investor], 0) == kMoved) continue;
    const size_t place = lists_[investor].Insert({project, entering.score}, options_.kmax, *order_);
    FloorChanged(investor);
    if (place == BufferedList::kNone) continue;
    ++counters_.inserted;
    AddMember(project, investor);
    if (place < options_.k) touched.push_back(investor);
  }
  for (const uint32_t investor : former_) place_[investor] = 0;
  return touched;
}

// An investor that had the project in its list, if it still has.
void TopLists::MoveMember(uint32_t project, uint32_t investor, std::vector<uint32_t>* touched) {
  if (place_[investor] == kMoved) return;
  BufferedList& list = lists_[investor];
  const size_t before = list.Find(project);
  if (before == BufferedList::kNone) return;
  const int32_t score_before = list.at(before).score;
  const uint32_t place = std::exchange(place_[investor], kMoved);
  const bool stays = place != 0;
  if (stays && entering_[place - 1].score == score_before) {
    AddMember(project, investor);
    return;
  }
  list.Erase(before);
  size_t after = BufferedList::kNone;
  if (stays) after = list.Insert({project, entering_[place - 1].score}, options_.kmax, *order_);
  if (after != BufferedList::kNone) {
    ++counters_.inserted;
    AddMember(project, investor);
  }
  if (before < options_.k || after < options_.k) touched->push_back(investor);
  if (list.size() < options_.k && list.floor().has_value()) {
    FillAgain(investor);
  } else {
    FloorChanged(investor);
  }
}

void TopLists::FloorChanged(uint32_t investor) {
  const std::optional<Scored>& floor = lists_[investor].floor();
  bounds_[investor].floor = floor.has_value() ? floor->score : kEverything;
  SlackChanged(investor);
}

void TopLists::SlackChanged(uint32_t investor) {
  Bound& bound = bounds_[investor];
  const int32_t slack = InvestorLosses::Slack(bound.best, bound.floor);
  if (slack <= bound.slack && slack + kLag >= bound.slack) return;
  bound.slack = slack;
  for (const PostingPlace& place : places_[investor]) *place.slack() = static_cast<int16_t>(slack);
}

void TopLists::AddMember(uint32_t project, uint32_t investor) {
  if (project >= members_.size()) members_.resize(size_t{project} + 1);
  std::vector<uint32_t>& members = members_[project];
  if (members.size() == members.capacity() && members.size() >= 16) {
    // Before it grows: those that lost the project since go, and so does what is named twice.
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
    std::erase_if(members, [&](uint32_t i) { return lists_[i].Find(project) == BufferedList::kNone; });
    if (members.size() > members.capacity() / 2) members.reserve(members.capacity() * 2);
  }
  members.push_back(investor);
}

void TopLists::FillAgain(uint32_t investor) {
  ++counters_.refills;
  BufferedList& list = lists_[investor];
  absl::flat_hash_set<uint32_t> before;
  for (size_t i = 0; i < list.size(); ++i) before.insert(list.at(i).slot);
  const std::vector<Scored> best = refill_(investor, options_.kmax);
  list.Assign(best, options_.kmax);
  FloorChanged(investor);
  for (size_t i = 0; i < list.size(); ++i) {
    if (list.at(i).slot < members_.size()) __builtin_prefetch(&members_[list.at(i).slot]);
  }
  for (size_t i = 0; i < list.size(); ++i) {
    if (!before.contains(list.at(i).slot)) AddMember(list.at(i).slot, investor);
  }
}

bool TopLists::InvestorChanged(uint32_t investor, std::shared_ptr<const InvestorForm> now) {
  if (investor >= forms_.size()) {
    if (now == nullptr) return false;
    bounds_.resize(size_t{investor} + 1);
    places_.resize(size_t{investor} + 1);
    lists_.resize(size_t{investor} + 1);
    forms_.resize(size_t{investor} + 1);
    place_.resize(size_t{investor} + 1);
  }
  const std::vector<Scored> before = List(investor);
  BufferedList& list = lists_[investor];
  const size_t list_bytes = BufferedList::BytesFor(options_.kmax);
  if (forms_[investor] != nullptr) RemoveForm(investor);
  if (now == nullptr) {
    // Projects that still name the investor find it without them.
    if (list.memory() != nullptr) list_memory_.Free(list.memory(), list_bytes);
    list = {};
    return !before.empty();
  }
  if (list.memory() == nullptr) list = {list_memory_.Allocate(list_bytes), options_.kmax};
  void* memory = form_memory_.Allocate(FlatForm::BytesFor(*now, FlatForm::Sectors::kAll));
  forms_[investor] = FlatForm::MakeAt(memory, std::move(now), FlatForm::Sectors::kAll);
  AddForm(investor);
  FillAgain(investor);
  return List(investor) != before;
}

std::vector<Scored> TopLists::List(uint32_t investor) const {
  std::vector<Scored> list;
  if (investor >= lists_.size()) return list;
  for (size_t i = 0; i < std::min(options_.k, lists_[investor].size()); ++i) list.push_back(lists_[investor].at(i));
  return list;
}

TopLists::Memory TopLists::memory() const {
  Memory memory;
  memory.lists = lists_.capacity() * sizeof(BufferedList) + list_memory_.bytes();
  memory.members = members_.capacity() * sizeof(std::vector<uint32_t>);
  for (const auto& members : members_) memory.members += members.capacity() * sizeof(uint32_t);
  memory.forms = bounds_.capacity() * sizeof(Bound) + places_.capacity() * sizeof(decltype(places_)::value_type) +
                 posting_memory_.bytes() + forms_.capacity() * sizeof(void*) +
                 place_.capacity() * sizeof(decltype(place_)::value_type) +
                 postings_.capacity() * sizeof(decltype(postings_)::value_type) + undecided_.bytes() +
                 unstated_.bytes() + form_memory_.bytes();
  for (const auto& places : places_) memory.forms += places.capacity() * sizeof(PostingPlace);
  for (const auto& postings : postings_) memory.forms += postings == nullptr ? 0 : postings->bytes();
  return memory;
}

}  // namespace tandem::pairing::matching
