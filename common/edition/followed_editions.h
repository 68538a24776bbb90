// FollowedEditions: an EditionDirectory with what fills it.
#ifndef TANDEM_COMMON_EDITION_FOLLOWED_EDITIONS_H_
#define TANDEM_COMMON_EDITION_FOLLOWED_EDITIONS_H_

#include <chrono>
#include <grpcpp/channel.h>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "common/base/clock.h"
#include "common/edition/edition_directory.h"
#include "common/feed/feed.h"
#include "common/feed/follower.h"
#include "common/tokens/key_ring.h"

namespace tandem {

// The editions that exist, as a service follows them. Check and Shutdown are thread-safe; Follow and Stop are for the
// thread that owns the object.
class FollowedEditions {
 public:
  // `own_source` is the store of the service. `keys` and `clock` must outlive the object.
  FollowedEditions(std::string own_source, const KeyRing* keys, const Clock* clock = SystemClock());
  ~FollowedEditions() { Stop(); }
  FollowedEditions(const FollowedEditions&) = delete;
  FollowedEditions& operator=(const FollowedEditions&) = delete;

  // Begins to follow. Until then, Check waits.
  void Follow(std::shared_ptr<grpc::Channel> channel);

  // See EditionDirectory::Check.
  absl::Status Check(absl::string_view edition, absl::string_view consistency_token,
                     std::chrono::steady_clock::time_point deadline) {
    return directory_.Check(edition, consistency_token, deadline);
  }
  absl::Status WaitUntilReady(std::chrono::steady_clock::time_point deadline) {
    return directory_.positions()->WaitUntilReady(deadline);
  }

  // Wakes every waiter: call before the server stops.
  void Shutdown() { directory_.Shutdown(); }
  // Ends the following; the channel is not used afterwards.
  void Stop();

 private:
  const std::string own_source_;
  const KeyRing* const keys_;
  const Clock* const clock_;
  EditionDirectory directory_;
  std::unique_ptr<feed::Source> source_;
  std::optional<feed::Follower> follower_;
};

}  // namespace tandem

#endif  // TANDEM_COMMON_EDITION_FOLLOWED_EDITIONS_H_
