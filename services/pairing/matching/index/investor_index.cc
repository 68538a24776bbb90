#include "services/pairing/matching/index/investor_index.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "services/pairing/matching/index/best_list.h"
#include "services/pairing/matching/index/investor_filter.h"
#include "services/pairing/matching/index/project_terms.h"

namespace tandem::pairing::matching {

constexpr size_t kChunk = InvestorIndex::kChunk;

// `SectorPosting::investor` is a place in the chunk here.
struct InvestorChunk {
  std::array<std::shared_ptr<const FlatForm>, kChunk> forms;
  std::vector<uint16_t> sectors;         // that any of them names, sorted
  std::vector<uint32_t> begins;          // of their postings; one more at the end
  std::vector<SectorPosting> postings;   // by sector
  std::vector<SectorPosting> undecided;  // of those that require no sector
  std::vector<SectorPosting> unstated;   // of those that take projects without sectors
  size_t bytes = 0;
};

namespace {

std::shared_ptr<const InvestorChunk> Build(const std::shared_ptr<const FlatForm>* forms, size_t count) {
  auto chunk = std::make_shared<InvestorChunk>();
  std::vector<uint32_t> counts;
  for (size_t place = 0; place < count; ++place) {
    if (forms[place] == nullptr) continue;
    chunk->forms[place] = forms[place];
    for (const auto& listed : forms[place]->form().sectors.listed) {
      if (!FlatForm::Decides(forms[place]->form().sectors, listed)) continue;
      if (listed.sector >= counts.size()) counts.resize(size_t{listed.sector} + 1);
      ++counts[listed.sector];
    }
  }
  uint32_t total = 0;
  for (size_t sector = 0; sector < counts.size(); ++sector) {
    if (counts[sector] == 0) continue;
    chunk->sectors.push_back(static_cast<uint16_t>(sector));
    chunk->begins.push_back(total);
    total += std::exchange(counts[sector], total);
  }
  chunk->begins.push_back(total);
  chunk->postings.resize(total);
  for (size_t place = 0; place < count; ++place) {
    if (forms[place] == nullptr) continue;
    const SectorPoints& wanted = forms[place]->form().sectors;
    SectorPosting posting{static_cast<uint32_t>(place), 0, false, forms[place]->filter()};
    if (!wanted.required) chunk->undecided.push_back(posting);
    if (!wanted.refuse_unstated) chunk->unstated.push_back(posting);
    for (const auto& listed : wanted.listed) {
      if (!FlatForm::Decides(wanted, listed)) continue;
      posting.points = listed.points;
      posting.refused = listed.refused;
      chunk->postings[counts[listed.sector]++] = posting;
    }
  }
  chunk->bytes =
      sizeof(InvestorChunk) + chunk->sectors.capacity() * sizeof(uint16_t) +
      chunk->begins.capacity() * sizeof(uint32_t) +
      (chunk->postings.capacity() + chunk->undecided.capacity() + chunk->unstated.capacity()) * sizeof(SectorPosting);
  return chunk;
}

// One query over one chunk after the other.
class Query {
 public:
  Query(const ProjectRow& row, uint32_t project, size_t k, const PairExtras* extras, const SlotOrder* order)
      : row_(row), project_(project), extras_(extras), filter_(FilterOf(row)), best_(k, order) {
    terms_.Assign(row.text.get());
  }

  void Scan(const InvestorChunk& chunk, uint32_t first_slot) {
    count_ = 0;
    if (row_.sector_count == 0) {
      for (const SectorPosting& posting : chunk.unstated) Meet(posting);
    } else {
      for (const SectorPosting& posting : chunk.undecided) Meet(posting);
      for (size_t i = 0; i < row_.sector_count; ++i) {
        const auto it = std::lower_bound(chunk.sectors.begin(), chunk.sectors.end(), row_.sectors[i]);
        if (it == chunk.sectors.end() || *it != row_.sectors[i]) continue;
        const auto at = static_cast<size_t>(it - chunk.sectors.begin());
        for (uint32_t p = chunk.begins[at]; p < chunk.begins[at + 1]; ++p) {
          if (Found* found = Meet(chunk.postings[p])) {
            found->points += chunk.postings[p].points;
            ++found->named;
          }
        }
      }
    }
    for (size_t i = 0; i < count_; ++i) {
      const size_t place = places_[i];
      met_[place] = false;
      if (found_[place].refused) continue;
      const FlatForm* form = chunk.forms[place].get();
      waiting_.push_back({form, first_slot + static_cast<uint32_t>(place), found_[place]});
    }
  }

  // Forms are far apart: the processor fetches those of some investors ahead.
  void ScoreAll() {
    constexpr size_t kAhead = 8;
    for (size_t i = 0; i < waiting_.size() + kAhead; ++i) {
      if (i + kAhead < waiting_.size()) waiting_[i + kAhead].form->Prefetch();
      if (i < waiting_.size()) waiting_[i].form->PrefetchPoints(row_);
      if (i >= kAhead) Score(*waiting_[i - kAhead].form, waiting_[i - kAhead].slot, waiting_[i - kAhead].found);
    }
    waiting_.clear();
  }

  TopList Finish(size_t considered) {
    TopList list;
    list.best = best_.Take();
    list.passed = passed_;
    list.considered = static_cast<uint32_t>(considered);
    return list;
  }

