#include "services/pairing/profiles/training_export.h"

#include <gtest/gtest.h>
#include <memory>

namespace tandem::pairing {
namespace {

TEST(TrainingExportTest, NobodyIsNamed) {
  auto record = std::make_shared<investors::v1::Investor>();
  auto facts = std::make_shared<matching::InvestorFacts>(record);
  facts->matched = true;
  investors::v1::Investor& investor = *record;
  investor.set_name("editions/e/investors/jane");
  investor.set_external_id("jane@secret.example");
  investor.set_review_note("secret");
  investor.set_type(type::v1::INVESTOR_TYPE_ANGEL);
  investor.add_texts()->set_title("Jane secret");
  investor.add_places()->set_country_code("CN");
  investor.mutable_places(0)->set_city("secret");
  investor.add_languages("zh-Hans");
  investor.mutable_mandate()->add_criteria()->mutable_common_language();
  auto deal = std::make_shared<investors::v1::Deal>();
  deal->set_name("editions/e/investors/jane/deals/secret");
  deal->set_external_id("secret deal");
  deal->mutable_investor()->set_name(investor.name());
  deal->set_date("2026-01-31");
  deal->mutable_company()->set_display_name("secret Ltd");
  deal->mutable_company()->set_summary("batteries");
  deal->mutable_place()->set_country_code("CN");
  deal->mutable_place()->set_city("secret");
  deal->add_co_investors()->set_name(investor.name());
  deal->add_co_investors()->set_display_name("John secret");

  const auto records = TrainingData({{investor.name(), facts}}, {deal});
  ASSERT_EQ(records.size(), 2u);
  for (const auto& each : records) {
    EXPECT_EQ(each.DebugString().find("secret"), std::string::npos) << each.DebugString();
    EXPECT_EQ(each.DebugString().find("jane"), std::string::npos) << each.DebugString();
  }
  EXPECT_EQ(records[0].investor().external_id(), Pseudonym("jane@secret.example"));
  EXPECT_EQ(records[0].investor().mandate().criteria_size(), 1);
  EXPECT_EQ(records[1].deal().investor().external_id(), records[0].investor().external_id());
  EXPECT_EQ(records[1].deal().date(), "2026-01-31");
  EXPECT_EQ(records[1].deal().company().summary(), "batteries");
  EXPECT_EQ(records[1].deal().co_investors_size(), 1);
}

TEST(TrainingExportTest, WhoIsNotMatchedTeachesNothing) {
  auto record = std::make_shared<investors::v1::Investor>();
  auto facts = std::make_shared<matching::InvestorFacts>(record);
  record->set_name("editions/e/investors/draft");
  auto deal = std::make_shared<investors::v1::Deal>();
  deal->mutable_investor()->set_name(facts->record.name());
  EXPECT_TRUE(TrainingData({{facts->record.name(), facts}}, {deal}).empty());
}

}  // namespace
}  // namespace tandem::pairing
