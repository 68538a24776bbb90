#include "services/pairing/ledger/party_counts.h"

#include <gtest/gtest.h>

#include "common/base/status.h"

namespace tandem::pairing::ledger {
namespace {

TEST(PartyCounts, AreReadAsTheyWereWritten) {
  PartyCounts counts;
  counts.outgoing = {1, 2, 20000, 3};
  counts.incoming = {4, 5, -7, 6};
  counts.pairings = 9;
  counts.departures = 2;
  const auto read = DecodePartyCounts(Encode(counts));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, counts);
  EXPECT_EQ(read->departures, 2);
}

TEST(PartyCounts, RowsFromBeforeDeparturesWereCountedAreRead) {
  const auto read = DecodePartyCounts("1 1 2 20000 3 4 5 -7 6 9");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->pairings, 9);
  EXPECT_EQ(read->departures, 0);
}

TEST(PartyCounts, ErrorsNameTheQuotaAndNotHowMuchOfItIsUsed) {
  v1::Quotas quotas;
  quotas.set_incoming_pending(2);
  PartyCounts counts;
  counts.incoming.pending = 7771;
  const absl::Status full = CheckIncoming("editions/e/investors/i", quotas, counts, 0);
  EXPECT_EQ(GetErrorDetail(full).reason, "QUOTA_EXCEEDED");
  EXPECT_EQ(full.ToString().find("7771"), std::string::npos) << full;
}

TEST(PartyCounts, RowsOfAnotherFormatAreRefused) {
  for (const char* row : {"", "1", "1 0 0 0 0 0 0 0 0", "2 0 0 0 0 0 0 0 0 0", "2 0 0 0 0 0 0 0 0 0 x"}) {
    EXPECT_EQ(GetErrorDetail(DecodePartyCounts(row).status()).reason, "INTERNAL") << row;
  }
}

TEST(PartyCounts, ADayBeginsWithNothing) {
  Traffic traffic;
  traffic.Add(5);
  traffic.Add(5);
  EXPECT_EQ(traffic.On(5), 2);
  EXPECT_EQ(traffic.On(6), 0);
  traffic.Add(6);
  EXPECT_EQ(traffic.On(6), 1);
  EXPECT_EQ(traffic.total, 3);
  EXPECT_EQ(traffic.pending, 3);
}

TEST(PartyCounts, ClocksAboutMidnightForgetNothing) {
  Traffic traffic;
  for (const int32_t day : {6, 5, 6, 5}) traffic.Add(day);
  EXPECT_EQ(traffic.On(5), 4);
  EXPECT_EQ(traffic.On(6), 4);
  EXPECT_EQ(traffic.On(7), 0);
  EXPECT_EQ(traffic.On(4), 0) << "who was a day and more ahead is not believed";
}

TEST(Quotas, ErrorsNameTheQuotaItsLimitAndTheParty) {
  v1::Quotas quotas;
  quotas.set_incoming_total(2);
  PartyCounts counts;
  counts.incoming = {0, 2, 0, 2};
  const absl::Status status = CheckIncoming("editions/e/projects/p", quotas, counts, 1);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  const ErrorDetail detail = GetErrorDetail(status);
  EXPECT_EQ(detail.reason, "QUOTA_EXCEEDED");
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"quota", "incoming_total"}, {"limit", "2"}, {"party", "editions/e/projects/p"}};
  EXPECT_EQ(detail.metadata, expected);
}

TEST(Quotas, NoneMeansNoLimit) {
  PartyCounts counts;
  counts.outgoing = counts.incoming = {1000, 1000, 3, 1000};
  counts.pairings = 1000;
  EXPECT_TRUE(CheckOutgoing("p", {}, counts, 3).ok());
  EXPECT_TRUE(CheckIncoming("p", {}, counts, 3).ok());
  EXPECT_TRUE(CheckPairings("p", {}, counts).ok());
}

TEST(Quotas, EachIsCheckedByItself) {
  PartyCounts counts;
  counts.outgoing = {2, 3, 7, 1};
  v1::Quotas quotas;
  quotas.set_outgoing_pending(3);
  quotas.set_outgoing_total(4);
  quotas.set_outgoing_per_day(2);
  EXPECT_TRUE(CheckOutgoing("p", quotas, counts, 7).ok());
  quotas.set_outgoing_per_day(1);
  EXPECT_FALSE(CheckOutgoing("p", quotas, counts, 7).ok());
  EXPECT_TRUE(CheckOutgoing("p", quotas, counts, 8).ok()) << "another day";
  quotas.set_outgoing_pending(2);
  EXPECT_FALSE(CheckOutgoing("p", quotas, counts, 8).ok());
  quotas.set_outgoing_pending(0);
  quotas.set_outgoing_total(3);
  EXPECT_FALSE(CheckOutgoing("p", quotas, counts, 8).ok());
}

}  // namespace
}  // namespace tandem::pairing::ledger
