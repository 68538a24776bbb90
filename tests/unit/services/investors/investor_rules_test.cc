#include "services/investors/investor_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tandem/investors/v1/investor.pb.h"

namespace tandem::investors {
namespace {

TEST(InvestorRulesTest, SeveralTextsNeedOneOriginal) {
  v1::Investor investor;
  investor.add_texts();
  investor.add_texts();
  std::vector<FieldViolation> violations;
  InvestorCollection().rules->Check(investor, "investor", &violations);
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].field, "investor.texts");
}

TEST(InvestorRulesTest, OnlyTheVerificationIsTheOrganisersAndWithdrawalIsForGood) {
  for (const auto& step : InvestorCollection().steps) {
    EXPECT_EQ(step.organiser_only, step.name == "verify" || step.name == "reject") << step.name;
    EXPECT_THAT(step.from, testing::Not(testing::Contains(v1::Investor::STATE_WITHDRAWN))) << step.name;
  }
}

}  // namespace
}  // namespace tandem::investors
