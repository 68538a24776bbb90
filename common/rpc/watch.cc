#include "common/rpc/watch.h"

#include <cstdint>
#include <random>

namespace tandem::rpc {

type::v1::WatchPhase ToProto(feed::Phase phase) {
  switch (phase) {
    case feed::Phase::kSnapshot:
      return type::v1::WATCH_PHASE_SNAPSHOT;
    case feed::Phase::kSnapshotEnd:
      return type::v1::WATCH_PHASE_SNAPSHOT_END;
    case feed::Phase::kChanges:
      return type::v1::WATCH_PHASE_CHANGES;
    case feed::Phase::kProgress:
      return type::v1::WATCH_PHASE_PROGRESS;
  }
  return type::v1::WATCH_PHASE_UNSPECIFIED;
}

absl::StatusOr<feed::Phase> FromProto(type::v1::WatchPhase phase) {
  switch (phase) {
    case type::v1::WATCH_PHASE_SNAPSHOT:
      return feed::Phase::kSnapshot;
    case type::v1::WATCH_PHASE_SNAPSHOT_END:
      return feed::Phase::kSnapshotEnd;
    case type::v1::WATCH_PHASE_CHANGES:
      return feed::Phase::kChanges;
    case type::v1::WATCH_PHASE_PROGRESS:
      return feed::Phase::kProgress;
    default:
      return absl::FailedPreconditionError(
          absl::StrCat("the source speaks of a watch phase that is not known here: ", static_cast<int>(phase)));
  }
}

google::protobuf::ArenaOptions WatchArena() {
  google::protobuf::ArenaOptions options;
  options.start_block_size = 1 << 10;
  options.max_block_size = 64 << 10;
  return options;
}

std::chrono::steady_clock::time_point EndOfWatch(std::chrono::seconds age) {
  thread_local std::minstd_rand random(std::random_device{}());
  const auto most = std::chrono::milliseconds(age).count() / 4;
  const std::chrono::milliseconds extra(std::uniform_int_distribution<int64_t>(0, most)(random));
  return std::chrono::steady_clock::now() + age + extra;
}

}  // namespace tandem::rpc
