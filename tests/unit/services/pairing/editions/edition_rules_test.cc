#include "services/pairing/editions/edition_rules.h"

#include <gtest/gtest.h>

#include "common/storage/memory/memory_store.h"
#include "services/pairing/editions/profile_log.h"
#include "tandem/pairing/v1/edition.pb.h"

namespace tandem::pairing {
namespace {

TEST(EditionRulesTest, TheBaseCurrencyIsWorthOneOfItself) {
  const auto store = NewMemoryStore();
  const EditionRules rules(store.get());
  v1::Edition edition;
  edition.set_base_currency_code("CNY");
  edition.add_exchange_rates()->set_currency_code("CNY");
  edition.mutable_exchange_rates(0)->set_rate_nanos(1000000000);
  edition.add_exchange_rates()->set_currency_code("USD");
  edition.mutable_exchange_rates(1)->set_rate_nanos(7000000000);
  std::vector<FieldViolation> violations;
  EditionCollection(&rules).rules->Check(edition, "edition", &violations);
  EXPECT_TRUE(violations.empty());
  edition.mutable_exchange_rates(0)->set_rate_nanos(2);
  EditionCollection(&rules).rules->Check(edition, "edition", &violations);
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].field, "edition.exchange_rates[0].rate_nanos");
}

TEST(EditionRulesTest, ARankingProfileMustBeOneOfTheEdition) {
  const auto store = NewMemoryStore();
  const EditionRules rules(store.get());
  v1::Edition edition;
  edition.set_name("editions/e");
  edition.set_ranking_profile("trained-1");
  std::vector<FieldViolation> violations;
  rules.Check(edition, "edition", &violations);
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].field, "edition.ranking_profile");
  violations.clear();
  ASSERT_TRUE(ProfileLog(store.get(), SystemClock()).Add("e", {}).ok());
  rules.Check(edition, "edition", &violations);
  edition.set_ranking_profile(kDefaultProfileId);
  rules.Check(edition, "edition", &violations);
  EXPECT_TRUE(violations.empty());
}

TEST(EditionRulesTest, AnUpdateRemembersTheProfileBefore) {
  const EditionRules rules(nullptr);
  v1::Edition before;
  before.set_ranking_profile_reason("old");
  v1::Edition after = before;
  after.set_ranking_profile("trained-2");
  rules.Follow(before, &after);
  EXPECT_EQ(after.ranking_profile(), "trained-2");
  EXPECT_EQ(after.previous_ranking_profile(), kDefaultProfileId);
  EXPECT_EQ(after.ranking_profile_reason(), "");
}

}  // namespace
}  // namespace tandem::pairing
