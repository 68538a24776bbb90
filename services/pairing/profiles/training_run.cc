#include "services/pairing/profiles/training_run.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "common/base/civil_date.h"
#include "common/base/status.h"
#include "services/pairing/matching/learning/trainer.h"
#include "services/pairing/matching/profile_codec.h"
#include "services/pairing/profiles/past_records.h"

namespace tandem::pairing {
namespace {

// What a market has to learn from. Past deals are put beside its own once its lock is given back.
absl::StatusOr<matching::TrainingInput> InputOf(const MarketStore& markets, const std::string& edition) {
  matching::TrainingInput input;
  const bool known =
      markets.Read(edition, [&](const matching::Market& market) { input = matching::TrainingInputOf(market); });
  if (!known) {
    return MakeError(absl::StatusCode::kNotFound, "EDITION_NOT_FOUND", absl::StrCat("there is no ", edition),
                     {{"edition", edition}});
  }
  if (input.context->statistics.number() == 0) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT",
                     absl::StrCat(edition,
                                  " has no frozen statistics, without which nothing says what is common and "
                                  "what is rare: freeze them first (FreezeStatistics)"),
                     {{"resource", edition}, {"state", "unfrozen"}, {"step", "train"}, {"allowed", "freeze"}});
  }
  return input;
}

absl::Status WithReason(const absl::Status& status, const std::string& edition) {
  if (absl::IsResourceExhausted(status)) {
    return MakeError(absl::StatusCode::kResourceExhausted, "LIMIT_EXCEEDED", std::string(status.message()),
                     {{"limit", "investors times rounds"}, {"value", "see the message"}});
  }
  if (!absl::IsFailedPrecondition(status)) return status;
  return MakeError(absl::StatusCode::kFailedPrecondition, "STATE_CONFLICT", std::string(status.message()),
                   {{"resource", edition}, {"state", "too few deals"}, {"step", "train"}, {"allowed", ""}});
}

void AddMetrics(const char* task, const matching::TaskMetrics& fitted, const matching::TaskMetrics& shipped,
                v1::RankingProfile* profile) {
  const auto add = [&](const char* name, int64_t matching::TaskMetrics::*value) {
    v1::ProfileMetric* metric = profile->add_metrics();
    metric->set_task(task);
    metric->set_name(name);
    metric->set_value_millionths(fitted.*value);
    metric->set_default_value_millionths(shipped.*value);
    metric->set_query_count(fitted.queries);
  };
  add("recall@10", &matching::TaskMetrics::recall_at_10);
  add("recall@50", &matching::TaskMetrics::recall_at_50);
  add("ndcg@10", &matching::TaskMetrics::ndcg_at_10);
  add("log-loss", &matching::TaskMetrics::log_loss);
}

v1::RankingProfile Describe(const matching::TrainingResult& result, const matching::TrainingInput& input,
                            const v1::TrainProfileRequest& request, int64_t past_deals, const std::string& run) {
  v1::RankingProfile profile = matching::ToProto(result.profile, request.parent());
  profile.set_as_of_date(request.as_of_date());
  profile.set_seed(request.seed());
  profile.set_statistics_number(input.context->statistics.number());
  profile.set_statistics_fingerprint(input.context->statistics.fingerprint());
  profile.set_data_fingerprint(result.data_fingerprint);
  v1::TrainingCounts* counts = profile.mutable_counts();
  counts->set_deal_count(result.counts.deals);
  counts->set_example_count(result.counts.examples);
  counts->set_investor_count(result.counts.investors);
  counts->set_past_deal_count(past_deals);
  counts->set_acceptance_count(result.counts.acceptances);
  counts->set_decline_count(result.counts.declines);
  AddMetrics("investors-for-project", result.fitted.investors_for_project, result.shipped.investors_for_project,
             &profile);
  AddMetrics("projects-for-investor", result.fitted.projects_for_investor, result.shipped.projects_for_investor,
             &profile);
  for (const matching::CalibrationDecile& decile : result.calibration) {
    v1::CalibrationPoint* point = profile.add_calibration();
    point->set_score(decile.mean_score);
    point->set_observed_share_millionths(static_cast<int32_t>(decile.observed));
    point->set_pair_count(decile.pairs);
  }
  profile.set_run(run);
  return profile;
}

}  // namespace

absl::StatusOr<std::string> RunTraining(const MarketStore& markets, const v1::TrainProfileRequest& request, int threads,
                                        ProfileLog* log, const Progress& progress) {
  progress.Report(1, "taking the data");
  TANDEM_ASSIGN_OR_RETURN(matching::TrainingInput input, InputOf(markets, request.parent()));
  const Deals past = PastDeals(request.past_records(), input.investors, input.deals);
  input.deals.insert(input.deals.end(), past.begin(), past.end());

  matching::TrainingOptions options;
  options.seed = static_cast<uint64_t>(request.seed());
  TANDEM_ASSIGN_OR_RETURN(options.as_of_day, ParseDate(request.as_of_date()));
  options.threads = threads;
  if (request.limits().example_count() > 0) {
    options.most_examples = static_cast<size_t>(request.limits().example_count());
  }
  if (request.limits().alternative_count() > 0) {
    options.alternatives = static_cast<size_t>(request.limits().alternative_count());
  }
  const auto report = [&](absl::string_view phase, int done) {
    progress.Report(done, phase);
    return !progress.Cancelled();
  };
  const absl::StatusOr<matching::TrainingResult> trained = matching::Train(input, options, report);
  if (!trained.ok()) return WithReason(trained.status(), request.parent());
  const matching::TrainingResult& result = *trained;
  if (progress.Cancelled()) return absl::CancelledError();
  TANDEM_ASSIGN_OR_RETURN(
      const ProfileLog::Kept kept,
      log->Add(absl::StripPrefix(request.parent(), "editions/"),
               Describe(result, input, request, static_cast<int64_t>(past.size()), progress.run())));
  return kept.profile.name();
}

}  // namespace tandem::pairing
