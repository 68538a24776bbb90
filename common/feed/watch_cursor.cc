#include "common/feed/watch_cursor.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"
#include "common/tokens/consistency_token.h"

namespace tandem::feed {
namespace {

using SteadyClock = std::chrono::steady_clock;

// A stretch ends at the next revision after the first limit, and anywhere after the second.
constexpr size_t kEnoughBytes = 1 << 20;
constexpr size_t kMostBytes = 4 << 20;

// How soon after the last stretch a position that moved without one is told: somebody may wait for it with a token.
constexpr std::chrono::milliseconds kSoon{20};

// How much earlier than asked a wait may return without meaning that the store shut down.
constexpr std::chrono::milliseconds kClockSlack{5};

// The first key after every key that begins with `prefix`; empty when there is none.
std::string EndOf(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

absl::Status Expired(absl::string_view why, absl::string_view cause, Revision oldest) {
  return MakeError(absl::StatusCode::kOutOfRange, "RESUME_TOKEN_EXPIRED",
                   absl::StrCat(why, "; watch again without a resume token"),
                   {{"oldest", absl::StrCat(oldest)}, {"cause", std::string(cause)}});
}

}  // namespace

WatchCursor::WatchCursor(Options options) : options_(std::move(options)) {}

absl::StatusOr<std::optional<RawStretch>> WatchCursor::Next(SteadyClock::time_point deadline) {
  if (state_ == State::kNew) TANDEM_RETURN_IF_ERROR(Open());
  if (state_ == State::kSnapshot) return NextOfSnapshot();
  return NextChange(deadline);
}

absl::Status WatchCursor::Open() {
  TANDEM_ASSIGN_OR_RETURN(const Head head, options_.store->GetHead());
  epoch_ = head.epoch;
  target_ = head.revision;
  if (!options_.resume_token.empty()) return Resume(head);
  position_ = head.revision;
  if (!options_.prefixes.empty()) scan_begin_ = options_.prefixes.front();
  state_ = State::kSnapshot;
  return absl::OkStatus();
}

absl::Status WatchCursor::Resume(const Head& head) {
  TANDEM_ASSIGN_OR_RETURN(const ConsistencyToken token,
                          ConsistencyToken::Decode(*options_.keys, options_.resume_token));
  const auto found = token.positions().find(options_.source);
  if (found == token.positions().end()) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "CONSISTENCY_TOKEN_INVALID",
        absl::StrCat("the resume token is of another source than ", options_.source, "; watch again without one"),
        {{"cause", "other_source"}});
  }
  const Position& position = found->second;
  if (position.epoch != head.epoch) {
    return Expired("the resume token is of another history: the store was restored", "history", head.log_floor);
  }
  if (position.revision < head.log_floor && !Deviates("feed.compacted")) {
    return Expired(
        absl::StrCat("the log begins after revision ", head.log_floor, ", the resume token is of ", position.revision),
        kLogCompacted, head.log_floor);
  }
  if (position.revision > head.revision) {
    return Expired(
        absl::StrCat("the resume token is of revision ", position.revision, ", the store is at ", head.revision),
        "history", head.log_floor);
  }
  position_ = position.revision;
  if (Deviates("feed.resume-exactly")) position_ = std::min(position_ + 1, head.revision);
  state_ = State::kFollowing;
  return absl::OkStatus();
}

absl::StatusOr<RawStretch> WatchCursor::NextOfSnapshot() {
  RawStretch stretch;
  for (; prefix_ < options_.prefixes.size(); ++prefix_) {
    const std::string& prefix = options_.prefixes[prefix_];
    if (!absl::StartsWith(scan_begin_, prefix)) scan_begin_ = prefix;
    TANDEM_ASSIGN_OR_RETURN(std::vector<Record> records,
                            options_.store->Scan(scan_begin_, EndOf(prefix), options_.page));
    if (records.empty()) continue;
    stretch.phase = Phase::kSnapshot;
    size_t bytes = 0;
    for (Record& record : records) {
      if (bytes >= kEnoughBytes) break;
      bytes += record.key.size() + record.value.size();
      scan_begin_ = absl::StrCat(record.key, absl::string_view("\0", 1));
      stretch.items.push_back({std::move(record.key), std::move(record.value), record.revision});
    }
    return stretch;
  }
  // The pages may show what was written since they began; the follower is consistent once it has all of that.
  TANDEM_ASSIGN_OR_RETURN(const Head head, CheckHead());
  target_ = head.revision;
  state_ = State::kFollowing;
  stretch.phase = Phase::kSnapshotEnd;
  stretch.resume_token = Token();
  return stretch;
}

