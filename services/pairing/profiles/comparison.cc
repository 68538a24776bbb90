#include "services/pairing/profiles/comparison.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status.h"
#include "services/pairing/editions/profile_log.h"
#include "services/pairing/matching/gates.h"
#include "services/pairing/matching/profile_codec.h"
#include "services/pairing/matching/ranking.h"
#include "services/pairing/profiles/rank_agreement.h"

namespace tandem::pairing {
namespace {

using matching::Market;
using matching::Ranking;

// Up to `most` of them, spread evenly.
template <typename Facts>
std::vector<std::shared_ptr<const Facts>> Sample(
    const absl::btree_map<std::string, std::shared_ptr<const Facts>>& by_name, int most) {
  std::vector<std::shared_ptr<const Facts>> matched;
  for (const auto& [name, facts] : by_name) {
    if (matching::TakesPart(*facts)) matched.push_back(facts);
  }
  const size_t size = std::min(matched.size(), static_cast<size_t>(most));
  std::vector<std::shared_ptr<const Facts>> sample;
  for (size_t i = 0; i < size; ++i) sample.push_back(matched[i * matched.size() / size]);
  return sample;
}

Ranking Rank(const Market& market, const std::shared_ptr<const matching::ProjectFacts>& project, int32_t day) {
  return matching::RankInvestors(market, project, day);
}
Ranking Rank(const Market& market, const std::shared_ptr<const matching::InvestorFacts>& investor, int32_t day) {
  return matching::RankProjects(market, investor, day);
}

std::vector<absl::string_view> NamesOf(const Ranking& ranking) {
  std::vector<absl::string_view> names;
  for (const auto& ranked : ranking.investors) names.push_back(ranked.investor->record.name());
  for (const auto& ranked : ranking.projects) names.push_back(ranked.project->record.name());
  return names;
}

// The edition's market as if it had chosen `profile`.
void Choose(const v1::RankingProfile& profile, Market* market) {
  if (matching::ProfileId(profile.name()) != kDefaultProfileId) market->SetProfile(profile);
  v1::Edition edition = market->context()->edition;
  edition.set_ranking_profile(matching::ProfileId(profile.name()));
  market->SetEdition(edition);
}

template <typename Facts>
absl::Status CompareLists(const char* task, const Market& first, const Market& second,
                          const std::vector<std::shared_ptr<const Facts>>& subjects, int32_t day,
                          const std::function<absl::Status()>& may_go_on, v1::CompareProfilesResponse* response) {
  int64_t subject_count = 0, overlap = 0, tau = 0, same_best = 0;
  for (const auto& subject : subjects) {
    TANDEM_RETURN_IF_ERROR(may_go_on());
    const Ranking by_first = Rank(first, subject, day);
    if (by_first.size() < 2) continue;
    const Ranking by_second = Rank(second, subject, day);
    const RankAgreement agreement = Agree(NamesOf(by_first), NamesOf(by_second));
    ++subject_count;
    overlap += agreement.overlap_at_10_millionths;
    tau += agreement.kendall_tau_millionths;
    same_best += agreement.same_best ? 1'000'000 : 0;
  }
  v1::RankAgreement* added = response->add_agreements();
  added->set_task(task);
  added->set_subject_count(static_cast<int32_t>(subject_count));
  if (subject_count == 0) return absl::OkStatus();
  added->set_overlap_at_10_millionths(static_cast<int32_t>(overlap / subject_count));
  added->set_kendall_tau_millionths(static_cast<int32_t>(tau / subject_count));
  added->set_same_best_millionths(static_cast<int32_t>(same_best / subject_count));
  return absl::OkStatus();
}

using Key = std::string;  // of the feature

std::map<Key, v1::SignalWeight> WeightsOf(const v1::RankingProfile& profile) {
  std::map<Key, v1::SignalWeight> weights;
  for (const v1::SignalWeight& weight : profile.weights()) weights[weight.feature()] = weight;
  return weights;
}

v1::SignalWeight WeightOf(const std::map<Key, v1::SignalWeight>& weights, const v1::SignalWeight& like) {
  const auto found = weights.find(like.feature());
  if (found != weights.end()) return found->second;
  v1::SignalWeight none;
  none.set_signal(like.signal());
  none.set_side(like.side());
  none.set_feature(like.feature());
  return none;
}

}  // namespace

absl::Status CompareRanks(Market market, const v1::RankingProfile& first, const v1::RankingProfile& second,
                          int sample_size, int32_t as_of_day, const std::function<absl::Status()>& may_go_on,
                          v1::CompareProfilesResponse* response) {
  Market other = market.Copy();
  Choose(first, &market);
  Choose(second, &other);
  // Gates do not depend on the profile, so both lists of a subject have the same elements.
  TANDEM_RETURN_IF_ERROR(CompareLists("investors-for-project", market, other, Sample(market.projects(), sample_size),
                                      as_of_day, may_go_on, response));
  return CompareLists("projects-for-investor", market, other, Sample(market.investors(), sample_size), as_of_day,
                      may_go_on, response);
}

void CompareContents(const v1::RankingProfile& first, const v1::RankingProfile& second,
                     v1::CompareProfilesResponse* response) {
  const bool first_shipped = matching::ProfileId(first.name()) == kDefaultProfileId;
  const bool second_shipped = matching::ProfileId(second.name()) == kDefaultProfileId;
  const auto add = [&](const v1::ProfileMetric& metric, int64_t of_first, int64_t of_second, bool same_queries) {
    v1::MetricChange* change = response->add_metrics();
    change->set_task(metric.task());
    change->set_name(metric.name());
    change->set_first_millionths(of_first);
    change->set_second_millionths(of_second);
    change->set_same_queries(same_queries);
  };
  // Every learned profile was measured beside the shipped one.
  if (first_shipped || second_shipped) {
    for (const v1::ProfileMetric& metric : first_shipped ? second.metrics() : first.metrics()) {
      add(metric, first_shipped ? metric.default_value_millionths() : metric.value_millionths(),
          second_shipped ? metric.default_value_millionths() : metric.value_millionths(), true);
    }
  } else {
    const bool same_data = first.data_fingerprint() == second.data_fingerprint() &&
                           first.as_of_date() == second.as_of_date() && first.seed() == second.seed();
    for (const v1::ProfileMetric& metric : first.metrics()) {
      for (const v1::ProfileMetric& other : second.metrics()) {
        if (metric.task() != other.task() || metric.name() != other.name()) continue;
        add(metric, metric.value_millionths(), other.value_millionths(),
            same_data && metric.query_count() == other.query_count());
      }
    }
  }

  const auto of_first = WeightsOf(first);
  const auto of_second = WeightsOf(second);
  std::map<Key, v1::SignalWeight> all = of_first;
  all.insert(of_second.begin(), of_second.end());
  for (const auto& [key, weight] : all) {
    v1::SignalWeight a = WeightOf(of_first, weight);
    v1::SignalWeight b = WeightOf(of_second, weight);
    if (a.SerializeAsString() == b.SerializeAsString()) continue;
    *response->add_first_weights() = std::move(a);
    *response->add_second_weights() = std::move(b);
  }
}

}  // namespace tandem::pairing
