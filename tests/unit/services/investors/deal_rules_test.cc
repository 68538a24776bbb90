#include "services/investors/deal_rules.h"

#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>

#include "absl/strings/str_cat.h"

#include "common/catalog/catalog.h"
#include "common/storage/memory/memory_store.h"
#include "services/investors/investor_rules.h"
#include "tandem/investors/v1/investor_service.pb.h"

namespace tandem::investors {
namespace {

class DealRulesTest : public testing::Test {
 protected:
  std::unique_ptr<catalog::Catalog> Open(catalog::Collection collection) {
    catalog::Catalog::Options options;
    options.collection = std::move(collection);
    options.store = store_.get();
    options.keys = &keys_;
    options.source = kSource;
    return *catalog::Catalog::Open(std::move(options));
  }
  static catalog::Deadline Soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(30); }
  void MakeInvestors(int count) {
    v1::BatchUpsertInvestorsRequest request;
    request.set_parent("editions/e");
    for (int i = 0; i < count; ++i) {
      auto* investor = request.add_investors();
      investor->set_external_id(absl::StrCat("fund-", i));
      investor->add_texts()->set_language_code("en");
      investor->mutable_texts(0)->set_title("Fund");
    }
    v1::BatchUpsertInvestorsResponse response;
    ASSERT_TRUE(investors_->BatchUpsert(Caller{}, Soon(), true, request, &response).ok());
  }
  static v1::Deal Deal(const std::string& external_id, const std::string& investor) {
    v1::Deal deal;
    deal.set_external_id(external_id);
    deal.mutable_investor()->set_external_id(investor);
    deal.set_date("2025-03-01");
    deal.mutable_company()->set_external_id("c-1");
    return deal;
  }
  v1::BatchUpsertDealsResponse Import(const v1::BatchUpsertDealsRequest& request) {
    v1::BatchUpsertDealsResponse response;
    const absl::Status status = deals_->BatchUpsert(Caller{}, Soon(), false, request, &response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }

  KeyRing keys_ = KeyRing::ForTests();
  std::unique_ptr<RecordStore> store_ = NewMemoryStore();
  std::unique_ptr<catalog::Catalog> investors_ = Open(InvestorCollection());
  std::unique_ptr<catalog::Catalog> deals_ = Open(DealCollection());
};

TEST_F(DealRulesTest, ADealIsStoredUnderItsInvestorWithBothOfItsKeys) {
  MakeInvestors(1);
  v1::BatchUpsertDealsRequest request;
  request.set_parent("editions/e");
  *request.add_deals() = Deal("d-1", "fund-0");
  EXPECT_EQ(Import(request).results(0).name(), "editions/e/investors/fund-0/deals/d-1");
  const auto record = store_->Get("r/deals/e/fund-0/d-1");
  ASSERT_TRUE(record.ok() && record->has_value());
  v1::Deal stored;
  ASSERT_TRUE(stored.ParseFromString((*record)->value));
  EXPECT_EQ(stored.investor().name(), "editions/e/investors/fund-0");
  EXPECT_EQ(stored.investor().external_id(), "fund-0");
}

TEST_F(DealRulesTest, ANameThatContradictsTheInvestorIsRefused) {
  MakeInvestors(2);
  v1::BatchUpsertDealsRequest request;
  request.set_parent("editions/e");
  *request.add_deals() = Deal("d-1", "fund-0");
  request.mutable_deals(0)->set_name("editions/e/investors/fund-1/deals/d-1");
  EXPECT_EQ(Import(request).results(0).status().code(), 3);
  request.mutable_deals(0)->clear_investor();
  EXPECT_EQ(Import(request).results(0).outcome(), 1);
}

TEST_F(DealRulesTest, AnImportOfDealsIsQuick) {
  MakeInvestors(500);
  constexpr int kBatches = 10;
  const auto begin = std::chrono::steady_clock::now();
  for (int batch = 0; batch < kBatches; ++batch) {
    v1::BatchUpsertDealsRequest request;
    request.set_parent("editions/e");
    for (int i = 0; i < 500; ++i)
      *request.add_deals() = Deal(absl::StrCat("d-", batch, "-", i), absl::StrCat("fund-", i));
    const auto response = Import(request);
    ASSERT_EQ(response.results(499).outcome(), 1);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  RecordProperty("deals_per_second", absl::StrCat(static_cast<int>(kBatches * 500 / seconds)));
  // The machine is shared and may run sanitizers: this only forbids a round trip per item or worse.
  EXPECT_LT(seconds, 20);
  std::printf("%d deals per second\n", static_cast<int>(kBatches * 500 / seconds));
}

}  // namespace
}  // namespace tandem::investors