absl::StatusOr<std::optional<RawStretch>> WatchCursor::NextChange(SteadyClock::time_point deadline) {
  for (;;) {
    while (next_ < batch_.changes.size()) {
      RawStretch stretch = TakeFromBatch();
      if (stretch.items.empty()) continue;
      spoke_ = SteadyClock::now();
      return std::optional<RawStretch>(std::move(stretch));
    }
    if (IsProgressDue()) return Progress();
    const Revision before = position_;
    TANDEM_RETURN_IF_ERROR(ReadLog());
    if (!batch_.changes.empty() && Deviates("feed.progress-after")) {
      const Revision sent = std::exchange(position_, batch_.through);
      RawStretch early = Progress();
      position_ = sent;
      return early;
    }
    if (!batch_.changes.empty()) continue;
    if (position_ == before) {
      const auto until = std::min(deadline, spoke_ + Patience());
      const bool changed = options_.store->WaitForChange(position_, until);
      if (!changed && SteadyClock::now() + kClockSlack < until) {
        return MakeError(absl::StatusCode::kUnavailable, "NOT_READY", "the store is stopping; watch again",
                         {{"cause", "the store is stopping"}});
      }
      // A store that was restored under us has no change to wake us with.
      if (!changed) TANDEM_RETURN_IF_ERROR(CheckHead().status());
    }
    if (SteadyClock::now() >= deadline && !IsProgressDue()) return std::optional<RawStretch>();
  }
}

bool WatchCursor::IsProgressDue() const {
  return position_ >= target_ && (!caught_up_ || SteadyClock::now() - spoke_ >= Patience());
}

SteadyClock::duration WatchCursor::Patience() const {
  return position_ == told_ ? options_.progress_interval
                            : std::min<SteadyClock::duration>(kSoon, options_.progress_interval);
}

absl::Status WatchCursor::ReadLog() {
  batch_ = ChangeBatch();
  next_ = 0;
  absl::StatusOr<ChangeBatch> batch = options_.store->Changes(position_, options_.page);
  if (absl::IsOutOfRange(batch.status())) {
    TANDEM_ASSIGN_OR_RETURN(const Head head, options_.store->GetHead());
    return Expired(absl::StrCat("the log no longer reaches back to revision ", position_), kLogCompacted,
                   head.log_floor);
  }
  if (!batch.ok()) return batch.status();
  if (batch->changes.empty()) {
    position_ = std::max(position_, batch->through);
  } else {
    batch_ = *std::move(batch);
  }
  return absl::OkStatus();
}

RawStretch WatchCursor::TakeFromBatch() {
  RawStretch stretch;
  stretch.phase = Phase::kChanges;
  size_t bytes = 0;
  for (; next_ < batch_.changes.size(); ++next_) {
    Change& change = batch_.changes[next_];
    if (next_ > 0 && batch_.changes[next_ - 1].revision != change.revision) {
      position_ = batch_.changes[next_ - 1].revision;
      if (bytes >= kEnoughBytes) break;
    }
    if (bytes >= kMostBytes) break;
    if (!IsSent(change.key)) continue;
    bytes += change.key.size() + (change.value.has_value() ? change.value->size() : 0);
    stretch.items.push_back({std::move(change.key), std::move(change.value), change.revision});
  }
  if (next_ == batch_.changes.size()) {
    position_ = batch_.through;
    batch_ = ChangeBatch();
    next_ = 0;
  }
  stretch.resume_token = Token();
  return stretch;
}

RawStretch WatchCursor::Progress() {
  caught_up_ = true;
  spoke_ = SteadyClock::now();
  RawStretch stretch;
  stretch.resume_token = Token();
  return stretch;
}

bool WatchCursor::IsSent(const std::string& key) const {
  return std::any_of(options_.prefixes.begin(), options_.prefixes.end(),
                     [&](const std::string& prefix) { return absl::StartsWith(key, prefix); });
}

std::string WatchCursor::Token() {
  told_ = position_;
  return ConsistencyToken(options_.source, Position{epoch_, position_}).Encode(*options_.keys);
}

absl::StatusOr<Head> WatchCursor::CheckHead() {
  TANDEM_ASSIGN_OR_RETURN(Head head, options_.store->GetHead());
  if (head.epoch != epoch_ || head.revision < position_) {
    return Expired("the store was restored while it was watched", "history", head.log_floor);
  }
  return head;
}

}  // namespace tandem::feed
