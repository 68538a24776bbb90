#include "services/pairing/matching/index/top_lists.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"

#include "services/pairing/matching/index/flat_form.h"

namespace tandem::pairing::matching {
namespace {

// Columns that tell most pairs apart come first: most sums end there.
constexpr std::array<Column, kColumnCount> kBySpread = {
    kStageColumn, kAskColumn,         kCountryColumn,    kRoundColumn,       kTrlColumn,      kRegionColumn,
    kCityColumn,  kRegionRoundColumn, kInstrumentColumn, kCooperationColumn, kLanguageColumn, kHistoryColumn};
static_assert(std::count(kBySpread.begin(), kBySpread.end(), Column{}) == 1, "every column once");

// So many investors ahead, the points of one are fetched: sums end at branches that no processor can foresee.
constexpr size_t kAhead = 6;

// In `place_`: this list was seen to already.
constexpr uint32_t kMoved = std::numeric_limits<uint32_t>::max();
constexpr int32_t kEverything = std::numeric_limits<int32_t>::min();

}  // namespace

TopLists::TopLists(Options options, const SlotOrder* order, Refill refill)
    : options_{options.k, std::max(options.kmax, options.k)}, order_(order), refill_(std::move(refill)) {}

StagePostings& TopLists::PostingsOf(uint16_t sector) {
  if (sector >= postings_.size()) postings_.resize(size_t{sector} + 1);
  if (postings_[sector] == nullptr) postings_[sector] = std::make_unique<StagePostings>();
  return *postings_[sector];
}

void TopLists::AddForm(uint32_t investor) {
  const InvestorForm& form = *forms_[investor];
  Header& header = headers_[investor];
  header.bias = form.bias;
  int32_t rise = 0;
  for (size_t c = 0; c < kColumnCount; ++c) {
    const PointTable::Profile profile = tables_[c].Acquire(form.columns[c]);
    header.profiles[c] = profile.number;
    header.bias += profile.shift;
    rise += profile.rise;
  }
  header.text_length = LengthOf(form.text);
  header.sector_most = form.sectors.otherwise;
  header.extra_gates = form.extra_gates;
  details_[investor] = {form.ticket_least,    form.ticket_most, form.extra_points_most, rise,
                        &form.sectors.listed, &form.text,       form.sectors.otherwise};
  SectorPosting posting{investor, 0, false, FilterOf(form)};
  if (!form.sectors.required) undecided_.Add(posting);
  if (!form.sectors.refuse_unstated) unstated_.Add(posting);
  for (const SectorPoints::Listed& listed : form.sectors.listed) {
    if (!FlatForm::Decides(form.sectors, listed)) {
      header.sector_most = std::max(header.sector_most, listed.points);
      continue;
    }
    posting.points = listed.points;
    posting.refused = listed.refused;
    PostingsOf(listed.sector).Add(posting);
  }
}

void TopLists::RemoveForm(uint32_t investor) {
  const InvestorForm& form = *forms_[investor];
  for (size_t c = 0; c < kColumnCount; ++c) tables_[c].Release(form.columns[c]);
  details_[investor] = {};
  const InvestorFilter filter = FilterOf(form);
  if (!form.sectors.required) undecided_.Remove(investor, filter);
  if (!form.sectors.refuse_unstated) unstated_.Remove(investor, filter);
  for (const SectorPoints::Listed& listed : form.sectors.listed) {
    if (FlatForm::Decides(form.sectors, listed)) PostingsOf(listed.sector).Remove(investor, filter);
  }
}

size_t TopLists::Filter(const StagePostings::List& postings, ProjectFilter filter) {
  const size_t size = postings.filters.size();
  counters_.postings += size;
  if (passing_.size() < size) passing_.resize(size);
  // What passes is written over what did not, without a branch that depends on the data.
  const InvestorFilter* in = postings.filters.data();
  uint32_t* out = passing_.data();
  size_t count = 0;
  for (size_t i = 0; i < size; ++i) {
    out[count] = static_cast<uint32_t>(i);
    count += filter.MayMeet(in[i]) ? 1 : 0;
  }
  return count;
}

void TopLists::MeetNaming(const StagePostings::List& postings, const ProjectFilter& filter) {
  const size_t count = Filter(postings, filter);
  for (size_t i = 0; i < count; ++i) {
    const StagePostings::Entry& posting = postings.entries[passing_[i]];
    uint32_t& place = place_[posting.investor];
    if (place == 0) {
      __builtin_prefetch(&headers_[posting.investor]);
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
    __builtin_prefetch(&headers_[investor]);
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

bool TopLists::Asks(const ProjectRow& row, const Header& header, const PairExtras* extras) const {
  return extras != nullptr && (row.extra_gates || row.extra_points || header.extra_gates);
}

void TopLists::BoundFound(const ProjectRow& row, const PairExtras* extras) {
  reached_.clear();
  std::array<const int16_t*, kColumnCount> columns;
  for (size_t c = 0; c < kColumnCount; ++c) columns[c] = tables_[c].Open(row.codes[c]);
  for (size_t at = 0; at < found_.size(); ++at) {
    if (at + kAhead < found_.size()) {
      const Header& later = headers_[found_[at + kAhead].investor];
      for (const size_t c : kBySpread) __builtin_prefetch(columns[c] + later.profiles[c]);
    }
    const Found& found = found_[at];
    if (found.refused) continue;
    const Header& header = headers_[found.investor];
    const int32_t unnamed = row.sector_count - found.named;
    const int32_t sectors = ((found.points + header.sector_most * unnamed) * row.sector_norm) >> 10;
    int32_t score = header.bias + row.points + sectors;
    // Columns must leave that much for the project to reach the list with the best text and extras.
    int64_t least = int64_t{header.floor} - terms_.MostPoints(header.text_length);
    if (Asks(row, header, extras)) least -= details_[found.investor].extra_points_most;
    bool out = score < least;
    for (size_t i = 0; i < kColumnCount && !out; ++i) {
      const size_t c = kBySpread[i];
      const int16_t points = columns[c][header.profiles[c]];
      score += points;
      out = score < least || points == kRefused;
    }
    if (out) continue;
    __builtin_prefetch(&details_[found.investor]);
    reached_.push_back({found.investor, score, sectors, unnamed == 0});
  }
  for (PointTable& table : tables_) table.Close();
  counters_.bounded += reached_.size();
}

std::optional<int32_t> TopLists::SectorSum(const ProjectRow& row, const Details& details) const {
  int32_t sum = 0;
  for (size_t i = 0; i < row.sector_count; ++i) {
    const auto it = std::lower_bound(details.sectors->begin(), details.sectors->end(), row.sectors[i],
                                     [](const SectorPoints::Listed& l, uint16_t sector) { return l.sector < sector; });
    const bool listed = it != details.sectors->end() && it->sector == row.sectors[i];
    if (listed && it->refused) return std::nullopt;
    sum += listed ? it->points : details.sector_otherwise;
  }
  return sum;
}

void TopLists::ScoreReached(uint32_t project, const ProjectRow& row, const PairExtras* extras) {
  const bool stated = row.codes[kAskColumn] != 0;
  for (const Reached& reached : reached_) {
    const Details& details = details_[reached.investor];
    __builtin_prefetch(details.sectors);
    __builtin_prefetch(details.text);
  }
  for (const Reached& reached : reached_) {
    const Header& header = headers_[reached.investor];
    const Details& details = details_[reached.investor];
    if (stated && (row.ask_least > details.ticket_most || row.ask_most < details.ticket_least)) continue;
    int32_t score = reached.score;
    if (!reached.exact) {
      const std::optional<int32_t> sectors = SectorSum(row, details);
      if (!sectors.has_value()) continue;
      score += ((*sectors * row.sector_norm) >> 10) - reached.sectors;
    }
    score += terms_.Points(*details.text);
    const bool asks = Asks(row, header, extras);
    if (int64_t{score} + (asks ? details.extra_points_most : 0) < header.floor) continue;
    if (asks) {
      const std::optional<int32_t> extra = extras->Points(project, reached.investor);
      if (!extra.has_value()) continue;
      score += *extra;
      if (score < header.floor) continue;
    }
    __builtin_prefetch(&lists_[reached.investor]);
    entering_.push_back({reached.investor, score});
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
  for (const uint32_t investor : former_) __builtin_prefetch(&lists_[investor]);
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
  headers_[investor].floor = floor.has_value() ? floor->score - details_[investor].rise : kEverything;
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
    if (!before.contains(list.at(i).slot)) AddMember(list.at(i).slot, investor);
  }
}

bool TopLists::InvestorChanged(uint32_t investor, std::shared_ptr<const InvestorForm> now) {
  if (investor >= forms_.size()) {
    if (now == nullptr) return false;
    headers_.resize(size_t{investor} + 1);
    details_.resize(size_t{investor} + 1);
    lists_.resize(size_t{investor} + 1);
    forms_.resize(size_t{investor} + 1);
    place_.resize(size_t{investor} + 1);
  }
  const std::vector<Scored> before = List(investor);
  if (forms_[investor] != nullptr) RemoveForm(investor);
  forms_[investor] = std::move(now);
  if (forms_[investor] == nullptr) {
    // Projects that still name the investor find it without them.
    lists_[investor] = {};
    return !before.empty();
  }
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
  memory.lists = lists_.capacity() * sizeof(BufferedList);
  for (const auto& form : forms_) memory.lists += form == nullptr ? 0 : options_.kmax * sizeof(Scored);
  memory.members = members_.capacity() * sizeof(std::vector<uint32_t>);
  for (const auto& members : members_) memory.members += members.capacity() * sizeof(uint32_t);
  memory.forms = headers_.capacity() * sizeof(Header) + details_.capacity() * sizeof(Details) +
                 forms_.capacity() * sizeof(forms_[0]) + place_.capacity() * sizeof(place_[0]) +
                 postings_.capacity() * sizeof(postings_[0]) + undecided_.bytes() + unstated_.bytes();
  for (const auto& postings : postings_) memory.forms += postings == nullptr ? 0 : postings->bytes();
  for (const PointTable& table : tables_) memory.forms += table.bytes();
  return memory;
}

}  // namespace tandem::pairing::matching
