#include "services/pairing/profiles/comparison.h"

#include <gtest/gtest.h>

#include "services/pairing/matching/profile_codec.h"

namespace tandem::pairing {
namespace {

v1::RankingProfile Learned(const char* id, int64_t value, int64_t of_default, const char* data) {
  v1::RankingProfile profile = matching::ToProto(matching::DefaultProfile(), "editions/e");
  profile.set_name(std::string("editions/e/profiles/") + id);
  profile.set_data_fingerprint(data);
  v1::ProfileMetric* metric = profile.add_metrics();
  metric->set_task("projects-for-investor");
  metric->set_name("ndcg@10");
  metric->set_value_millionths(value);
  metric->set_default_value_millionths(of_default);
  return profile;
}

const v1::RankingProfile& Shipped() {
  static const auto profile = matching::ToProto(matching::DefaultProfile(), "editions/e");
  return profile;
}

TEST(ComparisonTest, TheShippedProfileIsComparedByWhatWasMeasuredBesideTheOther) {
  v1::CompareProfilesResponse response;
  CompareContents(Shipped(), Learned("trained-1", 300, 200, "a"), &response);
  ASSERT_EQ(response.metrics_size(), 1);
  EXPECT_EQ(response.metrics(0).first_millionths(), 200);
  EXPECT_EQ(response.metrics(0).second_millionths(), 300);
  EXPECT_TRUE(response.metrics(0).same_queries());
  response.Clear();
  CompareContents(Learned("trained-1", 300, 200, "a"), Shipped(), &response);
  EXPECT_EQ(response.metrics(0).first_millionths(), 300);
  EXPECT_EQ(response.metrics(0).second_millionths(), 200);
}

TEST(ComparisonTest, MetricsOfOtherDataAreMarked) {
  v1::CompareProfilesResponse response;
  CompareContents(Learned("trained-1", 300, 200, "a"), Learned("trained-2", 400, 200, "a"), &response);
  EXPECT_TRUE(response.metrics(0).same_queries());
  response.Clear();
  CompareContents(Learned("trained-1", 300, 200, "a"), Learned("trained-2", 400, 200, "b"), &response);
  EXPECT_FALSE(response.metrics(0).same_queries());
}

TEST(ComparisonTest, OnlyWeightsThatDifferAreNamed) {
  v1::RankingProfile other = Learned("trained-1", 0, 0, "");
  other.mutable_weights(2)->set_weight_thousandths(1);
  other.mutable_weights()->RemoveLast();
  v1::CompareProfilesResponse response;
  CompareContents(Shipped(), other, &response);
  ASSERT_EQ(response.first_weights_size(), 2);
  ASSERT_EQ(response.second_weights_size(), 2);
  EXPECT_EQ(response.second_weights(0).feature(), "demand") << "by name";
  EXPECT_EQ(response.second_weights(0).weight_thousandths(), 0);
  EXPECT_EQ(response.second_weights(1).feature(), "stage");
  EXPECT_EQ(response.second_weights(1).weight_thousandths(), 1);
}

}  // namespace
}  // namespace tandem::pairing
