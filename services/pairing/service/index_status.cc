#include "services/pairing/service/index_status.h"

#include "absl/time/time.h"

#include "services/pairing/match_cache/answer_date.h"

namespace tandem::pairing {
namespace {

void SetTime(absl::Time time, google::protobuf::Timestamp* timestamp) {
  const int64_t micros = absl::ToUnixMicros(time);
  timestamp->set_seconds(micros / 1'000'000);
  timestamp->set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1000));
}

}  // namespace

v1::CacheStatus CacheStatusOf(const AnswerCache& cache, const CachedFinder& finder, const SharedAnswers* shared) {
  const AnswerCache::Counters counters = cache.counters();
  v1::CacheStatus status;
  status.set_answer_count(static_cast<int64_t>(counters.answers));
  status.set_bytes(static_cast<int64_t>(counters.bytes));
  status.set_hit_count(static_cast<int64_t>(counters.hits));
  status.set_miss_count(static_cast<int64_t>(counters.misses));
  status.set_outdated_count(static_cast<int64_t>(counters.outdated));
  status.set_joined_count(static_cast<int64_t>(finder.joined()));
  if (shared != nullptr) {
    const SharedAnswers::Counters from_redis = shared->counters();
    status.set_shared_hit_count(static_cast<int64_t>(finder.shared_hits()));
    status.set_shared_miss_count(
        static_cast<int64_t>(from_redis.absent + from_redis.refused + from_redis.found - finder.shared_hits()));
    status.set_shared_error_count(static_cast<int64_t>(from_redis.errors));
    status.set_shared_open(!shared->open());
  }
  return status;
}

v1::EffectsStatus EffectsStatusOf(const effects::EffectCounts& counts) {
  v1::EffectsStatus status;
  status.set_done_count(counts.done);
  status.set_failure_count(counts.failed);
  status.set_due_count(counts.due);
  return status;
}

v1::GetIndexStatusResponse IndexStatus(const MarketStore& markets, const MarketFollowers& followers,
                                       const Freshness& freshness, absl::string_view edition) {
  v1::GetIndexStatusResponse response;
  const ConsistencyToken applied = freshness.Applied();
  for (const SourceState& state : followers.States()) {
    v1::SourceStatus* source = response.add_sources();
    source->set_source(state.source);
    // From what readers wait for, not from the follower, which notes its own position a moment later.
    const auto position = applied.positions().find(state.source);
    if (position != applied.positions().end()) {
      source->set_ready(true);
      source->set_epoch(position->second.epoch);
      source->set_applied_revision(position->second.revision);
    }
    source->set_connected(state.status.connected);
    source->set_relist_count(state.status.relists);
    if (state.status.last_contact != absl::InfinitePast()) {
      SetTime(state.status.last_contact, source->mutable_last_contact_time());
    }
  }
  SetAge(freshness.Age(), response.mutable_age());
  response.set_consistency_token(freshness.AppliedToken());  // before the counts, so that it is never ahead of them
  for (const auto& market : markets.All()) {
    if (!edition.empty() && market->edition != edition) continue;
    v1::EditionStatus* status = response.add_editions();
    status->set_edition(market->edition);
    status->set_project_count(static_cast<int32_t>(market->projects.size()));
    status->set_investor_count(static_cast<int32_t>(market->investors.size()));
    status->set_deal_count(market->deal_count);
    status->set_matched_project_count(static_cast<int32_t>(market->project_index->size()));
    status->set_matched_investor_count(static_cast<int32_t>(market->investor_index->size()));
    status->set_ranking_profile(market->context->ranking_profile);
    status->set_project_index_bytes(static_cast<int64_t>(market->memory.projects));
    status->set_investor_index_bytes(static_cast<int64_t>(market->memory.investors));
    status->set_bookkeeping_bytes(static_cast<int64_t>(market->memory.bookkeeping));
    const MarketStore::Activity activity = markets.ActivityOf(market->edition);
    if (activity.last_apply != absl::InfinitePast()) SetTime(activity.last_apply, status->mutable_last_apply_time());
    status->set_kept_list_count(static_cast<int64_t>(activity.lists.lists + activity.lists.watched));
    status->set_touched_list_count(static_cast<int64_t>(activity.lists.touched));
    status->set_kept_list_bytes(static_cast<int64_t>(activity.lists.bytes));
  }
  return response;
}

}  // namespace tandem::pairing
