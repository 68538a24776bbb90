#include "services/pairing/matching/feature_counter.h"

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
    features->insert(CountryFeature(place.country_code()));
    for (const std::string& group : RegionGroups(place.country_code())) features->insert(CountryFeature(group));
    if (!place.region().empty()) features->insert(RegionFeature(place.country_code(), place.region()));
  }
  if (record.stage_of_development() != 0) features->insert(NumberFeature("stage", record.stage_of_development()));
  if (record.funding_round() != 0) features->insert(NumberFeature("round", record.funding_round()));
  if (record.trl() != 0) features->insert(NumberFeature("trl", record.trl()));
  for (const int value : record.instruments()) features->insert(NumberFeature("instrument", value));
  for (const int value : record.cooperation_types()) features->insert(NumberFeature("cooperation", value));
}

void CollectAmount(const LogAmount& amount, std::set<std::string>* features) {
  if (amount.known) features->insert(NumberFeature("ask", AmountBucket(amount.ln)));
}

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
  ++projects_;
  Add(features, &Count::projects);
}

void FeatureCounter::AddDeal(const investors::v1::Deal& deal) {
  std::set<std::string> features;
  CollectSectorsAndPlace(deal, &features);
  CollectAmount(BaseAmount(context_.edition, deal.round_size().currency_code(), deal.round_size().amount_minor()),
                &features);
  if (!deal.language_code().empty()) features.insert(LanguageFeature(PrimaryLanguage(deal.language_code())));
  ++deals_;
  Add(features, &Count::deals);
}

v1::Statistics FeatureCounter::Result() const {
  v1::Statistics statistics;
  statistics.set_project_count(projects_);
  statistics.set_deal_count(deals_);
  for (const auto& [feature, count] : counts_) {
    if (count.projects + count.deals < 2) continue;
    v1::FeatureCount* out = statistics.add_features();
    out->set_feature(feature);
    out->set_project_count(count.projects);
    out->set_deal_count(count.deals);
  }
  return statistics;
}

}  // namespace tandem::pairing::matching
