#include "common/feed/follower.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"

#include "common/base/status.h"
#include "common/base/test_switch.h"

namespace tandem::feed {
namespace {

constexpr std::chrono::milliseconds kFirstBackoff{20};
constexpr std::chrono::milliseconds kLongestBackoff{2000};

// Whether the source, which asks for a new snapshot, may have gone back behind what it sent.
bool WentBack(const absl::Status& end) {
  if (!absl::IsOutOfRange(end)) return false;
  for (const auto& [key, value] : GetErrorDetail(end).metadata) {
    if (key == "cause" && value == kLogCompacted) return false;
  }
  return true;
}

// As of a source whose log was compacted, which may happen at any time.
absl::Status RelistAsked() {
  return MakeError(absl::StatusCode::kOutOfRange, "RESUME_TOKEN_EXPIRED", "a new snapshot is asked for",
                   {{"cause", kLogCompacted}});
}

}  // namespace

Follower::Follower(Options options)
    : options_(std::move(options)), resume_token_(options_.resume_token), began_(!resume_token_.empty()) {}

Follower::~Follower() { Stop(); }

void Follower::Start() {
  MutexLock lock(&mutex_);
  if (!stopping_ && !thread_.joinable()) thread_ = std::thread([this] { Run(); });
}

void Follower::Stop() {
  std::thread thread;
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    if (stream_ != nullptr) stream_->Cancel();
    stopped_.SignalAll();
    thread.swap(thread_);
  }
  if (thread.joinable()) thread.join();
}

FollowerStatus Follower::status() const {
  MutexLock lock(&mutex_);
  return status_;
}

void Follower::Run() {
  std::minstd_rand random(std::random_device{}());
  auto backoff = kFirstBackoff;
  for (;;) {
    std::unique_ptr<Stream> opened = options_.source->Open(resume_token_);
    Stream* const stream = opened.get();
    {
      MutexLock lock(&mutex_);
      if (stopping_) {
        opened->Cancel();
        return;
      }
      stream_ = std::move(opened);
    }
    bool moved = false;
    const absl::Status end = ReadAll(stream, &moved);
    {
      MutexLock lock(&mutex_);
      opened = std::move(stream_);
      status_.connected = false;
      if (!absl::IsCancelled(end)) status_.last_error = end.ToString();  // which is a watch ended in good order
    }
    opened.reset();  // outside the lock: closing a stream may take a while
    if (WentBack(end) && !Deviates("feed.went-back")) Withdraw();
    // A token that the source does not understand (its keys were replaced) would never be understood.
    if (absl::IsOutOfRange(end) || absl::IsInvalidArgument(end)) resume_token_.clear();

    if (moved) backoff = kFirstBackoff;
    const auto pause = std::chrono::microseconds(std::uniform_int_distribution<int64_t>(
        std::chrono::microseconds(backoff).count() / 2, std::chrono::microseconds(backoff).count())(random));
    backoff = std::min(backoff * 2, kLongestBackoff);
    const auto until = std::chrono::steady_clock::now() + pause;
    MutexLock lock(&mutex_);
    while (!stopping_ && stopped_.WaitUntil(&mutex_, until)) {
    }
    if (stopping_) return;
  }
}

absl::Status Follower::ReadAll(Stream* stream, bool* moved) {
  bool in_snapshot = false;  // of this stream: a snapshot that was cut off is begun again
  for (;;) {
    TANDEM_ASSIGN_OR_RETURN(const Stretch stretch, stream->Next());
    if (!in_snapshot && Deviates("provoke.relist")) return RelistAsked();
    TANDEM_RETURN_IF_ERROR(Apply(stretch, &in_snapshot));
    if (stretch.phase != Phase::kSnapshot) *moved = true;
  }
}

absl::Status Follower::Apply(const Stretch& stretch, bool* in_snapshot) {
  Position position;
  if (stretch.phase != Phase::kSnapshot) {
    TANDEM_ASSIGN_OR_RETURN(position, PositionOf(stretch.resume_token));
  }
  switch (stretch.phase) {
    case Phase::kSnapshot:
    case Phase::kSnapshotEnd:
      if (!*in_snapshot) options_.sink->BeginSnapshot();
      *in_snapshot = true;
      if (!stretch.items.empty()) options_.sink->ApplySnapshot(stretch.items);
      PassPoint("feed.relist");
      if (stretch.phase == Phase::kSnapshotEnd) {
        // Not announced when the keys were replaced together with the store, or the store while its log was compacted.
        const Position applied = status().applied;
        const bool went_back = applied.epoch != position.epoch || applied.revision > position.revision;
        if (went_back && !Deviates("feed.went-back")) Withdraw();
        options_.sink->EndSnapshot();
        *in_snapshot = false;
        behind_snapshot_ = true;
        ++snapshots_;
        began_ = true;
      }
      break;
    case Phase::kChanges:
    case Phase::kProgress:
      if (stretch.phase == Phase::kProgress || Deviates("feed.snapshot-end")) behind_snapshot_ = false;
      break;
  }
  // Parts of the snapshot may be newer than its position: it is a state that really was only from the first progress
  // mark on. Readers that wait for a position are not let in before.
  const bool consistent = began_ && !behind_snapshot_ && stretch.phase != Phase::kSnapshot;
  if (consistent && Deviates("feed.view-first")) options_.positions->Advance(options_.source->name(), position);
  PassPoint("feed.before-apply");
  if (stretch.phase == Phase::kChanges) options_.sink->ApplyChanges(stretch.items, consistent ? &position : nullptr);
  if (stretch.phase == Phase::kProgress && consistent) options_.sink->Advance(position);
  if (stretch.phase != Phase::kSnapshot) resume_token_ = stretch.resume_token;
  {
    MutexLock lock(&mutex_);
    status_.connected = true;
    status_.last_contact = options_.clock->Now();
    status_.relists = std::max<int64_t>(0, snapshots_ - 1);
    if (consistent) {
      status_.ready = true;
      status_.applied = position;
    }
  }
  PassPoint("feed.before-position");
  // After the status, so that who waited for the position finds it there.
  if (consistent) options_.positions->Advance(options_.source->name(), position);
  return absl::OkStatus();
}

void Follower::Withdraw() {
  options_.positions->Withdraw(options_.source->name());
  options_.sink->Withdraw();
  MutexLock lock(&mutex_);
  status_.ready = false;
  status_.applied = Position();
}

absl::StatusOr<Position> Follower::PositionOf(const std::string& resume_token) const {
  const absl::StatusOr<ConsistencyToken> token = ConsistencyToken::Decode(*options_.keys, resume_token);
  // Not INVALID_ARGUMENT, which says that the source does not understand our token.
  if (!token.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("a position of ", options_.source->name(), " cannot be read; both sides need the same keys file"));
  }
  const auto found = token->positions().find(options_.source->name());
  if (found == token->positions().end()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the source ", options_.source->name(), " sent a position that does not name it"));
  }
  return found->second;
}

}  // namespace tandem::feed
