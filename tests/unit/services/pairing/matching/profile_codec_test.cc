#include "services/pairing/matching/profile_codec.h"

#include <gtest/gtest.h>

#include "common/base/status.h"

namespace tandem::pairing::matching {
namespace {

TEST(ProfileCodecTest, AProfileComesBackAsItWent) {
  Profile sent = DefaultProfile();
  sent.id = "trained-3";
  sent.number = 3;
  sent.known_until_day = 20'000;
  sent.open_part_nice = 123'456;
  sent.shapes[kRound].knots = {{-2'000, -900}, {0, 0}, {1'500, 2'100}};
  sent.demand = {{"round:5", -120}, {"country:CN", 30}};
  const auto profile = ProfileFromProto(ToProto(sent, "editions/e"));
  ASSERT_TRUE(profile.ok()) << profile.status();
  EXPECT_EQ(profile->id, sent.id);
  EXPECT_EQ(profile->number, sent.number);
  EXPECT_EQ(profile->known_until_day, sent.known_until_day);
  EXPECT_EQ(profile->open_part_nice, sent.open_part_nice);
  EXPECT_EQ(profile->shapes, sent.shapes);
  EXPECT_EQ(profile->demand, sent.demand);
}

TEST(ProfileCodecTest, EverythingThatCannotBeRankedByIsNamed) {
  v1::RankingProfile proto = ToProto(DefaultProfile(), "editions/e");
  *proto.add_weights() = proto.weights(0);
  proto.add_weights()->set_feature("beauty");
  proto.mutable_weights(1)->set_weight_thousandths(1'000'000);
  proto.mutable_weights(2)->add_shape();                                             // one knot is no shape
  for (int value : {3, 3}) proto.mutable_weights(3)->add_shape()->set_value(value);  // does not rise
  proto.mutable_parameters(0)->set_value(-1);
  proto.add_parameters()->set_name("surprise");
  proto.add_features()->set_points(1'000'000);
  EXPECT_EQ(GetErrorDetail(ProfileFromProto(proto).status()).violations.size(), 8u);
}

TEST(ProfileCodecTest, AFeatureThatIsNotNamedWeighsNothing) {
  v1::RankingProfile proto;
  proto.set_name("editions/e/profiles/trained-1");
  const auto profile = ProfileFromProto(proto);
  ASSERT_TRUE(profile.ok()) << profile.status();
  EXPECT_EQ(profile->id, "trained-1");
  EXPECT_EQ(profile->shapes[kRound], Shape());
  EXPECT_EQ(profile->open_part_should, DefaultProfile().open_part_should);
}

}  // namespace
}  // namespace tandem::pairing::matching
