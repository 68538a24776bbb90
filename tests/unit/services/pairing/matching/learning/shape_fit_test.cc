#include "services/pairing/matching/learning/shape_fit.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tandem::pairing::matching {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

TEST(PlaceKnotsTest, PutsThemWhereTheWeightIs) {
  std::vector<WeightedValue> values;
  for (int i = 0; i < 1000; ++i) values.push_back({i / 1000.0, 1});
  const Segments even = PlaceKnots(values, 3);
  EXPECT_THAT(even.knots, ElementsAre(DoubleNear(0.01, 0.002), DoubleNear(0.5, 0.002), DoubleNear(0.99, 0.002)));
  for (WeightedValue& value : values) value.weight = value.value < 0.1 ? 100 : 1;
  EXPECT_LT(PlaceKnots(values, 3).knots[1], 0.1);
}

TEST(PlaceKnotsTest, FewDistinctValuesMakeALine) {
  EXPECT_TRUE(PlaceKnots({{0, 1}, {1, 1}, {1.0001, 5}}, 8).linear());
  EXPECT_TRUE(PlaceKnots({}, 8).linear());
  EXPECT_EQ(PlaceKnots({{0, 1}, {1, 1}, {2, 1}}, 2).count(), 1u);
}

TEST(MakeShapeTest, SaysWhatTheSlopesSayAndGivesNothingForNothing) {
  const Segments segments{{-1, 0.5, 2, 3}};
  const std::vector<double> slopes = {2, 0.5, 1};
  const Shape shape = MakeShape(segments, slopes);
  EXPECT_EQ(shape.At(0), 0);
  for (const double x : {-3.0, -1.0, -0.5, 0.25, 0.5, 1.0, 2.5, 7.0}) {
    EXPECT_NEAR(shape.At(static_cast<int32_t>(x * 1000)), 1000 * (segments.At(x, slopes) - segments.At(0, slopes)), 2)
        << x;
  }
}

TEST(MakeShapeTest, NothingIsNothingWhenAllKnotsAreFarBelow) {
  const Shape shape = MakeShape(Segments{{-7, -5.5, -3.001}}, std::vector<double>{1.0 / 3, 0.777});
  EXPECT_EQ(shape.At(0), 0);
  EXPECT_NEAR(shape.At(-3001), -3001 * 0.777, 2);
}

TEST(SlopesOfTest, AreThoseTheShapeWasMadeOf) {
  const Segments segments{{-1, 0.5, 2, 3}};
  EXPECT_THAT(SlopesOf(MakeShape(segments, std::vector<double>{2, 0.5, 1}), segments),
              ElementsAre(DoubleNear(2, 0.01), DoubleNear(0.5, 0.01), DoubleNear(1, 0.01)));
  Shape line;
  line.weight = 700;
  EXPECT_THAT(SlopesOf(line, segments),
              ElementsAre(DoubleNear(0.7, 0.01), DoubleNear(0.7, 0.01), DoubleNear(0.7, 0.01)));
  EXPECT_THAT(SlopesOf(line, Segments()), ElementsAre(DoubleNear(0.7, 1e-9)));
}

}  // namespace
}  // namespace tandem::pairing::matching
