#include "common/edition/followed_editions.h"

#include <utility>

#include "common/base/caller.h"
#include "common/edition/edition_source.h"

namespace tandem {

FollowedEditions::FollowedEditions(std::string own_source, const KeyRing* keys, const Clock* clock)
    : own_source_(std::move(own_source)), keys_(keys), clock_(clock), directory_(own_source_, keys) {}

void FollowedEditions::Follow(std::shared_ptr<grpc::Channel> channel) {
  source_ = NewEditionSource(std::move(channel), Caller{own_source_, CallerSide::kOperator, "", {}});
  feed::Follower::Options options;
  options.source = source_.get();
  options.sink = &directory_;
  options.positions = directory_.positions();
  options.keys = keys_;
  options.clock = clock_;
  follower_.emplace(std::move(options));
  follower_->Start();
}

void FollowedEditions::Stop() {
  follower_.reset();
  source_.reset();
}

}  // namespace tandem
