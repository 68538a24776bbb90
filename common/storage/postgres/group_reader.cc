#include "common/storage/postgres/group_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/base/ambient_deadline.h"
#include "common/base/status.h"

namespace tandem::postgres {
namespace {

// Whoever asks for many keys is not waited for by those who ask for a few.
constexpr size_t kMostKeys = 64, kMostKeysOfGroup = 1024;

}  // namespace

absl::Status EverythingBusy() {
  return MakeError(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                   "every connection for reading was busy for too long: retry later, with growing delays",
                   {{"cause", "busy"}});
}

absl::StatusOr<GroupReader::Found> GroupReader::Read(const std::vector<std::string>& keys) {
  if (keys.empty()) return Found();
  if (keys.size() > kMostKeys) return ReadAlone(keys);
  std::shared_ptr<Group> group;
  size_t first = 0;
  {
    MutexLock lock(&mutex_);
    if (open_ == nullptr || open_->keys.size() + keys.size() > kMostKeysOfGroup) open_ = std::make_shared<Group>();
    group = open_;
    first = group->keys.size();
    group->keys.insert(group->keys.end(), keys.begin(), keys.end());
  }
  return first == 0 ? Lead(group, keys) : Follow(group, keys, first);
}

absl::StatusOr<GroupReader::Found> GroupReader::ReadAlone(const std::vector<std::string>& keys) {
  return source_->Read([&]() -> const std::vector<std::string>& { return keys; }, /*once=*/false);
}

absl::StatusOr<GroupReader::Found> GroupReader::Lead(const std::shared_ptr<Group>& group,
                                                     const std::vector<std::string>& keys) {
  bool asked = false;
  absl::StatusOr<Found> read = source_->Read(
      [&]() -> const std::vector<std::string>& {
        asked = true;
        MutexLock lock(&mutex_);
        Close(group);
        return group->keys;
      },
      /*once=*/true);
  const absl::Status status = read.status();
  Found mine;
  {
    MutexLock lock(&mutex_);
    Close(group);
    group->done = true;
    group->read = status.ok();
    if (status.ok()) {
      group->found = *std::move(read);
      const auto begin = std::make_move_iterator(group->found.begin());
      mine.assign(begin, begin + static_cast<std::ptrdiff_t>(keys.size()));
    }
  }
  group->over.SignalAll();
  if (status.ok()) return mine;
  if (!asked) return status;
  return ReadAlone(keys);
}

absl::StatusOr<GroupReader::Found> GroupReader::Follow(const std::shared_ptr<Group>& group,
                                                       const std::vector<std::string>& keys, size_t first) {
  const auto deadline = std::min(std::chrono::steady_clock::now() + patience_, AmbientDeadline::Current());
  {
    MutexLock lock(&mutex_);
    while (!group->done && group->over.WaitUntil(&mutex_, deadline)) {
    }
    if (!group->done) return EverythingBusy();
    if (group->read) {
      const auto begin = std::make_move_iterator(group->found.begin() + static_cast<std::ptrdiff_t>(first));
      return Found(begin, begin + static_cast<std::ptrdiff_t>(keys.size()));
    }
  }
  return ReadAlone(keys);
}

void GroupReader::Close(const std::shared_ptr<Group>& group) {
  if (open_ == group) open_ = nullptr;
}

}  // namespace tandem::postgres
