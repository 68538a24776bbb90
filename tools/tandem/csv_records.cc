// What the columns of CSV files mean for each kind of record.
#include "tandem/investors/v1/deal.pb.h"
#include "tandem/investors/v1/investor.pb.h"
#include "tandem/projects/v1/project.pb.h"
#include "tools/tandem/record_parser.h"

namespace tandem::cli {
namespace {

using google::protobuf::Message;
using investors::v1::Criterion;
using investors::v1::Deal;
using investors::v1::Investor;
using projects::v1::Project;

void FillRange(CsvRow* row, const std::string& what, type::v1::MoneyRange* range) {
  const std::string currency = row->Text(what + "_currency");
  range->set_currency_code(currency);
  range->set_min_minor(row->Minor(what + "_min", currency));
  range->set_target_minor(row->Minor(what + "_target", currency));
  range->set_max_minor(row->Minor(what + "_max", currency));
}

bool HasRange(const CsvRow& row, const std::string& what) {
  for (const char* end : {"_min", "_target", "_max"}) {
    if (!row.Text(what + end).empty()) return true;
  }
  return false;
}

void FillProject(CsvRow* row, Message* message) {
  auto* project = static_cast<Project*>(message);
  project->set_external_id(row->Text("external_id"));
  row->Texts(project->mutable_texts());
  project->set_organisation(row->Text("organisation"));
  for (auto& sector : row->Sectors("sectors")) *project->add_sectors() = std::move(sector);
  for (auto& keyword : row->List("keywords")) project->add_keywords(std::move(keyword));
  project->set_stage_of_development(row->Value<type::v1::StageOfDevelopment>("stage"));
  project->set_trl(row->Integer("trl"));
  project->set_funding_round(row->Value<type::v1::FundingRound>("round"));
  if (HasRange(*row, "ask")) FillRange(row, "ask", project->mutable_ask());
  for (const auto instrument : row->Values<type::v1::Instrument>("instruments")) project->add_instruments(instrument);
  for (const auto type : row->Values<type::v1::CooperationType>("cooperation")) project->add_cooperation_types(type);
  project->set_ipr_status(row->Value<type::v1::IprStatus>("ipr"));
  type::v1::Place place;
  if (row->Place(&place)) *project->mutable_place() = std::move(place);
  for (auto& language : row->List("languages")) project->add_languages(std::move(language));
  project->set_team_size(row->Integer("team_size"));
  project->set_founded_date(row->Text("founded_date"));
  for (auto& id : row->List("prior_investors")) project->add_prior_investors()->set_external_id(std::move(id));
}

Criterion* AddCriterion(type::v1::Strength strength, Investor* investor) {
  Criterion* criterion = investor->mutable_mandate()->add_criteria();
  criterion->set_strength(strength);
  return criterion;
}

void FillMandate(CsvRow* row, Investor* investor) {
  for (const bool wanted : {true, false}) {
    const auto strength = wanted ? type::v1::STRENGTH_SHOULD : type::v1::STRENGTH_MUST_NOT;
    const std::string prefix = wanted ? "wants_" : "excludes_";
    const auto sectors = row->Sectors(prefix + "sectors");
    if (!sectors.empty()) {
      auto* set = AddCriterion(strength, investor)->mutable_sectors();
      for (const auto& sector : sectors) *set->add_items()->mutable_sector() = sector;
    }
    const auto countries = row->List(prefix + "countries");
    if (!countries.empty()) {
      auto* set = AddCriterion(strength, investor)->mutable_places();
      for (const auto& country : countries) set->add_items()->set_country_or_group(country);
    }
  }
  const auto stages = row->Values<type::v1::StageOfDevelopment>("wants_stages");
  if (!stages.empty()) {
    auto* set = AddCriterion(type::v1::STRENGTH_SHOULD, investor)->mutable_stages();
    for (const auto stage : stages) set->add_items()->set_stage(stage);
  }
  const auto rounds = row->Values<type::v1::FundingRound>("wants_rounds");
  if (!rounds.empty()) {
    auto* set = AddCriterion(type::v1::STRENGTH_SHOULD, investor)->mutable_rounds();
    for (const auto round : rounds) set->add_items()->set_round(round);
  }
  if (HasRange(*row, "ticket")) {
    FillRange(row, "ticket", AddCriterion(type::v1::STRENGTH_SHOULD, investor)->mutable_ticket());
  }
}

void FillInvestor(CsvRow* row, Message* message) {
  auto* investor = static_cast<Investor*>(message);
  investor->set_external_id(row->Text("external_id"));
  investor->set_organisation(row->Text("organisation"));
  investor->set_type(row->Value<type::v1::InvestorType>("type"));
  row->Texts(investor->mutable_texts());
  type::v1::Place place;
  if (row->Place(&place)) *investor->add_places() = std::move(place);
  for (auto& language : row->List("languages")) investor->add_languages(std::move(language));
  investor->set_capacity(row->Integer("capacity"));
  investor->set_deployment(row->Value<Investor::Deployment>("deployment"));
  FillMandate(row, investor);
}

void FillDeal(CsvRow* row, Message* message) {
  auto* deal = static_cast<Deal*>(message);
  deal->set_external_id(row->Text("external_id"));
  deal->mutable_investor()->set_external_id(row->Text("investor"));
  deal->set_date(row->Text("date"));
  deal->mutable_company()->set_external_id(row->Text("company_id"));
  deal->mutable_company()->set_display_name(row->Text("company_name"));
  deal->mutable_company()->set_summary(row->Text("company_summary"));
  for (auto& sector : row->Sectors("sectors")) *deal->add_sectors() = std::move(sector);
  type::v1::Place place;
  if (row->Place(&place)) *deal->mutable_place() = std::move(place);
  deal->set_stage_of_development(row->Value<type::v1::StageOfDevelopment>("stage"));
  deal->set_trl(row->Integer("trl"));
  deal->set_funding_round(row->Value<type::v1::FundingRound>("round"));
  const std::string currency = row->Text("currency");
  const auto money = [&](const char* column, type::v1::Money* amount) {
    amount->set_currency_code(currency);
    amount->set_amount_minor(row->Minor(column, currency));
  };
  if (!row->Text("round_size").empty()) money("round_size", deal->mutable_round_size());
  if (!row->Text("ticket").empty()) money("ticket", deal->mutable_ticket());
  for (const auto instrument : row->Values<type::v1::Instrument>("instruments")) deal->add_instruments(instrument);
  for (const auto type : row->Values<type::v1::CooperationType>("cooperation")) deal->add_cooperation_types(type);
  deal->set_language_code(row->Text("language"));
  for (auto& id : row->List("co_investors")) deal->add_co_investors()->set_external_id(std::move(id));
}

}  // namespace

const RecordKind& ProjectKind() {
  static const auto* const kKind =
      new RecordKind{"projects",
                     &Project::default_instance(),
                     {"external_id",  "language",    "title",      "summary",      "description",
                      "organisation", "sectors",     "keywords",   "stage",        "trl",
                      "round",        "ask_min",     "ask_target", "ask_max",      "ask_currency",
                      "instruments",  "cooperation", "ipr",        "country",      "region",
                      "city",         "languages",   "team_size",  "founded_date", "prior_investors"},
                     &FillProject};
  return *kKind;
}

const RecordKind& InvestorKind() {
  static const auto* const kKind = new RecordKind{"investors",
                                                  &Investor::default_instance(),
                                                  {"external_id",
                                                   "language",
                                                   "title",
                                                   "summary",
                                                   "description",
                                                   "type",
                                                   "country",
                                                   "region",
                                                   "city",
                                                   "languages",
                                                   "capacity",
                                                   "deployment",
                                                   "wants_sectors",
                                                   "wants_stages",
                                                   "wants_rounds",
                                                   "wants_countries",
                                                   "ticket_min",
                                                   "ticket_target",
                                                   "ticket_max",
                                                   "ticket_currency",
                                                   "excludes_sectors",
                                                   "excludes_countries",
                                                   "organisation"},
                                                  &FillInvestor};
  return *kKind;
}

const RecordKind& DealKind() {
  static const auto* const kKind = new RecordKind{
      "deals",
      &Deal::default_instance(),
      {"external_id", "investor", "date",        "company_id",  "company_name", "company_summary", "sectors",
       "country",     "region",   "city",        "stage",       "trl",          "round",           "round_size",
       "ticket",      "currency", "instruments", "cooperation", "language",     "co_investors"},
      &FillDeal};
  return *kKind;
}

}  // namespace tandem::cli