 private:
  // What the project's sectors say about one investor of the chunk.
  struct Found {
    int32_t points = 0;
    uint16_t named = 0;  // how many of the sectors it has postings of
    bool refused = false;
  };

  struct Waiting {
    const FlatForm* form = nullptr;
    uint32_t slot = 0;
    Found found;
  };

  Found* Meet(const SectorPosting& posting) {
    if (!filter_.MayMeet(posting.filter)) return nullptr;
    const size_t place = posting.investor;
    if (!met_[place]) {
      met_[place] = true;
      places_[count_++] = static_cast<uint16_t>(place);
      found_[place] = {};
    }
    found_[place].refused = found_[place].refused || posting.refused;
    return &found_[place];
  }

  void Score(const FlatForm& flat, uint32_t slot, const Found& found) {
    const std::optional<int32_t> columns = flat.ColumnScore(row_);
    const std::optional<int32_t> others = flat.SectorSum(row_);
    if (!columns.has_value() || !others.has_value()) return;
    const InvestorForm& form = flat.form();
    int32_t score = *columns;
    const int32_t sectors = found.points + *others - flat.sector_otherwise() * found.named;
    score += (sectors * row_.sector_norm) >> 10;
    const bool gates = extras_ != nullptr && (row_.extra_gates || flat.extra_gates());
    std::optional<int32_t> extra = 0;
    if (gates) {
      extra = extras_->Points(project_, slot);
      if (!extra.has_value()) return;
      score += *extra;
    }
    ++passed_;
    const bool points = extras_ != nullptr && !gates && row_.extra_points;
    int64_t most = points ? int64_t{score} + form.extra_points_most : int64_t{score};
    if (!terms_.empty()) {
      if (!best_.CouldEnter(most + terms_.MostPoints(flat.text_length()))) return;
      const int32_t text = terms_.Points(form.text);
      score += text;
      most += text;
    }
    if (!best_.CouldEnter(most)) return;
    if (points) {
      extra = extras_->Points(project_, slot);
      if (!extra.has_value()) return;
      score += *extra;
    }
    best_.Offer({slot, score});
  }

  const ProjectRow& row_;
  const uint32_t project_;
  const PairExtras* const extras_;
  const ProjectFilter filter_;
  ProjectTerms terms_;
  BestList best_;
  uint32_t passed_ = 0;
  std::vector<Waiting> waiting_;  // to be scored
  // Of the chunk at hand.
  std::array<bool, kChunk> met_ = {};
  std::array<Found, kChunk> found_;
  std::array<uint16_t, kChunk> places_;
  size_t count_ = 0;
};

}  // namespace

TopList InvestorIndexSnapshot::Top(const ProjectRow& row, uint32_t project, size_t k, const PairExtras* extras) const {
  Query query(row, project, k, extras, order_);
  for (size_t i = 0; i < chunks_.size(); ++i) {
    if (chunks_[i] != nullptr) query.Scan(*chunks_[i], static_cast<uint32_t>(i * kChunk));
  }
  query.ScoreAll();
  return query.Finish(size_);
}

std::shared_ptr<const InvestorForm> InvestorIndexSnapshot::Form(uint32_t slot) const {
  const size_t at = slot / kChunk;
  if (at >= chunks_.size() || chunks_[at] == nullptr) return nullptr;
  const std::shared_ptr<const FlatForm>& flat = chunks_[at]->forms[slot % kChunk];
  if (flat == nullptr) return nullptr;
  return {flat, &flat->form()};
}

InvestorIndex::InvestorIndex(const SlotOrder* order) : order_(order) {}
InvestorIndex::~InvestorIndex() = default;

void InvestorIndex::Put(uint32_t slot, std::shared_ptr<const InvestorForm> form) {
  if (slot >= forms_.size()) {
    forms_.resize(size_t{slot} + 1);
    chunks_.resize(slot / kChunk + 1);
    stale_.resize(slot / kChunk + 1);
  }
  if (forms_[slot] == nullptr) ++size_;
  forms_[slot] = FlatForm::Make(std::move(form));
  stale_[slot / kChunk] = true;
}

void InvestorIndex::Remove(uint32_t slot) {
  if (slot >= forms_.size() || forms_[slot] == nullptr) return;
  --size_;
  forms_[slot] = nullptr;
  stale_[slot / kChunk] = true;
}

std::shared_ptr<const InvestorIndexSnapshot> InvestorIndex::Publish() {
  for (size_t i = 0; i < chunks_.size(); ++i) {
    if (!stale_[i]) continue;
    chunks_[i] = Build(forms_.data() + i * kChunk, std::min(kChunk, forms_.size() - i * kChunk));
    stale_[i] = false;
  }
  return std::shared_ptr<const InvestorIndexSnapshot>(new InvestorIndexSnapshot(order_, chunks_, size_));
}

size_t InvestorIndex::memory() const {
  size_t bytes = forms_.capacity() * sizeof(forms_[0]) + chunks_.capacity() * sizeof(chunks_[0]);
  for (const auto& form : forms_) bytes += form == nullptr ? 0 : form->bytes();
  for (const auto& chunk : chunks_) bytes += chunk == nullptr ? 0 : chunk->bytes;
  return bytes;
}

}  // namespace tandem::pairing::matching
