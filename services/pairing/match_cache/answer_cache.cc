#include "services/pairing/match_cache/answer_cache.h"

#include <algorithm>
#include <utility>

#include "common/base/test_switch.h"
#include "services/pairing/match_cache/answer_date.h"
#include "tandem/pairing/v1/pairing_service.pb.h"

namespace tandem::pairing {
namespace {

constexpr size_t kMostDates = 4096;  // of an edition

constexpr size_t kOverhead = 256;  // of an entry: nodes, hash slots, control blocks

size_t BytesOf(const std::string& key, const AnswerCache::Answer& answer) {
  return kOverhead + key.capacity() + answer.body->capacity() + (answer.more != nullptr ? answer.more->capacity() : 0) +
         answer.subject.shown.capacity() * sizeof(uint32_t);
}

// Both, by source the later one; null when they are of different histories.
std::shared_ptr<const ConsistencyToken> Latest(const std::shared_ptr<const ConsistencyToken>& a,
                                               const std::shared_ptr<const ConsistencyToken>& b) {
  auto merged = std::make_shared<ConsistencyToken>(*a);
  for (const auto& [source, position] : b->positions()) {
    const auto found = a->positions().find(source);
    if (found == a->positions().end() || found->second.epoch != position.epoch) return nullptr;
    merged->Raise(source, position);
  }
  return merged;
}

}  // namespace

AnswerCache::AnswerCache(MarketStore* markets, const feed::AppliedPositions* positions, const KeyRing* keys,
                         Options options)
    : positions_(positions), keys_(keys), options_(std::move(options)) {
  markets->AddListener([this](const MarketStore::Announcement& announcement) { Note(announcement); });
}

void AnswerCache::Note(const MarketStore::Announcement& announcement) {
  std::shared_ptr<const EditionMarks> old;  // freed outside of the lock: it may be the last to hold a view
  MutexLock lock(&marks_mutex_);
  std::unique_ptr<Edition>& edition = editions_[std::string(announcement.edition)];
  if (edition == nullptr) edition = std::make_unique<Edition>();
  old = std::exchange(edition->marks, edition->writer.Note(announcement));
  auto& dates = edition->dates;
  if (dates.empty() || dates.back().first != announcement.affected.version) {
    dates.emplace_back(announcement.affected.version, nullptr);
  }
  dates.back().second = announcement.applied;
  if (dates.size() <= kMostDates) return;
  if (positions_->CheckWhole(*dates.front().second).ok()) edition->base = dates.front().second;
  dates.pop_front();
}

std::shared_ptr<const std::string> AnswerCache::SuffixOf(const ConsistencyToken& applied, int considered) const {
  v1::FindMatchesResponse response;
  response.mutable_metadata()->set_consistency_token(applied.Encode(*keys_));
  response.mutable_metadata()->set_considered_size(considered);
  AddPositions(applied, response.mutable_metadata());
  return std::make_shared<const std::string>(response.SerializeAsString());
}

void AnswerCache::Date(std::shared_ptr<const ConsistencyToken> positions, Edition* edition) const {
  if (edition->positions == positions && edition->of_marks == edition->marks) return;
  edition->positions = std::move(positions);
  edition->of_marks = edition->marks;
  edition->applied = nullptr;
  if (!positions_->CheckWhole(*edition->positions).ok()) return;
  // The first whole date: what was read until then had no date of its own.
  if (edition->base == nullptr || !positions_->CheckWhole(*edition->base).ok()) edition->base = edition->positions;
  if (Deviates("cache.restart-marks")) edition->base = std::make_shared<ConsistencyToken>();
  const auto& view = edition->marks->view();
  if (view == nullptr) return;
  edition->applied = Latest(edition->positions, edition->marks->applied());
  if (edition->applied == nullptr) return;
  edition->nobody_suffix = SuffixOf(*edition->applied, 0);
  edition->project_suffix = SuffixOf(*edition->applied, static_cast<int>(view->investor_index->size()));
  edition->investor_suffix = SuffixOf(*edition->applied, static_cast<int>(view->project_index->size()));
}

AnswerCache::Hit AnswerCache::Find(absl::string_view edition, absl::string_view key) {
  // First: every change up to here has been noted, so that the marks taken next are at least as new.
  std::shared_ptr<const ConsistencyToken> positions = positions_->AppliedNow();
  const TimePoint now = options_.now();
  Answer answer;
  {
    std::list<Entry> erased;
    MutexLock lock(&mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) {
      ++counters_.misses;
      return {};
    }
    if (found->second->put + options_.ttl < now) {
      ++counters_.misses;
      ++counters_.evicted;
      Erase(found->second, &erased);
      return {};
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    answer = found->second->answer;
  }
  Hit hit;
  std::shared_ptr<const EditionMarks> marks;
  {
    MutexLock lock(&marks_mutex_);
    const auto found = editions_.find(edition);
    if (found != editions_.end()) {
      Date(std::move(positions), found->second.get());
      marks = found->second->marks;
      hit.state.applied = found->second->applied;
      hit.suffix = !answer.subject.takes_part    ? found->second->nobody_suffix
                   : answer.subject.for_investor ? found->second->investor_suffix
                                                 : found->second->project_suffix;
    }
  }
  // An answer of a view that was not announced yet: the next one finds it.
  const bool right = hit.state.applied != nullptr && answer.version <= marks->version() &&
                     (Deviates("cache.marks-asked") || marks->LastChange(answer.subject) <= answer.version);
  if (right) {
    hit.body = std::move(answer.body);
    hit.more = std::move(answer.more);
    hit.page_id = std::move(answer.page_id);
    hit.shown = answer.subject.shown.size();
    hit.goes_on = hit.more == nullptr || marks->LastChangeOfAll(answer.subject) <= answer.more_version;
    hit.state.view = marks->view();
  }
  MutexLock lock(&mutex_);
  ++(right ? counters_.hits : counters_.outdated);
  return hit;
}

void AnswerCache::PutMore(absl::string_view key, std::shared_ptr<const std::string> more, std::string page_id,
                          const MarketStore::Dated& state) {
  MutexLock lock(&mutex_);
  const auto found = by_key_.find(key);
  // Another answer may have come in its place.
  if (found == by_key_.end() || found->second->answer.more == nullptr ||
      found->second->answer.version > state.view->version) {
    return;
  }
  Answer& answer = found->second->answer;
  if (answer.more_version > state.view->version) return;
  answer.more = std::move(more);
  answer.page_id = std::move(page_id);
  answer.more_version = state.view->version;
}

std::shared_ptr<const ConsistencyToken> AnswerCache::DateOf(const Edition& edition, uint64_t version) const {
  const auto date = std::lower_bound(edition.dates.begin(), edition.dates.end(), version,
                                     [](const auto& each, uint64_t wanted) { return each.first < wanted; });
  const bool told = date != edition.dates.end() && date->first == version && positions_->CheckWhole(*date->second).ok();
  return told ? date->second : edition.base;
}

AnswerCache::Proof AnswerCache::Prove(absl::string_view edition, const AnswerSubject& subject,
                                      const ConsistencyToken& date) {
  std::shared_ptr<const ConsistencyToken> positions = positions_->AppliedNow();  // first, as in Find
  Proof proof;
  std::shared_ptr<const EditionMarks> marks;
  std::shared_ptr<const ConsistencyToken> changed;
  {
    MutexLock lock(&marks_mutex_);
    const auto found = editions_.find(edition);
    if (found == editions_.end()) return proof;
    Date(std::move(positions), found->second.get());
    marks = found->second->marks;
    proof.state.applied = found->second->applied;
    if (proof.state.applied == nullptr || !positions_->CheckWhole(date).ok()) return proof;
    changed = DateOf(*found->second, marks->LastChange(subject));
  }
  if (date.Reaches(*proof.state.applied)) {
    proof.right = true;
    // Of the same state as ours where it is not newer.
    if (proof.state.applied->Reaches(date)) proof.state.view = marks->view();
    return proof;
  }
  // An answer that is newer in one source and older in another one is of no state of ours.
  const bool older = proof.state.applied->Reaches(date) || Deviates("cache.mixed-vectors");
  if (!older || changed == nullptr) return proof;
  proof.right = date.Reaches(*changed) || Deviates("cache.shared-marks");
  if (proof.right) proof.state.view = marks->view();
  return proof;
}

void AnswerCache::Saw(absl::string_view edition, const MarketStore::Dated& shown) {
  MutexLock lock(&marks_mutex_);
  const auto found = editions_.find(edition);
  if (found == editions_.end()) return;
  std::shared_ptr<const EditionMarks>& marks = found->second->marks;
  if (marks->view() == nullptr && marks->version() == shown.view->version) marks = marks->WithView(shown);
}

void AnswerCache::Put(absl::string_view edition, const std::string& key, Answer answer,
                      const MarketStore::Dated& computed) {
  Saw(edition, computed);
  const size_t bytes = BytesOf(key, answer);
  if (bytes > options_.max_bytes) return;
  const TimePoint now = options_.now();
  std::list<Entry> erased;  // freed outside of the lock
  MutexLock lock(&mutex_);
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    if (found->second->answer.version > answer.version) return;
    Erase(found->second, &erased);
  }
  entries_.push_front({key, std::move(answer), bytes, now});
  by_key_[entries_.front().key] = entries_.begin();
  counters_.bytes += bytes;
  ++counters_.answers;
  while (counters_.bytes > options_.max_bytes || entries_.back().put + options_.ttl < now) {
    ++counters_.evicted;
    Erase(std::prev(entries_.end()), &erased);
  }
}

void AnswerCache::Erase(std::list<Entry>::iterator entry, std::list<Entry>* erased) {
  by_key_.erase(entry->key);
  counters_.bytes -= entry->bytes;
  --counters_.answers;
  erased->splice(erased->begin(), entries_, entry);
}

AnswerCache::Counters AnswerCache::counters() const {
  MutexLock lock(&mutex_);
  return counters_;
}

}  // namespace tandem::pairing
