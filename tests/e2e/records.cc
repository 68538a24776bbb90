#include "tests/e2e/records.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

#include "tandem/type/v1/types.pb.h"
#include "tandem/type/v1/vocabulary.pb.h"

namespace tandem::e2e {
namespace {

void AddText(const std::string& title, int version,
             google::protobuf::RepeatedPtrField<type::v1::LocalizedText>* texts) {
  type::v1::LocalizedText* text = texts->Add();
  text->set_language_code("en");
  text->set_title(title);
  text->set_summary(absl::StrCat("Version ", version, " of what ", title, " does with batteries and sensors."));
  text->set_original(true);
}

void SetSector(int version, type::v1::SectorCode* sector) {
  sector->set_scheme("nace");
  sector->set_version("2.1");
  sector->set_code(absl::StrFormat("C%02d", 10 + version % 20));
}

template <typename Record>
Record WithoutWhatTheServiceSets(Record record) {
  record.clear_name();
  record.clear_uid();
  record.clear_etag();
  record.clear_create_time();
  record.clear_update_time();
  record.clear_consistency_token();
  return record;
}

template <typename Record>
std::string ContentOfReviewed(const Record& sent) {
  Record record = WithoutWhatTheServiceSets(sent);
  record.clear_delete_time();
  record.clear_state();
  record.clear_review_note();
  return Serialized(record);
}

}  // namespace

pairing::v1::Edition NewEdition() {
  pairing::v1::Edition edition;
  edition.set_reference_date("2026-11-14");
  edition.set_time_zone("Asia/Shanghai");
  edition.add_languages("en");
  edition.set_base_currency_code("CNY");
  return edition;
}

projects::v1::Project NewProject(const std::string& external_id, int version) {
  projects::v1::Project project;
  project.set_external_id(external_id);
  AddText(absl::StrCat("Project ", external_id), version, project.mutable_texts());
  project.set_organisation(absl::StrCat("Organisation ", version));
  SetSector(version, project.add_sectors());
  project.add_keywords(absl::StrCat("keyword-", version));
  project.set_stage_of_development(type::v1::STAGE_OF_DEVELOPMENT_LAB_TESTED);
  project.set_trl(1 + version % 9);
  project.mutable_ask()->set_currency_code("CNY");
  project.mutable_ask()->set_target_minor(int64_t{1'000'000} * (1 + version));
  project.mutable_place()->set_country_code("CN");
  project.add_languages("en");
  return project;
}

investors::v1::Investor NewInvestor(const std::string& external_id, int version) {
  investors::v1::Investor investor;
  investor.set_external_id(external_id);
  investor.set_type(type::v1::INVESTOR_TYPE_VENTURE_CAPITAL);
  AddText(absl::StrCat("Investor ", external_id), version, investor.mutable_texts());
  investor.add_places()->set_country_code("CN");
  investor.add_languages("en");
  investor.set_capacity(1 + version);
  SetSector(version, investor.mutable_mandate()->add_criteria()->mutable_sectors()->add_items()->mutable_sector());
  return investor;
}

investors::v1::Deal NewDeal(const std::string& external_id, const std::string& investor_external_id, int version) {
  investors::v1::Deal deal;
  deal.set_external_id(external_id);
  deal.mutable_investor()->set_external_id(investor_external_id);
  deal.set_date("2025-06-01");
  deal.mutable_company()->set_display_name(absl::StrCat("Company ", external_id));
  deal.mutable_company()->set_summary(absl::StrCat("Version ", version));
  SetSector(version, deal.add_sectors());
  deal.mutable_ticket()->set_currency_code("CNY");
  deal.mutable_ticket()->set_amount_minor(int64_t{1'000'000} * (1 + version));
  return deal;
}

std::string ContentOf(const projects::v1::Project& project) { return ContentOfReviewed(project); }

std::string ContentOf(const investors::v1::Investor& investor) { return ContentOfReviewed(investor); }

std::string ContentOf(const investors::v1::Deal& deal) {
  investors::v1::Deal record = WithoutWhatTheServiceSets(deal);
  record.mutable_investor()->clear_name();
  return Serialized(record);
}

std::string Serialized(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

}  // namespace tandem::e2e
