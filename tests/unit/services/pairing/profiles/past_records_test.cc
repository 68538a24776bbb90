#include "services/pairing/profiles/past_records.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "services/pairing/profiles/training_export.h"

namespace tandem::pairing {
namespace {

std::shared_ptr<const matching::InvestorFacts> Known(const std::string& name, const std::string& external_id) {
  auto record = std::make_shared<investors::v1::Investor>();
  record->set_name(name);
  record->set_external_id(external_id);
  auto facts = std::make_shared<matching::InvestorFacts>(record);
  facts->matched = true;
  return facts;
}

std::shared_ptr<investors::v1::Deal> DealOf(const std::string& id, const std::string& investor,
                                            const std::string& company) {
  auto deal = std::make_shared<investors::v1::Deal>();
  deal->set_external_id(id);
  deal->mutable_investor()->set_name(investor);
  deal->set_date("2025-03-01");
  deal->mutable_company()->set_external_id(company);
  return deal;
}

// What an edition with these would export.
PastRecords Export(const matching::InvestorsByName& investors, const Deals& deals) {
  PastRecords records;
  for (v1::TrainingRecord& record : TrainingData(investors, deals)) *records.Add() = std::move(record);
  return records;
}

TEST(PastRecordsTest, WhomThisEditionKnowsIsTheSameInPastDeals) {
  auto past = DealOf("old", "editions/past/investors/a", "c-1");
  past->add_co_investors()->set_name("editions/past/investors/b");
  const PastRecords records = Export({{"editions/past/investors/a", Known("editions/past/investors/a", "ACME")},
                                      {"editions/past/investors/b", Known("editions/past/investors/b", "BETA")}},
                                     {past});
  EXPECT_TRUE(PastRecordChecks().Violations(records).empty());
  const Deals now = {DealOf("new", "editions/e/investors/1", "c-1")};
  const Deals deals = PastDeals(records, {Known("editions/e/investors/1", "ACME")}, now);
  ASSERT_EQ(deals.size(), 1u);
  EXPECT_EQ(deals[0]->investor().name(), "editions/e/investors/1");
  EXPECT_TRUE(deals[0]->investor().external_id().empty());
  EXPECT_EQ(deals[0]->company().external_id(), "c-1");
  ASSERT_EQ(deals[0]->co_investors_size(), 1);
  EXPECT_EQ(deals[0]->co_investors(0).external_id(), Pseudonym("BETA")) << "who is not known stays a pseudonym";
}

TEST(PastRecordsTest, ADealThatThisEditionHasAlreadyDoesNotCountTwice) {
  const matching::InvestorsByName past = {{"editions/past/investors/a", Known("editions/past/investors/a", "ACME")}};
  PastRecords records = Export(
      past, {DealOf("same", "editions/past/investors/a", "c-1"), DealOf("other", "editions/past/investors/a", "c-2")});
  records.MergeFrom(PastRecords(records));  // the same export twice
  const Deals deals =
      PastDeals(records, {Known("editions/e/investors/1", "ACME")}, {DealOf("same", "editions/e/investors/1", "c-1")});
  ASSERT_EQ(deals.size(), 1u);
  EXPECT_EQ(deals[0]->external_id(), Pseudonym("other"));
}

TEST(PastRecordsTest, EditionsNumberTheirDealsAlikeWithoutLosingAny) {
  const matching::InvestorsByName past = {{"editions/past/investors/a", Known("editions/past/investors/a", "ACME")}};
  const PastRecords records = Export(past, {DealOf("d-000001", "editions/past/investors/a", "c-9")});
  const Deals deals = PastDeals(records, {Known("editions/e/investors/1", "ACME")},
                                {DealOf("d-000001", "editions/e/investors/1", "c-1")});
  EXPECT_EQ(deals.size(), 1u) << "another company: another deal";
}

TEST(PastRecordsTest, ACompanyKnownByItsNameAloneIsTheSameWhateverItsCase) {
  auto past = DealOf("old", "editions/past/investors/a", "");
  past->mutable_company()->set_display_name("Acme LTD");
  auto now = DealOf("new", "editions/e/investors/1", "");
  now->mutable_company()->set_display_name("ACME Ltd");
  const PastRecords records = Export({{"editions/past/investors/a", Known("editions/past/investors/a", "A")}}, {past});
  const Deals deals = PastDeals(records, {Known("editions/e/investors/1", "A")}, {now});
  ASSERT_EQ(deals.size(), 1u);
  EXPECT_EQ(deals[0]->company().external_id(), "acme ltd") << "as a deal without an external id is known by";
}

TEST(PastRecordsTest, ADealThatNamesAnInvestorIsNoExport) {
  PastRecordChecks checks;
  PastRecords records;
  records.Add()->mutable_investor()->set_external_id("x");
  checks.Violations(records);
  PastRecords later;  // the investor came in a message before
  *later.Add()->mutable_deal() = *DealOf("d", "editions/e/investors/1", "c");
  later[0].mutable_deal()->mutable_investor()->set_external_id("x");
  const auto violations = checks.Violations(later);
  ASSERT_FALSE(violations.empty());
  EXPECT_EQ(violations.back().field, "past_records[0].deal");
  EXPECT_EQ(violations.back().description, "must know investors by external id, not by name");
}

TEST(PastRecordsTest, WhatIsNoExportIsRefusedByItsPlace) {
  PastRecords records;
  records.Add();
  v1::TrainingRecord* orphan = records.Add();
  *orphan->mutable_deal() = *DealOf("d", "", "c");
  orphan->mutable_deal()->mutable_investor()->Clear();
  orphan->mutable_deal()->mutable_investor()->set_external_id("nobody");
  records.Add()->mutable_investor();
  std::string all;
  for (const FieldViolation& violation : PastRecordChecks().Violations(records)) {
    all += violation.field + ": " + violation.description + "\n";
  }
  EXPECT_NE(all.find("past_records[0]: must be an investor or a deal"), std::string::npos) << all;
  EXPECT_NE(all.find("past_records[1].deal.investor.external_id"), std::string::npos) << all;
  EXPECT_NE(all.find("past_records[2]: must have an external id"), std::string::npos) << all;
}

TEST(PastRecordsTest, ViolationsAreBounded) {
  PastRecords records;
  for (int i = 0; i < 5000; ++i) records.Add();
  EXPECT_LE(PastRecordChecks().Violations(records).size(), 110u);
}

}  // namespace
}  // namespace tandem::pairing
