// Diversity and attention, over the wire.
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "tests/integration/pairing/all_in_one_fixture.h"

namespace tandem {
namespace {

using pairing::v1::FindMatchesRequest;
using pairing::v1::FindMatchesResponse;
using pairing::v1::Match;
using InvestorStub = investors::v1::InvestorService::Stub;

class PairingOptionsTest : public AllInOneTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(StartWith(OptionsOf(folder_), 60, 80));
    // Houses of four funds, some of which can take on few more.
    for (size_t i = 0; i < edition_.investors.size(); ++i) {
      investors::v1::UpdateInvestorRequest request;
      request.mutable_investor()->set_name(edition_.investors[i]);
      request.mutable_investor()->set_capacity(static_cast<int>(1 + i % 15));
      request.mutable_investor()->set_organisation(absl::StrCat("House ", i % 20));
      request.mutable_update_mask()->add_paths("capacity");
      request.mutable_update_mask()->add_paths("organisation");
      const auto updated = client_->Call(client_->investors(), &InvestorStub::UpdateInvestor, request);
      ASSERT_TRUE(updated.ok()) << updated.status();
      token_ = updated->consistency_token();
      house_[edition_.investors[i]] = updated->organisation();
    }
    subject_ = SubjectWithMatches(edition_.projects, 30);
    ASSERT_FALSE(subject_.empty());
  }

  // All pages.
  std::vector<Match> List(FindMatchesRequest request, int* passed_over) {
    std::vector<Match> list;
    do {
      const auto page = client_->Call(client_->pairing(), &pairing::v1::PairingService::Stub::FindMatches, request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) return list;
      list.insert(list.end(), page->matches().begin(), page->matches().end());
      *passed_over = page->metadata().passed_over_size();
      EXPECT_EQ(static_cast<size_t>(list.back().rank()), list.size());
      request.set_page_token(page->next_page_token());
      if (request.page_token().empty()) {
        EXPECT_EQ(page->metadata().total_size(), static_cast<int>(list.size()) + *passed_over);
      }
    } while (!request.page_token().empty());
    return list;
  }

  std::map<std::string, std::string> house_;
  std::string subject_;
  std::string token_;
};

TEST_F(PairingOptionsTest, PagesHoldAndTheTermsStillSumToTheScore) {
  FindMatchesRequest request;
  request.set_subject(subject_);
  request.set_explain(true);
  request.set_page_size(7);
  request.mutable_consistency()->set_at_least_as_fresh(token_);
  int passed_over = 0;
  const std::vector<Match> plain = List(request, &passed_over);
  EXPECT_EQ(passed_over, 0);
  std::map<std::string, const Match*> without;
  for (const Match& match : plain) {
    EXPECT_EQ(match.plain_rank(), 0);
    without[match.investor()] = &match;
  }

  request.mutable_options()->set_most_per_owner(2);
  request.mutable_options()->set_spare_spent_capacity(true);
  const std::vector<Match> listed = List(request, &passed_over);
  EXPECT_GT(passed_over, 0);
  std::map<std::string, int> of_house;
  int moved = 0;
  int discounted = 0;
  for (const Match& match : listed) {
    const Match& before = *without.at(match.investor());
    EXPECT_LE(++of_house[house_.at(match.investor())], 2);
    EXPECT_EQ(match.plain_rank(), match.rank() == before.rank() ? 0 : before.rank());
    moved += match.plain_rank() != 0;
    int64_t sum = 0;
    int64_t discount = 0;
    for (const auto& term : match.terms()) {
      sum += term.points();
      if (term.signal() == pairing::v1::SIGNAL_SPENT_CAPACITY) discount = term.points();
    }
    EXPECT_EQ(sum, match.score());
    EXPECT_EQ(match.score(), before.score() + discount);
    discounted += discount < 0;
  }
  EXPECT_GT(moved, 0);
  EXPECT_GT(discounted, 0);
}

TEST_F(PairingOptionsTest, ALimitOutOfRangeIsRefused) {
  FindMatchesRequest request;
  request.set_subject(subject_);
  for (const int most : {-1, 201}) {
    request.mutable_options()->set_most_per_owner(most);
    const auto page = client_->Call(client_->pairing(), &pairing::v1::PairingService::Stub::FindMatches, request);
    EXPECT_EQ(ReasonOf(page.status()), "FIELD_INVALID") << most;
  }
}

}  // namespace
}  // namespace tandem
