#include "services/pairing/matching/profile_codec.h"

#include <gtest/gtest.h>

#include "common/base/status.h"

namespace tandem::pairing::matching {
namespace {

TEST(ProfileCodecTest, TheShippedProfileComesBackAsItWent) {
  const auto profile = ProfileFromProto(ToProto(DefaultProfile(), "editions/e"));
  ASSERT_TRUE(profile.ok()) << profile.status();
  EXPECT_EQ(profile->id, DefaultProfile().id);
  EXPECT_EQ(profile->number, DefaultProfile().number);
  EXPECT_EQ(profile->weight, DefaultProfile().weight);
  EXPECT_EQ(profile->track_half_life_days, DefaultProfile().track_half_life_days);
  EXPECT_EQ(profile->track_smoothing, DefaultProfile().track_smoothing);
}

TEST(ProfileCodecTest, EverythingThatCannotBeRankedByIsNamed) {
  v1::RankingProfile proto = ToProto(DefaultProfile(), "editions/e");
  *proto.add_weights() = proto.weights(0);
  proto.add_weights()->set_signal(v1::SIGNAL_CAPACITY);  // from no side
  proto.mutable_weights(1)->set_weight_thousandths(1'000'000);
  proto.mutable_parameters(0)->set_value(0);
  proto.add_parameters()->set_name("surprise");
  EXPECT_EQ(GetErrorDetail(ProfileFromProto(proto).status()).violations.size(), 5u);
}

TEST(ProfileCodecTest, ASignalThatIsNotNamedWeighsNothing) {
  v1::RankingProfile proto;
  proto.set_name("editions/e/profiles/trained-1");
  const auto profile = ProfileFromProto(proto);
  ASSERT_TRUE(profile.ok()) << profile.status();
  EXPECT_EQ(profile->id, "trained-1");
  EXPECT_EQ(profile->weight[kSector], 0);
  EXPECT_EQ(profile->usual_activity, DefaultProfile().usual_activity);
}

}  // namespace
}  // namespace tandem::pairing::matching
