#include "services/pairing/matching/feature_counter.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"

#include "common/text/tokenize.h"
#include "common/vocab/language.h"
#include "common/vocab/region.h"
#include "services/pairing/matching/compiler.h"
#include "services/pairing/matching/features.h"
#include "services/pairing/matching/kernels.h"

namespace tandem::pairing::matching {
namespace {

template <typename Record>
void CollectSectorsAndPlace(const Record& record, std::set<std::string>* features) {
  for (const type::v1::SectorCode& code : record.sectors()) features->insert(SectorFeature(SectorKey(code)));
  const type::v1::Place& place = record.place();
  if (!place.country_code().empty()) {
    features->insert(StatedFeature("country"));
    features->insert(CountryFeature(place.country_code()));
    for (const std::string& group : RegionGroups(place.country_code())) features->insert(CountryFeature(group));
    if (!place.region().empty()) {
      const std::string region = RegionFeature(place.country_code(), place.region());
      features->insert(StatedFeature("region/" + place.country_code()));
      features->insert(region);
      if (!place.city().empty()) {
        features->insert(StatedFeature("city/" + region));
        features->insert(CityFeature(place.country_code(), place.region(), place.city()));
      }
    }
  }
  if (record.stage_of_development() != 0) features->insert(NumberFeature("stage", record.stage_of_development()));
  features->insert(NumberFeature("round", record.funding_round()));
  if (record.trl() != 0) features->insert(NumberFeature("trl", record.trl()));
  for (const int value : record.instruments()) features->insert(NumberFeature("instrument", value));
  for (const int value : record.cooperation_types()) features->insert(NumberFeature("cooperation", value));
}

void CollectAmount(const LogAmount& amount, std::set<std::string>* features) {
  features->insert(NumberFeature("ask", AskCodeOf(amount)));
}

void CollectHistory(bool first, std::set<std::string>* features) {
  features->insert(NumberFeature("history", first ? kFirstRound : kLaterRound));
}

// Of one feature in the record, with its tag and length.
size_t BytesOf(const v1::FeatureCount& feature) { return feature.ByteSizeLong() + 4; }

void CollectTerms(absl::string_view text, absl::string_view language, std::set<std::string>* features) {
  for (const std::string& term : tandem::Terms(text, language)) features->insert(TermFeature(term));
}

}  // namespace

void FeatureCounter::Add(const std::set<std::string>& features, int64_t Count::*kind) {
  for (const std::string& feature : features) ++(counts_[feature].*kind);
}

void FeatureCounter::AddProject(const projects::v1::Project& project) {
  std::set<std::string> features;
  CollectSectorsAndPlace(project, &features);
  const type::v1::MoneyRange& ask = project.ask();
  CollectAmount(BaseAmount(context_.edition, ask.currency_code(), MiddleOf(ask)), &features);
  for (const std::string& tag : project.languages()) features.insert(LanguageFeature(PrimaryLanguage(tag)));
  for (const type::v1::LocalizedText& text : project.texts()) {
    CollectTerms(text.title(), text.language_code(), &features);
    CollectTerms(text.summary(), text.language_code(), &features);
    CollectTerms(text.description(), text.language_code(), &features);
  }
  for (const std::string& keyword : project.keywords()) CollectTerms(keyword, "", &features);
  CollectHistory(project.prior_investors().empty(), &features);
  ++projects_;
  counts_[StatedFeature("sector")].projects += project.sectors_size();
  Add(features, &Count::projects);
}

void FeatureCounter::AddDeal(const investors::v1::Deal& deal, bool opening) {
  std::set<std::string> features;
  CollectSectorsAndPlace(deal, &features);
  CollectAmount(BaseAmount(context_.edition, deal.round_size().currency_code(), deal.round_size().amount_minor()),
                &features);
  CollectHistory(opening, &features);
  if (!deal.language_code().empty()) features.insert(LanguageFeature(PrimaryLanguage(deal.language_code())));
  ++deals_;
  counts_[StatedFeature("sector")].deals += deal.sectors_size();
  Add(features, &Count::deals);
}

v1::Statistics FeatureCounter::Result(size_t most_bytes) const {
  v1::Statistics statistics;
  statistics.set_project_count(projects_);
  statistics.set_deal_count(deals_);
  std::vector<v1::FeatureCount> kept;
  size_t bytes = 0;
  for (const auto& [feature, count] : counts_) {
    if (count.projects + count.deals < 2) continue;
    v1::FeatureCount& out = kept.emplace_back();
    out.set_feature(feature);
    out.set_project_count(count.projects);
    out.set_deal_count(count.deals);
    bytes += BytesOf(out);
  }
  if (bytes > most_bytes) {
    // What to keep comes first: other features before terms, the common ones before the rare ones.
    std::sort(kept.begin(), kept.end(), [](const v1::FeatureCount& a, const v1::FeatureCount& b) {
      const bool a_is_term = absl::StartsWith(a.feature(), TermFeature(""));
      const bool b_is_term = absl::StartsWith(b.feature(), TermFeature(""));
      if (a_is_term != b_is_term) return b_is_term;
      const int64_t in_a = a.project_count() + a.deal_count();
      const int64_t in_b = b.project_count() + b.deal_count();
      return in_a != in_b ? in_a > in_b : a.feature() < b.feature();
    });
    for (; bytes > most_bytes; kept.pop_back()) bytes -= BytesOf(kept.back());
    std::sort(kept.begin(), kept.end(),
              [](const v1::FeatureCount& a, const v1::FeatureCount& b) { return a.feature() < b.feature(); });
  }
  for (v1::FeatureCount& feature : kept) *statistics.add_features() = std::move(feature);
  return statistics;
}

}  // namespace tandem::pairing::matching
