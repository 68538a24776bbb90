#include "services/pairing/matching/index/top_lists.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"

#include "services/pairing/matching/index/flat_form.h"

namespace tandem::pairing::matching {
namespace {

// So many investors ahead, the sketch of one is fetched.
constexpr size_t kAhead = 40;

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

StagePostings& TopLists::PostingsOf(uint16_t sector) {
  if (sector >= postings_.size()) postings_.resize(size_t{sector} + 1);
  if (postings_[sector] == nullptr) postings_[sector] = std::make_unique<StagePostings>();
  return *postings_[sector];
}

void TopLists::AddForm(uint32_t investor) {
  const FlatForm& flat = *forms_[investor];
  const InvestorForm& form = flat.form();
  const InvestorSketch sketch(form);
  near_[investor] = sketch.near;
  far_[investor] = sketch.far;
  SectorPosting posting{investor, 0, false, flat.filter()};
  if (!form.sectors.required) undecided_.Add(posting);
  if (!form.sectors.refuse_unstated) unstated_.Add(posting);
  for (const SectorPoints::Listed& listed : form.sectors.listed) {
    if (!FlatForm::Decides(form.sectors, listed)) continue;
    posting.points = listed.points;
    posting.refused = listed.refused;
    PostingsOf(listed.sector).Add(posting);
  }
}

void TopLists::RemoveForm(uint32_t investor) {
  const InvestorForm& form = forms_[investor]->form();
  const InvestorFilter filter = forms_[investor]->filter();
  if (!form.sectors.required) undecided_.Remove(investor, filter);
  if (!form.sectors.refuse_unstated) unstated_.Remove(investor, filter);
  for (const SectorPoints::Listed& listed : form.sectors.listed) {
    if (FlatForm::Decides(form.sectors, listed)) PostingsOf(listed.sector).Remove(investor, filter);
  }
  FreeForm(std::exchange(forms_[investor], nullptr));
}

size_t TopLists::Filter(const StagePostings::List& postings, const ProjectFilter& filter) {
  const size_t size = postings.filters.size();
  counters_.postings += size;
  if (passing_.size() < size + kFilterScanSpill) passing_.resize(size + kFilterScanSpill);
  return scan_(postings.filters.data(), size, filter, passing_.data());
}

void TopLists::MeetNaming(const StagePostings::List& postings, const ProjectFilter& filter) {
  const size_t count = Filter(postings, filter);
  for (size_t i = 0; i < count; ++i) {
    if (i + 2 * kAhead < count) __builtin_prefetch(&postings.entries[passing_[i + 2 * kAhead]]);
    if (i + kAhead < count) __builtin_prefetch(&place_[postings.entries[passing_[i + kAhead]].investor]);
    const StagePostings::Entry& posting = postings.entries[passing_[i]];
    uint32_t& place = place_[posting.investor];
    if (place == 0) {
      found_.push_back({posting.investor, 0, 0, false});
      place = static_cast<uint32_t>(found_.size());
    }
    Found& found = found_[place - 1];
    found.points += posting.points;
    ++found.named;
    found.refused = found.refused || posting.refused;
  }
}

void TopLists::MeetOthers(const StagePostings::List& postings, const ProjectFilter& filter) {
  const size_t count = Filter(postings, filter);
  for (size_t i = 0; i < count; ++i) {
    const uint32_t investor = postings.entries[passing_[i]].investor;
    if (place_[investor] != 0) continue;
    found_.push_back({investor, 0, 0, false});
  }
}

void TopLists::FindInvestors(const ProjectRow& row) {
  found_.clear();
  const ProjectFilter filter = FilterOf(row);
  for (size_t i = 0; i < row.sector_count; ++i) {
    const size_t sector = row.sectors[i];
    if (sector >= postings_.size() || postings_[sector] == nullptr) continue;
    MeetNaming(postings_[sector]->OfStage(filter), filter);
    MeetNaming(postings_[sector]->OfMostStages(), filter);
  }
  const size_t naming = found_.size();
  const StagePostings& others = row.sector_count == 0 ? unstated_ : undecided_;
  MeetOthers(others.OfStage(filter), filter);
  MeetOthers(others.OfMostStages(), filter);
  for (size_t i = 0; i < naming; ++i) place_[found_[i].investor] = 0;
  counters_.filtered += found_.size();
}

bool TopLists::Asks(const ProjectRow& row, bool extra_gates, const PairExtras* extras) {
  return extras != nullptr && (row.extra_gates || row.extra_points || extra_gates);
}

void TopLists::BoundFound(const ProjectRow& row, const PairExtras* extras) {
  const SketchProbe probe(row);
  reached_.resize(found_.size());
  size_t count = 0;
  for (size_t at = 0; at < found_.size(); ++at) {
    if (at + kAhead < found_.size()) __builtin_prefetch(&near_[found_[at + kAhead].investor]);
    const Found& found = found_[at];
    const NearSketch& near = near_[found.investor];
    const int32_t unnamed = row.sector_count - found.named;
    const int32_t sectors = ((found.points + near.sector_most * unnamed) * row.sector_norm) >> 10;
    const int32_t loss = probe.NearLoss(near);
    int64_t most = int64_t{near.best} + row.points + terms_.MostPoints(near.text_length) - loss;
    if (Asks(row, near.extra_gates, extras)) most += near.extra_points_most;
    reached_[count] = {found, near.floor, most};
    const bool out = (most + sectors < near.floor) | (loss == SketchProbe::kImpossible) | found.refused;
    count += out ? 0 : 1;
  }
  reached_.resize(count);
  count = 0;
  for (size_t at = 0; at < reached_.size(); ++at) {
    if (at + kAhead < reached_.size()) {
      const auto* later = reinterpret_cast<const char*>(&far_[reached_[at + kAhead].found.investor]);
      __builtin_prefetch(later);
      __builtin_prefetch(later + 64);
    }
    const Reached& reached = reached_[at];
    const NearSketch& near = near_[reached.found.investor];
    const FarSketch& far = far_[reached.found.investor];
    const int32_t unnamed = row.sector_count - reached.found.named;
    const int32_t others =
        std::min(near.sector_most * unnamed, near.sector_otherwise * unnamed + probe.SectorGain(far, near.shift));
    const int32_t sectors = ((reached.found.points + others) * row.sector_norm) >> 10;
    const int32_t loss = probe.FarLoss(far, near.shift);
    if (loss == SketchProbe::kImpossible || reached.most - loss + sectors < near.floor) continue;
    __builtin_prefetch(&forms_[reached.found.investor]);
    Reached& kept = reached_[count++];
    kept = reached;
    kept.most -= loss;
  }
  reached_.resize(count);
  counters_.bounded += reached_.size();
}

// Nothing when a gate refuses the pair or the score does not reach the list.
std::optional<int32_t> TopLists::ScoreOf(const Reached& reached, uint32_t project, const ProjectRow& row,
                                         const PairExtras* extras) const {
  const Found& found = reached.found;
  const FlatForm& form = *forms_[found.investor];
  const std::optional<int32_t> others = form.OtherSectors(row);
  if (!others.has_value()) return std::nullopt;
  const int32_t sectors = ((found.points + *others - form.sector_otherwise() * found.named) * row.sector_norm) >> 10;
  if (reached.most + sectors < reached.floor) return std::nullopt;
  const std::optional<int32_t> columns = form.ColumnScore(row);
  if (!columns.has_value()) return std::nullopt;
  int32_t score = *columns + sectors;
  if (!terms_.empty()) score += terms_.Points(form.form().text);
  if (Asks(row, form.extra_gates(), extras)) {
    if (int64_t{score} + form.form().extra_points_most < reached.floor) return std::nullopt;
    const std::optional<int32_t> extra = extras->Points(project, found.investor);
    if (!extra.has_value()) return std::nullopt;
    score += *extra;
  }
  if (score < reached.floor) return std::nullopt;
  return score;
}

void TopLists::ScoreReached(uint32_t project, const ProjectRow& row, const PairExtras* extras) {
  for (const Reached& reached : reached_) forms_[reached.found.investor]->Prefetch();
  for (const Reached& reached : reached_) forms_[reached.found.investor]->PrefetchPoints(row);
  for (const Reached& reached : reached_) {
    const std::optional<int32_t> score = ScoreOf(reached, project, row, extras);
    if (!score.has_value()) continue;
    __builtin_prefetch(&lists_[reached.found.investor]);
    entering_.push_back({reached.found.investor, *score});
  }
}

std::vector<uint32_t> TopLists::ProjectChanged(uint32_t project, const ProjectRow* now, const PairExtras* extras) {
  std::vector<uint32_t> touched;
  if (project >= members_.size()) members_.resize(size_t{project} + 1);
  entering_.clear();
  if (now != nullptr) {
    terms_.Assign(now->text.get());
    FindInvestors(*now);
    BoundFound(*now, extras);
    ScoreReached(project, *now, extras);
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
  near_[investor].floor = floor.has_value() ? floor->score : kEverything;
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
    near_.resize(size_t{investor} + 1);
    far_.resize(size_t{investor} + 1);
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
  void* memory = form_memory_.Allocate(FlatForm::BytesFor(*now));
  forms_[investor] = FlatForm::MakeAt(memory, std::move(now));
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
  memory.forms = near_.capacity() * sizeof(NearSketch) + far_.capacity() * sizeof(FarSketch) +
                 forms_.capacity() * sizeof(void*) + place_.capacity() * sizeof(place_[0]) +
                 postings_.capacity() * sizeof(postings_[0]) + undecided_.bytes() + unstated_.bytes() +
                 form_memory_.bytes();
  for (const auto& postings : postings_) memory.forms += postings == nullptr ? 0 : postings->bytes();
  return memory;
}

}  // namespace tandem::pairing::matching
