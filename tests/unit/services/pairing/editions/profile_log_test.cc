#include "services/pairing/editions/profile_log.h"

#include <gtest/gtest.h>
#include <set>
#include <thread>
#include <vector>

#include "common/base/status.h"
#include "common/storage/memory/memory_store.h"
#include "services/pairing/matching/profile_codec.h"

namespace tandem::pairing {
namespace {

v1::RankingProfile Made() { return matching::ToProto(matching::DefaultProfile(), "editions/e"); }

class ProfileLogTest : public testing::Test {
 protected:
  std::unique_ptr<RecordStore> store_ = NewMemoryStore();
  ProfileLog log_{store_.get(), SystemClock()};
};

TEST_F(ProfileLogTest, ProfilesAreNumberedInTheirEditionAndReadBack) {
  const auto first = log_.Add("e", Made());
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->profile.name(), "editions/e/profiles/trained-1");
  EXPECT_EQ(log_.Add("e", Made())->profile.number(), 2);
  EXPECT_EQ(log_.Add("f", Made())->profile.name(), "editions/f/profiles/trained-1");
  const auto found = log_.Find("e", "trained-1");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->profile.SerializeAsString(), first->profile.SerializeAsString());
  EXPECT_EQ(found->revision, first->revision);
  EXPECT_EQ(GetErrorDetail(log_.Find("e", "trained-9").status()).reason, "RESOURCE_NOT_FOUND");
}

TEST_F(ProfileLogTest, EqualContentHasEqualFingerprintsAlsoAsTheShippedOne) {
  const auto first = log_.Add("e", Made());
  EXPECT_EQ(first->profile.fingerprint(), log_.Find("e", kDefaultProfileId)->profile.fingerprint());
  v1::RankingProfile other = Made();
  other.mutable_weights(0)->set_weight_thousandths(7);
  EXPECT_NE(log_.Add("e", other)->profile.fingerprint(), first->profile.fingerprint());
}

TEST_F(ProfileLogTest, WhatNoMarketCouldRankByIsNotKept) {
  v1::RankingProfile bad = Made();
  bad.mutable_weights(0)->set_feature("beauty");
  EXPECT_EQ(GetErrorDetail(log_.Add("e", bad).status()).reason, "FIELD_INVALID");
  EXPECT_EQ(log_.Add("e", Made())->profile.number(), 1);
}

TEST_F(ProfileLogTest, TwoAtOnceGetDifferentNumbers) {
  std::vector<std::thread> threads;
  std::vector<int64_t> numbers(4);
  for (size_t i = 0; i < numbers.size(); ++i) {
    threads.emplace_back([this, &numbers, i] { numbers[i] = log_.Add("e", Made())->profile.number(); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::set<int64_t>(numbers.begin(), numbers.end()), (std::set<int64_t>{1, 2, 3, 4}));
}

}  // namespace
}  // namespace tandem::pairing
