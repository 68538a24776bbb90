#include "services/pairing/rankings/ranking_pages.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "common/base/random_id.h"
#include "common/base/status.h"
#include "common/tokens/page_token.h"

namespace tandem::pairing {
namespace {

constexpr size_t kIdSize = 16;
constexpr char kDateFollows = '@';

// A view that is held keeps what has changed since; usually many rankings share one.
constexpr size_t kViewBytes = 128 << 10;

size_t BytesOf(const KeptRanking& kept) {
  constexpr size_t kOverhead = 1024;  // the entry, its metadata and the ranking's own fields
  return kOverhead + kept.ranking->investors.capacity() * sizeof(matching::RankedInvestor) +
         kept.ranking->projects.capacity() * sizeof(matching::RankedProject) +
         kept.ranking->adjustments.capacity() * sizeof(matching::Adjustment);
}

}  // namespace

RankingPages::RankingPages(const KeyRing* keys, Options options) : keys_(keys), options_(std::move(options)) {}

std::string RankingPages::Keep(std::shared_ptr<const KeptRanking> ranking) {
  std::string id = RandomBytes(kIdSize);
  const size_t size = BytesOf(*ranking);
  const TimePoint now = options_.now();
  std::list<Entry> evicted;
  MutexLock lock(&mutex_);
  if (ranking->view != nullptr && views_[ranking->view.get()]++ == 0) bytes_ += kViewBytes;
  entries_.push_front({id, std::move(ranking), size, now});
  by_id_[id] = entries_.begin();
  bytes_ += size;
  evicted = Evict(now);
  return id;
}

std::string RankingPages::Token(absl::string_view id, size_t offset, absl::string_view arguments,
                                const ConsistencyToken& date) const {
  return EncodePageToken(
      *keys_, arguments,
      absl::StrCat(id, offset, absl::string_view(&kDateFollows, 1), date.empty() ? "" : date.ToBytes()));
}

absl::StatusOr<RankingPages::Cursor> RankingPages::Read(absl::string_view token, absl::string_view arguments) const {
  TANDEM_ASSIGN_OR_RETURN(const std::string text, DecodePageToken(*keys_, arguments, token));
  Cursor cursor;
  const size_t end = text.find(kDateFollows, std::min(kIdSize, text.size()));
  if (end == std::string::npos || !absl::SimpleAtoi(text.substr(kIdSize, end - kIdSize), &cursor.place.offset)) {
    return MakeError(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID",
                     "the page token has no position: send it as next_page_token gave it", {{"cause", "position"}});
  }
  cursor.id = text.substr(0, kIdSize);
  if (end + 1 < text.size()) {
    absl::StatusOr<ConsistencyToken> date = ConsistencyToken::FromBytes(absl::string_view(text).substr(end + 1));
    if (date.ok()) cursor.place.date = *std::move(date);
  }
  return cursor;
}

absl::StatusOr<RankingPages::Place> RankingPages::Find(absl::string_view token, absl::string_view arguments) const {
  TANDEM_ASSIGN_OR_RETURN(Cursor cursor, Read(token, arguments));
  return std::move(cursor.place);
}

absl::StatusOr<RankingPages::Page> RankingPages::Open(absl::string_view token, absl::string_view arguments) {
  TANDEM_ASSIGN_OR_RETURN(Cursor cursor, Read(token, arguments));
  Page page;
  page.id = std::move(cursor.id);
  page.offset = cursor.place.offset;

  const TimePoint now = options_.now();
  std::list<Entry> evicted;
  {
    MutexLock lock(&mutex_);
    evicted = Evict(now);
    const auto found = by_id_.find(page.id);
    if (found != by_id_.end()) {
      entries_.splice(entries_.begin(), entries_, found->second);
      found->second->last_use = now;
      page.kept = found->second->kept;
    }
  }
  const auto size_of = [](const KeptRanking& kept) {
    return kept.view != nullptr ? kept.ranking->passed : kept.ranking->size();
  };
  if (page.kept == nullptr || page.offset >= size_of(*page.kept)) {
    return MakeError(absl::StatusCode::kAborted, "PAGE_TOKEN_EXPIRED",
                     "the ranking behind this page token is no longer kept: ask for the first page again",
                     {{"cause", "not kept"}});
  }
  return page;
}

bool RankingPages::Touch(absl::string_view id) {
  const TimePoint now = options_.now();
  std::list<Entry> evicted;
  MutexLock lock(&mutex_);
  evicted = Evict(now);
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return false;
  entries_.splice(entries_.begin(), entries_, found->second);
  found->second->last_use = now;
  return true;
}

size_t RankingPages::count() const {
  MutexLock lock(&mutex_);
  return entries_.size();
}

size_t RankingPages::bytes() const {
  MutexLock lock(&mutex_);
  return bytes_;
}

std::list<RankingPages::Entry> RankingPages::Evict(TimePoint now) {
  std::list<Entry> evicted;
  // The list is ordered by last use, so both reasons to go apply at its end.
  while (!entries_.empty()) {
    const Entry& oldest = entries_.back();
    const bool idle = now - oldest.last_use > options_.idle;
    const bool crowded = bytes_ > options_.max_bytes && entries_.size() > 1;
    if (!idle && !crowded) break;
    bytes_ -= oldest.bytes;
    if (const auto view = views_.find(oldest.kept->view.get()); view != views_.end() && --view->second == 0) {
      bytes_ -= kViewBytes;
      views_.erase(view);
    }
    by_id_.erase(oldest.id);
    evicted.splice(evicted.begin(), entries_, std::prev(entries_.end()));
  }
  return evicted;
}

}  // namespace tandem::pairing
