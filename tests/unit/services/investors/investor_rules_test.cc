#include "services/investors/investor_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tandem/investors/v1/investor.pb.h"

namespace tandem::investors {
namespace {

TEST(InvestorRulesTest, SeveralTextsNeedOneOriginalAndCriteriaNeedAWant) {
  v1::Investor investor;
  investor.add_texts();
  investor.add_texts();
  investor.mutable_mandate()->add_criteria()->mutable_common_language();
  investor.mutable_mandate()->add_criteria();
  std::vector<FieldViolation> violations;
  InvestorCollection().rules->Check(investor, "investor", &violations);
  ASSERT_EQ(violations.size(), 2u);
  EXPECT_EQ(violations[0].field, "investor.texts");
  EXPECT_EQ(violations[1].field, "investor.mandate.criteria[1]");
}

TEST(InvestorRulesTest, OnlyTheVerificationIsTheOrganisersAndWithdrawalIsForGood) {
  for (const auto& step : InvestorCollection().steps) {
    EXPECT_EQ(step.organiser_only, step.name == "verify" || step.name == "reject") << step.name;
    EXPECT_THAT(step.from, testing::Not(testing::Contains(v1::Investor::STATE_WITHDRAWN))) << step.name;
  }
}

}  // namespace
}  // namespace tandem::investors
