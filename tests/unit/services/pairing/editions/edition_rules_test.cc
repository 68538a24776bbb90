#include "services/pairing/editions/edition_rules.h"

#include <gtest/gtest.h>

#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::pairing {
namespace {

TEST(EditionRulesTest, TheBaseCurrencyIsWorthOneOfItself) {
  v1::Edition edition;
  edition.set_base_currency_code("CNY");
  edition.add_exchange_rates()->set_currency_code("CNY");
  edition.mutable_exchange_rates(0)->set_rate_nanos(1000000000);
  edition.add_exchange_rates()->set_currency_code("USD");
  edition.mutable_exchange_rates(1)->set_rate_nanos(7000000000);
  std::vector<FieldViolation> violations;
  EditionCollection().rules->Check(edition, "edition", &violations);
  EXPECT_TRUE(violations.empty());
  edition.mutable_exchange_rates(0)->set_rate_nanos(2);
  EditionCollection().rules->Check(edition, "edition", &violations);
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].field, "edition.exchange_rates[0].rate_nanos");
}

}  // namespace
}  // namespace tandem::pairing
