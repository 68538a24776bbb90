#include "absl/strings/str_cat.h"

#include "tests/integration/services/servers_fixture.h"

namespace tandem {
namespace {

namespace pb = investors::v1;
using testing::ElementsAre;
using Result = pb::BatchUpsertInvestorsResult;

class InvestorsTest : public ServersTest {
 protected:
  void SetUp() override {
    ServersTest::SetUp();
    token_ = MakeEdition("ciep2027");
    pb::BatchUpsertInvestorsRequest request;
    request.set_parent("editions/ciep2027");
    request.set_verify(true);
    request.set_consistency_token(token_);
    for (const char* id : {"fund-1", "fund-2"}) {
      *request.add_investors() = ValidInvestor();
      request.mutable_investors()->rbegin()->set_external_id(id);
    }
    pb::BatchUpsertInvestorsResponse response;
    const grpc::Status status = investors_->BatchUpsertInvestors(Context().get(), request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_EQ(response.results(1).name(), "editions/ciep2027/investors/fund-2");
  }
  static pb::Deal Deal(const std::string& external_id, const std::string& investor) {
    pb::Deal deal;
    deal.set_external_id(external_id);
    deal.mutable_investor()->set_external_id(investor);
    deal.set_date("2025-03-01");
    deal.mutable_company()->set_display_name("Helios");
    return deal;
  }
  pb::BatchUpsertDealsResponse Import(const std::vector<pb::Deal>& deals) {
    pb::BatchUpsertDealsRequest request;
    request.set_parent("editions/ciep2027");
    for (const auto& deal : deals) *request.add_deals() = deal;
    pb::BatchUpsertDealsResponse response;
    const grpc::Status status = investors_->BatchUpsertDeals(Context().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  std::vector<std::string> Deals(const std::string& investor) {
    pb::ListDealsRequest request;
    request.set_parent(absl::StrCat("editions/ciep2027/investors/", investor));
    pb::ListDealsResponse page;
    const grpc::Status status = investors_->ListDeals(Context().get(), request, &page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    std::vector<std::string> names;
    for (const auto& deal : page.deals()) names.push_back(deal.name());
    return names;
  }
  static std::vector<int> Outcomes(const pb::BatchUpsertDealsResponse& response) {
    std::vector<int> outcomes;
    for (const auto& result : response.results()) outcomes.push_back(result.outcome());
    return outcomes;
  }

  std::string token_;
};

TEST_F(InvestorsTest, DealsFindTheirInvestor) {
  pb::Deal by_name = Deal("d-2", "");
  by_name.mutable_investor()->set_name("editions/ciep2027/investors/fund-2");
  EXPECT_THAT(Outcomes(Import({Deal("d-1", "fund-1"), by_name, Deal("d-3", "fund-9")})), ElementsAre(1, 1, 0));
  EXPECT_THAT(Deals("fund-1"), ElementsAre("editions/ciep2027/investors/fund-1/deals/d-1"));
  EXPECT_THAT(Deals("-"), ElementsAre("editions/ciep2027/investors/fund-1/deals/d-1",
                                      "editions/ciep2027/investors/fund-2/deals/d-2"));
  pb::Deal said_otherwise = Deal("d-2", "fund-2");
  EXPECT_THAT(Outcomes(Import({Deal("d-1", "fund-1"), said_otherwise})), ElementsAre(3, 3));
}

TEST_F(InvestorsTest, ADealDoesNotChangeHands) {
  Import({Deal("d-1", "fund-1")});
  const auto response = Import({Deal("d-1", "fund-2")});
  EXPECT_EQ(response.results(0).status().code(), 3);
  EXPECT_THAT(Deals("fund-2"), ElementsAre());
}

TEST_F(InvestorsTest, ADeletedInvestorTakesNoDeals) {
  pb::DeleteInvestorRequest request;
  request.set_name("editions/ciep2027/investors/fund-1");
  pb::Investor deleted;
  ASSERT_TRUE(investors_->DeleteInvestor(Context().get(), request, &deleted).ok());
  EXPECT_EQ(Import({Deal("d-1", "fund-1")}).results(0).status().code(), 5);
}

TEST_F(InvestorsTest, BadDealsAreRefusedOneByOne) {
  pb::Deal nameless = Deal("d-1", "");
  nameless.mutable_investor()->set_display_name("Somebody");
  pb::Deal foreign = Deal("d-2", "");
  foreign.mutable_investor()->set_name("editions/other/investors/fund-1");
  pb::Deal greedy = Deal("d-3", "fund-1");
  greedy.mutable_round_size()->set_currency_code("EUR");
  greedy.mutable_round_size()->set_amount_minor(10);
  greedy.mutable_ticket()->set_currency_code("EUR");
  greedy.mutable_ticket()->set_amount_minor(11);
  pb::Deal nobody = Deal("d-4", "fund-1");
  nobody.clear_company();
  const auto response = Import({nameless, foreign, greedy, nobody, Deal("d-5", "fund-1")});
  EXPECT_THAT(Outcomes(response), ElementsAre(0, 0, 0, 0, 1));
  for (int i = 0; i < 4; ++i) EXPECT_EQ(response.results(i).status().code(), 3) << i;
}

TEST_F(InvestorsTest, DealsAreRemovedForGood) {
  Import({Deal("d-1", "fund-1")});
  pb::DeleteDealRequest request;
  request.set_name("editions/ciep2027/investors/fund-1/deals/d-1");
  request.set_request_id("0f8fad5b-d9cb-469f-a165-70867728950e");
  pb::DeleteDealResponse first, again;
  ASSERT_TRUE(investors_->DeleteDeal(Context().get(), request, &first).ok());
  ASSERT_TRUE(investors_->DeleteDeal(Context().get(), request, &again).ok());
  EXPECT_NE(first.consistency_token(), "");
  EXPECT_EQ(first.consistency_token(), again.consistency_token());
  EXPECT_THAT(Deals("fund-1"), ElementsAre());
  request.clear_request_id();
  EXPECT_EQ(ReasonOf(investors_->DeleteDeal(Context().get(), request, &again)), "RESOURCE_NOT_FOUND");
  EXPECT_THAT(Outcomes(Import({Deal("d-1", "fund-2")})), ElementsAre(1));
}

TEST_F(InvestorsTest, DealsOfNobodyAreNotAnEmptyList) {
  pb::ListDealsRequest request;
  request.set_parent("editions/ciep2027/investors/fund-9");
  pb::ListDealsResponse page;
  EXPECT_EQ(ReasonOf(investors_->ListDeals(Context().get(), request, &page)), "RESOURCE_NOT_FOUND");
}

TEST_F(InvestorsTest, AnInvestorGoesItsWay) {
  pb::CreateInvestorRequest create;
  create.set_parent("editions/ciep2027");
  create.set_investor_id("angel");
  *create.mutable_investor() = ValidInvestor("Angel");
  pb::Investor investor;
  ASSERT_TRUE(investors_->CreateInvestor(Context("investor").get(), create, &investor).ok());
  pb::SubmitInvestorRequest submit;
  submit.set_name(investor.name());
  ASSERT_TRUE(investors_->SubmitInvestor(Context("investor").get(), submit, &investor).ok());
  pb::VerifyInvestorRequest verify;
  verify.set_name(investor.name());
  verify.set_decision(pb::VerifyInvestorRequest::DECISION_VERIFY);
  EXPECT_EQ(ReasonOf(investors_->VerifyInvestor(Context("investor").get(), verify, &investor)), "PERMISSION_DENIED");
  ASSERT_TRUE(investors_->VerifyInvestor(Context("organiser").get(), verify, &investor).ok());
  EXPECT_EQ(investor.state(), pb::Investor::STATE_VERIFIED);
  pb::PauseInvestorRequest pause;
  pause.set_name(investor.name());
  ASSERT_TRUE(investors_->PauseInvestor(Context().get(), pause, &investor).ok());
  pb::ResumeInvestorRequest resume;
  resume.set_name(investor.name());
  ASSERT_TRUE(investors_->ResumeInvestor(Context().get(), resume, &investor).ok());
  pb::WithdrawInvestorRequest withdraw;
  withdraw.set_name(investor.name());
  ASSERT_TRUE(investors_->WithdrawInvestor(Context().get(), withdraw, &investor).ok());
  pb::UndeleteInvestorRequest undelete;
  undelete.set_name(investor.name());
  EXPECT_EQ(ReasonOf(investors_->UndeleteInvestor(Context().get(), undelete, &investor)), "STATE_CONFLICT");
  pb::BatchGetInvestorsRequest several;
  several.set_parent("editions/ciep2027");
  several.add_names(withdraw.name());
  pb::BatchGetInvestorsResponse found;
  ASSERT_TRUE(investors_->BatchGetInvestors(Context().get(), several, &found).ok());
  pb::ListInvestorsRequest list;
  list.set_parent("editions/ciep2027");
  pb::ListInvestorsResponse page;
  ASSERT_TRUE(investors_->ListInvestors(Context().get(), list, &page).ok());
  EXPECT_EQ(page.investors_size(), 3);
  pb::UpdateInvestorRequest update;
  update.mutable_investor()->set_name(withdraw.name());
  update.mutable_investor()->mutable_mandate()->add_criteria();
  EXPECT_THAT(FieldsOf(investors_->UpdateInvestor(Context().get(), update, &investor)),
              ElementsAre("investor.mandate.criteria[0]"));
}

TEST_F(InvestorsTest, OneWatchCarriesInvestorsAndDealsInRevisionOrder) {
  Import({Deal("d-1", "fund-1"), Deal("d-2", "fund-2")});
  pb::WatchInvestorsRequest request;
  request.set_parent("editions/-");
  auto context = Context();
  auto stream = investors_->WatchInvestors(context.get(), request);
  pb::WatchInvestorsResponse response;
  int investors = 0, deals = 0;
  bool written = false;
  std::vector<std::string> changes;
  int64_t last = 0;
  while (changes.size() < 2 && stream->Read(&response)) {
    for (const auto& change : response.changes()) {
      if (response.phase() == type::v1::WATCH_PHASE_SNAPSHOT) {
        ++(change.has_investor() ? investors : deals);
        continue;
      }
      EXPECT_GT(change.revision(), last);
      last = change.revision();
      changes.push_back(change.has_deal() ? change.deal().name() : change.deleted_deal());
    }
    if (response.phase() != type::v1::WATCH_PHASE_PROGRESS || std::exchange(written, true)) continue;
    Import({Deal("d-3", "fund-2")});
    pb::DeleteDealRequest remove;
    remove.set_name("editions/ciep2027/investors/fund-1/deals/d-1");
    pb::DeleteDealResponse removed;
    ASSERT_TRUE(investors_->DeleteDeal(Context().get(), remove, &removed).ok());
  }
  context->TryCancel();
  EXPECT_EQ(investors, 2);
  EXPECT_EQ(deals, 2);
  EXPECT_THAT(changes, ElementsAre("editions/ciep2027/investors/fund-2/deals/d-3",
                                   "editions/ciep2027/investors/fund-1/deals/d-1"));
}

}  // namespace
}  // namespace tandem
