#include "services/pairing/demo_data/places.h"
#include "services/pairing/demo_data/records.h"
#include "services/pairing/demo_data/words.h"

namespace tandem::pairing {
namespace {

void AddSector(const char* code, const char* parent, const Phrase& label, v1::Taxonomy* taxonomy) {
  v1::Sector* sector = taxonomy->add_sectors();
  sector->set_code(code);
  sector->set_parent_code(parent);
  for (const bool chinese : {false, true}) {
    v1::Label* text = sector->add_labels();
    text->set_language_code(chinese ? "zh-Hans" : "en");
    text->set_text(chinese ? label.zh : label.en);
  }
}

}  // namespace

v1::Edition MakeEdition(const std::string& edition_id) {
  v1::Edition edition;
  edition.set_name("editions/" + edition_id);
  for (const bool chinese : {true, false}) {
    type::v1::LocalizedText* text = edition.add_texts();
    text->set_language_code(chinese ? "zh-Hans" : "en");
    text->set_title(chinese ? "项目对接专区（演示数据）" : "Project pairing zone (demo data)");
    text->set_original(chinese);
  }
  edition.set_reference_date("2026-11-20");
  edition.set_time_zone("Asia/Shanghai");
  edition.add_languages("zh-Hans");
  edition.add_languages("en");
  edition.set_base_currency_code("CNY");
  for (const Rate& rate : Rates()) {
    v1::ExchangeRate* exchange = edition.add_exchange_rates();
    exchange->set_currency_code(rate.currency);
    exchange->set_rate_nanos(rate.nanos);
  }
  return edition;
}

v1::Taxonomy MakeTaxonomy() {
  v1::Taxonomy taxonomy;
  taxonomy.set_scheme("tandem-demo");
  taxonomy.set_version("1");
  for (const TopSector& top : TopSectors()) {
    AddSector(top.code, "", top.label, &taxonomy);
    for (const Subsector& subsector : Subsectors()) {
      if (absl::string_view(subsector.parent) == top.code) {
        AddSector(subsector.code, subsector.parent, subsector.label, &taxonomy);
      }
    }
  }
  return taxonomy;
}

type::v1::SectorCode ToSectorCode(const char* code) {
  type::v1::SectorCode sector;
  sector.set_scheme("tandem-demo");
  sector.set_version("1");
  sector.set_code(code);
  return sector;
}

}  // namespace tandem::pairing
